from datetime import date, datetime, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from .test_visit_record import THURSDAY
from .visit_common import VisitCommon

ANSWER = "jinyang_aftersales.mail_activity_visit_answer"
CANCELLED = "helpdesk_mgmt.helpdesk_ticket_stage_cancelled"


@tagged("post_install", "-at_install")
class TestVisitAnswer(VisitCommon):
    """M01: of an approved visit somebody says what became of it, and saying nothing moves no day (五.3.6, 七.4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = freeze_time(THURSDAY)
        clock.start()
        cls.addClassCleanup(clock.stop)
        # on Friday from ten to twelve in Shanghai: an answer is due on Monday
        cls.visit = cls.make_visit(state="approved", start=THURSDAY + timedelta(days=1))

    def on(self, day, hour=3):
        return freeze_time(datetime(2026, 11, day, hour))

    def remind(self, day):
        with self.on(day):
            self.env["aftersales.deadline.mixin"]._remind_all(self.company, date(2026, 11, day))

    def told(self, visit=None):
        activities = (visit or self.visit).sudo().activity_ids
        return activities.filtered(lambda row: row.activity_type_id == self.env.ref(ANSWER)).user_id

    def unanswered(self, day):
        """Whether the visit is unanswered on a day, in the domain and in the field."""
        with self.on(day):
            self.visit.invalidate_recordset(["is_unanswered"])
            found = self.env["aftersales.visit"].search(
                self.env["aftersales.visit"]
                .with_context(allowed_company_ids=self.company.ids)
                ._get_unanswered_domain()
            )
            self.assertEqual(self.visit in found, self.visit.is_unanswered)
            return self.visit.is_unanswered

    def test_answer_is_due_on_the_working_day_after_the_planned_return(self):
        self.assertEqual(self.visit.answer_due_date, date(2026, 11, 23))
        self.remind(22)
        self.assertFalse(self.told(), "a Sunday")
        self.assertFalse(self.unanswered(22))
        self.remind(23)
        self.remind(23)
        self.assertEqual(self.told(), self.specialist)
        self.assertTrue(self.unanswered(23))

    def test_unanswered_visit_becomes_an_exception_of_the_manager(self):
        self.remind(23)
        self.remind(25)
        self.assertEqual(self.told(), self.specialist | self.manager)
        self.assertFalse(self.visit.record_due_date, "not answering is no case by itself")

    def test_visits_planned_before_the_update_are_not_reminded(self):
        self.company._write_unlocked({"aftersales_duties_since": "2026-11-24"})
        self.remind(25)
        self.assertFalse(self.told())
        self.assertTrue(self.unanswered(25), "managers see it in their list")

    def test_visit_that_took_place_owes_its_record_from_that_day(self):
        self.remind(23)
        with self.on(25):
            self.visit.action_take_place("2026-11-20")
        self.assertRecordValues(
            self.visit,
            [
                {
                    "state": "on_site",
                    "left_on": datetime(2026, 11, 20, 2),
                    "arrived_on": datetime(2026, 11, 20, 2),
                    "returned_on": datetime(2026, 11, 20, 4),
                    "record_due_date": date(2026, 11, 23),
                    "feedback_due_date": date(2026, 11, 23),
                    "served_by_id": self.specialist.id,
                    "answered_on": datetime(2026, 11, 25, 3),
                    "answered_by_id": self.specialist.id,
                    "return_entered_on": datetime(2026, 11, 25, 3),
                    "return_entered_by_id": self.specialist.id,
                }
            ],
        )
        self.assertFalse(self.told())
        with self.on(25, 4):
            self.visit.write(self.feedback())
            self.visit.action_sign()
            self.complete(self.visit)
            self.visit.action_done()
        self.assertEqual(self.visit.state, "done")

    def test_late_departure_is_no_answer(self):
        with self.on(20, 12):
            self.assertFalse(self.visit._get_step_obstacle("action_leave"))
        with self.on(21), self.assertRaisesRegex(UserError, "say on which day"):
            self.visit.action_leave()

    def test_day_of_a_visit_has_happened_after_the_approval_and_was_planned_or_has_a_reason(self):
        with self.on(25):
            for day, text in (
                (False, "Enter the day"),
                ("2026-11-26", "Enter the day"),
                ("2026-11-18", "was approved on"),
                ("2026-11-24", "not planned"),
            ):
                with self.assertRaisesRegex(UserError, text), self.cr.savepoint():
                    self.visit.action_take_place(day)
            self.visit.action_take_place("2026-11-24", "The customer asked for it")
        self.assertEqual(self.visit.left_on, datetime(2026, 11, 24, 2))
        self.assertEqual(self.visit.record_due_date, date(2026, 11, 25))

    def test_dialog_proposes_the_planned_return(self):
        with self.on(25):
            action = self.visit.action_open_take_place()
            model = self.env["aftersales.visit.answer"].with_user(self.specialist)
            form = Form(model.with_context(**action["context"]))
            self.assertEqual(form.day, date(2026, 11, 20))
            form.day = date(2026, 11, 23)
            with self.assertRaisesRegex(AssertionError, "required"):
                form.save()
            form.reason = "Strike"
            form.save().action_confirm()
        self.assertEqual(self.visit.state, "on_site")

    def test_moved_visit_is_asked_about_after_its_new_day(self):
        self.remind(23)
        start = datetime(2026, 11, 26, 2)
        with self.on(23):
            self.visit.action_reschedule(start, start + timedelta(hours=2), self.contact, "Ill")
        self.assertFalse(self.told())
        self.assertEqual(self.visit.answer_due_date, date(2026, 11, 27))
        self.assertFalse(self.unanswered(26))
        self.remind(27)
        self.assertEqual(self.told(), self.specialist)

    def test_everybody_cancels_with_a_reason(self):
        self.remind(23)
        for user in (self.specialist, self.manager):
            visit = self.visit.with_user(user)
            for reason in (False, " ", ""):
                with self.assertRaisesRegex(UserError, "Say why"), self.cr.savepoint():
                    visit.action_cancel(reason)
        dialog = self.visit.action_ask_cancel()
        self.env["aftersales.reason"].with_user(self.specialist).with_context(
            **dialog["context"]
        ).create({"reason": "The customer is closed"}).action_confirm()
        self.assertRecordValues(
            self.visit,
            [
                {
                    "state": "cancelled",
                    "cancel_reason": "The customer is closed",
                    "answered_by_id": self.specialist.id,
                }
            ],
        )
        self.assertFalse(self.told())
        self.visit.action_draft()
        self.assertFalse(self.visit.cancel_reason or self.visit.answered_on)

    def test_answer_is_that_of_who_may_write_the_visit(self):
        for user in (self.colleague, self.callback, self.archivist):
            with self.on(23), self.assertRaises(AccessError):
                self.visit.with_user(user).action_take_place("2026-11-20")

    def test_ticket_of_an_unanswered_visit_is_neither_cancelled_nor_deleted(self):
        ticket = self.visit.ticket_id
        for user in (self.specialist, self.manager):
            with self.assertRaisesRegex(ValidationError, "took place"), self.cr.savepoint():
                ticket.with_user(user).stage_id = self.env.ref(CANCELLED)
        with self.assertRaisesRegex(ValidationError, "took place"), self.cr.savepoint():
            ticket.with_user(self.manager).active = False
        with self.assertRaisesRegex(UserError, "not deleted"), self.cr.savepoint():
            ticket.sudo().unlink()
        self.visit.action_cancel("Not needed")
        ticket.with_user(self.specialist).stage_id = self.env.ref(CANCELLED)

    def test_return_once_entered_is_a_fact(self):
        """The day of the record moves no further when the return is entered again."""
        with self.on(20):
            self.visit.action_leave()
            self.visit.action_return()
        self.assertEqual(self.visit.record_due_date, date(2026, 11, 23))
        with self.on(24):
            for moment in ("2026-11-24 02:00:00", False):
                with self.assertRaisesRegex(UserError, "entered already"), self.cr.savepoint():
                    self.visit.returned_on = moment
            self.visit.returned_on = datetime(2026, 11, 20, 3)
            self.visit.with_user(self.manager).returned_on = datetime(2026, 11, 23, 3)
        self.assertEqual(self.visit.return_entered_on, datetime(2026, 11, 20, 3))
        self.assertEqual(self.visit.record_due_date, date(2026, 11, 24))

    def test_feedback_form_that_was_not_handed_in_makes_the_visit_late(self):
        with self.on(20):
            self.visit.action_take_place("2026-11-20")
            self.complete(self.visit)
            self.env.flush_all()
        visits = self.env["aftersales.visit"].with_user(self.manager)
        for day, late in ((23, False), (24, True)):
            with self.on(day):
                self.visit.invalidate_recordset(["is_overdue"])
                self.assertEqual(self.visit.is_overdue, late)
                found = visits.search([("is_overdue", "=", True)])
                self.assertEqual(self.visit in found, late)

    def test_late_answer_about_a_visit_of_before_the_update_is_no_case(self):
        self.company._write_unlocked({"aftersales_duties_since": "2026-11-24"})
        with self.on(25):
            self.visit.action_take_place("2026-11-20")
        self.assertEqual(self.visit.record_due_date, date(2026, 11, 26))
