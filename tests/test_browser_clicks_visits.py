"""How many clicks visits and their papers take, in Chinese, from the home page on (四 of the daily work)."""

import base64
from datetime import timedelta

import pytest
from harness.clicks import start
from harness.form import draw, field, press

STAFF = (
    ("li.wei", "李伟", "group_user"),
    ("wang.fang", "王芳", "group_manager"),
    ("zhao.min", "赵敏", "group_callback"),
    ("sun.li", "孙丽", "group_archivist"),
)
CUSTOMER = "成都蜀光机械制造有限公司"


@pytest.fixture
def server(database, odoo_server):
    """A server with four colleagues, and a customer with one software and a ticket."""
    prepare(database)
    return odoo_server(database)


def prepare(database):
    database.new_staff(STAFF, notification_type="inbox")
    with database.env() as env:
        env.company.email = "service@jinyang.example"
        specialist = find(env, "li.wei")
        customer = env["res.partner"].create(
            {
                "name": CUSTOMER,
                "is_company": True,
                "city": "成都市",
                "street": "蜀西路 9 号",
                "phone": "028-8765 4321",
                "service_user_id": specialist.id,
            }
        )
        customer.software_contact_id = env["res.partner"].create(
            {
                "name": "陈静",
                "parent_id": customer.id,
                "department": "财务部",
                "phone": "139 8000 1234",
            }
        )
        product = env["product.product"].create(
            {
                "name": "金阳财务",
                "type": "service",
                "aftersales_line_id": env["aftersales.product.line"].search([], limit=1).id,
            }
        )
        software = env["aftersales.installation"].create(
            {
                "partner_id": customer.id,
                "product_id": product.id,
                "serial_number": "JY-2026-0417",
                "service_date_start": "2026-01-01",
                "service_date_end": "2099-12-31",
            }
        )
        env["helpdesk.ticket"].create(
            {
                "name": "资产负债表取数不对",
                "description": "三月报表取数为零",
                "partner_id": customer.software_contact_id.id,
                "installation_id": software.id,
                "user_id": specialist.id,
                "category_id": env.ref("jinyang_aftersales.helpdesk_ticket_category_report").id,
                "channel_id": env.ref("helpdesk_mgmt.helpdesk_ticket_channel_phone").id,
            }
        )


def find(env, login):
    return env["res.users"].search([("login", "=", login)])


def approved_visit(env, hours=1):
    """A visit for the ticket, approved for today."""
    specialist, manager = find(env, "li.wei"), find(env, "wang.fang")
    ticket = env["helpdesk.ticket"].search([])
    now = env.cr.now().replace(microsecond=0)
    values = {
        "ticket_id": ticket.id,
        "company_id": ticket.company_id.id,
        "problem": "三月资产负债表取数为零",
        "date_planned_start": now + timedelta(hours=hours),
        "date_planned_end": now + timedelta(hours=hours + 2),
        "technician_ids": [(6, 0, specialist.ids)],
        "partner_id": ticket.commercial_partner_id.id,
        "contact_id": ticket.partner_id.id,
        "arrival_agreed_with_id": ticket.partner_id.id,
    }
    visit = env["aftersales.visit"].with_user(specialist).create(values)
    visit.action_submit()
    visit.with_user(manager).action_approve()
    return visit


def write(root, name, text):
    """Type a text and leave the keyboard where it is."""
    field(root, name).locator("input:visible, textarea:visible").first.fill(text)


def test_visit_on_the_phone_with_signature_record_and_call(server, browser):
    """At most nine presses: the visit, set off, arrived, three scores, the signature, the end, and its confirmation."""
    with server.database.env() as env:
        approved_visit(env)
    clicks = start(browser, server, "li.wei", "phone")
    phone = clicks.page
    open_own_visit(phone)
    travel = phone.locator(".o_aftersales_travel")
    travel.locator("button[name=action_leave]").click()
    travel.locator("button[name=action_arrive]").click()
    travel.locator("button[name=action_open_finish]").wait_for()
    write(phone, "result", "重设了取数公式，三月资产负债表已平")
    for name, score in (("score_attitude", "5"), ("score_skill", "5"), ("score_result", "4")):
        field(phone, name).get_by_text(score, exact=True).click()
    draw(phone, field(phone, "customer_signature").locator("canvas"))
    # in sight, wherever the form is scrolled to
    travel.locator("button[name=action_open_finish]").click()
    dialogue = phone.locator(".modal")
    write(dialogue, "report_name", "资产负债表")
    write(dialogue, "analysis", "科目编码调整后公式未更新")
    dialogue.locator("footer .btn-primary:visible").click()
    phone.locator(".o_notification").filter(has_text="回访").wait_for()
    dialogue.wait_for(state="detached")
    clicks.limit(clicks=9, texts=3)
    with server.database.env() as env:
        visit = env["aftersales.visit"].search([])
        assert (visit.state, visit.signature_valid, visit.feedback_way) == (
            "feedback",
            True,
            "phone",
        )
        assert (visit.score_attitude, visit.score_skill, visit.score_result) == ("5", "5", "4")
        ticket = visit.ticket_id
        assert (ticket.closed, ticket.record_complete) == (True, True)
        assert ticket.solution == visit.result
        assert ticket.service_done_by_id.name == "李伟"
        # received without a click
        assert visit.feedback_received_on and not visit.feedback_received_by_id
        [call] = visit.callback_ids
        assert (call.kind, call.state, call.user_id.name) == ("visit", "todo", "赵敏")
    # back at the office one more press closes the visit
    phone.locator(".o_form_statusbar button[name=action_return]").click()
    field(phone, "return_entered_on").wait_for()
    clicks.limit(clicks=10, texts=3)
    with server.database.env() as env:
        assert env["aftersales.visit"].search([]).state == "done"


