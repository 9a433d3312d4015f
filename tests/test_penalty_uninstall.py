"""The penalty addon is uninstalled and installed again: core works without it, confirmed payslips stay the same."""

import pytest
from harness.command import run_odoo
from harness.payroll import new_penalty, new_slip, new_structure, new_worker

PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)
CORE, ADDON = "jinyang_aftersales", "jinyang_aftersales_penalty"
LINES = (
    "SELECT line.slip_id, line.code, line.name, line.total, line.salary_rule_id, line.category_id"
    " FROM hr_payslip_line line ORDER BY line.id"
)


# the tables of the addon, and rows of other models that refer to it
TABLES = (
    "SELECT replace(model, '.', '_') FROM ir_model WHERE NOT transient AND NOT abstract AND id IN (SELECT res_id"
    f" FROM ir_model_data WHERE model = 'ir.model' AND module = '{ADDON}') AND id NOT IN (SELECT res_id"
    f" FROM ir_model_data WHERE model = 'ir.model' AND module != '{ADDON}')"
    " AND to_regclass(replace(model, '.', '_')) IS NOT NULL"
)
TRACES = {
    "mail_message": "model",
    "mail_followers": "res_model",
    "mail_activity": "res_model",
    "ir_attachment": "res_model",
    "ir_model": "model",
}
# models of the core that the addon had once
REGULATION = (
    "aftersales.regulation",
    "aftersales.regulation.acknowledgement",
    "aftersales.suggestion",
)
REGULATION_TABLES = (
    *(model.replace(".", "_") for model in REGULATION),
    "aftersales_regulation_hr_department_rel",
)


def make_everything(env, worker, slip):
    """Rows in every table of the addon, with messages, files and activities; decided and undecided."""
    env.cr.execute("UPDATE aftersales_penalty_rule SET date_from = '2020-01-01'")
    env.invalidate_all()
    admin = env.ref("base.user_admin")
    user = worker.user_id
    rule = env.ref(f"{ADDON}.penalty_rule_misconduct")
    rule.grace_days = 3
    rule.copy({"company_id": env.company.id})
    refunded = new_slip(env, worker, months=3)
    new_penalty(env, worker, 10.0)
    refunded.action_payslip_done()
    refunded.refund_sheet()
    sanctions = env["aftersales.sanction"].with_user(admin)
    for decide in (False, True):
        sanction = sanctions.create(
            {"employee_id": worker.id, "kind": "warning", "rule_id": rule.id, "reason": "旷工"}
        )
        if decide:
            sanction.action_decide("属实")
            sanction.with_user(user).action_acknowledge()
    penalty = slip.deduction_ids.penalty_id
    penalty.with_user(admin).action_return(10, "查无实据")
    penalty.with_user(admin).message_post(body="已扣", attachments=[("证明.txt", b"x")])
    penalty.with_user(admin).action_return(5, "多扣")
    env["aftersales.penalty.exception"]._note(
        {
            "company_id": env.company.id,
            "rule_id": rule.id,
            "family": rule.family,
            "user_id": admin.id,
            "date": penalty.date,
            "evidence_model": "res.partner",
            "evidence_id": user.partner_id.id,
        }
    )
    env["aftersales.fund"].search([]).with_user(admin).action_spend(5, "茶叶", PNG, "发票.png")
    regulation = env.ref(f"{CORE}.regulation_jinyang")
    department = env["hr.department"].create({"name": "服务部"})
    regulation.copy({"version": "2", "department_ids": department.ids})
    # in force since the first employee was made
    regulation._remind()
    regulation.with_user(admin).message_post(body="已发布")
    regulation.with_user(user).action_acknowledge()
    suggestion = env["aftersales.suggestion"].with_user(user)
    suggestion = suggestion.create({"subject": "考勤", "text": "改为弹性上班"})
    suggestion.action_submit()
    suggestion.with_user(admin).action_answer("采纳")


