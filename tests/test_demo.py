"""The command setup/demo, on a database of its own."""

import re
import shutil
import signal
import socket
import subprocess
import time
from datetime import datetime, timedelta

import psycopg2
import pytest
import requests
from harness.database import drop_database
from harness.demo import DATABASE, FOLDER, NAME, Demo
from harness.logs import bad_records
from harness.settings import CACHE, PG

CUSTOMER = "customer1"
# activities a manager or a specialist may have left lying
MOST_OVERDUE = 8


def _oid(database):
    with psycopg2.connect(dbname="postgres", **PG) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT oid FROM pg_database WHERE datname = %s", [database])
        return cursor.fetchone()


@pytest.fixture(scope="module")
def served(demo):
    """The serving demo, for all tests below; it is ended as by Ctrl-C."""
    process = demo.start()
    for line in process.stdout:
        if line.startswith("== ready"):
            break
    assert process.poll() is None, process.stdout.read()
    yield demo
    process.send_signal(signal.SIGINT)
    try:
        assert process.wait(20) == 0
    finally:
        # killed: its child processes have to end, too
        process.kill()
    assert not bad_records(FOLDER / "odoo.log")
    for port in (demo.port, demo.mail_port):
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0, f"something still listens on {port}"


def test_the_second_start_keeps_database_and_password_and_is_quick(demo):
    before = _oid(DATABASE), demo.password()
    begin = time.monotonic()
    code, output = demo.run("--no-serve")
    assert code == 0, output
    assert (_oid(DATABASE), demo.password()) == before
    assert time.monotonic() - begin < 20


def test_the_password_is_for_the_owner_only(demo):
    assert (FOLDER / "password").stat().st_mode & 0o777 == 0o600
    assert FOLDER.stat().st_mode & 0o777 == 0o700


def test_staff_sign_in_chinese_and_the_mail_page_answers(served):
    manager = served.session("wang.fang")
    assert manager.info["name"] == "王芳"
    assert (manager.info["user_context"]["lang"], manager.info["user_context"]["tz"]) == (
        "zh_CN",
        "Asia/Shanghai",
    )
    [company] = served.session("xu.ling")(
        "res.company", "search_read", [[]], fields=["name", "currency_id"]
    )
    assert (company["name"], company["currency_id"][1]) == ("金洋软件服务有限公司", "CNY")
    assert served.session("xu.ling")(
        "account.account", "search_count", [[["code", "=like", "1122%"]]]
    )
    assert served.session("li.wei")("helpdesk.ticket", "search_count", [[]]) > 100
    assert "演示邮件" in requests.get(served.mail_url, timeout=10).text

    code, output = served.run()
    assert code == 1 and "another ./setup/demo is at work" in output


def test_the_year_of_work_is_there(served):
    """There are documents of every kind, and work due today for each role."""
    manager = served.session("wang.fang")

    def states(model, field="state"):
        groups = manager(model, "formatted_read_group", [[], [field]])
        return {group[field] for group in groups}

    assert states("aftersales.visit") >= {"draft", "submitted", "approved", "feedback", "done"}
    assert states("aftersales.application") >= {"submitted", "approved", "refused", "done"}
    assert states("aftersales.archive.entry") >= {"expected", "filed", "on_loan", "lost"}
    assert states("aftersales.callback", "kind") >= {"renewal", "visit", "routine"}
    assert states("aftersales.callback") >= {"todo", "done", "escalated"}
    assert manager("aftersales.visit", "search_count", [[["is_to_approve", "=", True]]]) > 2
    caller = served.session("sun.li")
    assert caller("aftersales.callback", "search_count", [[["is_due", "=", True]]])