def open_own_visit(phone):
    """From the home page to the visit of today."""
    phone.locator(".o_aftersales_home_visit").get_by_text(CUSTOMER).click()
    phone.locator(".o_form_view").wait_for()


def open_card(page, code):
    """Press a figure of the home page."""
    page.locator(f".o_aftersales_home_card[data-code={code}] .o_aftersales_home_open").click()


def test_request_of_a_visit(server, browser):
    """At most eight: to the ticket, request, when, submit."""
    clicks = start(browser, server, "li.wei")
    page = clicks.page
    open_card(page, "tickets_open")
    page.locator(".o_data_row, .o_kanban_record").filter(has_text="资产负债表").click()
    press(page, "action_request_visit")
    field(page, "time_proposal").get_by_text("下一工作日上午", exact=True).click()
    press(page, "action_submit")
    page.locator(".o_arrow_button_current[data-value=submitted]").wait_for()
    clicks.limit(clicks=8, texts=0)
    with server.database.env() as env:
        visit = env["aftersales.visit"].search([])
        assert (visit.state, visit.technician_ids.name) == ("submitted", "李伟")
        assert visit.arrival_agreed_with_id.name == "陈静"


def test_ten_originals_of_one_place(server, browser):
    """At most six: the list, all of them, receive and file, confirm."""
    with server.database.env() as env:
        entries = env["aftersales.archive.entry"]
        archivist, specialist = find(env, "sun.li"), find(env, "li.wei")
        first = entries.with_user(archivist).create(paper(env, 0, specialist))
        first.action_take_in("甲柜 3 层")
        for number in range(1, 11):
            entries.with_user(archivist).create(paper(env, number, specialist))
    clicks = start(browser, server, "sun.li")
    page = clicks.page
    open_card(page, "originals_week")
    page.locator(".o_data_row").nth(9).wait_for()
    page.locator("thead .o_list_record_selector input").click()
    page.locator(".o_control_panel button").filter(has_text="签收并归档").click()
    dialogue = page.locator(".modal")
    dialogue.locator(".o_data_row").nth(9).wait_for()
    dialogue.locator("footer .btn-primary").click()
    dialogue.wait_for(state="detached")
    page.locator(".o_data_row").filter(has_text="QC").nth(9).wait_for()
    clicks.limit(clicks=6, texts=0)
    with server.database.env() as env:
        filed = env["aftersales.archive.entry"].search([("document_name", "!=", "清数申请 0")])
        assert len(filed) == 10
        assert set(filed.mapped("state")) == {"filed"}
        assert set(filed.mapped("place")) == {"甲柜 3 层"}
        assert filed.holder_id.name == "孙丽"


def paper(env, number, holder):
    return {
        "kind": "data_clearing",
        "document_name": f"清数申请 {number}",
        "date_deadline": env.company._aftersales_today(),
        "holder_id": holder.id,
        "company_id": env.company.id,
    }


def test_form_signed_on_paper_is_photographed(server, browser):
    """The photo of the phone is the scan."""
    with server.database.env() as env:
        visit = approved_visit(env)
        visit.action_leave()
        visit.action_arrive()
        visit.result = "重设了取数公式"
    photo = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
    )
    clicks = start(browser, server, "li.wei", "phone")
    phone = clicks.page
    open_own_visit(phone)
    press(phone, "action_open_paper")
    dialogue = phone.locator(".modal")
    field(dialogue, "scan").locator("input[type=file]").set_input_files(
        {"name": "form.png", "mimeType": "image/png", "buffer": photo}
    )
    write(dialogue, "signed_by_name", "陈静")
    dialogue.locator("footer .btn-primary:visible").click()
    dialogue.wait_for(state="detached")
    clicks.limit(clicks=7)
    with server.database.env() as env:
        visit = env["aftersales.visit"].search([])
        assert (visit.state, visit.feedback_way) == ("feedback", "paper")
        assert visit.paper_scan and not visit.feedback_received_on
