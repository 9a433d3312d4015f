"""Two visits without a record in time: one penalty is confirmed, deducted and booked into the fund, one is waived."""

import time
from datetime import date, timedelta

import pytest
from harness.days import know_years
from harness.form import fill, press, wait_state
from harness.payroll import new_slip, new_structure, new_worker

STAFF = (
    ("li.wei", "李伟", "jinyang_aftersales.group_user"),
    ("wang.fang", "王芳", "jinyang_aftersales.group_manager"),
    ("zhang.ming", "张明", "jinyang_aftersales.group_director"),
    ("chen.hui", "陈慧", "payroll.group_payroll_manager"),
)
OBJECTION = "客户现场没有网络，回来已补录。"
REFUSAL = "补录时已超过规定时间。"
ACCEPTANCE = "系统维护，确实无法录入。"


def visit_without_record(env, technician, problem):
    """A visit that ended ten days ago, without a record."""
    customer = env["res.partner"].create(
        {"name": "成都蜀光机械制造有限公司", "is_company": True, "service_user_id": technician.id}
    )
    back = env.cr.now().replace(microsecond=0) - timedelta(days=10)
    visit = env["aftersales.visit"].create(
        {
            "partner_id": customer.id,
            "problem": problem,
            "address": "成都",
            "date_planned_start": back - timedelta(hours=2),
            "date_planned_end": back,
            "technician_ids": [(6, 0, technician.ids)],
        }
    )
    visit._write_unlocked(
        {
            "state": "on_site",
            "left_on": back - timedelta(hours=3),
            "arrived_on": back - timedelta(hours=2),
            "returned_on": back,
            # as the departure stores it: the record is owed by who led the visit when it began
            "served_by_id": technician.id,
            "record_due_date": (back + timedelta(days=1)).date(),
        }
    )


@pytest.fixture
def server(penalty_database, odoo_server):
    """A server with an employee, a manager, the director and payroll; two visits lack their record."""
    for login, name, groups in STAFF:
        penalty_database.new_user(
            login, groups, name=name, lang="zh_CN", tz="Asia/Shanghai", notification_type="inbox"
        )
    with penalty_database.env(lang="zh_CN") as env:
        env.company.email = "service@jinyang.example"
        env.company.partner_id.lang = "zh_CN"
        know_years(env)
        user = env["res.users"].search([("login", "=", "li.wei")])
        worker = new_worker(env, new_structure(env), user)
        for problem in ("三月报表取数不对", "打印机离线"):
            visit_without_record(env, user, problem)
        # let the rules hold for the past days of the visits
        env.cr.execute("UPDATE aftersales_penalty_rule SET date_from = '2020-01-01'")
        env["aftersales.penalty.detection"]._detect_daily(
            env.company, env.company._aftersales_today()
        )
        new_slip(env, worker)
    return odoo_server(penalty_database)


def ids(database, table):
    return [row[0] for row in database.sql(f"SELECT id FROM {table} ORDER BY id")]


def open_record(page, path, record):
    page.goto(f"/odoo/{path}/{record}")
    page.locator(".o_form_view .o_statusbar_status").wait_for(state="attached")


def confirm_dialog(page, field, text, button):
    dialog = page.locator(".modal")
    dialog.locator(f"button[name={button}]").wait_for()
    fill(dialog, field, text)
    dialog.locator(f"button[name={button}]").click()
    dialog.wait_for(state="hidden")


def press_action(database, page, xmlid, text=None):
    """Press the button that opens an action; ``text`` chooses among several buttons of the same action."""
    module, name = xmlid.split(".")
    [[action]] = database.sql(
        "SELECT res_id FROM ir_model_data WHERE module = %s AND name = %s", module, name
    )
    selector = f"button[name='{action}']"
    button = page.locator(
        f".o_form_view .o_form_statusbar {selector}, .o-dropdown--menu {selector}"
    )
    if text:
        button = button.filter(has_text=text)
    more = page.locator(".o_form_statusbar .o_statusbar_buttons button:has(.oi-ellipsis-v)")
    button.or_(more).first.wait_for()
    if not button.count():
        more.click()
    button.first.click()