def test_a_month_of_penalties_is_there(served):
    """Every case of the regulation, accepted and refused objections, the legal limit, payslips and the fund."""
    director, payroll = served.session("liu.jianguo"), served.session("zheng.hua")
    rules = director("aftersales.penalty.rule", "search_read", [[]], fields=["code"])
    codes = {rule["id"]: rule["code"] for rule in rules}

    def read(model, *fields):
        return director(model, "search_read", [[]], fields=list(fields))

    penalties = read("aftersales.penalty", "rule_id", "state", "objection", "decision_reason")
    sanctions = read("aftersales.sanction", "rule_id", "kind", "state")
    assert len(codes) == 13
    assert {codes[row["rule_id"][0]] for row in penalties + sanctions} == set(codes.values())
    fined = {codes[row["rule_id"][0]] for row in penalties}
    assert fined == set(codes.values()) - {"ATTITUDE_2", "COMPLAINT_3"}
    kinds = {row["kind"] for row in sanctions}
    assert kinds == {"warning", "demotion", "resignation_advice", "dismissal"}
    assert {row["state"] for row in sanctions} == {"proposed", "decided", "handed", "rejected"}

    objected = [row for row in penalties if row["objection"] and row["state"] != "objected"]
    assert all(row["decision_reason"] for row in objected)
    assert {row["state"] for row in objected} == {"waived", "deducted"}
    waiting = {row["state"] for row in penalties}
    assert waiting >= {"proposed", "notified", "objected", "deducted", "waived"}

    # the limit of a month was reached, and the rest was deducted by the next payslip
    rows = payroll("aftersales.penalty.deduction", "search_read", [[]])
    slips = {}
    for row in rows:
        slips.setdefault(row["penalty_id"][0], set()).add(row["payslip_id"][0])
    assert any(len(of_penalty) == 2 for of_penalty in slips.values())
    done = payroll("hr.payslip", "search_read", [[["state", "=", "done"]]])
    assert all(row["penalty_amount"] >= 0 for row in done)
    assert len([row for row in done if row["penalty_amount"]]) > 3
    assert {row["date_to"][:7] for row in done if row["penalty_amount"]} == {
        row["date_to"][:7] for row in done
    }
    funds = read("aftersales.fund", "balance", "income", "spent")
    assert sum(fund["spent"] for fund in funds) > 0
    assert all(fund["balance"] >= 0 for fund in funds)

    # it is in force, and a manager without HR rights sees which employees have not acknowledged it
    manager = served.session("wang.fang")
    [regulation] = manager(
        "aftersales.regulation",
        "web_search_read",
        [[["validity", "=", "in_force"]]],
        specification={
            "missing_count": {},
            "missing_employee_ids": {"fields": {"display_name": {}}},
            "acknowledgement_ids": {"fields": {"employee_id": {"fields": {"display_name": {}}}}},
        },
    )["records"]
    names = {row["display_name"] for row in regulation["missing_employee_ids"]}
    assert {"陈静", "孙丽"} <= names and len(names) == regulation["missing_count"]
    known = {row["employee_id"]["display_name"] for row in regulation["acknowledgement_ids"]}
    assert "李伟" in known and not known & names
    suggestions = read("aftersales.suggestion", "kind", "state")
    assert {(row["kind"], row["state"]) for row in suggestions} == {
        ("suggestion", "answered"),
        ("objection", "submitted"),
    }


# -- the lines of "Where to look first" in the README, and what makes a year true -------------------


@pytest.fixture
def today():
    """The company's day."""
    return (datetime.utcnow() + timedelta(hours=8)).date()


def states(session, model, field, domain=()):
    """:return: the values of a field that occur"""
    groups = session(model, "formatted_read_group", [list(domain), [field]])
    return {group[field] for group in groups}


def count(session, model, *domain):
    return session(model, "search_count", [list(domain)])


def test_1_the_notices_of_past_months_were_answered(served, today):
    """By mail, fax and post; told in time, with every answer."""
    caller = served.session("sun.li")
    past = [["told_on", "<", str(today - timedelta(days=3))]]
    model = "aftersales.renewal.notice"
    assert states(caller, model, "channel", past) >= {"mail", "fax", "post"}
    assert states(caller, model, "answer", past) >= {"renewing", "considering", "declining"}
    told = caller(model, "search_read", [past], fields=["told_on"])
    assert len({row["told_on"][:7] for row in told}) > 3


