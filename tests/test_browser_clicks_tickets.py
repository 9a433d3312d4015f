"""A ticket from the call to its end, in the clicks a person has for it; and a refusal loses nothing."""

from datetime import timedelta

import pytest
from harness.clicks import start
from harness.form import drag, field, fill, press
from playwright.sync_api import expect

CUSTOMER = "成都蜀光机械制造有限公司"
SOLUTION = "重装打印驱动后正常"
# on a phone the bar is a button
STAGE = (
    ".o_statusbar_status .o_arrow_button_current:visible,"
    " .o_xxs_form_view .o_statusbar_status .dropdown-toggle:visible"
)


@pytest.fixture
def server(database, odoo_server):
    """A server with specialist ``li.wei``, manager ``wang.fang``, caller ``zhao.min``, and three customers."""
    database.new_staff(
        (
            ("li.wei", "李伟", "group_user"),
            ("wang.fang", "王芳", "group_manager"),
            ("zhao.min", "赵敏", "group_callback"),
        )
    )
    with database.env() as env:
        customers = env["res.partner"].create(
            [
                {"name": name, "is_company": True}
                for name in (CUSTOMER, "绵阳新华印务有限公司", "德阳重工配件有限公司")
            ]
        )
        env["res.partner"].create(
            [
                {
                    "name": "陈静",
                    "parent_id": customer.id,
                    "department": "财务部",
                    "phone": f"1390000000{number}",
                }
                for number, customer in enumerate(customers, 1)
            ]
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
                "partner_id": customers[0].id,
                "product_id": product.id,
                "serial_number": "JY-2026-0417",
                "service_date_start": "2026-01-01",
                "service_date_end": "2099-12-31",
            }
        )
    return odoo_server(database)


def open_card(page, code):
    """Open the list behind a figure of the home page."""
    page.locator(f".o_aftersales_home_card[data-code={code}] .o_aftersales_home_open").click()


def pick(page, name, text):
    """Choose from the list that a field opens when it is pressed, on a phone from cards."""
    field(page, name).locator("input").first.click()
    item = page.locator(".o-autocomplete--dropdown-item").filter(has_text=text)
    card = page.locator(".modal .o_kanban_record").filter(has_text=text)
    item.or_(card).first.click()


def solve_on_the_telephone(clicks):
    """A known customer calls, and is helped while they speak."""
    page = clicks.page
    open_card(page, "tickets_open")
    page.get_by_role("button", name="新建").first.click()
    pick(page, "partner_id", CUSTOMER)
    expect(field(page, "contact_id").locator("input")).to_have_value("陈静")
    pick(page, "category_id", "其他")
    solution = field(page, "solution").locator("textarea").first
    # seen before any button is pressed
    page.locator(".o_field_widget.o_aftersales_gap[name=solution]").wait_for()
    solution.fill(SOLUTION)
    press(page, "action_done_and_close")
    page.locator(STAGE).filter(has_text="已完成").first.wait_for()


def check_closed(server):
    with server.database.env() as env:
        ticket = env["helpdesk.ticket"].search([])
        assert (ticket.closed, ticket.record_complete, ticket.solution) == (True, True, SOLUTION)
        assert ticket.commercial_partner_id.name == CUSTOMER
        assert (ticket.contact_id.name, ticket.department) == ("陈静", "财务部")
        assert ticket.installation_id.serial_number == "JY-2026-0417"
        assert ticket.channel_id == env.ref("helpdesk_mgmt.helpdesk_ticket_channel_phone")
        assert ticket.user_id.name == ticket.service_done_by_id.name == "李伟"
        assert ticket.service_done_on and ticket.closed_date
        return ticket.name


def test_a_known_customer_is_helped_on_the_telephone_in_8_clicks_and_1_text(server, browser):
    clicks = start(browser, server, "li.wei")
    solve_on_the_telephone(clicks)
    assert check_closed(server) == "其他 · 金阳财务"
    clicks.limit(clicks=8, texts=1)


