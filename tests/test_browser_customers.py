"""Customers in a browser, in Chinese: a possible double is asked about, software is added from the service page."""

from datetime import date

import pytest
from dateutil.relativedelta import relativedelta
from harness.form import choose, field, fill

CUSTOMERS = "/odoo/service-customers"


@pytest.fixture
def server(database, odoo_server):
    """A server with a manager ``wang.fang``, a specialist ``li.wei`` and a customer of hers."""
    database.new_user(
        "wang.fang",
        "jinyang_aftersales.group_manager",
        name="王芳",
        lang="zh_CN",
        tz="Asia/Shanghai",
    )
    specialist = database.new_user(
        "li.wei", "jinyang_aftersales.group_user", name="李伟", lang="zh_CN", tz="Asia/Shanghai"
    )
    with database.env() as env:
        line = env["aftersales.product.line"].create({"name": "金洋 ERP", "brand": "金洋"})
        env["product.product"].create(
            {
                "name": "金洋进销存",
                "type": "service",
                "list_price": 9800,
                "aftersales_line_id": line.id,
            }
        )
        env["res.partner"].create(
            {
                "name": "四川天府商贸有限公司",
                "is_company": True,
                "phone": "13800000001",
                "service_user_id": specialist,
            }
        )
    return odoo_server(database)


def test_a_second_customer_of_the_same_name_is_asked_about(server, database, browser):
    page = browser.page(server, login="wang.fang")
    page.goto(f"{CUSTOMERS}/new")
    fill(page, "name", "四川天府商贸")
    page.locator(".o_form_button_save").click()
    dialog = page.locator(".modal-dialog")
    found = dialog.locator(".list-group-item")
    found.filter(has_text="四川天府商贸有限公司").filter(has_text="李伟").wait_for()
    # back: nothing is saved, what was typed is still there
    dialog.locator(".modal-footer .btn-secondary").click()
    assert field(page, "name").locator("textarea:visible").input_value() == "四川天府商贸"
    page.locator(".o_form_button_save").click()
    found.first.click()
    page.locator(".o_last_breadcrumb_item").filter(has_text="四川天府商贸有限公司").wait_for()
    with database.env() as env:
        assert env["res.partner"].search_count([("name", "=like", "四川天府商贸%")]) == 1


def test_another_customer_of_the_same_name_is_saved_and_not_asked_about_again(
    server, database, browser
):
    page = browser.page(server, login="wang.fang")
    page.goto(f"{CUSTOMERS}/new")
    fill(page, "name", "四川天府商贸")
    page.locator(".o_form_button_save").click()
    page.locator(".modal-dialog .o_another").click()
    page.locator(".o_form_button_save").wait_for(state="hidden")
    with database.env() as env:
        other = env["res.partner"].search([("name", "=", "四川天府商贸")])
        assert other.distinct_ids.name == "四川天府商贸有限公司"
    fill(page, "name", "四川天府商贸公司")
    page.locator(".o_form_button_save").click()
    page.locator(".o_form_button_save").wait_for(state="hidden")
    assert not page.locator(".modal-dialog").count()


def test_a_specialist_adds_software_from_the_service_page(server, database, browser):
    with database.env() as env:
        customer = env["res.partner"].search([("name", "=", "四川天府商贸有限公司")]).id
    page = browser.page(server, login="li.wei")
    page.goto(f"{CUSTOMERS}/{customer}")
    page.locator("button[name=action_add_installation]").click()
    dialog = page.locator(".modal-dialog")
    choose(dialog, "product_id", "金洋进销存")
    fill(dialog, "serial_number", "JY-2026-0001")
    dialog.locator(".o_form_button_save").click()
    dialog.wait_for(state="detached")
    page.locator(".o_field_widget[name=installation_ids]").get_by_text("JY-2026-0001").wait_for()
    today = date.today()
    with database.env() as env:
        software = env["res.partner"].browse(customer).installation_ids
        assert software.service_date_end in {
            day + relativedelta(years=1, days=-1) for day in (today, today + relativedelta(days=1))
        }
        assert software.user_id.login == "li.wei"
