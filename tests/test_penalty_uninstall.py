"""The penalty addon goes and comes again: core works without it, confirmed payslips stay as they are."""

import subprocess
import sys
from pathlib import Path

import pytest
from harness.logs import bad_records
from harness.payroll import new_penalty, new_slip, new_structure, new_worker
from harness.settings import RUN, write_conf

ADDON = "jinyang_aftersales_penalty"
LAUNCHER = Path(__file__).parent / "harness" / "launch.py"
LINES = (
    "SELECT line.slip_id, line.code, line.name, line.total, line.salary_rule_id, line.category_id"
    " FROM hr_payslip_line line ORDER BY line.id"
)


def odoo(database, *arguments):
    """Run a command of Odoo in a process of its own; its log holds nothing unexpected."""
    log = RUN / f"uninstall-{database.name}-{arguments[1]}.log"
    conf = write_conf(RUN / f"uninstall-{database.name}.conf", database.name, logfile=log)
    result = subprocess.run(
        [sys.executable, LAUNCHER, *arguments[:2], "-c", conf, "-d", database.name, *arguments[2:]],
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert result.returncode == 0, result.stderr[-3000:] + log.read_text()[-3000:]
    assert not bad_records(log)


@pytest.fixture
def slips(penalty_database):
    """A confirmed payslip with a fine, a draft, and everything else the addon keeps about an employee."""
    user = penalty_database.new_user("gone_worker", "base.group_user", name="李伟")
    with penalty_database.env() as env:
        worker = new_worker(env, new_structure(env), env["res.users"].browse(user))
        new_penalty(env, worker, 50.0)
        done = new_slip(env, worker)
        done.compute_sheet()
        done.action_payslip_done()
        draft = new_slip(env, worker, months=1)
        new_penalty(env, worker, 20.0)
        rule = env.ref(f"{ADDON}.penalty_rule_misconduct")
        env["aftersales.sanction"].create(
            {"employee_id": worker.id, "kind": "warning", "rule_id": rule.id, "reason": "旷工"}
        )
        env.ref(f"{ADDON}.regulation_jinyang").action_release()
        assert env["mail.activity"].search([("res_model", "=like", "aftersales.%")])
        return done.id, draft.id


def test_payslips_stay_and_core_works_without_the_addon_and_it_comes_again(penalty_database, slips):
    before = penalty_database.sql(LINES)
    assert ("AFTERSALES_PENALTY", -50) in {(code, total) for _, code, _, total, _, _ in before}
    odoo(penalty_database, "module", "uninstall", ADDON)

    sql = penalty_database.sql
    assert sql(LINES) == before
    assert sql("SELECT state FROM hr_payslip WHERE id = %s", slips[0]) == [("done",)]
    assert sql("SELECT state FROM ir_module_module WHERE name = %s", ADDON) == [("uninstalled",)]
    assert not sql("SELECT 1 FROM ir_model_data WHERE module = %s", ADDON)
    assert not sql("SELECT 1 FROM pg_tables WHERE tablename LIKE 'aftersales_penalty%%'")
    assert not sql("SELECT 1 FROM mail_activity WHERE res_model LIKE 'aftersales.%%'")
    with penalty_database.env() as env:
        assert "aftersales.penalty" not in env
        # the draft is computed without it, the confirmed one is read
        draft = env["hr.payslip"].browse(slips[1])
        draft.compute_sheet()
        assert set(draft.line_ids.mapped("code")) == {"BASIC", "GROSS", "NET"}
        done = env["hr.payslip"].browse(slips[0])
        shown = done.line_ids.read(["name", "total", "salary_rule_id", "category_id"])
        assert all(row["salary_rule_id"] and row["category_id"] for row in shown)
        customer = env["res.partner"].create({"name": "成都蜀光", "is_company": True})
        ticket = env["helpdesk.ticket"].create(
            {"name": "报表", "description": "取数", "partner_id": customer.id}
        )
        assert ticket.number
        env["aftersales.job"]._run_company(env.company)

    odoo(penalty_database, "module", "install", ADDON)
    assert sql(LINES)[: len(before)] == before
    with penalty_database.env() as env:
        worker = env["hr.payslip"].browse(slips[0]).employee_id
        structure = worker.version_id.struct_id
        structure.rule_ids |= env.ref(f"{ADDON}.salary_rule_penalty")
        new_penalty(env, worker, 30.0)
        slip = new_slip(env, worker, months=2)
        slip.compute_sheet()
        slip.action_payslip_done()
        assert slip.deduction_ids.mapped("amount") == [30]
    assert sql(LINES)[: len(before)] == before
