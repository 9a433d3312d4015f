"""The first two minutes of a call, as a specialist takes it: how many presses they cost."""

import pytest
from harness.clicks import start
from harness.form import field
from playwright.sync_api import expect

CUSTOMER = "绵阳新华印务有限公司"


@pytest.fixture
def server(database, odoo_server):
    """A server with a specialist, a manager, call-back staff and one customer in service."""
    database.new_staff(
        (
            ("li.wei", "李伟", "group_user"),
            ("zhao.min", "赵敏", "group_callback"),
            ("wang.fang", "王芳", "group_manager"),
        )
    )
    with database.env() as env:
        line = env["aftersales.product.line"].create({"name": "金算盘", "brand": "金算盘"})
        product, _other = env["product.product"].create(
            [
                {"name": name, "type": "service", "aftersales_line_id": line.id}
                for name in ("金算盘财务软件", "金算盘进销存")
            ]
        )
        specialist = env["res.users"].search([("login", "=", "li.wei")])
        customer = env["res.partner"].create(
            {
                "name": CUSTOMER,
                "is_company": True,
                "city": "绵阳",
                "landline": "0816-2345678",
                "service_user_id": specialist.id,
            }
        )
        customer.software_contact_id, _bob = env["res.partner"].create(
            [
                {"name": "陈静", "parent_id": customer.id, "department": "财务部"},
                {"name": "刘洋", "parent_id": customer.id, "phone": "13812345678"},
            ]
        )
        today = env.company._aftersales_today()
        env["aftersales.installation"].create(
            {
                "partner_id": customer.id,
                "product_id": product.id,
                "serial_number": "JSP-2026-0001",
                "service_date_start": today.replace(month=1, day=1),
                "service_date_end": today.replace(month=12, day=31),
            }
        )
        env["helpdesk.ticket"].create(
            {"name": "报表打不开", "description": "x", "partner_id": customer.id}
        )
    return odoo_server(database)


def open_intake(page):
    # the home page has a button of its own; while it comes, it closes what was opened before
    page.locator(".o_aftersales_home_intake").wait_for()
    page.locator(".o_aftersales_intake_button").click()
    return page.locator(".o_aftersales_intake")


def search(dialog, text):
    # as a person types: key by key
    dialog.get_by_role("combobox").press_sequentially(text, delay=20)


def test_new_customer_with_contact_software_and_period_takes_twelve_clicks(
    server, database, browser
):
    clicks = start(browser, server, "li.wei")
    page = clicks.page
    dialog = open_intake(page)
    expect(dialog.get_by_role("combobox")).to_be_focused()
    search(dialog, "13987654321")
    dialog.locator(".o_aftersales_unknown").wait_for()
    browser.screenshot("intake-unknown")
    dialog.get_by_role("button", name="新客户").click()
    # the telephone is where it belongs, and one goes on with the name
    expect(dialog.get_by_label("手机")).to_have_value("13987654321")
    expect(dialog.get_by_label("客户", exact=True)).to_be_focused()
    page.keyboard.type("成都新锐贸易有限公司")
    dialog.get_by_label("联系人").click()
    page.keyboard.type("王芳")
    dialog.get_by_label("部门").click()
    page.keyboard.type("财务科")
    dialog.get_by_label("QQ").click()
    page.keyboard.type("987654321")
    dialog.get_by_label("软件").select_option("金算盘财务软件")
    dialog.get_by_label("序列号").click()
    page.keyboard.type("jsp-2026-0002")
    browser.screenshot("intake-new")
    # a double click makes one customer
    dialog.get_by_role("button", name="新建客户").dblclick()
    expect(dialog.locator(".o_aftersales_state")).to_contain_text("服务期内")
    browser.screenshot("intake-made")
    clicks.limit(clicks=12)
    with database.env() as env:
        customer = env["res.partner"].search([("name", "=", "成都新锐贸易有限公司")])
        assert len(customer) == 1
        assert customer.service_user_id.login == "li.wei"
        contact = customer.software_contact_id
        assert (contact.name, contact.phone, contact.department, contact.qq_number) == (
            *("王芳", "13987654321"),
            *("财务科", "987654321"),
        )
        software = customer.installation_ids
        assert software.serial_number == "JSP-2026-0002"
        today = env.company._aftersales_today()
        assert software.service_date_start == today
        assert (software.service_date_end - today).days in (364, 365)


def test_a_known_caller_is_two_presses_from_a_ticket_that_knows_everything(
    server, database, browser
):
    clicks = start(browser, server, "li.wei")
    page = clicks.page
    dialog = open_intake(page)
    search(dialog, "138 1234 5678")
    # the only hit opens at once, and the caller is recognised by the number
    dialog.locator(".o_aftersales_card").wait_for()
    expect(dialog.locator(".o_chosen").filter(has_text="刘洋")).to_be_visible()
    expect(dialog.locator(".o_chosen").filter(has_text="JSP-2026-0001")).to_be_visible()
    expect(dialog.locator(".o_aftersales_tickets")).to_contain_text("报表打不开")
    browser.screenshot("intake-card")
    dialog.get_by_role("button", name="服务工单", exact=True).click()
    page.locator(".o_form_view").wait_for()
    expect(dialog).to_have_count(0)
    clicks.limit(clicks=2, texts=0, searches=1)
    expect(field(page, "partner_id").locator("input").first).to_have_value(CUSTOMER)
    # a form that is closed with its page tries to save itself
    page.locator(".o_form_button_cancel").click()
    page.locator(".o_aftersales_home_intake").wait_for()


