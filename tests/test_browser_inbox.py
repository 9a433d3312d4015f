"""The manager's inbox: submitted documents are decided from menu, list, chatter and popover, on a phone, too."""

import re

import pytest

MODEL = "aftersales.application"
LIST = "/odoo/service-applications"
BELL = ".o_menu_systray .fa-clock-o"
ROW = '.o-mail-ActivityGroup[data-model_name="aftersales.approval"]'


@pytest.fixture
def server(database, odoo_server):
    """A server with a specialist, a manager and one customer; ``server.submit()`` gives the id of an application."""
    # no notification by mail: the managers only see the inbox
    database.new_staff(
        (
            ("li.wei", "李伟", "group_user"),
            ("wang.fang", "王芳", "group_manager"),
            ("zhao.min", "赵敏", "group_manager"),
        ),
        notification_type="inbox",
    )
    with database.env() as env:
        customer = env["res.partner"].create(
            {"name": "成都蜀光机械制造有限公司", "is_company": True}
        )
        contact = env["res.partner"].create({"name": "陈静", "parent_id": customer.id})
        values = {"kind": "data_clearing", "partner_id": customer.id, "contact_id": contact.id}
    server = odoo_server(database)

    def submit(description, submitted=True):
        with database.env("li.wei") as env:
            application = env[MODEL].create(
                {**values, "description": description, "original_holder_id": env.uid}
            )
            if submitted:
                application.action_submit()
            return application.id

    server.submit = submit
    return server


def decided(server, document):
    """Return state, decisions and opinions of an application from the database."""
    [(state,)] = server.database.sql(
        "SELECT state FROM aftersales_application WHERE id = %s", document
    )
    rows = server.database.sql(
        "SELECT decision, opinion FROM aftersales_approval WHERE res_model = %s AND res_id = %s",
        MODEL,
        document,
    )
    return state, rows


def open_form(page, document):
    page.goto(f"{LIST}/{document}")
    page.locator(".o-mail-Chatter").wait_for()


def wait_state(page, state):
    page.locator(f".o_statusbar_status .o_arrow_button_current[data-value={state}]").wait_for()


def open_inbox(page, count):
    """Open the list from the activity menu, which shows the number of waiting documents."""
    page.locator(BELL).click()
    row = page.locator(ROW)
    row.filter(has_text=re.compile(rf"[:：]\s*{count}\b")).wait_for()
    assert page.locator(".o-mail-ActivityGroup").first.get_attribute("data-model_name") == (
        "aftersales.approval"
    )
    row.click()
    page.wait_for_url("**/service-approvals**")


