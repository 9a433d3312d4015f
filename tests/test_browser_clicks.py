"""The counter of clicks counts what a person does, not what a test says it does."""

import pytest
from harness.clicks import Clicks, start
from harness.form import draw

PAGE = """
<button id="plain">按钮</button><button id="file" onclick="scan.click()">扫描件</button>
<input id="scan" type="file" hidden><input id="tick" type="checkbox"><input id="phone"><input id="name">
<input id="find" role="combobox"><textarea id="solution"></textarea><div id="note" contenteditable="true"></div>
<select id="kind"><option>甲</option><option>乙</option></select>
<canvas id="signature" width="300" height="100"></canvas>
<a id="away" href="/web/login">下一页</a><a id="beside" href="/web/login" target="_blank">新页</a>
"""


@pytest.fixture
def clicks(database, odoo_server, browser):
    """A counter around a page that has one of everything."""
    page = browser.page(odoo_server(database))
    clicks = Clicks(page)
    page.route(
        "**/one-of-everything",
        lambda route: route.fulfill(
            body=f"<!doctype html><meta charset=utf-8>{PAGE}", content_type="text/html"
        ),
    )
    page.goto("/one-of-everything")
    return clicks.begin()


def test_presses_keys_and_choices_are_one_each(clicks, tmp_path):
    page = clicks.page
    steps = [
        (lambda: page.click("#plain"), 1),
        (lambda: page.dblclick("#plain"), 2),
        (lambda: page.check("#tick"), 1),
        (lambda: page.focus("#plain"), 0),
        (lambda: page.keyboard.press("Tab"), 1),
        (lambda: page.keyboard.press("Space"), 1),
        (lambda: page.press("#phone", "Enter"), 1),
        (lambda: page.keyboard.press("Control+k"), 1),
        (lambda: page.keyboard.press("ArrowDown"), 0),
        # a list of the system: opened and chosen, whether the test opens it or not
        (lambda: page.select_option("#kind", "乙"), 2),
        (
            lambda: (
                page.click("#kind"),
                page.keyboard.press("Escape"),
                page.select_option("#kind", "甲"),
            ),
            2,
        ),
    ]
    before = 0
    for number, (step, cost) in enumerate(steps):
        step()
        assert clicks.clicks - before == cost, (number, str(clicks))
        before = clicks.clicks
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(b"%PDF")
    with page.expect_file_chooser() as chooser:
        page.click("#file")
    chooser.value.set_files(scan)
    page.set_input_files("#scan", scan)
    assert clicks.clicks - before == 4
    assert clicks.texts == clicks.searches == 0


def test_a_signature_is_one_however_many_strokes_it_has(clicks):
    canvas = clicks.page.locator("#signature")
    for _stroke in range(3):
        draw(clicks.page, canvas)
    assert clicks.clicks == 1


def test_a_tap_of_a_finger_is_one(database, odoo_server, browser):
    page = browser.page(odoo_server(database), "phone")
    clicks = Clicks(page)
    page.goto("/web/login")
    clicks.begin()
    page.tap("input[name=login]")
    page.keyboard.type("li.wei")
    assert (clicks.clicks, clicks.texts) == (1, 1)


def test_a_text_is_a_field_typed_and_a_search_is_told_apart(clicks):
    page = clicks.page
    page.fill("#phone", "13900000000")
    page.fill("#solution", "重装驱动")
    page.focus("#solution")
    # lines of a text are no clicks
    page.keyboard.type("，\n并重启")
    page.fill("#phone", "13900000001")
    assert (clicks.clicks, clicks.texts) == (0, 2)
    page.focus("#note")
    page.keyboard.type("不用回电")
    page.fill("#find", "蜀光")
    assert (clicks.texts, clicks.searches) == (3, 1)
    clicks.limit(clicks=0, texts=3, searches=1)
    with pytest.raises(AssertionError, match=r"4 texts instead of 3:(.|\n)*search find"):
        clicks.limit(clicks=0, texts=3)


def test_the_count_goes_on_over_pages_and_names_what_was_too_much(clicks):
    page = clicks.page
    page.fill("#name", "陈静")
    page.click("#plain")
    page.click("#away")
    page.wait_for_url("**/web/login**")
    page.fill("input[name=login]", "li.wei")
    page.press("input[name=login]", "Enter")
    assert (clicks.clicks, clicks.texts) == (3, 2)
    clicks.limit(clicks=3, texts=2)
    with pytest.raises(
        AssertionError, match=r"3 clicks instead of 2:(.|\n)*press .*按钮(.|\n)*text login"
    ):
        clicks.limit(clicks=2)


def test_addresses_and_pages_beside_are_no_way_around(clicks):
    for way in (clicks.page.goto, clicks.page.reload):
        with pytest.raises(AssertionError, match="press what leads there"):
            way("/web/login")
    with clicks.page.expect_popup():
        clicks.page.click("#beside")
    with pytest.raises(AssertionError, match="opened beside"):
        clicks.limit(clicks=90)


def test_counting_begins_on_the_home_page_at_1400(database, odoo_server, browser):
    database.new_user("li.wei", "jinyang_aftersales.group_user", name="李伟", lang="zh_CN")
    clicks = start(browser, odoo_server(database), "li.wei")
    assert clicks.page.viewport_size["width"] == 1400
    assert (clicks.clicks, clicks.texts, clicks.searches) == (0, 0, 0)
    clicks.page.locator(".o_navbar_apps_menu button, .o_menu_toggle").first.click()
    assert clicks.clicks == 1
