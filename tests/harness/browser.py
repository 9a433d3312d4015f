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
    # the screens on which clicks are counted
    "wide": {"viewport": {"width": 1400, "height": 900}},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "device_scale_factor": 2,
        "is_mobile": True,
        "has_touch": True,
    },
}
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    # block other hosts: the product loads no fonts, maps or scripts from elsewhere
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
# storage of a site that is emptied after a test, beside the cookies; the cache of files is kept
STORAGE = "local_storage,indexeddb,service_workers,cache_storage"


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

    def __init__(self, profiles):
        self._profiles = profiles
        self._taken = []
        self._expected = []
        self.problems = []

    def page(self, server, device="desktop", login=None, password=None):
        """Open an empty page with cookies of its own, signed in if a login is given.

        Relative addresses belong to the server: ``page.goto("/odoo/action-helpdesk_mgmt.helpdesk_ticket_action")``.
        The login is sent without its page; :meth:`sign_in` uses the page.

        :param OdooServer server: server of the pages
        :param str device: ``desktop`` (1366 x 900), ``wide`` (1400 x 900) or ``phone`` (390 x 844, touch)
        :param str login: sign in as this user
        :param str password: the login if not given
        :rtype: playwright.sync_api.Page
        """
        context = self._profiles.take(device, server.url)
        self._taken.append((device, server.url, context))
        context.on("page", self._listen)
        context.on("request", self._request)
        page = context.new_page()
        if login:
            self._authenticate(context, server, login, password or login)
        return page

    def _authenticate(self, context, server, login, password):
        params = {"db": server.database.name, "login": login, "password": password}
        answer = context.request.post(
            f"{server.url}/web/session/authenticate",
            data={"jsonrpc": "2.0", "method": "call", "params": params},
        ).json()
        assert "result" in answer, answer

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
        for page in [page for *_profile, context in self._taken for page in context.pages]:
            paths.append(RUN / f"{name}-{len(paths)}.png")
            page.screenshot(path=paths[-1])
        return paths

    def leave(self, page):
        """Close the pages of a profile, so that the next page of such a device can use it.

        :param page: one of these pages, returned by :meth:`page`
        """
        for profile in [taken for taken in self._taken if taken[-1] == page.context]:
            self._taken.remove(profile)
            self._give_back(*profile)

    def close(self):
        """Close every page."""
        while self._taken:
            self._give_back(*self._taken.pop())

    def _give_back(self, device, url, context):
        context.remove_listener("page", self._listen)
        context.remove_listener("request", self._request)
        self._profiles.give_back(device, url, context)

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

    def _request(self, request):
        address = urlsplit(request.url)
        if address.scheme in ("http", "https") and address.hostname != "127.0.0.1":
            self.problems.append(f"foreign address: {request.url}")


class Profiles:
    """Profiles of the browser (cookies, storage, cache of files), which tests use one after another.

    A profile is emptied between two tests, except for the cache of files: their addresses change with their content,
    and scripts that were compiled for one test need not be compiled again for the next.
    """

    def __init__(self, chromium):
        self._chromium = chromium
        self._free = {}

    def take(self, device, url):
        """Return a profile that is not in use, a new one if necessary.

        :param str device: one of ``DEVICES``
        :param str url: address of the server, for relative addresses
        :rtype: playwright.sync_api.BrowserContext
        """
        free = self._free.setdefault((device, url), [])
        if free:
            context = free.pop()
            # Only now: a response that arrives after the pages are closed may still set a cookie.
            context.clear_cookies()
            return context
        context = self._chromium.new_context(
            base_url=url, locale="zh-CN", timezone_id="Asia/Shanghai", **DEVICES[device]
        )
        context.set_default_timeout(30_000)
        return context

    def give_back(self, device, url, context):
        """Close the pages of a profile and delete its storage; :meth:`take` deletes the cookies."""
        # Leave the pages first: their scripts could write into the storage again.
        last = context.new_page()
        for page in context.pages:
            if page != last:
                page.close()
        session = context.new_cdp_session(last)
        session.send("Storage.clearDataForOrigin", {"origin": url, "storageTypes": STORAGE})
        last.close()
        self._free[device, url].append(context)


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


@pytest.fixture(scope="session")
def profiles(chromium):
    """The profiles that tests share, one after the other; see :class:`Profiles`."""
    return Profiles(chromium)


@pytest.fixture
def browser(profiles, request):
    """Pages in Chinese, Shanghai time; fails the test on a console error, a dialog or a foreign address.

    ``browser.page(server, device="phone", login="li.wei")``; see :class:`Browser`. When the test fails, each
    open page is photographed into the folder of the run.
    """
    browser = Browser(profiles)
    yield browser
    complaints = browser.complaints()
    if complaints or getattr(request.node, "failed", False):
        shots = browser.screenshot(request.node.name)
        print("screenshots:", *shots)
    browser.close()
    if complaints:
        pytest.fail("problems on the page:\n" + "\n".join(complaints), pytrace=False)