def test_the_keyboard_chooses_late_answers_are_dropped_and_nothing_is_lost(
    server, database, browser, log_watch
):
    # the reason why a contact without a name is refused
    log_watch.expect(r"odoo\.http: 请填写来电人姓名")
    with database.env() as env:
        env["res.partner"].create(
            [
                {"name": f"成都软件{number}有限公司", "is_company": True, "city": "成都"}
                for number in "甲乙丙"
            ]
        )
    page = browser.page(server, "wide", login="li.wei")
    page.goto("/odoo/action-helpdesk_mgmt.helpdesk_ticket_action")
    page.get_by_text("报表打不开").first.click()
    page.locator(".o_form_view").wait_for()
    # the shortcut opens it, also twice
    page.keyboard.press("Alt+Shift+L")
    dialog = page.locator(".o_aftersales_intake")
    dialog.wait_for()
    page.keyboard.press("Alt+Shift+L")
    expect(dialog).to_have_count(1)
    # an answer to what was typed before comes last and is dropped
    late = []

    def hold(route):
        if "成都软件" in route.request.post_data and not late:
            late.append(route)
        else:
            route.continue_()

    page.route("**/find_callers", hold)
    dialog.get_by_role("combobox").fill("成都软件")
    for _attempt in range(50):
        if late:
            break
        page.wait_for_timeout(100)
    dialog.get_by_role("combobox").fill("新华印务")
    dialog.locator(".o_aftersales_card").wait_for()
    late[0].continue_()
    page.wait_for_timeout(500)
    expect(dialog.locator(".o_aftersales_card")).to_contain_text(CUSTOMER)
    page.unroute("**/find_callers")
    dialog.get_by_role("combobox").fill("成都软件")
    hits = dialog.get_by_role("option")
    expect(hits).to_have_count(3)
    browser.screenshot("intake-hits")
    page.keyboard.press("ArrowDown")
    expect(hits.nth(1)).to_have_attribute("aria-selected", "true")
    chosen = hits.nth(1).locator(".fw-bold").inner_text()
    page.keyboard.press("Enter")
    expect(dialog.locator(".o_aftersales_card")).to_contain_text(chosen)
    # a note that was not sent is there again
    dialog.get_by_role("button", name="备注", exact=True).click()
    dialog.locator("textarea").fill("问发票")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.get_by_text("报表打不开").first.wait_for()
    page.locator(".o_aftersales_intake_button").click()
    expect(dialog.locator("textarea")).to_have_value("问发票")
    dialog.get_by_role("button", name="记下备注").click()
    expect(dialog.locator(".o_aftersales_contacts")).to_contain_text("问发票")
    # somebody new calls from a known customer
    dialog.get_by_role("button", name="新联系人").click()
    dialog.get_by_role("button", name="新建联系人").click()
    expect(dialog.get_by_role("alert")).to_contain_text("来电人")
    dialog.get_by_label("联系人").fill("周洁")
    dialog.get_by_label("手机").fill("13700000001")
    dialog.get_by_role("button", name="新建联系人").click()
    expect(dialog.locator(".o_chosen").filter(has_text="周洁")).to_be_visible()
    # who calls again is one press away
    page.keyboard.press("Escape")
    page.locator(".o_aftersales_intake_button").click()
    expect(dialog.get_by_role("option")).to_have_count(1)
    browser.screenshot("intake-lately")
    dialog.get_by_role("option").click()
    expect(dialog.locator(".o_aftersales_card")).to_contain_text(chosen)


def test_what_looks_the_same_is_shown_first(server, database, browser):
    page = browser.page(server, "wide", login="zhao.min")
    page.goto("/odoo")
    dialog = open_intake(page)
    search(dialog, "新华印务公司")
    dialog.locator(".o_aftersales_unknown").wait_for()
    page.keyboard.press("Enter")
    dialog.get_by_label("客户", exact=True).fill("绵阳 新华印务")
    # call-back staff enter no software
    expect(dialog.get_by_label("序列号")).to_have_count(0)
    dialog.get_by_role("button", name="新建客户").click()
    doubles = dialog.locator(".o_aftersales_doubles")
    expect(doubles).to_contain_text(CUSTOMER)
    browser.screenshot("intake-doubles")
    doubles.get_by_role("button", name="就是这个").click()
    expect(dialog.locator(".o_aftersales_card")).to_contain_text(CUSTOMER)
    expect(dialog.get_by_role("button", name="服务工单", exact=True)).to_have_count(0)
    expect(dialog.get_by_role("button", name="投诉", exact=True)).to_have_count(1)


def test_the_card_is_whole_on_a_phone(server, browser):
    page = browser.page(server, "phone", login="li.wei")
    page.goto("/odoo")
    dialog = open_intake(page)
    expect(dialog.get_by_role("combobox")).to_be_focused()
    dialog.get_by_role("combobox").fill("13812345678")
    dialog.locator(".o_aftersales_card").wait_for()
    browser.screenshot("intake-phone")
    assert dialog.evaluate("node => node.scrollWidth <= node.clientWidth + 1")
    box = dialog.bounding_box()
    assert (box["x"], box["width"]) == (0, 390)
    for name in ("服务工单", "上门服务", "程序修改", "申请", "投诉", "备注"):
        expect(dialog.get_by_role("button", name=name, exact=True)).to_be_in_viewport()
    dialog.locator("a[href='tel:13812345678']").wait_for()