def tell(page, penalty):
    open_record(page, "penalties", penalty)
    press(page, "action_notify")
    wait_state(page, "notified")


def object_on_the_phone(database, page, penalty):
    page.goto("/odoo/my-penalties")
    page.locator(".o_kanban_record:not(.o_kanban_ghost)").first.wait_for()
    # the page is no wider than the screen
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    open_record(page, "my-penalties", penalty)
    press_action(database, page, "jinyang_aftersales_penalty.aftersales_penalty_object_action")
    confirm_dialog(page, "text", OBJECTION, "action_object")
    page.locator(".o_field_widget[name=objection]").get_by_text(OBJECTION).wait_for()


def decide(database, page, penalty, word, reason, state):
    open_record(page, "penalties", penalty)
    page.locator(".o_field_widget[name=objection]").get_by_text(OBJECTION).wait_for()
    press_action(
        database, page, "jinyang_aftersales_penalty.aftersales_penalty_decide_action", word
    )
    confirm_dialog(page, "reason", reason, "action_decide")
    wait_for_state(database, penalty, state)


def wait_for_state(database, penalty, state):
    for _attempt in range(100):
        if database.sql("SELECT state FROM aftersales_penalty WHERE id = %s", penalty) == [
            (state,)
        ]:
            return
        time.sleep(0.1)
    raise AssertionError(f"not {state}")


def test_objection_refused_is_deducted_and_objection_accepted_is_waived(
    penalty_database, server, browser
):
    database = penalty_database
    refused, accepted = ids(database, "aftersales_penalty")
    manager = browser.page(server, login="wang.fang")
    for penalty in (refused, accepted):
        tell(manager, penalty)
    employee = browser.page(server, device="phone", login="li.wei")
    for penalty in (refused, accepted):
        object_on_the_phone(database, employee, penalty)
    decide(database, manager, refused, "确认", REFUSAL, "confirmed")
    decide(database, manager, accepted, "免除", ACCEPTANCE, "waived")
    # the employee reads the reasons
    open_record(employee, "my-objections", accepted)
    employee.get_by_text(ACCEPTANCE).wait_for()

    [slip] = ids(database, "hr_payslip")
    payroll = browser.page(server, login="chen.hui")
    payroll.goto(f"/odoo/m-hr.payslip/{slip}")
    press(payroll, "compute_sheet")
    payroll.locator("button[name=action_payslip_done]").wait_for()
    press(payroll, "action_payslip_done")
    payroll.locator(".o_notebook a[name=penalties]").click()
    row = payroll.locator(".o_field_widget[name=deduction_ids] .o_data_row")
    row.get_by_text("七.4").wait_for()
    assert row.count() == 1
    assert "30.00" in row.inner_text()
    assert OBJECTION not in payroll.content()
    printed = payroll.request.get(f"/report/html/payroll.report_payslip/{slip}").text()
    assert "七.4" in printed
    assert "30.00" in printed

    open_record(employee, "my-penalties", refused)
    employee.locator(".o_field_widget[name=deduction_ids]").wait_for()
    wait_for_state(database, refused, "deducted")

    director = browser.page(server, login="zhang.ming")
    director.goto("/odoo/fund-statement")
    month = director.locator(".o_data_row")
    month.first.wait_for()
    assert month.count() == 1
    assert month.locator("[name=income]").inner_text().endswith("30.00")
    assert month.locator("[name=closing]").inner_text().endswith("30.00")
    total = "SELECT sum(amount), min(date) FROM aftersales_fund_move"
    [(amount, day)] = database.sql(total)
    assert amount == 30
    assert isinstance(day, date)
