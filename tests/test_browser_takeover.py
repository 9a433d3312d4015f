"""A service manager brings in a ledger: by the assistant, and by the import screen of Odoo; a director goes live."""

import io
import json
from pathlib import Path

import openpyxl
import pytest

LEDGERS = Path(__file__).parents[1] / "jinyang_aftersales" / "tests" / "ledgers"
LEDGER = "05_baiwei_unicode"
SCREENED = "01_yunfan_xlsx"


@pytest.fixture
def server(database, odoo_server):
    """A server with the software and colleagues that the made ledgers name, a manager and a director."""
    database.new_staff(
        (
            ("wang.fang", "王芳", "group_manager"),
            ("liu.jianguo", "刘建国", "group_director"),
        )
    )
    people = json.loads((LEDGERS / "people.json").read_text(encoding="utf-8"))
    for login, name in people.items():
        database.new_user(login, "jinyang_aftersales.group_user", name=name, lang="zh_CN")
    with database.env() as env:
        line = env["aftersales.product.line"].create({"name": "启擎", "brand": "启擎"})
        products = json.loads((LEDGERS / "products.json").read_text(encoding="utf-8"))
        env["product.product"].create(
            [
                {"name": name, "default_code": code, "aftersales_line_id": line.id}
                for code, name in products.items()
            ]
        )
    return odoo_server(database)


def get_ledger(name):
    expected = json.loads((LEDGERS / "expected" / f"{name}.json").read_text(encoding="utf-8"))
    return LEDGERS / expected["file"], expected["rows"]


def count(server, table, where="TRUE"):
    return server.database.sql(f"SELECT count(*) FROM {table} WHERE {where}")[0][0]


def upload(page, path):
    """Choose the file, and check it."""
    page.locator(".o_field_widget[name=file] input[type=file]").set_input_files(path)
    page.locator(".o_field_widget[name=file] input[type=text]").wait_for()
    page.locator("button[name=action_check]").first.click()
    page.locator(".o_notebook .nav-link[name=understood]").wait_for()


def test_a_manager_takes_a_ledger_over_and_a_director_goes_live(server, browser, tmp_path):
    path, rows = get_ledger(LEDGER)
    refused = sum("refused" in row for row in rows.values())
    page = browser.page(server, "wide", login="wang.fang")
    page.goto("/odoo/excel-import")
    page.locator(".o_list_button_add, .o-kanban-button-new").first.click()
    page.locator("button[name=action_check]").wait_for()
    with page.expect_download() as template:
        page.locator("a[href$='template/ledger']").click()
    book = openpyxl.load_workbook(io.BytesIO(Path(template.value.path()).read_bytes()))
    assert book.active["A1"].value == "客户名称*"
    browser.screenshot("takeover-draft")
    upload(page, path)
    # tried, and nothing written
    page.locator("button[name=action_take]").wait_for()
    browser.screenshot("takeover-checked")
    assert count(server, "aftersales_installation") == 0
    page.locator(".nav-link[name=understood]").click()
    understood = page.locator(".o_aftersales_understood")
    assert "客户名称" in understood.inner_text()
    browser.screenshot("takeover-understood")
    page.locator("button[name=action_take]").click()
    page.locator(".alert-success .o_field_widget[name=summary]").wait_for()
    browser.screenshot("takeover-done")
    taken = sum(len(row["serials"]) or 1 for row in rows.values() if "refused" not in row)
    assert count(server, "aftersales_installation", "taken_over_on IS NOT NULL") == taken
    # the rows that were refused are corrected and brought in
    with page.expect_download() as download:
        page.locator("button[name=action_download_refused]").click()
    book = openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))
    sheet = book.active
    assert sheet.max_row == 1 + refused
    titles = [cell.value for cell in sheet[1]]
    for line in range(2, sheet.max_row + 1):
        sheet.cell(line, titles.index("序列号") + 1).value = f"JY-MENDED-{line}"
    out = io.BytesIO()
    book.save(out)
    mended = tmp_path / "mended.xlsx"
    mended.write_bytes(out.getvalue())
    page.locator("button.btn:has-text('再导入'), button:has-text('Import Another')").first.click()
    page.locator("button[name=action_check]").wait_for()
    upload(page, mended)
    page.locator("button[name=action_take]").click()
    page.locator(".alert-success .o_field_widget[name=summary]").wait_for()
    assert count(server, "aftersales_installation") == taken + refused
    # the same ledger on a phone changes nothing
    browser.leave(page)
    phone = browser.page(server, "phone", login="wang.fang")
    phone.goto("/odoo/excel-import/new")
    phone.locator("button[name=action_check]").first.wait_for()
    browser.screenshot("takeover-phone-draft")
    upload(phone, path)
    browser.screenshot("takeover-phone-checked")
    assert count(server, "aftersales_installation") == taken + refused
    browser.leave(phone)
    director = browser.page(server, "wide", login="liu.jianguo")
    director.goto("/odoo/action-jinyang_aftersales.aftersales_takeover_live_action")
    director.locator("button[name=action_go_live]").wait_for()
    browser.screenshot("takeover-live")
    director.locator("button[name=action_go_live]").click()
    director.locator(".o_notification").wait_for()
    assert count(server, "res_company", "aftersales_live_on IS NOT NULL") == 1


def test_the_import_screen_of_odoo_takes_a_ledger_over(server, browser, log_watch):
    # a field of the form that the route of Odoo does not take
    log_watch.expect(r"called ignoring args")
    path, rows = get_ledger(SCREENED)
    assert not any("refused" in row for row in rows.values())
    page = browser.page(server, "wide", login="wang.fang")
    page.goto("/odoo/action-jinyang_aftersales.aftersales_installation_action")
    # an empty list leads to the template, too
    page.locator(".o_nocontent_help a[href$='template/ledger']").wait_for()
    page.locator(".o_control_panel .fa-cog").first.click()
    page.locator(".o_import_menu").click()
    page.locator("input[type=file]").first.wait_for(state="attached")
    assert page.locator("a[href$='template/ledger']").count() == 1
    page.locator("input[type=file]").first.set_input_files(path)
    page.locator(".o_import_data_content").wait_for()
    browser.screenshot("takeover-screen")
    page.locator(".o_import_data_content td:has-text('客户名称')").first.wait_for()
    buttons = page.locator(".o_control_panel button.btn-primary")
    buttons.first.click()
    # tested: the second step is offered first
    page.locator(".o_import_data_sidepanel, .o_import_action .alert-info").first.wait_for()
    page.locator(".alert-info").first.wait_for()
    browser.screenshot("takeover-screen-tested")
    assert count(server, "aftersales_installation") == 0
    buttons.first.click()
    page.locator(".o_list_view").wait_for()
    taken = sum(len(row["serials"]) or 1 for row in rows.values())
    assert count(server, "aftersales_installation") == taken
