"""Calls to customers about their renewal."""

from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from ..notice.notice_common import TODAY, NoticeCommon


@tagged("post_install", "-at_install")
class TestCallback(NoticeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement = cls.signed()
        cls.notice = cls.announce(cls.agreement)
        cls.call = cls.notice.callback_ids.with_user(cls.callback)

    def record(self, **values):
        action = self.call.action_open_record()
        wizards = self.env["aftersales.callback.record"].with_user(self.callback)
        wizards.with_context(**action["context"]).create(values).action_record()

    def test_notice_opens_a_call_for_the_next_working_day(self):
        self.assertRecordValues(
            self.call,
            [
                {
                    "kind": "renewal",
                    "state": "todo",
                    "due_date": date(2026, 12, 1),
                    "user_id": self.callback.id,
                    "partner_id": self.agreement.partner_id.id,
                    "contact_id": self.agreement.partner_id.software_contact_id.id,
                    "contract_id": self.agreement.id,
                    "company_id": self.company.id,
                }
            ],
        )

    def test_answer_is_kept_and_shown_on_notice_and_agreement(self):
        self.record(
            result="reached",
            answer="considering",
            note="asks for a discount",
            next_call_on="2026-12-10",
        )
        self.assertRecordValues(
            self.call,
            [
                {
                    "state": "done",
                    "result": "reached",
                    "answer": "considering",
                    "attempt_count": 1,
                    "called_by_id": self.callback.id,
                }
            ],
        )
        self.assertEqual(self.notice.answer, "considering")
        self.assertIn(self.notice, self.notices.search([("answer", "=", "considering")]))
        for document in (self.notice, self.agreement):
            message = document.message_ids[0]
            self.assertIn("Considering", message.body)
            self.assertIn("asks for a discount", message.body)
            self.assertEqual(message.author_id, self.callback.partner_id)

    def test_reached_needs_an_answer_and_declining_a_reason(self):
        for values in (
            {"result": "reached"},
            {"result": "reached", "answer": "perhaps"},
            {"result": "reached", "answer": "declining"},
            {"result": "reached", "answer": "declining", "decline_reason": " "},
            {"result": "engaged"},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                self.call.action_record(**values)
        self.assertEqual((self.call.state, self.call.attempt_count), ("todo", 0))
        self.call.action_record("reached", "declining", "too expensive")
        self.assertEqual((self.call.state, self.call.decline_reason), ("done", "too expensive"))

    def test_unreachable_is_tried_the_next_working_day_and_told_after_three_calls(self):
        for day, due in (("01", 2), ("02", 3), ("05", 7), ("07", 8)):
            with freeze_time(f"2026-12-{day} 02:00:00"):
                self.call.action_record("unreachable")
                self.assertEqual(self.call.due_date, date(2026, 12, due))
        self.assertEqual((self.call.state, self.call.attempt_count), ("todo", 4))
        told = self.activities(self.call, "unreachable")
        self.assertEqual(told.user_id, self.manager)
        self.call.action_record("reached", "renewing")
        self.assertFalse(self.activities(self.call, "unreachable"))

    def test_call_is_recorded_once(self):
        self.call.action_record("reached", "considering", next_call_on="2026-12-10")
        with self.assertRaisesRegex(UserError, "already been recorded"):
            self.call.action_record("reached", "renewing")
        self.assertEqual(self.call.answer, "considering")

    def test_customer_who_renews_gives_the_specialist_a_task_and_the_button(self):
        with self.assertRaises(UserError):
            self.call.action_renew()
        self.call.action_record("reached", "renewing")
        self.assertEqual(self.activities(self.agreement, "make_renewal").user_id, self.specialist)
        action = self.call.with_user(self.specialist).action_renew()
        self.assertEqual(action["res_id"], self.agreement.renewal_ids.id)
        with self.assertRaises(AccessError):
            self.call.action_renew()

    def test_overdue_is_seen_by_the_companys_day(self):
        with freeze_time("2026-12-01 15:59:00"):
            self.call.invalidate_recordset()
            self.assertFalse(self.call.is_overdue)
            self.assertFalse(self.call.search([("is_overdue", "=", True)]))
        with freeze_time("2026-12-01 16:00:00"):
            self.call.invalidate_recordset()
            self.assertTrue(self.call.is_overdue)
            self.assertEqual(self.call.search([("is_overdue", "=", True)]), self.call)
            self.assertFalse(self.call.search([("is_overdue", "=", False)]))

    def test_only_callers_and_managers_record(self):
        for user in (self.specialist, self.archivist, self.employee):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.call.with_user(user).action_record("reached", "renewing")
        self.assertEqual(self.call.with_user(self.specialist).state, "todo")
        self.call.with_user(self.manager).action_record("reached", "renewing")

    def test_result_cannot_be_written_or_created(self):
        for user in (self.callback, self.manager, self.director):
            call = self.call.with_user(user)
            for values in (
                {"state": "done"},
                {"answer": "renewing"},
                {"result": "reached"},
                {"attempt_count": 0},
                {"decline_reason": "x"},
                {"called_on": TODAY},
                {"called_by_id": self.manager.id},
                {"notice_id": False},
            ):
                with self.subTest(user=user.name, values=values), self.assertRaises(UserError):
                    call.write(values)
            with self.assertRaises(UserError):
                call.create({"partner_id": self.agreement.partner_id.id, "state": "done"})

    def test_caller_plans_own_calls_and_changes_day_and_note(self):
        call = self.call.create(
            {
                "partner_id": self.agreement.partner_id.id,
                "due_date": date(2026, 12, 1),
                "state": "todo",
            }
        )
        call.write({"due_date": date(2026, 12, 24), "note": "after the holiday"})
        call.action_record("reached", "considering", next_call_on="2026-12-24")
        self.assertEqual(call.state, "done")
        with self.assertRaises(AccessError):
            call.unlink()

    def test_callers_see_their_companies_only(self):
        other = self.make_company()
        call = self.call.sudo().create(
            {"partner_id": self.agreement.partner_id.id, "company_id": other.id, "due_date": TODAY}
        )
        self.assertNotIn(call, self.call.search([]))
        with self.assertRaises(AccessError):
            call.with_user(self.callback).action_record("unreachable")

    def test_name_says_who_is_called_about_what(self):
        self.assertEqual(self.call.display_name, f"{self.agreement.partner_id.name} – Renewal")
