"""What follows from the customer's answer to a renewal notice (五.2.2, 五.5.2)."""

from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from ..notice.notice_common import END, NoticeCommon


@tagged("post_install", "-at_install")
class TestRenewalAnswers(NoticeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement = cls.signed()
        cls.notice = cls.announce(cls.agreement)
        cls.call = cls.notice.callback_ids.with_user(cls.callback)

    def bare_notice(self, lines=1):
        """A notice for software without an agreement, of one product line or several."""
        customer = self.make_customer()
        for _number in range(lines):
            line = self.env["aftersales.product.line"].create({"name": "Another", "brand": "B"})
            self.make_installation(customer, self.make_software(line=line), end=END)
        return self.create_due().filtered(lambda row: row.partner_id == customer)

    def following(self, call=None):
        call = call or self.call
        return call.notice_id.callback_ids.filtered(
            lambda row: row.renewal_round == call.renewal_round + 1
        )

    # Renewing

    def test_renewing_without_an_agreement_tells_the_specialist_who_makes_it(self):
        """M51"""
        notice = self.bare_notice()
        call = notice.callback_ids.with_user(self.callback)
        call.action_record("reached", "renewing")
        self.assertEqual(self.activities(notice, "make_agreement").user_id, self.specialist)
        with self.assertRaises(AccessError):
            call.action_renew()
        for button in (notice.with_user(self.specialist), call.with_user(self.specialist)):
            action = button.action_renew()
            agreement = self.env["contract.contract"].browse(action["res_id"])
            self.assertEqual(agreement.installation_ids, notice.installation_ids)
            self.assertEqual(agreement.term_start, date(2027, 1, 1))
        self.assertFalse(self.activities(notice, "make_agreement"))

    def test_software_of_two_product_lines_gets_two_agreements(self):
        """M51"""
        notice = self.bare_notice(lines=2)
        notice.callback_ids.with_user(self.callback).action_record("reached", "renewing")
        action = notice.with_user(self.specialist).action_renew()
        found = self.env["contract.contract"].search(action["domain"])
        self.assertEqual(len(found), 2)
        self.assertEqual(found.installation_ids, notice.installation_ids)

    def test_renewing_without_a_specialist_goes_to_the_managers(self):
        """M51"""
        notice = self.bare_notice()
        notice.partner_id.service_user_id = False
        notice.callback_ids.with_user(self.callback).action_record("reached", "renewing")
        self.assertIn(self.manager, self.activities(notice, "make_agreement").user_id)

    def test_a_planned_call_about_software_makes_its_agreement(self):
        """M51"""
        customer = self.make_customer()
        installation = self.make_installation(customer, end=END)
        call = self.call.create({"partner_id": customer.id})
        call.action_record("reached", "renewing")
        self.assertEqual(self.activities(call, "make_agreement").user_id, self.specialist)
        action = call.with_user(self.specialist).action_renew()
        agreement = self.env["contract.contract"].browse(action["res_id"])
        self.assertEqual(agreement.installation_ids, installation)

    def test_no_agreement_is_made_before_the_customer_said_so(self):
        """M51"""
        with self.assertRaises(UserError):
            self.notice.with_user(self.specialist).action_renew()

    # Considering

    def test_considering_needs_a_day_a_week_before_the_end_at_the_latest(self):
        """M51"""
        last = self.company._say_day(self.day("2026-12-24"))
        for day in (None, False, "2026-11-30", "2026-12-25"):
            with self.subTest(day=day), self.assertRaisesRegex(UserError, last):
                self.call.action_record("reached", "considering", next_call_on=day)
        self.assertEqual(self.call.state, "todo")
        self.call.action_record("reached", "considering", next_call_on="2026-12-24")
        self.assertRecordValues(
            self.following(),
            [
                {
                    "state": "todo",
                    "kind": "renewal",
                    "due_date": date(2026, 12, 24),
                    "user_id": self.callback.id,
                    "contract_id": self.agreement.id,
                    "answer": False,
                }
            ],
        )
        self.assertEqual(self.notice.answer, "considering")

    def test_the_next_call_and_the_notice_hold_each_answer_once(self):
        self.call.action_record(
            "reached", "considering", note="after May", next_call_on="2026-12-10"
        )
        second = self.following().with_user(self.callback)
        self.assertIn("after May", second.note)
        with freeze_time("2026-12-10 02:00:00"):
            second.action_record(
                "reached", "considering", note="in June", next_call_on="2026-12-20"
            )
        posted = self.notice.message_ids.filtered(lambda message: "in June" in message.body)
        for text in (posted.body, self.following(second).note):
            self.assertIn("in June", text)
            self.assertNotIn("after May", text)

    def test_the_dialogue_asks_for_the_day(self):
        """M51"""
        dialog = self.env["aftersales.callback.record"].with_user(self.callback)
        form = Form(dialog.with_context(**self.call.action_open_record()["context"]))
        form.answer = "considering"
        with self.assertRaises(AssertionError):
            form.save()
        form.next_call_on = "2026-12-18"
        form.save().action_record()
        self.assertEqual(self.following().due_date, date(2026, 12, 18))

    def test_in_the_last_week_the_next_call_is_on_the_next_working_day(self):
        """M51"""
        with freeze_time("2026-12-28 02:00:00"):
            with self.assertRaises(UserError):
                self.call.action_record("reached", "considering", next_call_on="2026-12-30")
            self.call.action_record("reached", "considering", next_call_on="2026-12-29")
        self.assertEqual(self.following().due_date, date(2026, 12, 29))

    def test_the_next_call_asks_again(self):
        """M51"""
        self.call.action_record("reached", "considering", next_call_on="2026-12-10")
        second = self.following().with_user(self.callback)
        with self.assertRaises(UserError):
            second.action_record("reached", note="still thinking")
        second.action_record("reached", "renewing")
        self.assertEqual(self.notice.answer, "renewing")
        self.assertTrue(self.activities(self.agreement, "make_renewal"))

    def test_the_task_to_make_the_renewal_ends_when_it_is_made(self):
        self.call.action_record("reached", "renewing")
        self.assertTrue(self.activities(self.agreement, "make_renewal"))
        self.agreement.with_user(self.specialist).action_renew()
        self.assertFalse(self.activities(self.agreement, "make_renewal"))

    def test_an_agreed_day_follows_an_earlier_end(self):
        """M51"""
        self.deliver(self.notice)
        self.call.action_record("reached", "considering", next_call_on="2026-12-24")
        self.agreement.term_end = date(2026, 12, 20)
        self.notices._reconcile(self.company)
        self.assertEqual(self.following().due_date, date(2026, 12, 13))

    # Declining

    def test_declining_tells_the_managers_and_plans_a_last_call(self):
        """M51"""
        self.call.action_record("reached", "declining", "too dear")
        told = self.activities(self.notice, "renewal_declined")
        self.assertIn(self.manager, told.user_id)
        self.assertIn("too dear", told[0].note)
        # ten working days before 31 December
        self.assertEqual(self.following().due_date, date(2026, 12, 17))

    def test_after_that_day_a_decline_is_the_last_word(self):
        """M51"""
        with freeze_time("2026-12-17 02:00:00"):
            self.call.action_record("reached", "declining", "too dear")
        self.assertFalse(self.following())
        self.assertTrue(self.activities(self.notice, "renewal_declined"))

    # In writing

    def test_an_answer_in_writing_has_the_same_effects(self):
        """M51"""
        notice = self.notice
        for answer, values in (
            ("perhaps", {}),
            ("declining", {"reason": " "}),
            ("considering", {}),
            ("considering", {"day": "2026-12-25"}),
        ):
            with self.subTest(answer), self.assertRaises(UserError):
                notice._take_written_answer(answer, "Li Na", **values)
        notice._take_written_answer("considering", "Li Na", day="2026-12-15")
        self.assertEqual((notice.answer, self.call.due_date), ("considering", date(2026, 12, 15)))
        notice._take_written_answer("declining", "Li Na", reason="closing down")
        self.assertEqual((notice.answer, self.call.due_date), ("declining", date(2026, 12, 17)))
        self.assertTrue(self.activities(notice, "renewal_declined"))
        self.call.action_record("reached", "renewing")
        self.assertEqual(notice.answer, "renewing")

    def test_a_declined_renewal_offer_is_a_declined_notice(self):
        """M51"""
        offer = self.agreement._renew()
        self.fax(offer)
        offer._decline_offer("Li Na", "too dear", self.agreement.partner_id)
        self.assertEqual(self.notice.answer, "declining")
        self.assertIn("too dear", self.call.note)
        self.assertTrue(self.activities(self.notice, "renewal_declined"))

    def test_no_answer_is_written_past_its_method(self):
        """M51"""
        for values in ({"written_answer": "renewing"}, {"written_by": "me"}):
            with self.assertRaises(UserError):
                self.notice.with_user(self.manager).write(values)
        with self.assertRaises(UserError):
            self.call.write({"renewal_round": 2})
