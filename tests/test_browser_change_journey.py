"""A program change from the stamped request to the customer's opinion, by four persons in sessions of their own."""

import html
import re
from datetime import timedelta

import pytest
from harness.form import drag, field, fill, press, save, wait_state

STAFF = (
    ("li.wei", "李伟", "group_user"),
    ("wang.fang", "王芳", "group_manager"),
    ("wu.tao", "吴涛", "group_developer"),
)
CUSTOMER = "成都蜀光机械制造有限公司"
CONTACT = "chenjing@customer.example"
TITLE = "送货单增加司机一栏"
DESCRIPTION = "送货单上要打印司机姓名和电话。"
NEED = "在客户名称下面增加两栏：司机姓名、司机电话。"
OPINION = "同意修改，随下月更新包发布"
REASON = "涉及打印模板，另需调整两张报表"
FOUND = "司机电话没有打印出来"
THANKS = "很好用，谢谢"
SCAN = {
    "name": "程序修改申请单（盖章）.pdf",
    "mimeType": "application/pdf",
    "buffer": b"%PDF-1.4\n%stamped by the customer\n%%EOF\n",
}
QUEUE = "mail.ir_cron_mail_scheduler_action"
MAIL_SUBJECTS = (
    "已收到您的申请",
    "已确认的需求",
    "预计 {promised} 完工",
    "已开始开发",
    "预计完工时间调整为 {moved}",
    "请您一同测试",
    "已通过测试",
    "已更新，请反馈您的意见",
    "已完成",
)


@pytest.fixture
def server(database, odoo_server):
    """A server with a specialist, a manager, a developer and a customer with an account on the portal."""
    for login, name, group in STAFF:
        database.new_user(
            login,
            f"jinyang_aftersales.{group}",
            name=name,
            lang="zh_CN",
            tz="Asia/Shanghai",
            # notifications also come by mail: the mails are checked below
            email=f"{login}@jinyang.example",
            notification_type="email",
        )
    with database.env() as env:
        env.company.email = "service@jinyang.example"
        env.company.name = "金洋软件服务有限公司"
        env.company.partner_id.lang = "zh_CN"
        specialist = env["res.users"].search([("login", "=", "li.wei")])
        customer = env["res.partner"].create(
            {"name": CUSTOMER, "is_company": True, "service_user_id": specialist.id}
        )
        contact = env["res.partner"].create(
            {"name": "陈静", "parent_id": customer.id, "lang": "zh_CN"}
        )
        customer.software_contact_id = contact
        product = env["product.product"].create({"name": "金洋财务", "type": "service"})
        env["aftersales.installation"].create(
            {
                "partner_id": customer.id,
                "product_id": product.id,
                "serial_number": "JY-2026-0417",
                "service_date_start": "2026-01-01",
                "service_date_end": "2099-12-31",
            }
        )
        contact_id = contact.id
    database.new_user(
        "chenjing",
        "base.group_portal",
        partner_id=contact_id,
        name="陈静",
        email=CONTACT,
        lang="zh_CN",
        tz="Asia/Shanghai",
    )
    server = odoo_server(database)
    # the links of the mails lead to this server
    database.sql("UPDATE ir_config_parameter SET value = %s WHERE key = 'web.base.url'", server.url)
    return server


# The customer


def fits(page):
    """:return: whether the page, with its styles loaded, is no wider than the screen"""
    page.wait_for_load_state("load")
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def ask_for_a_change(page):
    page.goto("/my")
    # the cards of the home page move until all counters are loaded
    page.locator(".o_portal_doc_spinner").wait_for(state="detached")
    page.locator("a[href='/my/changes']:visible").click()
    page.locator("a[href='/my/changes/new']").click()
    assert fits(page)
    page.fill("#field_title", TITLE)
    page.fill("#field_module", "销售 / 送货单")
    page.fill("#field_description", DESCRIPTION)
    with page.expect_file_chooser() as chooser:
        page.locator("#field_scan").click()
    chooser.value.set_files(SCAN)
    page.locator(".o_aftersales_portal_form button[type=submit]").click()
    page.locator(".alert-success").filter(has_text="已收到您的申请").wait_for()


def portal_list(page):
    """:return: the row of the change in the customer's list, as text"""
    page.goto("/my/changes")
    row = page.locator("tbody tr").filter(has_text=TITLE)
    row.wait_for()
    assert fits(page)
    return row


def timeline(page):
    """Open the page of the change from the list.

    :return: heading and note of each step of the timeline
    """
    portal_list(page).get_by_role("link", name=TITLE).click()
    page.locator("li[aria-current=step]").wait_for()
    assert fits(page)
    steps = page.locator("li.position-relative").all()
    return [
        (step.locator("strong").inner_text(), step.locator("div.text-break").all_inner_texts())
        for step in steps
    ]


def give_an_opinion(page):
    # on a desktop the timeline is beside the request, on a phone the form is at the top
    page.get_by_label("满意", exact=True).check()
    page.fill("#opinion_text", THANKS)
    page.locator("#opinion button[type=submit]").click()
    page.locator(".alert-success").filter(has_text="感谢您的意见").wait_for()