def test_a_manager_decides_in_the_list_the_chatter_and_the_popover(server, browser):
    first = server.submit("2019 年订单", submitted=False)
    specialist = browser.page(server, login="li.wei")
    open_form(specialist, first)
    specialist.locator("button[name=action_submit]").click()
    specialist.locator(".o_aftersales_waiting").first.wait_for()
    assert specialist.locator(".o_aftersales_approve, .o-mail-Activity-markDone").count() == 0

    manager = browser.page(server, login="wang.fang")
    manager.goto(LIST)
    manager.locator(".o_data_row").wait_for()
    open_inbox(manager, 1)
    manager.locator(".o_data_row").first.wait_for()

    # several at once, from the list of the activity menu
    second = server.submit("2020 年订单")
    open_inbox(manager, 2)
    manager.locator(".o_data_row").nth(1).wait_for()
    manager.locator("thead .o_list_record_selector input").click()
    manager.locator(".o_control_panel button[name=action_open_decision]").first.click()
    manager.locator(".modal [name=opinion] textarea").fill("先备份")
    manager.locator(".modal button[name=action_approve]").click()
    manager.locator(".o_notification").filter(has_text="2").wait_for()
    manager.locator(".o_view_nocontent").wait_for()
    for document in (first, second):
        assert decided(server, document) == ("approved", [("approved", "先备份")])
    manager.locator(BELL).click()
    manager.locator(".o-mail-ActivityMenu").wait_for()
    # the menu first shows its old content and then loads the new one
    manager.locator(ROW).wait_for(state="detached")

    # from the chatter: the state on the screen follows
    third = server.submit("2021 年订单")
    open_form(manager, third)
    decision = manager.locator(".o-mail-Activity .o_aftersales_decision textarea")
    decision.fill("同意")
    manager.locator(".o_aftersales_approve").click()
    wait_state(manager, "approved")
    manager.locator(".o-mail-Activity").first.wait_for(state="detached")
    manager.locator(".o_field_widget[name=approval_ids] .o_data_row").filter(
        has_text="同意"
    ).wait_for()
    assert decided(server, third) == ("approved", [("approved", "同意")])

    # from the popover of the list: a refusal needs a reason
    fourth = server.submit("全部数据")
    manager.goto(LIST)
    # the list is first shown as it was when it was opened before
    manager.locator(".o_data_row").nth(3).wait_for()
    row = manager.locator(".o_data_row").filter(has_text="已提交")
    row.locator(".o-mail-ActivityButton").click()
    popover = manager.locator(".o-mail-ActivityListPopoverItem").filter(
        has=manager.locator(".o_aftersales_decision textarea")
    )
    popover.locator(".o_aftersales_refuse").click()
    popover.locator("textarea.is-invalid").wait_for()
    assert decided(server, fourth) == ("submitted", [("pending", None)])
    popover.locator("textarea").fill("申请单没有盖章 🙂 <b>")
    popover.locator(".o_aftersales_refuse").click()
    popover.wait_for(state="detached")
    assert decided(server, fourth) == ("refused", [("refused", "申请单没有盖章 🙂 <b>")])


def test_a_manager_decides_on_a_phone(server, browser):
    first, second = server.submit("2019 年订单"), server.submit("2020 年订单")
    page = browser.page(server, "phone", login="wang.fang")
    page.goto(LIST)
    # a list on a desktop, cards on a phone
    page.locator(".o_data_row, .o_kanban_record").first.wait_for()
    open_inbox(page, 2)
    card = page.locator(".o_kanban_record").filter(has_text="2019 年订单")
    card.locator("button[name=action_open_decision]").last.click()
    page.locator(".modal [name=opinion] textarea").last.fill("没有盖章")
    page.locator(".modal button[name=action_refuse]").click()
    card.wait_for(state="detached")
    assert decided(server, first) == ("refused", [("refused", "没有盖章")])

    page.locator(".o_kanban_record").filter(has_text="2020 年订单").click()
    page.locator(".o_aftersales_approve").scroll_into_view_if_needed()
    page.locator(".o_aftersales_decision textarea").fill("同意")
    for part in (".o_aftersales_decision textarea", ".o_aftersales_refuse"):
        box = page.locator(part).first.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 390, (part, box)
    page.locator(".o_aftersales_approve").click()
    page.locator(".o-mail-Activity").first.wait_for(state="detached")
    assert decided(server, second) == ("approved", [("approved", "同意")])


def test_a_second_decision_is_told_kindly_and_changes_nothing(server, browser, log_watch):
    log_watch.expect(r"odoo\.http: SQ.*王芳")
    document = server.submit("2019 年订单")
    fast = browser.page(server, login="wang.fang")
    slow = browser.page(server, login="zhao.min")
    for page in (fast, slow):
        open_form(page, document)
        page.locator(".o_aftersales_approve").wait_for()
    fast.locator(".o_aftersales_decision textarea").fill("没有盖章")
    fast.locator(".o_aftersales_refuse").click()
    fast.locator(".o-mail-Activity").first.wait_for(state="detached")

    slow.locator(".o_aftersales_approve").click()
    dialog = slow.locator(".modal")
    dialog.filter(has_text="王芳").wait_for()
    dialog.locator("button.btn-primary").click()
    slow.locator(".o-mail-Activity").first.wait_for(state="detached")
    slow.locator(".o_field_widget[name=approval_ids]").filter(has_text="没有盖章").wait_for()
    assert decided(server, document) == ("refused", [("refused", "没有盖章")])
