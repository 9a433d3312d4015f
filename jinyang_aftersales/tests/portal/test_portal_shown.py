"""M32: what customers answer is what they were shown."""

from odoo.fields import Datetime
from odoo.tests import HttpCase, tagged

from ..offer.test_portal_offer import drawing
from .portal_examples import NARROWED, PortalExamples

# words that come back with a refused form
KEPT = "KEPTWORDS"
SCORES = dict.fromkeys(("score_attitude", "score_skill", "score_result"), "5")
# model, values and field of the answer, of every route that takes one
ANSWERS = {
    "/my/visits/<int:visit_id>/sign": (
        "aftersales.visit",
        {
            **SCORES,
            "signed_by_name": "Li Na",
            "customer_opinion": KEPT,
            "customer_signature": drawing(),
        },
        "signature_hash",
    ),
    "/my/changes/<int:change_id>/opinion": (
        "aftersales.change.request",
        {"result": "partly", "text": KEPT},
        "opinion_result",
    ),
    "/my/contracts/<int:contract_id>/accept": (
        "contract.contract",
        {"name": KEPT, "signature": drawing()},
        "accepted_on",
    ),
    "/my/contracts/<int:contract_id>/decline": (
        "contract.contract",
        {"name": "Li Na", "reason": KEPT},
        "declined_on",
    ),
}
# routes for holders of a link that take no answer, or whose answer is tried elsewhere
OTHERS = {
    "/my/link/new": "mails a new link",
    "/renewal/<int:notice_id>/answer": "test_renewal_link",
}


@tagged("post_install", "-at_install")
class TestPortalShown(PortalExamples, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setUpExamples()
        cls.alpha["aftersales.change.request"]._write_unlocked(
            {"state": "deploying", "deployed_on": "2026-01-01 00:00:00"}
        )
        cls.alpha["aftersales.visit"]._write_unlocked(
            {"state": "on_site", "arrived_on": Datetime.now(), "result": "done"}
        )

    def setUp(self):
        super().setUp()
        self.sign_in(None)

    def change(self, document, text):
        """Change what the page of a document shows."""
        if document._name == "contract.contract":
            document.contract_line_ids[:1]._write_unlocked({"name": text})
        elif document._name == "aftersales.visit":
            document._write_unlocked({"result": text})
        else:
            document._write_unlocked({"confirmed_need": text})
        self.env.flush_all()

    def send(self, rule, **values):
        """Send an answer with the link of a mail.

        :return: what the server answers, and whether the answer was taken
        """
        model, answer, field = ANSWERS[rule]
        document = self.alpha[model]
        token = document._portal_ensure_token()
        url = f"{document.access_url}/{rule.rsplit('/', 1)[1]}"
        page = self.post(url, **{**answer, "access_token": token, **values})
        self.env.invalidate_all()
        return page, bool(document[field])

    def test_m32_every_route_that_takes_an_answer_is_in_the_table(self):
        rules = self.portal_rules(without=NARROWED)
        posted = {
            rule.rule
            for rule in rules
            if "POST" in (rule.endpoint.routing.get("methods") or ())
            and rule.endpoint.routing["auth"] == "public"
        }
        self.assertEqual(posted, ANSWERS.keys() | OTHERS.keys())

    def test_m32_each_route_refuses_what_was_not_shown(self):
        for rule, (model, answer, _field) in ANSWERS.items():
            document = self.alpha[model]
            seen = document._get_shown_hash()
            new = f"NEW {rule.rsplit('/', 1)[1]}"
            self.change(document, new)
            for values in ({}, {"shown_hash": ""}, {"shown_hash": "é"}, {"shown_hash": seen}):
                page, taken = self.send(rule, **values)
                self.assertFalse(taken, (rule, values))
                self.assertEqual(page.status_code, 400, (rule, values))
                self.assertIn("has been changed meanwhile", page.text, rule)
                self.assertIn(new, page.text, rule)
                self.assertIn(KEPT, page.text, rule)
                if any("signature" in name for name in answer):
                    self.assertIn("data:image/png;base64,", page.text, rule)

    def test_m32_each_route_takes_what_was_shown_in_whatever_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        for rule in reversed(ANSWERS):
            document = self.alpha[ANSWERS[rule][0]]
            shown = document.with_context(lang="zh_CN")._get_shown_hash()
            self.env.invalidate_all()
            self.assertEqual(shown, document.with_context(lang="en_US")._get_shown_hash())
            page, taken = self.send(rule, shown_hash=shown)
            self.assertEqual((page.status_code, taken), (303, True), rule)

    def test_m32_another_price_is_another_offer(self):
        offer = self.alpha["contract.contract"]
        seen = offer._get_shown_hash()
        offer.contract_line_ids[:1]._write_unlocked({"specific_price": 99})
        self.env.flush_all()
        self.assertNotEqual(offer._get_shown_hash(), seen)
