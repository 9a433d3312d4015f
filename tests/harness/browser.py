"""Chromium driven by Playwright; an unexpected error on a page fails the test."""

import inspect
import re
import shutil
import sys
import traceback
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from playwright._impl import _connection, _network, _sync_base
from playwright.sync_api import sync_playwright

from .settings import RUN

DEVICES = {
    "desktop": {"viewport": {"width": 1366, "height": 900}},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "device_scale_factor": 2,
        "is_mobile": True,
        "has_touch": True,
    },
}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def _stack():
    return [
        inspect.FrameInfo(frame, frame.f_code.co_filename, line, frame.f_code.co_name, None, None)
        for frame, line in traceback.walk_stack(sys._getframe(1))
    ]


# Playwright records the stack of each call by inspect, which is slow because it searches all loaded modules.
for module in (_connection, _network, _sync_base):
    module.inspect = SimpleNamespace(**{**vars(inspect), "stack": _stack})


class Browser:
    """Pages of one test; made by the fixture ``browser``."""

    def __init__(self, chromium):
        self._chromium = chromium
        self._contexts = []
        self._expected = []
        self.problems = []

    def page(self, server, device="desktop", login=None, password=None):
        """Open a page with cookies of its own, signed in if a login is given.

        Relative addresses belong to the server: ``page.goto("/odoo/action-helpdesk_mgmt.helpdesk_ticket_action")``.

        :param OdooServer server: server of the pages
        :param str device: ``desktop`` (1366 x 900) or ``phone`` (390 x 844, touch)
        :param str login: sign in as this user
        :param str password: the login if not given
        :rtype: playwright.sync_api.Page
        """
        context = self._chromium.new_context(
            base_url=server.url, locale="zh-CN", timezone_id="Asia/Shanghai", **DEVICES[device]
        )
        context.set_default_timeout(30_000)
        self._contexts.append(context)
        context.on("page", self._listen)
        # block other hosts: the product loads no fonts, maps or scripts from elsewhere
        context.route(
            re.compile(rf"^https?://(?!{re.escape(urlsplit(server.url).netloc)}/)"), self._foreign
        )
        page = context.new_page()
        if login:
            self.sign_in(page, login, password)
        return page

    def sign_in(self, page, login, password=None):
        """Sign in on the login page as a person does.

        :raises AssertionError: when the login page stays
        """
        page.goto("/web/login")
        page.fill("input[name=login]", login)
        page.fill("input[name=password]", password or login)
        page.click("form.oe_login_form button[type=submit]")
        page.wait_for_url(lambda url: "/web/login" not in url)

    def expect(self, *patterns):
        """Ignore problems that match, for example a dialog the test provokes.

        :param str patterns: regular expressions
        """
        self._expected += patterns

    def complaints(self):
        """Return the unexpected problems.

        :rtype: list[str]
        """
        return [
            text
            for text in self.problems
            if not any(re.search(pattern, text) for pattern in self._expected)
        ]

    def screenshot(self, name):
        """Write a picture of every open page into the folder of the run and return the paths.

        :rtype: list[Path]
        """
        paths = []
        for page in [page for context in self._contexts for page in context.pages]:
            paths.append(RUN / f"{name}-{len(paths)}.png")
            page.screenshot(path=paths[-1])
        return paths

    def close(self):
        """Close every page."""
        for context in self._contexts:
            context.close()

    def _listen(self, page):
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"exception: {error}"))
        page.on("dialog", self._dialog)

    def _console(self, message):
        if message.type == "error":
            self.problems.append(f"console: {message.text} ({message.location.get('url')})")

    def _dialog(self, dialog):
        self.problems.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _foreign(self, route):
        self.problems.append(f"foreign address: {route.request.url}")
        route.abort()


def find_chromium():
    """Return the path of the installed Chromium, or fail with the remedy.

    :rtype: str
    """
    # the headless build is three times as fast
    names = ("chromium-headless-shell", "chromium", "chromium-browser")
    path = next(filter(None, map(shutil.which, names)), None)
    if not path:
        pytest.fail("chromium is missing; as root: apt-get install chromium", pytrace=False)
    return path


@pytest.fixture(scope="session")
def chromium():
    """The installed Chromium, started once."""
    path = find_chromium()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def browser(chromium, request):
    """Pages in Chinese, Shanghai time; fails the test on a console error, a dialog or a foreign address.

    ``browser.page(server, device="phone", login="li.wei")``; see :class:`Browser`. When the test fails, each
    open page is photographed into the folder of the run.
    """
    browser = Browser(chromium)
    yield browser
    complaints = browser.complaints()
    if complaints or getattr(request.node, "failed", False):
        shots = browser.screenshot(request.node.name)
        print("screenshots:", *shots)
    browser.close()
    if complaints:
        pytest.fail("problems on the page:\n" + "\n".join(complaints), pytrace=False)
