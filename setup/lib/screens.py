"""Photographs the screens of a copy of the demo; called by setup/screens.

Usage: screens.py CONF PASSWORD_FILE FOLDER [options], which ``setup/screens`` explains.

The pages are served in this process. FOLDER gets one folder for each language and width, and ``notes.txt``: what a
program can see, like a page wider than its window, English words among Chinese ones, or an error on the page.
"""

import argparse
import re
import shutil
import sys
from collections import Counter, defaultdict
from pathlib import Path

from demo import LANG, TZ, serving
from dump_rows import make_rows
from playwright.sync_api import Error, sync_playwright
from screens_plan import Plan

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
WIDE, NARROW = 1400, 390
# a window is as high as what it shows, within these limits
HEIGHTS = {WIDE: (900, 2400), NARROW: (844, 3400)}
# pages a customer can reach, and how many of one address pattern
MOST_PAGES, MOST_ALIKE = 80, 3
# count requests that are under way, before any script of the page
COUNT = """() => {
    window.underWay = 0;
    const {fetch} = window;
    window.fetch = (...args) => {
        window.underWay += 1;
        return fetch(...args).finally(() => (window.underWay -= 1));
    };
    const {send} = XMLHttpRequest.prototype;
    XMLHttpRequest.prototype.send = function (...args) {
        window.underWay += 1;
        this.addEventListener("loadend", () => (window.underWay -= 1));
        return send.apply(this, args);
    };
}"""
# no request, no picture and no font is awaited, for some frames in a row; a request may follow from what one brought
SETTLE = """() => new Promise((resolve) => {
    let quiet = 0;
    const look = () => {
        const busy =
            window.underWay > 0 ||
            document.fonts.status !== "loaded" ||
            [...document.images].some((image) => !image.complete && image.loading !== "lazy") ||
            document.querySelector(".o_blockUI, .o_loading_indicator, .o-mail-Thread-loading");
        quiet = busy ? 0 : quiet + 1;
        quiet > 8 ? resolve() : requestAnimationFrame(look);
    };
    look();
})"""
OPEN = """async ([action, options]) => {
    const {env} = odoo.__WOWL_DEBUG__.root;
    if (action.help) {
        action.help = odoo.loader.modules.get("@odoo/owl").markup(action.help);
    }
    await env.services.action.doAction(action, options);
}"""
# how high the window must be for everything that scrolls in it
HEIGHT = """() => {
    const page = ".o_content, .o_form_view_container, .o_form_sheet_bg, .o_list_renderer";
    const dialogue = document.querySelector(".modal-content");
    const parts = [...document.querySelectorAll(dialogue ? ".modal, .modal-body" : page)];
    const rest = (part) => part.scrollHeight - part.clientHeight;
    return window.innerHeight + Math.max(0, ...parts.map(rest));
}"""
# what is wider than it may be, words in Latin letters, and errors shown
FAULTS = """() => {
    const faults = [];
    const root = document.querySelector(".modal.o_technical_modal, .modal.show") || document.body;
    if (document.documentElement.scrollWidth > window.innerWidth) {
        faults.push("wider than the window");
    }
    for (const part of root.querySelectorAll(".o_content, .modal-body, .o_form_sheet, .table-responsive")) {
        const columns = part.querySelector(".o_kanban_grouped") && window.innerWidth > 700;
        if (part.scrollWidth > part.clientWidth + 1 && part.clientWidth && !columns) {
            faults.push(`${part.className.split(" ")[0]} scrolls sideways`);
        }
    }
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const words = new Set();
    while (walker.nextNode()) {
        const text = walker.currentNode.textContent.trim();
        const box = walker.currentNode.parentElement;
        const isLatin = /[A-Za-z]{3,}/.test(text) && !/[\\u4e00-\\u9fff@]/.test(text);
        if (isLatin && box.checkVisibility() && !box.closest("script, style, .o_view_sample_data")) {
            words.add(text.slice(0, 80));
        }
    }
    for (const box of root.querySelectorAll("input[type=text], textarea")) {
        if (box.checkVisibility() && /[A-Za-z]{3,}/.test(box.placeholder)) {
            words.add(`placeholder: ${box.placeholder}`);
        }
    }
    for (const box of root.querySelectorAll(".o_statusbar_status, .o_statusbar_buttons")) {
        if (box.scrollWidth > box.clientWidth + 1 || box.clientHeight > 60) {
            faults.push(`${box.className.split(" ")[0]} does not fit`);
        }
    }
    const shown = document.querySelectorAll(".o_error_dialog, .o_notification:has(.bg-danger)");
    return {faults, words: [...words], errors: [...shown].map((box) => box.innerText)};
}"""