# The staff


def open_mine(page):
    page.goto("/odoo/my-program-changes")
    page.locator(".o_data_row").filter(has_text=TITLE).click()
    page.locator(".o_form_view .o-mail-Chatter").wait_for()


def confirm_the_need(page):
    open_mine(page)
    assert field(page, "description").inner_text() == DESCRIPTION
    assert field(page, "filed_by_id").inner_text().strip().endswith("陈静")
    fill(page, "confirmed_need", NEED)
    press(page, "action_confirm")
    wait_state(page, "confirmed")


def approve_from_the_inbox(page, promised):
    page.goto("/odoo/program-changes")
    page.locator(".o_menu_systray .fa-clock-o").click()
    page.locator('.o-mail-ActivityGroup[data-model_name="aftersales.approval"]').click()
    waiting = page.locator(".o_data_row, .o_kanban_record").filter(has_text=TITLE)
    waiting.get_by_role("button", name="批准").click()
    dialog = page.locator(".modal")
    fill(dialog, "opinion", OPINION)
    fill(dialog, "date_promised", f"{promised:%Y-%m-%d}")
    dialog.locator("button[name=action_approve]").click()
    waiting.wait_for(state="detached")


def column(page, state):
    return page.locator(".o_kanban_group").filter(
        has=page.locator(".o_column_title", has_text=state)
    )


def drop_on(page, state):
    """Drag the card of the change on the developers' board."""
    drag(page, page.locator(".o_kanban_record").filter(has_text=TITLE), column(page, state))


def take_it_on_the_board(page):
    page.goto("/odoo/development-board")
    column(page, "已批准").locator(".o_kanban_record").filter(has_text=TITLE).wait_for()
    drop_on(page, "更新")
    dialog = page.locator(".modal")
    dialog.filter(has_text="不能变为").wait_for()
    dialog.locator("button.btn-primary").click()
    # the card is back in its column
    column(page, "已批准").locator(".o_kanban_record").filter(has_text=TITLE).wait_for()
    with page.expect_response("**/aftersales.change.request/web_save"):
        drop_on(page, "开发")
    column(page, "开发").locator(".o_kanban_record").filter(has_text=TITLE).wait_for()


def hand_over_to_the_test(page):
    page.locator(".o_kanban_record").filter(has_text=TITLE).click()
    page.locator(".o_form_view .o-mail-Chatter").wait_for()
    # only the specialist in charge announces a delay, not the developer
    assert page.locator("button[name=action_open_delay]").count() == 0
    fill(page, "development_notes", "模板 SHD01，新增两个字段")
    save(page)
    press(page, "action_to_testing")
    wait_state(page, "testing")


def hand_over_on_the_board(page):
    page.goto("/odoo/development-board")
    column(page, "开发").locator(".o_kanban_record").filter(has_text=TITLE).wait_for()
    with page.expect_response("**/aftersales.change.request/web_save"):
        drop_on(page, "测试")
    column(page, "测试").locator(".o_kanban_record").filter(has_text=TITLE).wait_for()


def move_the_promise(page, day):
    open_mine(page)
    press(page, "action_open_delay")
    dialog = page.locator(".modal")
    fill(dialog, "date_new", f"{day:%Y-%m-%d}")
    fill(dialog, "reason", REASON)
    dialog.locator("button[name=action_announce]").click()
    field(page, "promise_ids").locator(".o_data_row").filter(has_text=REASON).wait_for()


def record_the_test(page, result, found, after, invite=False):
    open_mine(page)
    if invite:
        press(page, "action_invite_customer")
        field(page, "customer_invited_on").wait_for()
    press(page, "action_open_test")
    dialog = page.locator(".modal")
    field(dialog, "result").locator(f"input[data-value={result}]").check()
    fill(dialog, "note", found)
    dialog.locator("button[name=action_confirm]").click()
    wait_state(page, after)
    field(page, "test_ids").locator(".o_data_row").filter(has_text=found).wait_for()


def update_at_the_customer(page):
    press(page, "action_deploy")
    field(page, "deployed_on").wait_for()
    # it cannot be closed without the customer's opinion
    assert page.locator("button[name=action_done]:visible").count() == 0


def close(page):
    open_mine(page)
    field(page, "opinion_text").get_by_text(THANKS).wait_for()
    press(page, "action_done")
    wait_state(page, "done")


# Checks of mails and records


def plain(mail):
    """:return: the text of a mail without the addresses of its links"""
    text = re.sub(r"<style.*?</style>|<[^>]+>", " ", mail.body(), flags=re.DOTALL)
    return html.unescape(text)


def written(server, *days):
    """:return: dates as they are formatted for customers"""
    with server.database.env(lang="zh_CN") as env:
        return [env["ir.qweb.field.date"].value_to_html(day, {}) for day in days]


