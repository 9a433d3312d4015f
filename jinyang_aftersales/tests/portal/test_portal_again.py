"""M62: a form sent again by the back button is asked about, and one of an older session comes back with its texts."""

from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, freeze_time, tagged

from .portal_forms_common import TEXTS, PortalForms


@tagged("post_install", "-at_install")
class TestPortalAgain(PortalForms, HttpCase):
    def count(self, model):
        self.env.invalidate_all()
        return self.env[model].search_count([])

    def test_same_content_is_asked_about_and_sent_again_when_meant(self):
        for url, model, values, scan in self.forms():
            before = self.count(model)
            self.assertIn(self.file(url, values, scan).status_code, (302, 303), url)
            answer = self.file(url, values, scan)
            self.assertEqual(answer.status_code, 400, url)
            self.assertIn("it has arrived as", answer.text)
            self.assertIn('name="send_again"', answer.text)
            for name in TEXTS & values.keys():
                self.assertIn(values[name], answer.text, "what was typed is there")
            self.assertEqual(self.count(model), before + 1, url)
            answer = self.file(url, values, scan, send_again="1")
            self.assertIn(answer.status_code, (302, 303), url)
            self.assertEqual(self.count(model), before + 2, url)

    def test_other_content_other_people_and_later_days_are_new(self):
        url, model = "/my/complaints/new", "aftersales.complaint"
        values = {
            "contact_id": self.alice.partner_id.id,
            "kind": "delay",
            "description": "Late",
        }
        self.file(url, values, False)
        self.file(url, {**values, "description": "Late again"}, False)
        self.assertEqual(self.count(model), 2)
        self.come(self.carol)
        self.file(url, values, False)
        self.assertEqual(self.count(model), 3)
        self.come(self.alice)
        with freeze_time(fields.Datetime.now() + timedelta(minutes=11)):
            self.file(url, values, False)
        self.assertEqual(self.count(model), 4)

    def test_form_of_an_older_session_comes_back_with_its_texts_and_makes_nothing(self):
        for url, model, values, scan in self.forms():
            before = self.count(model)
            for token in ("0" * 40 + "o1", ""):
                answer = self.file(
                    url, values, scan, csrf_token=token, form_user=str(self.alice.id)
                )
                self.assertEqual(answer.status_code, 400, url)
                self.assertIn("signed in again", answer.text, url)
                for name in TEXTS & values.keys():
                    self.assertIn(values[name], answer.text, (url, name))
            self.assertEqual(self.count(model), before, url)

    def test_texts_of_another_user_are_not_shown(self):
        for url, model, values, scan in self.forms():
            for name in TEXTS & values.keys():
                values = {**values, name: f"{values[name]} SECRETMARK"}
            before = self.count(model)
            for sender in (self.carol.id, 0, "x"):
                answer = self.file(url, values, scan, csrf_token="x", form_user=str(sender))
                self.assertEqual(answer.status_code, 400, url)
                self.assertNotIn("SECRETMARK", answer.text, (url, sender))
            self.assertEqual(self.count(model), before, url)
