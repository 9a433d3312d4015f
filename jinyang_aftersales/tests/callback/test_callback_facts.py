"""What a caller has to know is in the dialogue of the call, as far as the caller may read it."""

from odoo.tests import tagged

from ..visit.visit_common import VisitCommon


@tagged("post_install", "-at_install")
class TestCallbackFacts(VisitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env["res.users"].search([("login", "=like", "aftersales_%")]).lang = "en_US"

    def rows(self, call, user=None):
        """:return: rows of the dialogue as the caller sees it, by label"""
        wizards = self.env["aftersales.callback.record"].with_user(user or self.callback)
        wizard = wizards.with_context(**call.action_open_record()["context"]).create({})
        [shown] = wizard.facts
        self.assertEqual(shown["name"], call.with_user(user or self.callback).display_name)
        return {row["label"]: row["text"] for row in shown["rows"]}

    def test_a_call_about_a_visit_shows_result_technician_and_what_was_said_on_site(self):
        visit = self.make_visit(state="done")
        call = visit.callback_ids or self.env["aftersales.callback"]._open_for(visit, "visit")
        rows = self.rows(call)
        self.assertEqual(rows["Result of the Visit"], "重新结账成功")
        for part in ("5", "4", "3", "很满意"):
            self.assertIn(part, rows["Said on Site"])
        self.assertEqual(rows["Who Did the Work"], self.specialist.name)
        self.assertIn(visit.ticket_id.number, rows["Service Record"])
        self.assertNotIn("Last Calls", rows)

    def test_the_last_calls_and_what_was_asked_in_them_are_shown(self):
        calls = self.env["aftersales.callback"].with_user(self.callback)
        first = calls.create(
            {"kind": "routine", "partner_id": self.customer.id, "company_id": self.company.id}
        )
        first.action_record(
            "reached", note="Friendly", scores={"score_attitude": 4}, open_question="Why so slow?"
        )
        second = calls.create(
            {"kind": "routine", "partner_id": self.customer.id, "company_id": self.company.id}
        )
        rows = self.rows(second)
        for part in ("Routine", "scores 4", "Friendly"):
            self.assertIn(part, rows["Last Calls"])
        self.assertEqual(rows["Asked Before"], "Why so slow? (Waiting for the Manager)")

    def test_what_the_caller_may_not_read_is_not_shown(self):
        visit = self.make_visit(state="done")
        call = visit.callback_ids or self.env["aftersales.callback"]._open_for(visit, "visit")
        model = self.env["ir.model"]._get("aftersales.visit")
        self.env["ir.rule"].create(
            {"name": "none", "model_id": model.id, "domain_force": "[(0, '=', 1)]"}
        )
        rows = self.rows(call)
        self.assertNotIn("Result of the Visit", rows)
        self.assertNotIn("Said on Site", rows)