def test_the_same_on_a_phone(server, browser):
    clicks = start(browser, server, "li.wei", "phone")
    page = clicks.page
    solve_on_the_telephone(clicks)
    check_closed(server)
    browser.screenshot("ticket-phone")
    width = page.evaluate("() => document.documentElement.scrollWidth")
    assert width <= 390, "the page is wider than the screen"


def test_a_refusal_names_what_is_missing_and_shows_the_stage_before(server, browser, log_watch):
    log_watch.expect(r"odoo\.http: ")
    clicks = start(browser, server, "li.wei")
    page = clicks.page
    open_card(page, "tickets_open")
    page.get_by_role("button", name="新建").first.click()
    fill(page, "name", "打印机离线")
    pick(page, "partner_id", CUSTOMER)
    pick(page, "category_id", "报表")
    field(page, "question").locator("textarea").first.fill("三月不平")
    page.locator("button[name=action_done_and_close]").click()
    told = page.locator(".modal-dialog")
    told.filter(has_text="报表名称").filter(has_text="解决").wait_for()
    told.locator("button.btn-primary").click()
    current = page.locator(STAGE).first
    expect(current).to_contain_text("新建")
    browser.screenshot("ticket-incomplete")
    # by the bar, with a text that is not saved yet
    field(page, "analysis").locator("textarea").first.fill("期初有误")
    page.locator(".o_statusbar_status button.o_first:visible").click()
    page.locator(".o-dropdown--menu .dropdown-item").filter(has_text="已完成").click()
    told.filter(has_text="报表名称").wait_for()
    told.locator("button.btn-primary").click()
    expect(current).to_contain_text("新建")
    expect(field(page, "analysis").locator("textarea").first).to_have_value("期初有误")
    with server.database.env() as env:
        ticket = env["helpdesk.ticket"].search([])
        assert (ticket.analysis, ticket.stage_id.closed) == ("期初有误", False)
    # by the board
    page.locator(".o_breadcrumb a, .o_back_button").last.click()
    page.locator("button.o_switch_view.o_kanban").click()
    card = page.locator(".o_kanban_record").filter(has_text="打印机离线")
    page.locator(".o_kanban_group.o_column_folded").filter(has_text="已完成").click()
    column = page.locator(".o_kanban_group:not(.o_column_folded)").filter(has_text="已完成")
    drag(page, card, column)
    told.filter(has_text="报表名称").wait_for()
    told.locator("button.btn-primary").click()
    page.locator(".o_kanban_group").filter(has_text="新建").locator(".o_kanban_record").filter(
        has_text="打印机离线"
    ).wait_for()


def test_accept_takes_a_ticket_and_a_second_press_changes_nothing(server, browser):
    with server.database.env("wang.fang") as env:
        env["helpdesk.ticket"].create({"name": "打印机离线", "user_id": False})
        env["helpdesk.ticket"].search([]).user_id = env["res.users"].search(
            [("login", "=", "li.wei")]
        )
    clicks = start(browser, server, "li.wei")
    page = clicks.page
    open_card(page, "tickets_open")
    page.locator(".o_data_row").filter(has_text="打印机离线").click()
    page.locator("button[name=action_accept]").dblclick()
    page.locator(STAGE).filter(has_text="处理中").first.wait_for()
    page.locator("button[name=action_accept]").wait_for(state="hidden")
    with server.database.env() as env:
        ticket = env["helpdesk.ticket"].search([])
        assert (ticket.user_id.name, ticket.stage_id.unattended) == ("李伟", False)
        assert ticket.first_response_on