def check_mails(server, sink, promised, moved):
    """The customer gets a mail in Chinese at each step; only the customer's mails contain the token of the page."""
    server.run_job(QUEUE)
    [(name, key)] = server.database.sql(
        "SELECT change.name, link.secret FROM aftersales_change_request change"
        " JOIN aftersales_portal_link link"
        " ON link.res_id = change.id AND link.res_model = 'aftersales.change.request'"
    )
    told = [mail for mail in sink.mails if mail.recipients == [CONTACT]]
    assert [mail.subject for mail in told] == [
        f"程序修改 {name}：{subject.format(promised=promised, moved=moved)}"
        for subject in MAIL_SUBJECTS
    ]
    for mail in told:
        words = re.sub(r"https?://\S+|\S+@\S+|[A-Z]+\d{4}-\d+|Odoo", " ", plain(mail))
        assert not re.search(r"[A-Za-z]{3,}", words), words
        assert TITLE in words and "陈静" in words
        assert all(colleague not in words for colleague in ("王芳", "吴涛"))
        assert OPINION not in words
    assert NEED in plain(told[1])
    assert REASON in plain(told[4]) and promised in plain(told[4])
    others = [mail for mail in sink.mails if mail.recipients != [CONTACT]]
    assert {address for mail in others for address in mail.recipients} == {
        f"{login}@jinyang.example" for login, _name, _group in STAFF
    }
    for mail in others:
        assert "access_token" not in mail.body(), mail.subject
        assert not key or key not in str(mail.message), mail.subject
    return key


def check_database(server, promised, moved):
    with server.database.env() as env:
        change = env["aftersales.change.request"].search([])
        assert (change.state, change.date_promised, change.test_round) == ("done", moved, 2)
        assert (change.filed_by_id.name, change.partner_id.name) == ("陈静", CUSTOMER)
        assert change.installation_id.serial_number == "JY-2026-0417"
        people = change.confirmed_by_id | change.developer_id | change.deployed_by_id
        assert people.mapped("name") == ["李伟", "吴涛"]
        approval = change.approval_ids
        assert (approval.decision, approval.opinion) == ("approved", OPINION)
        assert (approval.requested_by_id.name, approval.decided_by_id.name) == ("李伟", "王芳")
        [move] = change.promise_ids
        assert (move.date_old, move.date_new, move.reason) == (promised, moved, REASON)
        assert (move.announced_by_id.name, move.in_time) == ("李伟", True)
        tests = change.test_ids.sorted("round")
        assert tests.mapped("result") == ["fail", "pass"]
        assert tests.mapped("customer_invited") == [False, True]
        assert tests.tester_id.name == "李伟"
        assert (change.opinion_result, change.opinion_text) == ("satisfied", THANKS)
        assert (change.opinion_contact_id.name, change.opinion_channel) == ("陈静", "portal")
        # the customer sent a scan: the stamped original is still with them
        assert (change.archive_entry_ids.ids, change.original_state) == ([], "customer")
        assert change.callback_ids.mapped("kind") == ["change"]
        assert not change.activity_ids
        # the form was sent only once
        assert env["aftersales.portal.submission"].search_count([]) == 1


def test_a_change_from_the_stamped_request_to_the_opinion(server, browser, smtp_sink, log_watch):
    """The customer files and answers on a phone, and reads the state on a desktop, too."""
    # the test drops a card on a state that cannot follow
    log_watch.expect(r"odoo\.http: .*不能变为")
    with server.database.env() as env:
        today = env.company._aftersales_today()
    promised, moved = today + timedelta(days=10), today + timedelta(days=17)

    customer = browser.page(server, "phone", login="chenjing")
    ask_for_a_change(customer)
    desk = browser.page(server, login="chenjing")
    for page in (customer, desk):
        assert "已受理" in portal_list(page).inner_text()

    specialist = browser.page(server, login="li.wei")
    confirm_the_need(specialist)

    manager = browser.page(server, "phone", login="wang.fang")
    approve_from_the_inbox(manager, promised)
    old, new = written(server, promised, moved)
    steps = timeline(desk)
    assert steps[-1] == ("已批准", [f"预计完工时间：{old}"])
    assert steps[-2][1] == [NEED]

    developer = browser.page(server, login="wu.tao")
    take_it_on_the_board(developer)
    hand_over_to_the_test(developer)
    move_the_promise(specialist, moved)
    record_the_test(specialist, "fail", FOUND, "development")
    hand_over_on_the_board(developer)
    record_the_test(specialist, "pass", "两栏均已打印", "deploying", invite=True)
    update_at_the_customer(specialist)

    steps = timeline(customer)
    assert steps == timeline(desk)
    assert ("预计完工时间调整", [f"由 {old} 调整为 {new}：{REASON}"]) in steps
    give_an_opinion(customer)
    close(specialist)
    assert timeline(customer)[-2:] == [("您的意见", [f"满意 {THANKS}"]), ("已完成", [])]

    key = check_mails(server, smtp_sink, old, new)
    for page in (specialist, manager, developer):
        assert not key or key not in page.content()
    check_database(server, promised, moved)
