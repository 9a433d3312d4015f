"""V1, V5, V14, V17, F39, F40: every route of the portal, by every user, with every kind of token, by GET and POST.

The routes come from the routing map and the documents from ``portal_examples``, so that new pages are included.
"""

import json

from odoo.tests import HttpCase, tagged
from odoo.tools import SQL, mute_logger

from ..offer.test_portal_offer import drawing
from .portal_examples import ALPHA, BETA, SHARED, STAFF, PortalExamples

# users who may see the documents of the first customer, and users who may not; None has no account, Ivan is internal
ENTITLED, OTHERS = ("alice", "carol"), (None, "bob", "ivan")
# ids without a document, and a malformed id
NO_IDS = ("0", "2147483647", "99999999999999999999")


@tagged("post_install", "-at_install")
class TestPortalMatrix(PortalExamples, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpExamples()
        cls.alpha_tokens, cls.beta_tokens = (
            {
                name: document._portal_ensure_token()
                for name, document in documents.items()
                if "access_token" in document._fields
            }
            for documents in (cls.alpha, cls.beta)
        )
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        # refusals are also logged
        self.enterContext(mute_logger("odoo.http"))
        self.set_still()

    # === Addresses === #

    def addresses(self, with_document):
        """The addresses of the portal.

        :param bool with_document: those of one document, or the others
        :return: tuples of the rule, its address with the id of a document of the first company, and the
            model of that document; a token that is part of the address is ``{token}``
        """
        found = []
        for rule in self.portal_rules():
            url, models = rule.rule, []
            for name in rule.arguments:
                converter = type(rule._converters[name]).__name__
                marker = f"<{name}>" if converter == "UnicodeConverter" else f"<int:{name}>"
                self.assertIn(marker, url, f"{rule.rule}: a walk knows no {converter}")
                if name == "page":
                    url = url.replace(marker, "1")
                elif name == "access_token":
                    url = url.replace(marker, "{token}")
                else:
                    model = self.document_model(rule, name)
                    self.assertIn(
                        model, self.alpha, f"{rule.rule}: say in PARAMETERS what {name} is"
                    )
                    models.append(model)
                    url = url.replace(marker, str(self.alpha[model].id))
            self.assertNotIn("<", url)
            if bool(models) == with_document:
                found.append((rule, url, models[0] if models else None))
        return found

    def methods(self, rule):
        kind = rule.endpoint.routing["type"]
        if kind != "http":
            return ("JSON",)
        allowed = rule.endpoint.routing.get("methods") or ("GET", "POST")
        return [method for method in ("GET", "POST") if method in allowed]

    def visit(self, method, url, token=None):
        """Request an address with parameters of the first customer; return the answer."""
        path = url.replace("{token}", token or "-")
        params = {} if token is None else {"access_token": token}
        if method == "GET":
            return self.get(path, **params)
        data = {
            "name": "Mallory",
            "reason": "Because",
            "description": "Because",
            "signature": drawing(),
            "form_key": "0123456789abcdef" * 2,
            "stage_id": str(self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done").id),
            "contact": str(self.alice.partner_id.id),
            **params,
        }
        for model, document in self.alpha.items():
            short = model.split(".")[-1]
            data[f"{short}_id"] = data[short] = str(document.id)
        if method == "JSON":
            data["counters"] = ["ticket_count", "contract_count", "installation_count"]
            return self.opener.post(
                self.base_url() + path,
                data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": data}),
                headers={"Content-Type": "application/json"},
                allow_redirects=False,
                timeout=30,
            )
        return self.post(path, **data)

    def walk(self, method, url, login, token, *, secret=True, still=True):
        """Request an address and check that it causes no error, shows no secrets and changes nothing."""
        told = (method, url, login, token)
        answer = self.visit(method, url, token)
        self.assertLess(answer.status_code, 500, told)
        self.assertNotIn(STAFF, answer.text, told)
        if secret:
            self.assertNotIn(ALPHA, answer.text, told)
        if method == "JSON" and "error" in answer.json():
            # only exceptions of Odoo are refusals; any other one is a bug
            name = answer.json()["error"]["data"]["name"]
            self.assertIn(name.rsplit(".", 1)[0], ("odoo.exceptions", "odoo.http"), told)
        if still:
            self.assertStill(*told)
        return answer

    # === Walks === #

    def test_every_model_customers_reach_has_an_example(self):
        self.assertEqual(set(self.alpha), set(self.reachable) - SHARED)
        # the introspection has found the known models and pages
        self.assertLessEqual(
            {"helpdesk.ticket", "contract.contract", "contract.line", "aftersales.installation"},
            set(self.alpha),
        )
        self.assertGreater(len(self.addresses(True)), 5)
        self.assertGreater(len(self.addresses(False)), 5)

    def test_customers_find_no_file_of_managers(self):
        for login in ENTITLED:
            self.sign_in(login)
            for url in ("template/ledger", "1/refused"):
                answer = self.url_open(f"/jinyang_aftersales/takeover/{url}")
                self.assertEqual(answer.status_code, 404, (login, url))

    def test_who_is_entitled_sees_the_documents_and_looking_changes_nothing(self):
        for login in ENTITLED:
            self.sign_in(login)
            for rule, url, model in self.addresses(True):
                if "GET" in self.methods(rule) and not rule.rule.endswith("/close"):
                    answer = self.walk("GET", url, login, None, secret=False)
                    self.assertNotIn(BETA, answer.text)
                    if answer.status_code == 200:
                        self.assertIn(ALPHA, answer.text, (url, login, model))

    def test_others_see_and_change_nothing_whatever_token_they_have(self):
        for login in OTHERS:
            self.sign_in(login)
            for rule, url, model in self.addresses(True):
                right, foreign = self.alpha_tokens.get(model), self.beta_tokens.get(model)
                for token in (None, "", "é", foreign, right and right + "a"):
                    for method in self.methods(rule):
                        self.walk(method, url, login, token)

    def test_right_token_opens_its_document_for_reading(self):
        for login in OTHERS:
            self.sign_in(login)
            for rule, url, model in self.addresses(True):
                if "GET" in self.methods(rule) and model in self.alpha_tokens:
                    answer = self.walk("GET", url, login, self.alpha_tokens[model], secret=False)
                    self.assertNotIn(BETA, answer.text)

    def test_right_token_lets_strangers_with_an_account_change_nothing(self):
        for login in ("bob", "ivan"):
            self.sign_in(login)
            for rule, url, model in self.addresses(True):
                for method in set(self.methods(rule)) - {"GET"}:
                    self.walk(method, url, login, self.alpha_tokens.get(model, ""), secret=False)

    def test_lists_and_forms_show_nothing_of_another_company_and_looking_changes_nothing(self):
        for login in ("bob", "ivan", None):
            self.sign_in(login)
            for rule, url, _model in self.addresses(False):
                if "GET" in self.methods(rule):
                    self.walk("GET", url, login, None)
                    self.walk(
                        "GET", f"{url}?search={ALPHA}&search_in=all", login, None, secret=False
                    )
        self.sign_in("alice")
        for rule, url, _model in self.addresses(False):
            if "GET" in self.methods(rule):
                answer = self.walk("GET", url, "alice", None, secret=False)
                self.assertNotIn(BETA, answer.text, url)

    def test_search_for_anothers_texts_finds_nothing(self):
        self.sign_in("bob")
        for rule, url, _model in self.addresses(False):
            if "GET" in self.methods(rule) and "page" not in rule.arguments:
                page = self.visit("GET", f"{url}?search={ALPHA}")
                # The search field repeats the mark; in texts of documents a space follows it.
                self.assertNotIn(f"{ALPHA} ", page.text, url)

    def test_forms_of_strangers_touch_no_document_of_another_company(self):
        ids = {name: document.ids for name, document in self.alpha.items()}
        for login in OTHERS:
            self.sign_in(login)
            for rule, url, _model in self.addresses(False):
                for method in set(self.methods(rule)) - {"GET"}:
                    answer = self.walk(method, url, login, None, still=False)
                    self.assertNotIn(ALPHA, answer.text)
        self.env.flush_all()
        for name, found in ids.items():
            self.env.cr.execute(
                SQL(
                    "SELECT count(*) FROM %s WHERE id IN %s AND write_date > '2020-01-01'",
                    SQL.identifier(self.env[name]._table),
                    tuple(found),
                )
            )
            self.assertEqual(self.env.cr.fetchone()[0], 0, name)

    def test_nothing_is_taken_without_the_token_of_a_form(self):
        self.sign_in("alice")
        for rule, url, _model in self.addresses(True) + self.addresses(False):
            if "POST" in self.methods(rule):
                answer = self.url_open(
                    url.replace("{token}", "-"),
                    data={"csrf_token": "wrong", "description": "x"},
                    allow_redirects=False,
                )
                # without a type of application the visitor is sent back to choose one, and no ticket is named
                status = {"/my/applications/new": 303, "/ticket/close": 404}.get(url, 400)
                self.assertEqual(answer.status_code, status, url)
        self.assertStill()

    def test_forms_of_entitled_people_break_on_nothing(self):
        for login in ENTITLED:
            self.sign_in(login)
            for rule, url, _model in self.addresses(True) + self.addresses(False):
                for method in set(self.methods(rule)) - {"GET"}:
                    answer = self.walk(method, url, login, None, secret=False, still=False)
                    self.assertNotIn(BETA, answer.text, url)

    def test_no_document_and_no_id_lead_away(self):
        for login in (None, "alice"):
            self.sign_in(login)
            for rule, url, model in self.addresses(True):
                for number in NO_IDS:
                    other = url.replace(f"/{self.alpha[model].id}", f"/{number}", 1)
                    for method in self.methods(rule):
                        self.walk(method, other, login, "x", still=False)