class Photographer:
    """Takes pictures in one language and width; ``notes`` are faults by name of the screen."""

    def __init__(self, chromium, url, password, folder, lang, width):
        self.chromium = chromium
        self.url = url
        self.password = password
        self.folder = folder / f"{lang}-{width}"
        self.lang = lang
        self.width = width
        self.notes = defaultdict(list)
        self.count = 0
        self._page = self._login = None
        self._name = ""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)

    def _sign_in(self, login):
        """Return a page of a user; the page of the user before is closed."""
        if self._login == login:
            return self._page
        if self._page:
            self._page.context.close()
        narrow = {"is_mobile": True, "has_touch": True} if self.width == NARROW else {}
        context = self.chromium.new_context(
            base_url=self.url,
            locale=self.lang.replace("_", "-"),
            timezone_id="Asia/Shanghai",
            viewport={"width": self.width, "height": HEIGHTS[self.width][0]},
            reduced_motion="reduce",
            **narrow,
        )
        context.set_default_timeout(30_000)
        context.add_init_script(f"({COUNT})()")
        params = {"db": config["db_name"][0], "login": login, "password": self.password}
        context.request.post(
            "/web/session/authenticate", data={"jsonrpc": "2.0", "method": "call", "params": params}
        )
        self._page, self._login = context.new_page(), login
        self._page.on("pageerror", lambda error: self.notes[self._name].append(str(error)))
        return self._page

    def backend(self, screens):
        """Photograph the screens of a plan, one user after the other."""
        for screen in screens:
            small = self.width == NARROW
            if small and screen.kind == "list" and "kanban" in screen.types:
                continue  # a phone shows the cards only
            page = self._sign_in(screen.login)
            self._name = screen.name
            if "/odoo" not in page.url:
                page.goto("/odoo")
                page.locator(".o_main_navbar").wait_for()
            try:
                self._backend(page, screen)
            except Error as error:
                self.notes[screen.name].append(str(error).splitlines()[0])
                page.goto("about:blank")

    def _backend(self, page, screen):
        options = {"clearBreadcrumbs": True, **screen.options}
        page.evaluate(OPEN, [screen.action, options])
        page.evaluate(SETTLE)
        if screen.dialogue:
            page.evaluate(OPEN, [screen.dialogue, {}])
        if screen.dialogue or screen.kind == "dialogue":
            page.locator(".modal .o_form_view, .modal .o_view_controller").first.wait_for()
            page.evaluate(SETTLE)
        self.shoot(page, screen.name)
        for _ in range(3):
            if not page.locator(".modal").count():
                return
            page.keyboard.press("Escape")
            page.evaluate(SETTLE)
        page.goto("about:blank")

    def shoot(self, page, name):
        """Write a picture of everything the window could be scrolled to, and note the faults."""
        found = page.evaluate(FAULTS)
        low, high = HEIGHTS[self.width]
        height = min(high, page.evaluate(HEIGHT))
        if height > low:
            page.set_viewport_size({"width": self.width, "height": height})
            page.evaluate(SETTLE)
        dialogue = page.locator(".modal-content")
        target = dialogue.last if dialogue.count() else page
        target.screenshot(path=self.folder / f"{name}.png", animations="disabled")
        if height > low:
            page.set_viewport_size({"width": self.width, "height": low})
        self.count += 1
        self._note(name, found)

    def _note(self, name, found):
        self.notes[name] += found["faults"] + found["errors"]
        if self.lang != "en_US" and found["words"]:
            self.notes[name].append("Latin: " + " | ".join(found["words"]))

    def portal(self, login):
        """Photograph the pages a customer reaches from /my, one for each pattern of address, and their dialogues."""
        page = self._sign_in(login)
        todo, patterns = ["/my"], Counter(["/my"])
        for address in todo:
            words = re.sub("access_token=[^&]*", "", address)
            name = self._name = f"{login}.{re.sub('[^a-z0-9]+', '-', words).strip('-')}"
            response = page.goto(address)
            page.evaluate(SETTLE)
            if response.status != 200:
                self.notes[name].append(f"{address}: {response.status}")
            self._shoot_page(page, name)
            self._shoot_modals(page, name)
            links = page.eval_on_selector_all(
                "a[href^='/my']", "links => links.map((link) => link.getAttribute('href'))"
            )
            # a filtered list may be empty, the whole one is not
            for link in dict.fromkeys([*links, *(link.split("?")[0] for link in links)]):
                pattern = re.sub(r"\d+", "N", re.sub("access_token=[^&]*", "", link).split("#")[0])
                known = link in todo or patterns[pattern] >= (MOST_ALIKE if "N" in pattern else 1)
                if known or re.search("report_type|download|logout|sortby|groupby", link):
                    continue
                if len(todo) < MOST_PAGES:
                    patterns[pattern] += 1
                    todo.append(link)

    def _shoot_page(self, page, name):
        page.screenshot(path=self.folder / f"{name}.png", full_page=True, animations="disabled")
        self.count += 1
        self._note(name, page.evaluate(FAULTS))

    def _shoot_modals(self, page, name):
        buttons = page.locator("[data-bs-toggle=modal]:visible")
        for index in range(buttons.count()):
            buttons.nth(index).click()
            page.locator(".modal.show").wait_for()
            page.evaluate(SETTLE)
            page.screenshot(path=self.folder / f"{name}.dialogue-{index + 1}.png")
            self.count += 1
            page.reload()
            page.evaluate(SETTLE)


