"""One visit from the customer's call to the filed original, by five colleagues in sessions of their own."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from harness.form import choose, draw, field, fill, press, save, unfold, wait_state

STAFF = (
    ("li.wei", "李伟", "group_user"),
    ("liu.qiang", "刘强", "group_user"),
    ("wang.fang", "王芳", "group_manager"),
    ("zhao.min", "赵敏", "group_callback"),
    ("sun.li", "孙丽", "group_archivist"),
)
CUSTOMER = "成都蜀光机械制造有限公司"
TITLE = "资产负债表取数不对"
MY_TICKETS = "/odoo/action-helpdesk_mgmt.helpdesk_my_tickets_action"


@pytest.fixture
def server(database, odoo_server):
    """A server with five colleagues and a customer in service."""
    prepare(database)
    server = odoo_server(database)
    # pictures in the calendar's invitation mail use the address of this server
    database.sql("UPDATE ir_config_parameter SET value = %s WHERE key = 'web.base.url'", server.url)
    return server


def prepare(database):
    database.new_staff(STAFF, notification_type="inbox")
    with database.env() as env:
        env.company.email = "service@jinyang.example"
        specialist = env["res.users"].search([("login", "=", "li.wei")])
        customer = env["res.partner"].create(
            {
                "name": CUSTOMER,
                "is_company": True,
                "city": "成都市",
                "street": "蜀西路 9 号",
                "service_user_id": specialist.id,
            }
        )
        customer.software_contact_id = env["res.partner"].create(
            {
                "name": "陈静",
                "parent_id": customer.id,
                "department": "财务部",
                "phone": "028-8765 4321",
                "email": "chenjing@example.cn",
            }
        )
        product = env["product.product"].create(
            {
                "name": "金阳财务",
                "type": "service",
                "aftersales_line_id": env["aftersales.product.line"].search([], limit=1).id,
            }
        )
        env["aftersales.installation"].create(
            {
                "partner_id": customer.id,
                "product_id": product.id,
                "serial_number": "JY-2026-0417",
                "service_date_start": "2026-01-01",
                "service_date_end": "2099-12-31",
            }
        )


def take_the_call(page):
    page.goto(MY_TICKETS)
    page.get_by_role("button", name="新建").first.click()
    fill(page, "name", TITLE)
    choose(page, "partner_id", "陈静")
    choose(page, "installation_id", "金阳财务")
    choose(page, "category_id", "报表")
    choose(page, "channel_id", "电话")
    save(page)


def plan_the_visit(page):
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    press(page, "action_request_visit")
    field(page, "date_planned_start").wait_for()
    fill(page, "date_planned_start", f"{now + timedelta(hours=1):%Y-%m-%d %H:%M:00}")
    fill(page, "date_planned_end", f"{now + timedelta(hours=3):%Y-%m-%d %H:%M:00}")
    choose(page, "arrival_agreed_with_id", "陈静")
    press(page, "action_submit")
    wait_state(page, "submitted")


def approve_from_the_inbox(page):
    page.goto("/odoo")
    page.locator(".o_menu_systray .fa-clock-o").click()
    page.locator('.o-mail-ActivityGroup[data-model_name="aftersales.approval"]').click()
    row = page.locator(".o_data_row").filter(has_text=CUSTOMER)
    row.wait_for()
    row.locator("button[name=action_open_decision]").first.click()
    page.locator(".modal [name=opinion] textarea").fill("同意，请带上备份盘")
    page.locator(".modal button[name=action_approve]").click()
    row.wait_for(state="detached")


def serve_and_let_sign(phone):
    """The technician's steps on a phone, by touch."""
    phone.goto("/odoo/my-visits")
    phone.locator(".o_kanban_record").filter(has_text=CUSTOMER).click()
    press(phone, "action_leave")
    field(phone, "left_on").wait_for()
    press(phone, "action_arrive")
    phone.locator("button[name=action_open_finish]:visible").first.wait_for()
    fill(phone, "result", "重设了取数公式，三月资产负债表已平")
    fill(phone, "customer_opinion", "服务及时，讲解清楚")
    for name, score in (("score_attitude", "5"), ("score_skill", "5"), ("score_result", "4")):
        field(phone, name).get_by_text(score, exact=True).click()
    draw(phone, field(phone, "customer_signature").locator("canvas"))
    press(phone, "action_sign")
    field(phone, "signed_on").wait_for()
    press(phone, "action_return")
    field(phone, "return_entered_on").wait_for()


def fill_in_the_record(page):
    """On a desktop: complete the record of the ticket and close it, then close the visit."""
    page.goto("/odoo/my-visits")
    page.locator(".o_data_row").filter(has_text=CUSTOMER).click()
    page.locator("button[name=action_view_ticket]").click()
    close_ticket(
        page,
        report_name="资产负债表",
        question="三月取数为零",
        analysis="科目编码调整后公式未更新",
        solution="重设取数公式并重算",
    )
    page.locator(".o_breadcrumb a").filter(has_text=CUSTOMER).click()
    press(page, "action_open_finish")
    page.locator(".modal footer button[name=action_finish]:visible").click()
    wait_state(page, "done")


def close_ticket(page, **record):
    """Write the service record of the open ticket and close it by its stage."""
    page.get_by_role("tab", name="服务记录").click()
    for name, text in record.items():
        fill(page, name, text)
    save(page)
    page.locator(".o_statusbar_status button.o_first:visible").click()
    with page.expect_response("**/helpdesk.ticket/web_save"):
        page.locator(".o-dropdown--menu .dropdown-item").filter(has_text="已完成").click()
    field(page, "record_completed_on").wait_for()