def read_regulation(database):
    """:return: all rows of the regulation, and what other models keep about it, by table"""
    kept = {
        table: database.sql(f"SELECT to_jsonb(kept) FROM {table} kept ORDER BY 1")
        for table in REGULATION_TABLES
    }
    for table, column in TRACES.items():
        query = f"SELECT id FROM {table} WHERE {column} = ANY(%s) ORDER BY id"
        kept[table] = database.sql(query, list(REGULATION))
    return kept


@pytest.fixture
def slips(penalty_database):
    """A confirmed payslip with a fine, a draft, and rows of all other models of the addon; gives the payslips' ids."""
    user = penalty_database.new_user("gone_worker", "base.group_user", name="李伟")
    with penalty_database.env() as env:
        worker = new_worker(env, new_structure(env), env["res.users"].browse(user))
        new_penalty(env, worker, 50.0)
        done = new_slip(env, worker)
        done.compute_sheet()
        done.action_payslip_done()
        draft = new_slip(env, worker, months=1)
        new_penalty(env, worker, 20.0)
        make_everything(env, worker, done)
    tables = [table for (table,) in penalty_database.sql(TABLES)]
    assert len(tables) > 7
    empty = [table for table in tables if not penalty_database.sql(f"SELECT 1 FROM {table}")]
    assert not empty
    return done.id, draft.id


def check_regulation(database):
    """The core goes on alone: the next employee acknowledges and suggests, on the page all employees have."""
    number = database.new_user("next_worker", "base.group_user", name="赵强")
    with database.env() as env:
        user = env["res.users"].browse(number)
        user.action_create_employee()
        version = env["aftersales.regulation"]._get_in_force(env.company).with_user(user)
        assert len(version.sudo().acknowledgement_ids) == 1
        version.action_acknowledge()
        assert version.acknowledged_on
        suggestion = env["aftersales.suggestion"].with_user(user)
        suggestion.create({"subject": "值班", "text": "轮流值班"}).action_submit()
        menus = env["ir.ui.menu"]
        page = env.ref(f"{CORE}.menu_my_page")
        assert len(page.child_id) == 2
        assert set((page | page.child_id).ids) <= menus.with_user(user)._visible_menu_ids()
        # none has lost the one above it
        names = env["ir.model.data"].search([("module", "=", CORE), ("model", "=", menus._name)])
        roots = names.filtered(lambda data: not menus.browse(data.res_id).parent_id)
        assert set(roots.mapped("name")) == {"menu_my_page", "menu_root"}


def test_payslips_stay_and_core_works_without_the_addon_and_it_comes_again(penalty_database, slips):
    before, regulation = penalty_database.sql(LINES), read_regulation(penalty_database)
    assert all(regulation[table] for table in (*REGULATION_TABLES, "mail_message", "mail_activity"))
    tables = [table for (table,) in penalty_database.sql(TABLES)]
    assert ("AFTERSALES_PENALTY", -50) in {(code, total) for _, code, _, total, _, _ in before}
    run_odoo(penalty_database, "module uninstall", ADDON)

    sql = penalty_database.sql
    assert sql(LINES) == before
    assert sql("SELECT state FROM hr_payslip WHERE id = %s", slips[0]) == [("done",)]
    assert sql("SELECT state FROM ir_module_module WHERE name = %s", ADDON) == [("uninstalled",)]
    assert not sql("SELECT 1 FROM ir_model_data WHERE module = %s", ADDON)
    for table in tables:
        assert not sql("SELECT 1 FROM pg_class WHERE relname = %s", table), table
    assert read_regulation(penalty_database) == regulation
    models = [table.replace("_", ".") for table in tables]
    for table, column in TRACES.items():
        assert not sql(f"SELECT 1 FROM {table} WHERE {column} = ANY(%s)", models), table
    with penalty_database.env() as env:
        assert "aftersales.penalty" not in env
        # without the addon: compute the draft, read the confirmed one
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
    check_regulation(penalty_database)

    run_odoo(penalty_database, "module install", ADDON)
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