def change_language(registry, lang):
    """Give all users a language, and return the logins of one customer after the other."""
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {"no_reset_password": True})
        users = env["res.users"].search([("share", "in", (True, False))])
        users.lang = lang
        # the chat that greets a new user would cover a phone
        users.odoobot_state = "disabled"
        return users.filtered("share").sorted("id").mapped("login")


def options(arguments):
    """:return: the options of the command, read from the command line"""
    parser = argparse.ArgumentParser(prog="setup/screens", allow_abbrev=False)
    parser.add_argument("conf")
    parser.add_argument("password_file", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--lang", action="append", choices=("zh_CN", "en_US"))
    parser.add_argument("--width", action="append", type=int, choices=(WIDE, NARROW))
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--as", dest="logins", action="append", default=[])
    parser.add_argument("--rows", action="store_true")
    parser.add_argument("--backend", action="store_true")
    parser.add_argument("--portal", action="store_true")
    return parser.parse_args(arguments)


def main(arguments):
    """Plan the screens in each language, and photograph them in each width."""
    asked = options(arguments)
    config.parse_config(["-c", asked.conf], setup_logging=True)
    registry = Registry(config["db_name"][0])
    url = f"http://127.0.0.1:{config['http_port']}"
    password = asked.password_file.read_text().strip()
    path = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium"))), None)
    if not path:
        return "chromium is missing; as root: apt-get install chromium"
    lines = []
    with serving(), sync_playwright() as playwright:
        if asked.rows:
            with registry.cursor() as cr:
                make_rows(api.Environment(cr, SUPERUSER_ID, {"lang": LANG, "tz": TZ}))
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        for lang in asked.lang or ("zh_CN", "en_US"):
            customers = change_language(registry, lang)
            plan = Plan(registry, lang, asked.only, asked.logins)
            if not asked.portal:
                plan.make()
                lines += [f"{lang}: {note}" for note in plan.notes]
            for width in asked.width or (WIDE, NARROW):
                photographer = Photographer(chromium, url, password, asked.folder, lang, width)
                photographer.backend(plan.screens)
                if not asked.backend:
                    photographer.portal(next(iter(asked.logins), customers[0]))
                for name, notes in photographer.notes.items():
                    lines += [f"{lang}-{width} {name}: {note}" for note in notes]
                print(f"{photographer.folder}: {photographer.count} screens", flush=True)
        chromium.close()
    (asked.folder / "notes.txt").write_text("\n".join(lines) + "\n")
    print(f"{asked.folder / 'notes.txt'}: {len(lines)} notes")
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