def test_from_the_call_to_the_closed_ticket_in_8_clicks_and_1_text(server, browser):
    """The way a caller is found by telephone: the box of the intake is the search."""
    clicks = start(browser, server, "li.wei")
    page = clicks.page
    page.get_by_role("button", name="来电受理").first.click()
    page.locator(".o_aftersales_intake").get_by_role("combobox").fill("13900000001")
    page.locator(".o_aftersales_card").wait_for()
    page.locator(".modal footer .btn-primary").click()
    pick(page, "category_id", "其他")
    field(page, "solution").locator("textarea").first.fill(SOLUTION)
    press(page, "action_done_and_close")
    page.locator(STAGE).filter(has_text="已完成").first.wait_for()
    check_closed(server)
    clicks.limit(clicks=8, texts=1, searches=1)


@pytest.mark.parametrize("device", ["wide", "phone"])
def test_a_visit_is_approved_with_all_facts_in_sight_in_3_clicks(server, browser, device):
    with server.database.env("li.wei") as env:
        customer = env["res.partner"].search([("name", "=", CUSTOMER)])
        day = env.company._aftersales_today() + timedelta(days=1)
        visit = env["aftersales.visit"].create(
            {
                "partner_id": customer.id,
                "contact_id": customer.child_ids.id,
                "problem": "月末结账报错，客户等着报税",
                "address": "人民南路 1 号",
                "technician_ids": [(6, 0, env.user.ids)],
                "date_planned_start": env.company._aftersales_moment(day, 9),
                "date_planned_end": env.company._aftersales_moment(day, 11),
                "arrival_agreed_with_id": customer.child_ids.id,
            }
        )
        visit.action_submit()
        number = visit.id
    clicks = start(browser, server, "wang.fang", device)
    page = clicks.page
    open_card(page, "approvals")
    row = page.locator(".o_data_row, .o_kanban_record:not(.o_kanban_ghost)").filter(
        has_text=CUSTOMER
    )
    row.locator("button[name=action_open_decision]").first.click()
    facts = page.locator(".modal .o_aftersales_facts")
    for text in (
        "月末结账报错，客户等着报税",
        CUSTOMER,
        "陈静",
        "人民南路 1 号",
        "李伟",
        "欠款",
        "服务期内",
    ):
        expect(facts).to_contain_text(text)
    expect(facts.locator("a[href='tel:13900000001']")).to_be_visible()
    approve = page.locator(".modal button[name=action_approve]:visible").first
    expect(approve).to_be_in_viewport()
    browser.screenshot(f"approve-{device}")
    body = page.locator(".modal-body")
    assert body.evaluate("node => node.scrollWidth <= node.clientWidth + 1")
    approve.click()
    row.wait_for(state="detached")
    clicks.limit(clicks=3, texts=0)
    assert server.database.sql("SELECT state FROM aftersales_visit WHERE id = %s", number) == [
        ("approved",)
    ]


@pytest.mark.parametrize("device", ["wide", "phone"])
def test_a_caller_sees_what_was_done_and_said_before_the_call(server, browser, device):
    with server.database.env() as env:
        customer = env["res.partner"].search([("name", "=", CUSTOMER)])
        caller = env["res.users"].search([("login", "=", "zhao.min")])
        values = {
            "kind": "routine",
            "partner_id": customer.id,
            "contact_id": customer.child_ids.id,
            "user_id": caller.id,
        }
        calls = env["aftersales.callback"].with_user(caller)
        calls.create(values).action_record(
            "reached",
            note="总体满意",
            scores={"score_attitude": 5},
            open_question="四月能否自动结转？",
        )
        number = calls.create(values).id
    page = browser.page(server, device, login="zhao.min")
    page.goto(f"/odoo/action-jinyang_aftersales.aftersales_callback_action/{number}")
    press(page, "action_open_record")
    facts = page.locator(".modal .o_aftersales_facts")
    for text in ("总体满意", "四月能否自动结转？"):
        expect(facts).to_contain_text(text)
    expect(page.locator(".modal a[href='tel:13900000001']").first).to_be_visible()
    browser.screenshot(f"call-{device}")
