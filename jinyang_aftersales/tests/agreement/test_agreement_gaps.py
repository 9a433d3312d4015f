"""What is asked for at our signature, when the copy returns, and when the invoice leaves (五.2.3 – 五.2.6)."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from ..common import AftersalesCommon

DISPATCH_ACTIVITY = "jinyang_aftersales.mail_activity_invoice_dispatch"


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 04:00:00")
class TestAgreementGaps(AftersalesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.aftersales_payment_days = 3
        cls.agreement = cls.make_agreement(start=cls.day("2026-04-01"))
        cls.contact = cls.agreement.partner_id.software_contact_id
        cls.mine = cls.agreement.with_user(cls.specialist)
        cls.managed = cls.agreement.with_user(cls.manager)

    # Our signature

    def test_each_thing_missing_at_the_signature_is_named(self):
        """M53"""
        for name, value, missing in (
            ("signed_by_id", False, "who signs for us"),
            ("signed_by_id", self.make_user("visitor", "base.group_portal").id, "who signs"),
            ("signed_on", False, "day of our signature"),
            ("is_sealed", False, "our seal"),
            ("return_due_date", False, "expected back"),
            ("invoice_contact_id", False, "contact who receives the invoice"),
            ("invoice_address", " ", "address the invoice goes to"),
        ):
            with self.subTest(name), self.assertRaisesRegex(UserError, missing):
                self.sign(self.mine, **{name: value})
        with self.assertRaisesRegex(UserError, "our seal, .*expected back"):
            self.mine.action_sign()
        self.assertEqual(self.agreement.agreement_stage, "draft")
        self.assertFalse(self.agreement.invoice_ids)

    def test_only_a_manager_signs_incomplete_and_says_why(self):
        """M53"""
        with self.assertRaisesRegex(UserError, "our seal"):
            self.sign(self.mine, "the seal is in Chengdu", is_sealed=False)
        with self.assertRaisesRegex(UserError, "our seal"):
            self.sign(self.managed, " ", is_sealed=False)
        self.sign(self.managed, "the seal is in Chengdu", is_sealed=False)
        self.assertRecordValues(
            self.agreement,
            [
                {
                    "agreement_stage": "signed",
                    "is_sealed": False,
                    "signing_reason": "the seal is in Chengdu",
                }
            ],
        )
        self.assertIn("our seal", str(self.agreement.message_ids.mapped("body")))

    def test_the_dialogue_proposes_and_signs(self):
        """M53"""
        self.contact.street = "人民路 1 号"
        self.agreement.invoice_contact_id = self.contact
        dialog = self.env["aftersales.agreement.sign"].with_user(self.specialist)
        dialog = dialog.with_context(**self.mine.action_open_sign()["context"])
        with Form(dialog) as form:
            self.assertEqual(form.signed_by_id, self.specialist)
            self.assertEqual(form.payment_due_date, self.day("2026-03-13"))
            self.assertIn("人民路", form.invoice_address)
            form.is_sealed = True
            form.return_due_date = "2026-03-20"
        form.record.action_sign()
        self.assertRecordValues(
            self.agreement,
            [
                {
                    "agreement_stage": "signed",
                    "is_sealed": True,
                    "return_due_date": self.day("2026-03-20"),
                    "invoice_address": "人民路 1 号",
                    "signing_reason": False,
                }
            ],
        )

    def test_a_free_agreement_asks_for_no_invoice_contact(self):
        """M53"""
        free = self.make_agreement(price=0.0).with_user(self.specialist)
        self.sign(free, invoice_contact_id=False, invoice_address=False)
        self.assertEqual(free.agreement_stage, "signed")

    def test_the_invoice_goes_to_somebody_of_the_customer(self):
        """M53"""
        stranger = self.make_customer().software_contact_id
        with self.assertRaises(ValidationError):
            self.agreement.invoice_contact_id = stranger
        self.agreement.invoice_contact_id = self.contact
        self.contact.parent_id = self.make_customer()
        with self.assertRaisesRegex(UserError, "contact who receives the invoice"):
            self.sign(self.mine)

    def test_nothing_of_the_signature_is_written_past_the_dialogue(self):
        """M53"""
        for stage in ("draft", "signed"):
            if stage == "signed":
                self.sign(self.mine)
            for name, value in (
                ("is_sealed", stage == "draft"),
                ("customer_signatory", "王芳"),
                ("is_customer_sealed", True),
                ("countersigned_on", "2026-03-09"),
            ):
                for row in (self.mine, self.managed, self.agreement):
                    with self.subTest(name, stage=stage), self.assertRaises(UserError):
                        row.write({name: value})
        with self.assertRaises(UserError):
            self.make_agreement(is_sealed=True)
        with self.assertRaises(UserError):
            self.mine.action_sign({"paid_on": "2026-03-10"})

    def test_a_manager_corrects_our_signature_with_a_reason(self):
        """M53"""
        self.sign(self.mine)
        values = {"signed_by_id": self.colleague.id, "signed_on": "2026-03-09", "is_sealed": True}
        with self.assertRaises(AccessError):
            self.mine.action_correct_signature(values, "wrong")
        with self.assertRaises(UserError):
            self.managed.action_correct_signature(values, "")
        self.managed.action_correct_signature(values, "the colleague signed")
        self.assertEqual(self.agreement.signed_by_id, self.colleague)
        self.assertIn("the colleague signed", str(self.agreement.message_ids.mapped("body")))

    # The copy

    def test_the_copy_has_signatory_day_and_seal(self):
        """M53"""
        copy = {
            "customer_signatory": "王芳",
            "countersigned_on": "2026-03-10",
            "is_customer_sealed": True,
        }
        with self.assertRaisesRegex(UserError, "not signed yet"):
            self.mine.action_record_copy(copy)
        self.sign(self.mine)
        for name in copy:
            with self.subTest(name), self.assertRaisesRegex(UserError, "missing"):
                self.mine.action_record_copy({**copy, name: False}, "never mind")
        with self.assertRaisesRegex(UserError, "not come yet"):
            self.mine.action_record_copy({**copy, "countersigned_on": "2026-03-11"})
        self.mine.action_record_copy(copy)
        self.assertRecordValues(
            self.agreement, [{**copy, "countersigned_on": self.day("2026-03-10")}]
        )
        # the same again corrects nothing
        self.mine.action_record_copy(copy)
        with self.assertRaisesRegex(UserError, "correction"):
            self.mine.action_record_copy({**copy, "customer_signatory": "李明"}, "misread")
        self.managed.action_record_copy({**copy, "customer_signatory": "李明"}, "misread")
        self.assertEqual(self.agreement.customer_signatory, "李明")

    def test_a_manager_accepts_a_copy_without_seal(self):
        """M53"""
        self.sign(self.mine)
        copy = {"customer_signatory": "王芳", "countersigned_on": "2026-03-10"}
        self.managed.action_record_copy(copy, "a school without a seal")
        self.assertEqual(self.agreement.customer_signatory, "王芳")
        self.assertIn("without a seal", str(self.agreement.message_ids.mapped("body")))

    # Taken over

    def test_an_agreement_signed_before_is_taken_over_without_invoice(self):
        """M53"""
        with self.assertRaises(UserError):
            self.managed.action_take_over("in the old cabinet")
        self.agreement.signed_on = "2025-03-01"
        with self.assertRaises(UserError):
            self.mine.action_take_over("in the old cabinet")
        with self.assertRaises(UserError):
            self.managed.action_take_over(" ")
        self.managed.action_take_over("in the old cabinet")
        self.assertEqual(self.agreement.agreement_stage, "signed")
        self.assertFalse(self.agreement.invoice_ids)
        self.assertFalse(self.agreement.archive_entry_ids)
        with self.assertRaisesRegex(UserError, "invoiced elsewhere"):
            self.managed.action_create_invoice()

    # Payment day

    def test_the_agreed_day_is_the_due_date_and_is_chased(self):
        """M52"""
        self.sign(self.mine, payment_due_date="2026-03-11")
        invoice = self.agreement.invoice_ids
        self.assertEqual(invoice.invoice_date_due, self.day("2026-03-11"))
        contracts = self.env["contract.contract"]
        self.assertFalse(contracts._chase_late_payments(self.company, self.day("2026-03-11")))
        self.assertEqual(
            contracts._chase_late_payments(self.company, self.day("2026-03-12")), self.agreement
        )

    def test_without_an_agreed_day_the_setting_counts(self):
        """M52"""
        self.sign(self.mine, payment_due_date=False)
        self.assertEqual(self.agreement.payment_due_date, self.day("2026-03-13"))
        self.assertEqual(self.agreement.invoice_ids.invoice_date_due, self.day("2026-03-13"))

    def test_a_later_day_needs_a_managers_reason(self):
        """M52"""
        day = self.company._say_day(self.day("2026-03-13"))
        with self.assertRaisesRegex(UserError, f"payment by {day}"):
            self.sign(self.mine, payment_due_date="2026-03-14")
        self.sign(self.managed, "paid with the budget of April", payment_due_date="2026-04-14")
        self.assertEqual(self.agreement.invoice_ids.invoice_date_due, self.day("2026-04-14"))
        self.assertFalse(
            self.env["contract.contract"]._chase_late_payments(self.company, self.day("2026-04-14"))
        )

    def test_another_day_after_the_signature_moves_invoice_and_chase(self):
        """M52"""
        self.sign(self.mine)
        with self.assertRaises(UserError):
            self.mine.payment_due_date = "2026-05-01"
        with self.assertRaises(AccessError):
            self.mine.action_move_payment_day("2026-05-01", "asked for it")
        for day, reason in (("2026-05-01", ""), ("2026-03-09", "earlier"), (False, "none")):
            with self.assertRaises(UserError):
                self.managed.action_move_payment_day(day, reason)
        contracts = self.env["contract.contract"]
        contracts._chase_late_payments(self.company, self.day("2026-03-14"))
        self.assertTrue(self.agreement.payment_chased_on)
        self.managed.action_move_payment_day("2026-05-01", "budget of May")
        invoice = self.agreement.invoice_ids
        self.assertEqual(invoice.invoice_date_due, self.day("2026-05-01"))
        self.assertEqual(invoice.state, "posted")
        self.assertFalse(self.agreement.payment_chased_on)
        self.assertFalse(contracts._chase_late_payments(self.company, self.day("2026-05-01")))
        self.assertTrue(contracts._chase_late_payments(self.company, self.day("2026-05-02")))

    # Dispatch

    def test_a_dispatch_is_recorded_where_there_is_an_invoice(self):
        """M53"""
        sent = {"invoice_sent_on": "2026-03-10", "invoice_tracking_number": "SF1"}
        for row in (self.mine, self.managed, self.agreement):
            with self.assertRaisesRegex(UserError, "no invoice"):
                row.write(sent)
        self.sign(self.mine)
        with self.assertRaisesRegex(UserError, "future"):
            self.mine.invoice_sent_on = "2026-03-11"
        self.mine.write(sent)
        with self.assertRaisesRegex(UserError, "corrects"):
            self.mine.invoice_tracking_number = "SF2"
        self.managed.invoice_tracking_number = "SF2"

    def test_a_dispatch_that_is_owed_is_reminded(self):
        """M53"""
        self.company.aftersales_dispatch_days = 1
        self.sign(self.mine)
        self.assertEqual(self.agreement.invoice_dispatch_due, self.day("2026-03-11"))
        contracts, kind = self.env["contract.contract"], self.env.ref(DISPATCH_ACTIVITY)

        def told(day):
            with freeze_time(f"{day} 04:00:00"):
                contracts._remind_all(self.company, self.day(day))
            rows = self.agreement.activity_ids.filtered(lambda row: row.activity_type_id == kind)
            return rows.user_id

        self.assertFalse(told("2026-03-11"))
        self.assertEqual(told("2026-03-12"), self.specialist)
        self.assertIn(self.manager, told("2026-03-13"))
        with freeze_time("2026-03-13 04:00:00"):
            self.mine.invoice_sent_on = "2026-03-13"
        self.assertFalse(self.agreement.activity_ids)

    def test_no_invoice_no_dispatch(self):
        """M53"""
        self.sign(self.mine)
        self.agreement.invoice_ids.button_cancel()
        self.commit()
        self.assertFalse(self.agreement.invoice_dispatch_due)
        self.mine.action_create_invoice()
        self.assertTrue(self.agreement.invoice_dispatch_due)
