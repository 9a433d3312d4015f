import base64
import hashlib

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .visit_common import VisitCommon, drawing


@tagged("post_install", "-at_install")
class TestVisitSignature(VisitCommon):
    """五.3.5: signed values stay unchanged, or the signature becomes void."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.visit = cls.make_visit(state="feedback")

    def test_hash_covers_what_was_shown_and_drawn(self):
        visit = self.visit
        self.assertTrue(visit.signed_on)
        for text in ("重新结账成功", "很满意", visit.name, "武汉恒达", self.contact.name):
            self.assertIn(text, visit.signed_content)
        raw = visit.signed_content.encode() + b"\0" + visit.customer_signature
        self.assertEqual(visit.signature_hash, hashlib.sha256(raw).hexdigest())
        self.assertTrue(visit.signature_valid)
        self.assertIn(visit.signature_hash, "".join(visit.message_ids.mapped("body")))

    def test_signed_content_cannot_be_changed_by_anybody(self):
        values = self.feedback(
            result="Other",
            customer_opinion="Other",
            score_attitude="1",
            score_skill="1",
            score_result="1",
            signed_by_id=False,
            customer_signature=drawing(200),
        )
        for user in (self.specialist, self.manager, self.director):
            for name, value in (*values.items(), ("signed_by_name", "X"), ("problem", "X")):
                with self.assertRaisesRegex(UserError, "cannot be changed"), self.cr.savepoint():
                    self.visit.with_user(user).write({name: value})
        self.assertTrue(self.visit.signature_valid)

    def test_change_past_the_product_shows(self):
        for column, value in (
            ("result", "Nothing was wrong"),
            ("score_attitude", "1"),
            ("customer_signature", b"other"),
            ("signed_content", "{}"),
            ("signature_hash", "0" * 64),
        ):
            visit = self.make_visit(state="feedback")
            visit.flush_recordset()
            self.cr.execute(
                f"UPDATE aftersales_visit SET {column} = %s WHERE id = %s", [value, visit.id]
            )
            visit.invalidate_recordset()
            self.assertFalse(visit.signature_valid, column)

    def test_new_name_of_a_technician_leaves_the_signature_valid(self):
        self.specialist.name = "Married"
        self.customer.name = "Renamed"
        self.visit.invalidate_recordset()
        self.assertTrue(self.visit.signature_valid)

    def test_drawing_is_no_file_that_could_be_exchanged(self):
        files = self.env["ir.attachment"].search(
            [("res_model", "=", "aftersales.visit"), ("res_field", "!=", False)]
        )
        self.assertFalse(files)

    def test_manager_reopens_and_the_signature_is_void(self):
        with self.assertRaisesRegex(UserError, "Only a service manager"):
            self.visit.action_reopen()
        old = self.visit.signature_hash
        self.visit.with_user(self.manager).action_reopen()
        self.assertRecordValues(
            self.visit,
            [
                {
                    "state": "on_site",
                    "customer_signature": False,
                    "signed_on": False,
                    "signed_content": False,
                    "signature_hash": False,
                    "signature_valid": False,
                    "result": "重新结账成功",
                }
            ],
        )
        self.assertIn(old, self.visit.message_ids[0].body)
        with self.assertRaisesRegex(UserError, "Signature"):
            self.visit.action_sign()
        self.visit.write({"result": "Better", "customer_signature": drawing(200)})
        self.visit.action_sign()
        self.assertNotEqual(self.visit.signature_hash, old)

    def test_form_that_was_handed_in_is_not_reopened(self):
        self.visit.with_user(self.callback).action_receive_feedback()
        with self.assertRaisesRegex(UserError, "handed in"):
            self.visit.with_user(self.manager).action_reopen()
        # and nobody is asked whether the signature may become void
        with self.assertRaisesRegex(UserError, "handed in"):
            self.visit.with_user(self.manager).action_ask_reopen()

    def test_manager_is_asked_before_a_signature_becomes_void(self):
        asked = self.visit.with_user(self.manager).action_ask_reopen()
        dialogue = self.env[asked["res_model"]].with_user(self.manager)
        dialogue = dialogue.with_context(**asked["context"]).create({})
        self.assertIn("void", dialogue.hint)
        self.assertEqual(self.visit.state, "feedback")
        dialogue.action_confirm()
        self.assertEqual(self.visit.state, "on_site")

    def test_signature_is_a_picture_of_reasonable_size(self):
        visit = self.make_visit(state="on_site")
        png = base64.b64decode(drawing())
        for raw in (
            b"<html><script>alert(1)</script></html>",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            b"%PDF-1.4\n<html>",
            b"GIF89a",
            png + b"\0" * (10 * 1024 * 1024),
        ):
            value = base64.b64encode(raw).decode()
            with self.assertRaisesRegex(ValidationError, "drawn picture"), self.cr.savepoint():
                visit.customer_signature = value
        for value in ("not base64!", "äöü", 5):
            with self.assertRaisesRegex(ValidationError, "drawn picture"), self.cr.savepoint():
                visit.write({"customer_signature": value})
        self.assertFalse(visit.customer_signature)

    def test_drawing_is_taken_for_what_the_page_showed(self):
        """M32: on the screen of our people, too."""
        visit = self.make_visit(state="on_site")
        visit.action_arrive()
        visit.result = "Closed again"
        self.env.flush_all()
        seen = visit.shown_version
        visit.with_user(self.manager).result = "Nothing was wrong"
        own = visit.with_user(self.specialist)
        with self.assertRaisesRegex(UserError, "was changed after this page"), self.cr.savepoint():
            own.write({**self.feedback(), "shown_version": seen})
        self.assertFalse(visit.customer_signature)
        # what the form itself changes is on the page
        self.env.invalidate_all()
        change = {"shown_version": {}, "result": {}}
        filled = own.onchange({"result": "Tidied"}, ["result"], change)
        self.assertNotIn("shown_version", filled["value"])
        own.write({**self.feedback(result="Tidied"), "shown_version": visit.shown_version})
        self.assertEqual((visit.result, bool(visit.customer_signature)), ("Tidied", True))
        own.action_sign()
        self.assertTrue(visit.signature_valid)

    def test_nothing_is_sealed_that_changed_after_it_was_drawn(self):
        """M32: the drawing stands for what was read."""
        visit = self.make_visit(state="on_site")
        visit.action_arrive()
        visit.write(self.feedback())
        visit.with_user(self.manager).result = "Nothing was wrong"
        with self.assertRaisesRegex(UserError, "after the customer had drawn"), self.cr.savepoint():
            visit.with_user(self.specialist).action_sign()
        # the answers of the customer are no part of what was read
        visit.write({**self.feedback(), "customer_opinion": "Quick"})
        visit.customer_opinion = "Very quick"
        visit.with_user(self.specialist).action_sign()
        self.assertTrue(visit.signature_valid)
