"""The guided tours of the help menu, walked by clicks as a specialist in Chinese."""

import re
from datetime import timedelta

import pytest
from harness.agreements import sign_agreement
from playwright.sync_api import expect

CORE = "jinyang_aftersales"
SEARCH = ".o_aftersales_intake .o_aftersales_search"
CALL = [
    (".o_aftersales_home_intake", None),
    (SEARCH, "金牛"),
    (".o_aftersales_intake .o_aftersales_person", None),
]
FORM = ".o_form_view "
# by tour: its menu, and what a person presses or types at each step
TOURS = {
    "take_call": (
        "如何受理来电",
        [
            *CALL,
            (".o_aftersales_intake footer button", "服务工单", "press"),
            (f"{FORM}[name=name] input, {FORM}[name=name] textarea", "打印机离线"),
            (f"{FORM}button[name=action_accept], {FORM}.o_form_button_save", None),
        ],
    ),
    "visit": (
        "如何申请上门",
        [
            *CALL,
            (".o_aftersales_intake footer button", "上门服务", "press"),
            (f"{FORM}[name=problem] textarea", "月末结账报错"),
            (f"{FORM}[name=time_proposal] .o_selection_badge", "下一工作日上午", "press"),
            (f"{FORM}button[name=action_submit]", None),
        ],
    ),
    "renewal": (
        "如何续签合同",
        [
            ("[data-code=agreements_to_renew] .o_aftersales_home_open", None),
            (".o_data_row .o_data_cell", None),
            (f"{FORM}button[name=action_renew]", None),
            (f"{FORM}button[name=action_mark_sent]", None),
        ],
    ),
    "program_change": (
        "如何登记程序修改",
        [
            *CALL,
            (".o_aftersales_intake footer button", "程序修改", "press"),
            (f"{FORM}[name=title] input, {FORM}[name=title] textarea", "增加导出"),
            (f"{FORM}[name=description] textarea", "按客户导出明细"),
            (f"{FORM}button[name=action_submit]", None),
        ],
    ),
}

# what is there when a tour is over
LEFT = {
    "visit": "SELECT state FROM aftersales_visit",
    "renewal": "SELECT agreement_stage FROM contract_contract WHERE renewal_of_id IS NOT NULL",
    "program_change": "SELECT state FROM aftersales_change_request",
}


@pytest.fixture
def server(database, odoo_server):
    """A server with a specialist, one customer, its software and an agreement that ends in 20 days."""
    user = database.new_user(
        "li.wei",
        f"{CORE}.group_user",
        name="李伟",
        lang="zh_CN",
        tz="Asia/Shanghai",
        email="li.wei@jinyang.example",
    )
    with database.env(lang="zh_CN") as env:
        company = env.company
        company.email = "service@jinyang.example"
        company.partner_id.write({"tz": "Asia/Shanghai", "lang": "zh_CN"})
        end = company._aftersales_today() + timedelta(days=20)
        start = end - timedelta(days=364)
        line = env.ref(f"{CORE}.aftersales_product_line_kingdee").id
        product = env["product.product"].create(
            {"name": "金蝶 KIS 专业版", "type": "service", "aftersales_line_id": line}
        )
        customer = env["res.partner"].create(
            {
                "name": "成都金牛建材有限责任公司",
                "is_company": True,
                "city": "成都",
                "street": "人民南路 1 号",
                "service_user_id": user,
            }
        )
        customer.software_contact_id = env["res.partner"].create(
            {"name": "王丽", "parent_id": customer.id, "email": "wang@customer.example"}
        )
        installation = env["aftersales.installation"].create(
            {
                "partner_id": customer.id,
                "product_id": product.id,
                "serial_number": "KD-2026-0001",
                "service_date_start": start,
                "service_date_end": end,
            }
        )
        sign_agreement(env, installation, start, end, user_id=user)
    return odoo_server(database)


@pytest.mark.parametrize("tour", TOURS)
def test_tour_leads_through_the_task(server, database, browser, tour):
    menu, steps = TOURS[tour]
    said = []
    page = browser.page(server, login="li.wei")
    page.on("console", lambda message: said.append(message.text))
    page.goto("/odoo")
    page.locator(".o_aftersales_home").wait_for()
    page.locator(".o_menu_sections").get_by_text("帮助", exact=True).click()
    page.get_by_role("menuitem", name=menu).click()
    for number, (selector, text, *press) in enumerate(steps):
        target = page.locator(selector)
        target = target.filter(has_text=text).first if press else target.first
        target.wait_for()
        pointer = page.locator(".o_tour_pointer")
        expect(pointer).to_be_visible()
        if number == 0:
            # what is to be done is said in Chinese
            assert re.search("[\u4e00-\u9fff]", pointer.text_content())
        if text and not press:
            target.press_sequentially(text)
        else:
            target.click()
    for _attempt in range(100):
        if "tour succeeded" in said:
            break
        page.wait_for_timeout(100)
    assert "tour succeeded" in said, said
    if tour in LEFT:
        left = [("draft" if tour == "renewal" else "submitted",)]
        for _attempt in range(150):
            if database.sql(LEFT[tour]) == left:
                break
            page.wait_for_timeout(100)
        assert database.sql(LEFT[tour]) == left
    # the tours of other apps are not switched on by it
    assert not database.sql("SELECT 1 FROM res_users WHERE login = 'li.wei' AND tour_enabled")
