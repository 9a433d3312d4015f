"""M61: wrong requests to all pages that customers reach give no server error and no traceback in the log."""

import inspect
import json
import logging
import random
import re
import secrets
import threading
from unittest.mock import patch

from odoo.tests import HttpCase, tagged

from .portal_examples import PortalExamples

# addons all of whose routes are asked, and the routes of Odoo that pages of the portal and links in mails lead to
ADDONS = ("jinyang_aftersales", "helpdesk_mgmt", "contract")
ODOO = (
    "/my",
    "/portal",
    "/terms",
    "/mail/action",
    "/mail/attachment",
    "/mail/avatar",
    "/mail/chatter",
    "/mail/data",
    "/mail/message",
    "/mail/thread",
    "/mail/unfollow",
    "/mail/view",
)
SEEDS = (1, 2, 3, 4, 5, 6, 7, 8, 9)
WORDS = (
    "x", "", "0", "-1", "1" + "0" * 30, "2147483648", "NaN", "1.5", "é", "中文", "\x00", "a\x00b", "'", "\"><b>",
    "../../etc/passwd", "%", "{}", "[]", "None", "true", "2026-13-45", "😀", "a" * 3000, "\ud800",
)  # fmt: skip
ODD = (
    None,
    True,
    -1,
    10**30,
    1.5,
    "",
    "\x00",
    "é",
    "x",
    [],
    ["a"],
    [1],
    [None],
    {},
    {"a": 1},
    [[["a"]]],
)
NAMES = (
    "self", "cls", "sortby", "filterby", "groupby", "search", "search_in", "date_begin", "date_end", "page",
    "access_token", "token", "hash", "pid", "report_type", "download", "context", "args", "kw", "env", "request",
)  # fmt: skip
# address, parameters: the cases that were seen to fail
NAMED = (
    ("/my", {"self": "x"}),
    ("/my/home", {"cls": "x"}),
    ("/my/tickets", {"self": "x", "cls": "y"}),
    ("/my/visits/new", {"self": "x"}),
    ("/my/invoices", {"filterby": "x"}),
    ("/my/invoices", {"sortby": "x"}),
    ("/my/invoices", {"date_begin": "x", "date_end": "y"}),
    ("/my/invoices", {"date_begin": "2026-01-01", "date_end": "2026-02-01"}),
    ("/my/invoices", {"page": "x"}),
    ("/my/contracts", {"filterby": "x", "sortby": "x"}),
    ("/my/address", {"use_delivery_as_billing": "x"}),
    ("/my/address", {"partner_id": "x"}),
    ("/mail/attachment/upload", None),
    ("/mail/attachment/delete", None),
)


class Errors(logging.Handler):
    """Keeps what is logged as an error."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.found = []

    def emit(self, record):
        self.found.append(self.format(record))


@tagged("post_install", "-at_install")
class TestPortalRequests(PortalExamples, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpExamples()
        thread = threading.current_thread()
        with patch.object(thread, "dbname", cls.env.cr.dbname, create=True):
            rules = list(cls.env["ir.http"].routing_map().iter_rules())
        cls.rules = sorted(
            (
                rule
                for rule in rules
                if (
                    getattr(rule.endpoint, "__module__", "").split(".")[2:3]
                    in [[name] for name in ADDONS]
                    or rule.rule.startswith(ODOO)
                )
                # exports are of the backend
                and not rule.rule.startswith("/web/")
                and rule.endpoint.routing["type"] in ("http", "jsonrpc")
            ),
            key=lambda rule: rule.rule,
        )

    def setUp(self):
        super().setUp()
        self.errors, self.wrong = Errors(), []
        # refusals are logged as warnings
        http = logging.getLogger("odoo.http")
        self.addCleanup(http.setLevel, http.level)
        http.setLevel(logging.ERROR)
        logger = logging.getLogger()
        logger.addHandler(self.errors)
        self.addCleanup(logger.removeHandler, self.errors)

    def look(self, answer, told):
        """Note a request that ends in a server error, or in an error of the log."""
        if answer.status_code >= 500 or self.errors.found:
            self.wrong.append((told, answer.status_code, self.errors.found[:]))
            self.errors.found.clear()

    def address(self, rule, dice):
        """An address of a rule: its parameters have ids of examples, or odd values."""

        def part(match):
            name = match[1]
            model = self.document_model(rule, name)
            if model in self.alpha and dice.random() < 0.7:
                return str(self.alpha[model].id)
            return dice.choice(("0", "1", "7", "x", str(2**31 - 1), "9" * 30))

        return re.sub(r"<(?:[^<>]*:)?(\w+)>", part, rule.rule)

    def names_of(self, rule):
        signature = inspect.signature(rule.endpoint).parameters
        return [*NAMES, *(name for name in signature if name not in rule.arguments)]

    def ask_wrongly(self, dice):
        rule = dice.choice(self.rules)
        path = self.address(rule, dice)
        names = dice.sample(self.names_of(rule), k=dice.randint(0, 4))
        if rule.endpoint.routing["type"] == "jsonrpc":
            params = {name: dice.choice(ODD) for name in names}
            if dice.random() < 0.1:
                params = dice.choice(ODD)
            answer = self.opener.post(
                self.base_url() + path,
                data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
                headers={"Content-Type": "application/json"},
                timeout=30,
            )
        else:
            params = {name: dice.choice(WORDS).encode("utf-8", "surrogatepass") for name in names}
            methods = rule.methods or {"GET", "POST"}
            if "POST" in methods and dice.random() < 0.5:
                data = {"csrf_token": self.token(), **params}
                answer = self.opener.post(
                    self.base_url() + path, data=data, allow_redirects=False, timeout=30
                )
            else:
                answer = self.opener.get(
                    self.base_url() + path, params=params, allow_redirects=False, timeout=30
                )
        self.look(answer, (path, params))

    def test_named_requests(self):
        for login in ("alice", None):
            self.sign_in(login)
            for url, params in NAMED:
                send = self.post if params is None else self.url_open
                # a keyword argument named `self` would be the method's own
                more = {} if params is None else {"params": params, "allow_redirects": False}
                self.look(send(url, **more), (login, url, params))
            answer = self.opener.post(
                f"{self.base_url()}/my/address/country_info/0",
                json={"jsonrpc": "2.0", "method": "call", "params": {"address_type": "x"}},
                timeout=30,
            )
            self.look(answer, (login, "country_info"))
        self.assertFalse(self.wrong)

    def test_a_thousand_requests(self):
        own_seed = secrets.randbelow(2**32)
        # printed by the test runner when it fails: the same requests can then be made again
        print("random seed:", own_seed)  # pylint: disable=print-used
        for number, seed in enumerate((*SEEDS, own_seed)):
            dice = random.Random(seed)
            self.sign_in("alice" if number % 2 else None)
            for _request in range(100):
                self.ask_wrongly(dice)
        self.assertFalse(self.wrong)
