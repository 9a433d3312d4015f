"""Everybody with a role begins on its home page; its numbers lead to their lists."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

CORE = "jinyang_aftersales"
ROLES = {
    "zhang.ming": ("张明", f"{CORE}.group_director", "总监"),
    "wang.fang": ("王芳", f"{CORE}.group_manager", "经理"),
    "li.wei": ("李伟", f"{CORE}.group_user", None),
    "sun.li": ("孙丽", f"{CORE}.group_callback", None),
    "zhou.jie": ("周洁", f"{CORE}.group_archivist", None),
    "xu.ling": ("徐玲", "account.group_account_invoice", None),
}
WIDE = "document.documentElement.scrollWidth > window.innerWidth"


@pytest.fixture
def server(database, odoo_server):
    """A server with users of the roles, five tickets of the specialist and a visit of tomorrow."""
    users = {
        login: database.new_user(login, group, name=name, lang="zh_CN", tz="Asia/Shanghai")
        for login, (name, group, _title) in ROLES.items()
    }
    with database.env(lang="zh_CN") as env:
        env.company.partner_id.tz = "Asia/Shanghai"
        customer = env["res.partner"].create(
            {
                "name": "成都蜀光机械制造有限公司",
                "is_company": True,
                "phone": "028-8765 4321",
                "street": "人民南路 1 号",
                "service_user_id": users["li.wei"],
            }
        )
        contact = env["res.partner"].create(
            {"name": "王丽", "parent_id": customer.id, "phone": "028-8765 4321"}
        )
        category = env.ref(f"{CORE}.helpdesk_ticket_category_other").id
        for number in range(5):
            env["helpdesk.ticket"].create(
                {
                    "name": f"打印机离线 {number}",
                    "description": "<p>无法打印</p>",
                    "partner_id": customer.id,
                    "user_id": users["li.wei"],
                    "category_id": category,
                }
            )
        day = env.company._aftersales_today() + timedelta(days=1)
        env["aftersales.visit"].with_user(users["li.wei"]).create(
            {
                "partner_id": customer.id,
                "contact_id": contact.id,
                "arrival_agreed_with_id": contact.id,
                "problem": "月末结账报错",
                "technician_ids": [users["li.wei"]],
                "date_planned_start": env.company._aftersales_moment(day, 9),
                "date_planned_end": env.company._aftersales_moment(day, 11),
            }
        ).action_submit()
    return odoo_server(database)


def card(page, code):
    return page.locator(f".o_aftersales_home_card[data-code={code}]")


def number_of(found):
    return int(re.sub(r"\D", "", found.locator(".o_aftersales_home_number").inner_text()))


@pytest.mark.parametrize("login", ROLES)
def test_each_role_begins_on_its_home_page(server, browser, login):
    page = browser.page(server)
    browser.sign_in(page, login)
    page.locator(".o_aftersales_home h1").filter(has_text="工作台").wait_for()
    tab = ROLES[login][2]
    if tab:
        expect(page.locator(".o_aftersales_home_role.active")).to_have_text(tab)
    # the same page is the first one of the app
    expect(page.locator(".o_menu_sections, .o_main_navbar").first).to_be_visible()
    assert page.locator(".o_aftersales_home_card").count() >= 4
    text = page.locator(".o_aftersales_home").inner_text()
    assert not re.search("[A-Za-z]{4,}", text), text


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_number_opens_its_list_and_is_counted_anew_on_return(server, database, browser, device):
    requests = []
    page = browser.page(server, device)
    page.on("request", lambda request: requests.append(request.url))
    browser.sign_in(page, "li.wei")
    tickets = card(page, "tickets_open")
    tickets.wait_for()
    assert number_of(tickets) == 5
    assert len([url for url in requests if "aftersales.home" in url]) == 1
    assert not page.evaluate(WIDE)
    tickets.locator(".o_aftersales_home_open").click()
    rows = ".o_data_row" if device == "desktop" else ".o_kanban_record:not(.o_kanban_ghost)"
    expect(page.locator(rows)).to_have_count(5)
    database.sql(
        "UPDATE helpdesk_ticket SET user_id = NULL WHERE name = '打印机离线 0' RETURNING id"
    )
    page.go_back()
    expect(card(page, "tickets_open").locator(".o_aftersales_home_number")).to_have_text("4")


def test_visit_of_tomorrow_has_telephone_and_address(server, browser):
    page = browser.page(server, "phone", login="li.wei")
    page.goto("/odoo")
    visit = page.locator(".o_aftersales_home_visit")
    expect(visit).to_contain_text("09:00")
    expect(visit).to_contain_text("成都蜀光机械制造有限公司")
    expect(visit).to_contain_text("人民南路 1 号")
    expect(visit.locator("a")).to_have_attribute("href", "tel:02887654321")
    visit.locator("button").click()
    page.locator(".o_form_view").filter(has_text="月末结账报错").wait_for()


def test_director_sees_the_other_roles_as_tabs_and_comes_back_to_the_same(server, browser):
    page = browser.page(server, login="zhang.ming")
    page.goto("/odoo")
    page.locator(".o_aftersales_home_role").get_by_text("经理", exact=True).click()
    team = card(page, "team_open")
    team.wait_for()
    assert number_of(team) == 5
    team.locator(".o_aftersales_home_open").click()
    expect(page.locator(".o_data_row")).to_have_count(5)
    page.go_back()
    expect(page.locator(".o_aftersales_home_role.active")).to_have_text("经理")
    person = page.locator(".o_aftersales_home_people tbody tr").filter(has_text="李伟")
    person.locator("td button").first.click()
    expect(page.locator(".o_data_row")).to_have_count(5)


def test_missing_setting_leads_to_where_it_is_set(server, browser):
    page = browser.page(server, login="wang.fang")
    page.goto("/odoo")
    missing = page.locator(".o_aftersales_home_missing li[data-code=routine_calls]")
    missing.get_by_role("button", name="去设置").click()
    page.locator("[name=aftersales_callback_interval_days] input").wait_for()


def test_bookmark_of_the_helpdesk_opens_in_our_app(server, browser):
    page = browser.page(server, login="wang.fang")
    page.goto("/odoo/helpdesk-dashboard")
    page.locator(".o_aftersales_home").wait_for()
    page.goto("/odoo/helpdesk-tickets")
    page.locator(".o_data_row").first.wait_for()
    expect(page.locator(".o_menu_brand")).to_have_text("售后服务")