def test_2_software_that_expires_soon_has_an_agreement_to_renew(served):
    specialist = served.session("li.wei")
    [row, *_others] = specialist(
        "aftersales.installation",
        "search_read",
        [[["service_state", "=", "expiring"], ["agreement_ids.agreement_stage", "=", "signed"]]],
        fields=["agreement_ids"],
    )
    agreements = specialist(
        "contract.contract", "read", [row["agreement_ids"]], fields=["agreement_stage"]
    )
    signed = next(row["id"] for row in agreements if row["agreement_stage"] == "signed")
    assert specialist("contract.contract", "action_renew", [[signed]])["res_model"]


def test_3_a_serial_number_finds_its_customer(served):
    specialist = served.session("li.wei")
    [row] = specialist(
        "aftersales.installation",
        "search_read",
        [[]],
        fields=["serial_number", "partner_id"],
        limit=1,
    )
    found = specialist("res.partner", "name_search", [row["serial_number"]])
    assert row["partner_id"][0] in [number for number, _name in found]


def test_4_a_payment_moves_the_service_period(served):
    accountant, manager = served.session("xu.ling"), served.session("wang.fang")
    agreements = manager(
        "contract.contract",
        "search_read",
        [[["agreement_stage", "=", "signed"], ["is_service_agreement", "=", True]]],
        fields=["installation_ids", "term_end", "name"],
    )
    by_id = {row["id"]: row for row in agreements}
    [line, *_others] = accountant(
        "account.move.line",
        "search_read",
        [
            [
                ["move_id.payment_state", "=", "not_paid"],
                ["move_id.state", "=", "posted"],
                ["contract_line_id.contract_id", "in", list(by_id)],
            ]
        ],
        fields=["move_id", "contract_line_id"],
    )
    move = line["move_id"][0]
    [agreement] = [
        row
        for row in by_id.values()
        if accountant(
            "account.move.line",
            "search_count",
            [[["move_id", "=", move], ["contract_line_id.contract_id", "=", row["id"]]]],
        )
    ]
    wizard = accountant(
        "account.payment.register",
        "create",
        [{}],
        context={"active_model": "account.move", "active_ids": [move]},
    )
    accountant("account.payment.register", "action_create_payments", [wizard])
    [row] = manager(
        "aftersales.installation",
        "read",
        [agreement["installation_ids"][:1]],
        fields=["service_date_end"],
    )
    assert row["service_date_end"] == agreement["term_end"]


def test_5_something_waits_for_everybody_and_little_is_left_lying(served, today):
    for login in ("wang.fang", "zhao.gang", "liu.jianguo", "li.wei", "zhang.min", "chen.jing"):
        person = served.session(login)
        mine = ["user_id", "=", person.info["uid"]]
        overdue = count(person, "mail.activity", mine, ["date_deadline", "<", str(today)])
        assert overdue <= MOST_OVERDUE, login
        assert count(person, "mail.activity", mine), login
    assert count(served.session("wang.fang"), "aftersales.visit", ["is_to_approve", "=", True])


def test_finished_changes_have_no_task(served):
    manager = served.session("wang.fang")
    finished = [["state", "=", "done"], ["activity_ids", "!=", False]]
    assert not count(manager, "aftersales.change.request", *finished)


def test_6_the_visit_of_today_is_that_of_li_wei(served):
    specialist = served.session("li.wei")
    [visit] = specialist(
        "aftersales.visit",
        "search_read",
        [[["state", "=", "on_site"]]],
        fields=["lead_technician_id", "date_planned_start"],
    )
    assert visit["lead_technician_id"][0] == specialist.info["uid"]
    planned = datetime.fromisoformat(visit["date_planned_start"]) + timedelta(hours=8)
    assert planned.date() == (datetime.utcnow() + timedelta(hours=8)).date()


