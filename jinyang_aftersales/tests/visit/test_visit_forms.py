import base64

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .visit_common import VisitCommon, drawing


@tagged("post_install", "-at_install")
class TestFormFromPhone(VisitCommon):
    """五.3.5, 五.7.2: a feedback form signed on the phone is received with its seal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.aftersales_phone_form_received = True

    def call(self, visit):
        return visit.sudo().callback_ids

    def test_form_signed_on_the_phone_is_received_and_opens_the_call(self):
        visit = self.make_visit(state="feedback")
        self.assertTrue(visit.feedback_received_on)
        self.assertEqual(visit.feedback_way, "phone")
        self.assertFalse(visit.feedback_received_by_id, "nobody handed it in")
        self.assertRecordValues(
            self.call(visit), [{"kind": "visit", "state": "todo", "user_id": self.callback.id}]
        )
        self.assertFalse(visit.with_user(self.callback).can_receive)
        self.assertFalse(visit.is_overdue)

    def test_company_may_want_forms_handed_in(self):
        self.company.aftersales_phone_form_received = False
        visit = self.make_visit(state="feedback")
        self.assertFalse(visit.feedback_received_on)
        self.assertFalse(self.call(visit))
        visit.with_user(self.callback).action_receive_feedback()
        self.assertEqual(visit.feedback_received_by_id, self.callback)
        self.assertEqual(len(self.call(visit)), 1)

    def test_form_without_a_valid_seal_is_not_received(self):
        visit = self.make_visit(state="on_site")
        visit.action_arrive()
        visit.write(self.feedback())
        # a fact the customer signed is changed before the seal is looked at
        seal = type(visit)._seal

        def broken(records):
            seal(records)
            self.env.flush_all()
            self.cr.execute(
                "UPDATE aftersales_visit SET result = 'Other' WHERE id = %s", [records.id]
            )
            records.invalidate_recordset()

        self.patch(type(visit), "_seal", broken)
        visit.action_sign()
        self.assertFalse(visit.feedback_received_on)
        self.assertFalse(self.call(visit))

    def test_form_whose_seal_broke_afterwards_is_to_be_handed_in(self):
        visit = self.make_visit(state="feedback")
        self.env.flush_all()
        self.cr.execute("UPDATE aftersales_visit SET result = 'Other' WHERE id = %s", [visit.id])
        self.env.invalidate_all()
        self.assertFalse(visit.signature_valid)
        desk = visit.with_user(self.callback)
        self.assertTrue(desk.can_receive)
        desk.action_receive_feedback()
        self.assertEqual(visit.feedback_received_by_id, self.callback)
        self.assertEqual(len(self.call(visit)), 1, "the call that is there")

    def test_reopened_form_is_not_received_until_it_is_signed_again(self):
        visit = self.make_visit(state="feedback")
        call = self.call(visit)
        visit.with_user(self.manager).action_reopen()
        self.assertRecordValues(
            visit, [{"feedback_received_on": False, "feedback_way": False, "state": "on_site"}]
        )
        visit.customer_signature = drawing(200)
        visit.action_sign()
        self.assertTrue(visit.feedback_received_on)
        self.assertEqual(self.call(visit), call)

    def test_form_is_not_reopened_once_the_customer_was_called(self):
        visit = self.make_visit(state="feedback")
        self.call(visit).with_user(self.callback).action_record("reached", note="Fine")
        with self.assertRaisesRegex(UserError, "was called"):
            visit.with_user(self.manager).action_reopen()

    def test_call_of_a_visit_that_is_cancelled_after_all_is_not_made(self):
        visit = self.make_visit(state="feedback")
        visit.with_user(self.manager).action_reopen()
        visit.with_user(self.manager).action_cancel("Nobody was there")
        self.assertEqual(self.call(visit).state, "cancelled")
        visit.action_draft()
        self.tomorrow_again(visit)
        self.bring(visit, "feedback")
        self.assertEqual(self.call(visit).sorted("round").mapped("state"), ["cancelled", "todo"])

    def tomorrow_again(self, visit):
        visit.write(
            {
                "date_planned_start": self.tomorrow,
                "date_planned_end": self.tomorrow.replace(hour=23, minute=59),
                "arrival_agreed_with_id": self.contact.id,
            }
        )


@tagged("post_install", "-at_install")
class TestFormOnPaper(VisitCommon):
    """五.3.5: a form that was signed or sealed on paper is accepted with its scan."""

    def setUp(self):
        super().setUp()
        self.visit = self.make_visit(state="on_site")
        self.visit.action_arrive()
        self.visit.write({"result": "Closed", "signed_by_id": self.contact.id})
        self.today = self.company._aftersales_today()
        self.scan = drawing()

    def dialogue(self, user=None, **values):
        visit = self.visit.with_user(user or self.specialist)
        action = visit.action_open_paper()
        return (
            self.env[action["res_model"]]
            .with_user(user or self.specialist)
            .with_context(**action["context"])
            .create({"scan": self.scan, "scan_name": "form.png", **values})
        )

    def test_paper_with_its_scan_signs_the_visit_and_is_received_by_hand(self):
        self.dialogue(
            signed_by_name="财务部（盖章）", score_attitude="4", customer_opinion="好"
        ).action_confirm()
        self.assertRecordValues(
            self.visit,
            [
                {
                    "state": "feedback",
                    "feedback_way": "paper",
                    "signed_by_name": "财务部（盖章）",
                    "paper_signed_on": self.today,
                    "score_attitude": "4",
                    "customer_opinion": "好",
                    "signature_hash": False,
                    "feedback_received_on": False,
                }
            ],
        )
        kept = self.visit.with_context(bin_size=False).paper_scan
        self.assertEqual(base64.b64decode(kept), base64.b64decode(self.scan))
        self.assertIn("SHA-256", "".join(self.visit.message_ids.mapped("body")))
        self.assertFalse(self.visit.sudo().callback_ids)
        self.visit.with_user(self.callback).action_receive_feedback()
        self.assertTrue(self.visit.sudo().callback_ids)

    def test_paper_without_a_scan_is_refused(self):
        with self.assertRaisesRegex(UserError, "scan"):
            self.visit.action_sign_paper(self.today, False)
        for raw in (b"<html/>", b"GIF89a"):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.visit.action_sign_paper(self.today, base64.b64encode(raw).decode())
        self.assertEqual(self.visit.state, "on_site")

    def test_day_of_the_paper_is_between_arrival_and_today(self):
        for day in ("2020-01-01", "2099-01-01", False):
            with self.assertRaisesRegex(UserError, "right day"):
                self.visit.action_sign_paper(day, self.scan)

    def test_paper_needs_arrival_result_and_signatory(self):
        self.visit.signed_by_id = False
        self.visit.signed_by_name = False
        with self.assertRaisesRegex(UserError, "Signatory"):
            self.visit.action_sign_paper(self.today, self.scan)
        early = self.make_visit(state="on_site")
        with self.assertRaisesRegex(UserError, "Arrived"):
            early.action_open_paper()
        with self.assertRaises(UserError):
            self.make_visit(state="approved").action_open_paper()

    def test_scan_of_the_paper_is_written_by_nobody_else(self):
        self.visit.action_sign_paper(self.today, self.scan)
        for user in (self.specialist, self.manager, self.env.ref("base.user_root")):
            for values in (
                {"paper_scan": False},
                {"paper_scan": drawing(200)},
                {"paper_signed_on": "2020-01-01"},
                {"feedback_way": "phone"},
            ):
                with self.assertRaises(UserError), self.cr.savepoint():
                    self.visit.with_user(user).write(values)
        files = self.env["ir.attachment"].search(
            [("res_model", "=", "aftersales.visit"), ("res_field", "=", "paper_scan")]
        )
        self.assertTrue(files)
        with self.assertRaises(AccessError):
            files.with_user(self.manager).unlink()

    def test_paper_is_accepted_by_who_may_write_the_visit(self):
        for user in (self.colleague, self.callback, self.archivist, self.developer):
            with self.assertRaises(AccessError), self.cr.savepoint():
                self.visit.with_user(user).action_sign_paper(self.today, self.scan)
        self.visit.with_user(self.manager).action_sign_paper(self.today, self.scan)

    def test_void_paper_stays_in_the_history(self):
        self.visit.action_sign_paper(self.today, self.scan, "form.png")
        self.visit.with_user(self.manager).action_reopen()
        self.assertRecordValues(
            self.visit, [{"state": "on_site", "paper_signed_on": False, "paper_scan": False}]
        )
        self.assertTrue(self.visit.message_ids.attachment_ids)
