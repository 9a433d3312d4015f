"""Attempts of visitors without an account, and the limits of their number.

Anonymous visitors only reach pages by the secret of 256 random bits in a link. Odoo delays signing in after some
failures. Forms for visitors with a link check the captcha where one is configured.
"""

import inspect
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..offer.test_portal_offer import drawing
from .common_portal import ODD_VALUES
from .portal_examples import PortalExamples

# routes for visitors without an account that change data
ACTIONS = {
    "/my/visits/<int:visit_id>/sign",
    "/my/changes/<int:change_id>/opinion",
    "/my/contracts/<int:contract_id>/accept",
    "/my/contracts/<int:contract_id>/decline",
}
# pages for visitors without an account that show no document
PAGES = {"/my/link/closed"}


@tagged("post_install", "-at_install")
class TestPortalAnonymous(PortalExamples, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpExamples()

    def setUp(self):
        super().setUp()
        self.enterContext(mute_logger("odoo.http"))
        self.sign_in(None)

    def open_rules(self):
        return [
            rule
            for rule in self.portal_rules()
            if rule.endpoint.routing["auth"] in ("public", "none")
        ]

    def test_who_has_no_account_reaches_pages_of_documents_and_four_actions(self):
        actions = {
            rule.rule
            for rule in self.open_rules()
            if rule.endpoint.routing["type"] != "http"
            or "POST" in (rule.endpoint.routing.get("methods") or ())
        }
        self.assertEqual(actions, ACTIONS)
        for rule in self.open_rules():
            if rule.rule in PAGES:
                continue
            names = [name for name in rule.arguments if name.endswith("_id")]
            self.assertTrue(names, f"{rule.rule} is open to everybody without any document")
            self.assertIn("access_token", inspect.signature(rule.endpoint.func).parameters)

    def test_what_a_holder_of_a_link_does_asks_the_captcha(self):
        asked = []

        def refuse(model, action):
            asked.append(action)
            raise UserError(action)

        change = self.alpha["aftersales.change.request"]
        visit, offer = self.alpha["aftersales.visit"], self.alpha["contract.contract"]
        change._write_unlocked({"state": "deploying", "deployed_on": "2026-01-01 00:00:00"})
        tokens = {document: document._portal_ensure_token() for document in (change, visit, offer)}
        self.env.flush_all()
        self.set_still()
        target = type(self.env["ir.http"])
        with patch.object(target, "_verify_request_recaptcha_token", refuse):
            self.post(
                f"{visit.access_url}/sign",
                access_token=tokens[visit],
                customer_signature=drawing(),
                signed_by_name="Li Na",
                score_attitude="5",
                score_skill="5",
                score_result="5",
            )
            self.post(
                f"{change.access_url}/opinion", access_token=tokens[change], result="satisfied"
            )
            self.post(f"{offer.access_url}/decline", access_token=tokens[offer], reason="Dear")
            self.post(
                f"{offer.access_url}/accept",
                access_token=tokens[offer],
                name="Li Na",
                signature=drawing(),
            )
        self.assertEqual(asked, ["aftersales_portal"] * 4)
        self.assertStill()

    def test_forms_that_ask_the_captcha_bring_its_answer(self):
        for template in ("portal_visit_sign", "portal_change_opinion", "portal_agreement_forms"):
            view = self.env.ref(f"jinyang_aftersales.{template}")
            self.assertIn('data-captcha="aftersales_portal"', view.arch, template)

    def test_tokens_are_long_and_random(self):
        tokens = {document._portal_ensure_token() for document in self.paged()}
        self.assertEqual(len(tokens), len(self.paged()))
        for token in tokens:
            self.assertRegex(token, r"^[0-9A-Za-z_-]{43}$")

    def paged(self):
        return [row for row in self.alpha.values() if "access_token" in row._fields]

    def test_guessing_learns_nothing_of_what_there_is(self):
        for document in self.paged():
            there = document.access_url
            missing = there.replace(str(document.id), "2147483647")
            for token in ("", "0" * 36, *ODD_VALUES[:6]):
                answers = [self.get(url, access_token=token) for url in (there, missing)]
                self.assertEqual(len({answer.status_code for answer in answers}), 1, there)
                self.assertEqual(len({answer.headers.get("Location") for answer in answers}), 1)

    def test_customers_passwords_are_guessed_slowly(self):
        self.env["ir.config_parameter"].set_param("base.login_cooldown_after", 3)
        self.env["ir.config_parameter"].set_param("base.login_cooldown_duration", 60)
        logger = "odoo.addons.base.models.res_users"

        def attempt(password):
            # the status tells whether the password was right
            data = {"login": "alice", "password": password}
            return self.post("/web/login", **data).status_code

        def forget():
            getattr(self.env.registry, "_login_failures", {}).clear()

        self.addCleanup(forget)
        forget()
        with mute_logger(logger):
            for _turn in range(4):
                self.assertEqual(attempt("wrong"), 200)
            self.assertEqual(attempt("alice"), 200, "even the right one has to wait")
            forget()
            self.assertEqual(attempt("alice"), 303)