def test_7_calls_are_due_and_those_of_the_past_were_made(served, today):
    caller = served.session("sun.li")
    model = "aftersales.callback"
    assert count(caller, model, ["is_due", "=", True])
    manager = served.session("wang.fang")
    for kind in ("visit", "change", "renewal", "routine", "complaint"):
        assert count(manager, model, ["kind", "=", kind], ["state", "=", "done"]), kind


def test_8_originals_are_expected_filed_and_lent(served):
    archivist = served.session("zhou.jie")
    found = states(archivist, "aftersales.archive.entry", "state")
    assert found >= {"expected", "filed", "on_loan"}


def test_9_the_developers_board_has_changes(served):
    developer = served.session("wu.tao")
    found = states(developer, "aftersales.change.request", "state")
    assert found >= {"approved", "development", "testing"}


def test_10_customer_1_has_something_of_everything(served):
    manager = served.session("wang.fang")
    [user] = served.session("admin")(
        "res.users", "search_read", [[["login", "=", CUSTOMER]]], fields=["commercial_partner_id"]
    )
    company = user["commercial_partner_id"][0]
    for model in ("aftersales.visit", "aftersales.application", "aftersales.complaint"):
        assert count(manager, model, ["partner_id", "child_of", company]), model
    offer = [["partner_id", "child_of", company], ["agreement_stage", "=", "sent"]]
    assert count(manager, "contract.contract", *offer)
    customer = served.session(CUSTOMER)
    for page in ("/my", "/my/changes", "/my/contracts", "/my/visits", "/my/complaints"):
        answer = customer.http.get(served.url + page, timeout=60)
        assert answer.status_code == 200, page


def test_11_a_payslip_of_last_month_has_a_fine(served, today):
    last = today.replace(day=1) - timedelta(days=1)
    slips = served.session("zheng.hua")(
        "hr.payslip", "search_read", [[["date_to", "=", str(last)]]], fields=["penalty_amount"]
    )
    assert any(slip["penalty_amount"] > 0 for slip in slips)


def test_12_the_mail_page_shows_what_was_sent_by_our_addresses(served):
    text = "".join(
        requests.get(served.mail_url, {"page": page}, timeout=10).text for page in range(9)
    )
    assert "到期" in text
    assert not count(
        served.session("admin"),
        "mail.message",
        ["email_from", "like", "example.com"],
        ["notified_partner_ids", "!=", False],
    )


def test_tickets_on_site_have_visits(served):
    manager = served.session("wang.fang")
    assert not count(
        manager,
        "helpdesk.ticket",
        ["service_mode", "=", "on_site"],
        ["visit_ids", "=", False],
    )


def test_mail_of_the_demo_stays_on_this_machine(served):
    admin = served.session("admin")
    values = {"subject": "到期通知", "email_from": "a@jinyang.example", "email_to": "b@example.com"}
    mail = admin("mail.mail", "create", [[{**values, "body_html": "<p>您好</p>"}]])
    admin("mail.mail", "send", [mail])
    assert "到期通知" in requests.get(served.mail_url, timeout=10).text


def test_a_taken_port_is_named_before_anything_is_made():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        code, output = Demo().run("--no-serve", DEMO_PORT=port, DEMO_NAME=f"{NAME}none")
    assert code == 1
    assert (
        output
        == f"error: port {port} is taken; stop what listens there, or set DEMO_PORT to another port\n"
    )
    assert _oid(f"{DATABASE}none") is None
    shutil.rmtree(CACHE / f"demo_{NAME}none")


def test_a_database_of_someone_else_is_left_alone():
    name = f"{DATABASE}other"
    subprocess.run(["createdb", name], check=True)
    try:
        before = _oid(name)
        code, output = Demo().run("--reset", "--no-serve", DEMO_NAME=f"{NAME}other")
        assert code == 1
        assert re.search(rf"error: the database {name} is not a demo of ours", output)
        assert _oid(name) == before
    finally:
        drop_database(name)
        shutil.rmtree(CACHE / f"demo_{NAME}other")
