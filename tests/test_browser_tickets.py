"""The helpdesk in a browser, in Chinese."""

import pytest
from harness.browser import find_chromium
from harness.form import field, fill, save
from playwright.sync_api import expect

TICKETS = "/odoo/action-helpdesk_mgmt.helpdesk_ticket_action"


@pytest.fixture
def server(database, odoo_server):
    """A server with one specialist, ``li.wei``, and one ticket of hers."""
    user = database.new_user(
        "li.wei", "jinyang_aftersales.group_user", name="李伟", lang="zh_CN", tz="Asia/Shanghai"
    )
    with database.env() as env:
        env["helpdesk.ticket"].create(
            {
                "name": "打印机离线",
                "description": "<p>无法打印</p>",
                "user_id": user,
                "category_id": env.ref("jinyang_aftersales.helpdesk_ticket_category_other").id,
            }
        )
    return odoo_server(database)


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_a_specialist_signs_in_and_finds_her_ticket(server, browser, device):
    page = browser.page(server, device)
    browser.sign_in(page, "li.wei")
    page.goto(TICKETS)
    page.get_by_text("打印机离线").first.wait_for()
    page.get_by_role("button", name="新建").first.wait_for()


def test_who_saves_over_a_new_text_is_told_and_loses_nothing(server, database, browser, log_watch):
    """M47: two tabs, one record; the second one is shown both texts, and keeps its own in the form."""
    pages = [browser.page(server, login="li.wei") for _number in range(2)]
    for page in pages:
        page.goto(TICKETS)
        page.get_by_text("打印机离线").first.click()
        page.get_by_role("tab", name="服务记录").click()
    first, second = pages
    fill(first, "solution", "重装驱动")
    save(first)
    # the same form once more, with the version of its own save
    fill(first, "solution", "重装驱动并重启")
    save(first)
    fill(second, "solution", "更换数据线")
    log_watch.expect(r"odoo\.http: .*修改")
    second.locator(".o_form_button_save").click()
    told = second.locator(".modal-dialog")
    told.filter(has_text="李伟").filter(has_text="重装驱动并重启").filter(
        has_text="更换数据线"
    ).wait_for()
    told.locator("button.btn-primary").click()
    solution = field(second, "solution").locator("textarea").first
    assert solution.input_value() == "更换数据线"
    # who discards it sees what is there now, and goes on with that
    second.locator(".o_form_button_cancel").click()
    expect(solution).to_have_value("重装驱动并重启")
    fill(second, "solution", "重装驱动并重启，更换数据线")
    save(second)
    # a tab that is closed overwrites nothing, and what was entered there is kept
    # still in the field: what has left it waits for the answer of an onchange, and is not sent by a tab that closes
    field(first, "solution").locator("textarea").first.fill("以旧换新")
    first.evaluate("() => window.dispatchEvent(new Event('beforeunload', {cancelable: true}))")
    kept = "SELECT old_value_text FROM mail_tracking_value WHERE new_value_text = '以旧换新'"
    for _attempt in range(100):
        if database.sql(kept):
            break
        second.wait_for_timeout(100)
    assert database.sql(kept) == [("重装驱动并重启，更换数据线",)]
    assert database.sql("SELECT solution FROM helpdesk_ticket WHERE solution IS NOT NULL") == [
        ("重装驱动并重启，更换数据线",)
    ]


def test_the_login_page_is_chinese_before_anybody_signed_in(server, browser):
    page = browser.page(server)
    page.goto("/web/login")
    page.get_by_text("登录").first.wait_for()


def test_console_errors_dialogs_and_foreign_addresses_are_caught(server, browser):
    page = browser.page(server)
    page.goto("/web/login")
    page.evaluate("() => { console.error('broken'); alert('hello'); }")
    page.evaluate("() => fetch('http://example.com/x').catch(() => null)")
    found = "\n".join(browser.complaints())
    for text in ("console: broken", "dialog: hello", "foreign address: http://example.com/x"):
        assert text in found
    browser.expect(r"console: broken", r"dialog: hello", r"example\.com")


def test_a_missing_chromium_is_named_with_the_remedy(monkeypatch):
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(
        pytest.fail.Exception, match="chromium is missing; as root: apt-get install chromium"
    ):
        find_chromium()
