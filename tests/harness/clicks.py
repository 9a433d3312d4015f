"""How much work a task is: presses and texts of a person, counted by the page itself.

    clicks = start(browser, server, "li.wei")            # signed in, on the home page, at 1400 px
    clicks.page.get_by_role("button", name="受理").click()
    clicks.limit(clicks=8, texts=1)

One each: a press of mouse, finger or pen; Enter and Tab; the space bar on what is no text; a key with Ctrl or Alt; a
file or an option of a list that the system shows, and the opening of that list. A signature is one, however many
strokes it has. A text is a field into which something was typed, however often one comes back to it. Typing into a box
that only finds what is then chosen is a search: a text too, unless the limit allows for it by ``searches``.
Scrolling and looking cost nothing. From the start on addresses cannot be typed (``goto``): a person presses something.
"""

from collections import Counter

# installed in each document and frame before its own scripts; trusted events are those a person could cause
SCRIPT = r"""
(() => {
    if (window.__clicks_installed) return;
    window.__clicks_installed = true;
    const send = (kind, target, more) => window.__clicks({kind, what: name(target), ...more});
    const TEXTS = "input:not([type=checkbox], [type=radio], [type=button], [type=submit], [type=file], [type=range]),"
        + "textarea, [contenteditable='true'], [contenteditable='']";
    const SEARCHES = "[role=combobox], [role=searchbox], [type=search], .o_searchview_input, .o-autocomplete--input,"
        + " .o_aftersales_search";
    // read before the press: what is pressed may be gone when Python looks at it
    const name = (node) => {
        const element = node?.closest?.("button, a, li, label, td, input, textarea, select, canvas, [name]") || node;
        const field = element?.closest?.(".o_field_widget[name]")?.getAttribute("name");
        const text = (element?.innerText || element?.getAttribute?.("placeholder") || "").trim();
        return [field || element?.getAttribute?.("name") || element?.id || element?.tagName?.toLowerCase() || "page",
                text.replace(/\s+/g, " ").slice(0, 40)].filter(Boolean).join(": ");
    };
    const real = (event) => event.composedPath()[0];
    const opened = new WeakSet();
    const signed = new WeakSet();
    const typed = new WeakMap();
    let count = 0;
    addEventListener("pointerdown", (event) => {
        if (!event.isTrusted) return;
        const target = real(event);
        if (target.closest?.("select")) opened.add(target.closest("select"));
        const canvas = target.closest?.("canvas");
        if (canvas && signed.has(canvas)) return;
        if (canvas) signed.add(canvas);
        send(canvas ? "sign" : "press", target);
    }, true);
    addEventListener("keydown", (event) => {
        // a key that is held down is one key
        if (!event.isTrusted || event.repeat) return;
        const target = real(event);
        const text = target.matches?.(TEXTS);
        const lines = text && target.matches("textarea, [contenteditable]");
        const chord = (event.ctrlKey || event.altKey || event.metaKey) &&
            !["Control", "Alt", "Meta", "Shift", "AltGraph"].includes(event.key);
        if (chord || event.key === "Tab" || (event.key === "Enter" && !lines) || (event.key === " " && !text)) {
            send("key", target, {key: event.key});
        }
    }, true);
    addEventListener("click", (event) => {
        // the button that opens the system's dialogue for files
        if (real(event).matches?.("input[type=file]")) opened.add(real(event));
    }, true);
    addEventListener("change", (event) => {
        const target = real(event);
        if (!target.matches?.("select, input[type=file]")) return;
        if (!opened.has(target)) send("open", target);
        opened.delete(target);
        send("choice", target);
    }, true);
    addEventListener("input", (event) => {
        const target = real(event).closest?.(TEXTS);
        if (!event.isTrusted || !target) return;
        // a search that was chosen from begins anew when the next one is typed
        const kind = target.matches(SEARCHES) ? "search" : "text";
        if (!typed.has(target)) {
            typed.set(target, `${performance.timeOrigin}-${count++}`);
        }
        const field = target.closest(".o_field_widget[name]")?.getAttribute("name");
        send(kind, target, {field: typed.get(target), title: field || target.name || target.id});
    }, true);
})();
"""
CLICKS = ("press", "sign", "key", "open", "choice")


class Clicks:
    """Counter of one page; made by :func:`start` or around a page that has shown nothing yet."""

    def __init__(self, page):
        """:param playwright.sync_api.Page page: a new page: documents it shows already are not counted"""
        self.page = page
        self._steps = []
        self._texts = {}
        page.expose_binding("__clicks", self._note)
        page.add_init_script(SCRIPT)
        page.on("popup", self._refuse)

    def begin(self):
        """Forget what was done so far; from now on the page goes only where presses lead it."""
        self._settle()
        self._steps.clear()
        self._texts.clear()
        self._goto = self.page.goto
        self.page.goto = self.page.reload = self._forbid
        return self

    @property
    def clicks(self):
        """:return: presses, keys, choices and signatures so far, an integer"""
        self._settle()
        return sum(kind in CLICKS for kind, _what in self._steps)

    @property
    def texts(self):
        """:return: fields typed so far, without searches, an integer"""
        self._settle()
        return Counter(kind for kind, _what in self._texts.values())["text"]

    @property
    def searches(self):
        """:return: boxes typed into to find something, so far, an integer"""
        self._settle()
        return Counter(kind for kind, _what in self._texts.values())["search"]

    def limit(self, clicks, texts=None, searches=0):
        """Assert that the task took no more; ``texts=None`` counts clicks only.

        :param int clicks: most presses, keys and choices
        :param int texts: most fields typed
        :param int searches: boxes of search that are no text; further ones are
        :raises AssertionError: naming each step
        """
        typed = self.texts + max(0, self.searches - searches)
        assert self.clicks <= clicks, f"{self.clicks} clicks instead of {clicks}:\n{self}"
        assert texts is None or typed <= texts, f"{typed} texts instead of {texts}:\n{self}"

    def __str__(self):
        self._settle()
        steps = [f"{number + 1:3} {kind} {what}" for number, (kind, what) in enumerate(self._steps)]
        texts = [f"  - {kind} {what}" for kind, what in self._texts.values()]
        return "\n".join(steps + texts)

    def _settle(self):
        """Wait for the events of the page that are still on their way; they arrive in their order."""
        self.page.evaluate("() => window.__clicks?.({kind: 'settle'})")

    def _note(self, _source, event):
        kind, what = event["kind"], event.get("what", "")
        if kind in CLICKS:
            self._steps.append((kind, " ".join(filter(None, (event.get("key"), what)))))
        elif kind in ("text", "search"):
            self._texts[event["field"]] = (kind, event["title"] or what)

    def _refuse(self, page):
        # what is pressed there would not be counted
        self._steps += [("press", f"in a page that opened beside: {page.url}")] * 100

    def _forbid(self, url="", **options):
        if url == "about:blank":  # the fixture leaves the page when the test is over
            return self._goto(url, **options)
        raise AssertionError("a person does not type addresses: press what leads there")


def start(browser, server, login, device="wide"):
    """Open the home page of a user in a new browser and count from there.

    :param harness.browser.Browser browser: the fixture
    :param OdooServer server: where
    :param str login: user, signed in before the first click
    :param str device: ``wide`` (1400 px) or ``phone`` (390 px)
    :rtype: Clicks
    """
    page = browser.page(server, device, login=login)
    clicks = Clicks(page)
    page.goto("/odoo")
    page.locator(".o_main_navbar").wait_for()
    page.locator(".o_action_manager > *").first.wait_for(state="attached")
    return clicks.begin()