def record_the_call(page, scores, **texts):
    """Call the customer from the list of today's calls."""
    page.goto("/odoo/my-calls")
    page.locator(".o_data_row").filter(has_text=CUSTOMER).click()
    press(page, "action_open_record")
    for name, stars in scores.items():
        field(page.locator(".modal"), name).locator(".o_priority_star").nth(stars - 1).click()
    for name, text in texts.items():
        fill(page.locator(".modal"), name, text)
    page.locator(".modal button[name=action_record]").click()
    field(page, "called_on").wait_for()


def assign_the_question(page):
    page.goto("/odoo/customer-questions")
    page.locator(".o_data_row").filter(has_text=CUSTOMER).locator(
        "button[name=action_open_assign]"
    ).click()
    dialog = page.locator(".modal")
    choose(dialog, "user_id", "刘强")
    choose(dialog, "category_id", "其他")
    dialog.locator("button[name=action_assign]").click()
    # wait until the ticket is open
    page.locator(".o_form_view .o_field_widget[name=stage_id]").wait_for()


def answer_the_question(page):
    """The colleague answers the question, a ticket in the own list."""
    page.goto(MY_TICKETS)
    page.locator(".o_data_row, .o_kanban_record").filter(has_text="四月").click()
    close_ticket(page, solution="已启用自动结转方案并教会客户")


def file_the_original(page, place):
    page.goto("/odoo/missing-originals")
    unfold(page, "李伟")
    page.locator(".o_data_row").filter(has_text=CUSTOMER).click()
    press(page, "action_receive")
    page.locator("button[name=action_receive]").wait_for(state="hidden")
    fill(page, "place", place)
    press(page, "action_file")
    wait_state(page, "filed")


def the_next_working_day(server, number):
    """Move the due call to today, instead of waiting for the next working day."""
    with server.database.env() as env:
        call = env["aftersales.callback"].search([("round", "=", number)])
        today = call.company_id._aftersales_today()
        assert (call.kind, call.state, call.user_id.name) == ("visit", "todo", "赵敏")
        assert call.due_date == call.company_id._aftersales_next_working_day(today) > today
    server.database.sql(
        "UPDATE aftersales_callback SET due_date = %s WHERE id = %s", today, call.id
    )


def check_visit(visit):
    assert (visit.state, visit.signed_by_name, visit.signature_valid) == ("done", "陈静", True)
    assert (visit.score_attitude, visit.score_skill, visit.score_result) == ("5", "5", "4")
    assert visit.left_on <= visit.arrived_on <= visit.signed_on
    # signed on the phone: nobody hands it in
    assert (bool(visit.feedback_received_on), visit.feedback_way) == (True, "phone")
    approval = visit.approval_ids
    assert (approval.decision, approval.opinion) == ("approved", "同意，请带上备份盘")
    assert (approval.requested_by_id.name, approval.decided_by_id.name) == ("李伟", "王芳")


def check_calls(visit):
    first, second = visit.callback_ids.sorted("round")
    assert (first.state, first.outcome, first.called_by_id.name) == ("done", "solved", "赵敏")
    assert (first.score_attitude, first.score_skill, first.score_result) == (5, 4, 4)
    assert (first.open_question, first.assigned_by_id.name) == ("四月能否自动结转？", "王芳")
    assert (second.state, second.parent_id, second.score_result) == ("done", first, 5)
    assert set(second.worker_ids.mapped("name")) == {"李伟", "刘强"}
    for ticket, colleague in ((visit.ticket_id, "李伟"), (first.ticket_id, "刘强")):
        assert (ticket.closed, ticket.record_complete, ticket.user_id.name) == (
            True,
            True,
            colleague,
        )


def check_original(visit):
    entry = visit.archive_entry_ids
    assert (entry.kind, entry.state, entry.place) == ("visit_application", "filed", "A 柜 3 号夹")
    assert entry.name.startswith("SM") and entry.holder_id.name == entry.filed_by_id.name == "孙丽"
    [handover] = entry.handover_ids
    assert (handover.from_id.name, handover.to_id.name) == ("李伟", "孙丽")


def test_a_visit_from_the_call_to_the_filed_original(server, browser):
    desk = browser.page(server, login="li.wei")
    take_the_call(desk)
    plan_the_visit(desk)

    manager = browser.page(server, login="wang.fang")
    approve_from_the_inbox(manager)

    phone = browser.page(server, "phone", login="li.wei")
    serve_and_let_sign(phone)
    fill_in_the_record(desk)

    caller = browser.page(server, login="zhao.min")
    the_next_working_day(server, 1)
    record_the_call(
        caller,
        {"score_attitude": 5, "score_skill": 4, "score_result": 4},
        note="总体满意",
        open_question="四月能否自动结转？",
    )
    assign_the_question(manager)

    solver = browser.page(server, login="liu.qiang")
    answer_the_question(solver)
    the_next_working_day(server, 2)
    # a new session, because the old one first shows its cached list
    caller = browser.page(server, login="zhao.min")
    record_the_call(caller, {"score_result": 5}, note="已解决")

    archivist = browser.page(server, login="sun.li")
    file_the_original(archivist, "A 柜 3 号夹")

    with server.database.env() as env:
        visit = env["aftersales.visit"].search([])
        check_visit(visit)
        check_calls(visit)
        check_original(visit)
