from datetime import date, datetime, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .visit_common import VisitCommon

# a Thursday, ten in the morning in Shanghai
THURSDAY = datetime(2026, 11, 19, 2, 0)


@tagged("post_install", "-at_install")
class TestVisitRecord(VisitCommon):
    """五.3.6, 七.4, 五.7.2: the record of a visit, the feedback form and the call-back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = freeze_time(THURSDAY)
        clock.start()
        cls.addClassCleanup(clock.stop)
        cls.start = THURSDAY + timedelta(days=1)

    def visit(self, state, **values):
        return self.make_visit(state=state, start=self.start, **values)

    def remind(self, day):
        """The hourly job on a day."""
        with freeze_time(datetime.combine(day, datetime.min.time()) + timedelta(hours=3)):
            self.env["aftersales.deadline.mixin"]._remind_all(self.company, day)

    def told(self, visit, kind):
        activities = visit.sudo().activity_ids.filtered(
            lambda row: row.activity_type_id
            == self.env.ref(f"jinyang_aftersales.mail_activity_visit_{kind}")
        )
        return activities.user_id

    # --- the ticket ---

    def test_approval_makes_the_record_of_a_visit_that_has_none(self):
        visit = self.visit("submitted", problem="月末结账报错\n<b>科目不平</b>")
        self.assertFalse(visit.ticket_id)
        visit.with_user(self.manager).action_approve()
        ticket = visit.ticket_id
        self.assertRecordValues(
            ticket,
            [
                {
                    "name": "月末结账报错",
                    "partner_id": self.contact.id,
                    "user_id": self.specialist.id,
                    "company_id": self.company.id,
                    "service_mode": "on_site",
                    "record_complete": False,
                    "chargeable": visit.chargeable,
                }
            ],
        )
        self.assertNotIn("<b>", ticket.description)
        self.assertEqual(ticket.with_user(self.specialist).visit_ids, visit)

    def test_closing_names_what_the_record_lacks(self):
        visit = self.visit("feedback")
        with self.assertRaisesRegex(UserError, "Returned On"):
            visit.action_done()
        visit.action_return()
        with self.assertRaisesRegex(UserError, "lacks: Category"):
            visit.action_done()
        ticket = self.complete(visit)
        ticket.need = False
        with self.assertRaisesRegex(UserError, "lacks: .*Need"):
            visit.action_done()
        ticket.need = "A new column"
        visit.action_done()
        self.assertEqual(visit.state, "done")

    def test_manager_gives_a_visit_another_record(self):
        visit = self.visit("on_site")
        other = visit.ticket_id.copy()
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            visit.ticket_id = other
        visit.with_user(self.manager).ticket_id = other
        self.assertEqual(visit.ticket_id, other)

    def test_closed_ticket_without_a_record_is_opened_again_for_a_visit(self):
        visit = self.visit("draft")
        visit.ticket_id = self.env["helpdesk.ticket"].create(
            {
                "name": "T",
                "description": "T",
                "partner_id": self.contact.id,
                "company_id": self.company.id,
            }
        )
        visit.ticket_id.with_user(self.manager).stage_id = self.env.ref(
            "helpdesk_mgmt.helpdesk_ticket_stage_cancelled"
        )
        with self.assertRaisesRegex(UserError, "is closed"):
            visit.action_submit()

    def test_ticket_of_a_visit_is_no_duplicate_and_is_not_cancelled(self):
        visit = self.visit("on_site")
        ticket = visit.ticket_id.with_user(self.specialist)
        other = ticket.copy()
        with self.assertRaisesRegex(ValidationError, "service record of"), self.cr.savepoint():
            ticket.duplicate_id = other
        cancelled = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_cancelled")
        with self.assertRaisesRegex(ValidationError, "was served"):
            ticket.stage_id = cancelled

    def test_time_until_the_record_is_measured(self):
        visit = self.visit("feedback")
        with freeze_time(THURSDAY + timedelta(hours=5)):
            visit.action_return()
        with freeze_time(THURSDAY + timedelta(hours=8)):
            self.complete(visit)
            self.env.flush_all()
        self.assertEqual(visit.record_filled_on, THURSDAY + timedelta(hours=8))
        self.assertEqual(visit.record_hours, 3)

    # --- deadlines ---

    def test_record_is_due_the_next_working_day_after_the_return(self):
        visit = self.visit("on_site")
        self.assertEqual(visit.record_due_date, date(2026, 11, 23), "planned return is a Friday")
        visit.action_return()
        self.assertEqual(visit.record_due_date, date(2026, 11, 20), "back on Thursday already")
        with freeze_time(THURSDAY + timedelta(days=3)):
            visit.with_user(self.manager).returned_on = THURSDAY + timedelta(days=2)
        self.assertEqual(visit.record_due_date, date(2026, 11, 23), "back on Saturday")
        self.assertEqual(visit.feedback_due_date, visit.record_due_date)

    def test_manager_who_went_does_not_move_the_own_return_later(self):
        """M01: the record is owed from the return; another manager says that it was later."""
        visit = self.visit("on_site")
        visit._write_unlocked({"technician_ids": [Command.link(self.manager.id)]})
        visit.action_return()
        with freeze_time(THURSDAY + timedelta(days=3)):
            theirs = visit.with_user(self.manager)
            with self.assertRaisesRegex(UserError, "who did not go"):
                theirs.returned_on = THURSDAY + timedelta(days=2)
            visit.with_user(self.director).returned_on = THURSDAY + timedelta(days=2)
        self.assertEqual(visit.record_due_date, date(2026, 11, 23))

    def test_record_of_a_trip_is_due_after_the_trip(self):
        visit = self.visit(
            "on_site",
            is_trip=True,
            destination="襄阳",
            transport="train",
            trip_date_start=date(2026, 11, 19),
            trip_date_end=date(2026, 11, 24),
        )
        self.assertEqual(visit.record_due_date, date(2026, 11, 25))

    def test_lead_technician_is_told_once_then_the_manager(self):
        visit = self.visit("on_site", technicians=self.specialist | self.colleague)
        self.remind(date(2026, 11, 23))
        self.assertFalse(self.told(visit, "record"), "not before the day has passed")
        self.remind(date(2026, 11, 24))
        self.remind(date(2026, 11, 24))
        self.assertEqual(self.told(visit, "record"), self.specialist)
        self.assertIn("服务记录", visit.sudo().activity_ids[0].note)
        self.remind(date(2026, 11, 26))
        self.assertEqual(self.told(visit, "record"), self.specialist | self.manager)

    def test_complete_record_ends_the_reminders(self):
        visit = self.visit("feedback")
        self.remind(date(2026, 11, 24))
        self.assertEqual(self.told(visit, "record"), self.specialist)
        self.complete(visit)
        self.env.flush_all()
        self.assertFalse(self.told(visit, "record"))
        self.assertEqual(self.told(visit, "feedback"), self.specialist)
        visit.with_user(self.callback).action_receive_feedback()
        self.assertFalse(self.told(visit, "feedback"))

    def test_announced_delay_outlives_the_return(self):
        visit = self.visit("on_site")
        visit.action_announce_delay("visit_record", date(2026, 11, 30), "Customer's data missing")
        self.assertEqual(visit.record_due_date, date(2026, 11, 30))
        visit.action_return()
        self.assertEqual(visit.record_due_date, date(2026, 11, 30))
        self.assertEqual(visit.feedback_due_date, date(2026, 11, 20), "the form is still due")
        with self.assertRaises(AccessError):
            visit.with_user(self.colleague).action_announce_delay(
                "visit_feedback", date(2026, 11, 30), "Why"
            )

    def test_cancelled_visit_owes_nothing(self):
        visit = self.visit("on_site")
        self.remind(date(2026, 11, 24))
        visit.with_user(self.manager).action_cancel("Not needed")
        self.assertFalse(self.told(visit, "record"))
        self.remind(date(2026, 11, 27))
        self.assertFalse(self.told(visit, "record"))

    def test_overdue_record_is_late(self):
        visit = self.visit("on_site")
        model = self.env["aftersales.visit"].with_user(self.callback)
        for day, late in ((datetime(2026, 11, 23, 15), False), (datetime(2026, 11, 23, 17), True)):
            with freeze_time(day):
                visit.invalidate_recordset(["is_overdue"])
                self.assertEqual(visit.is_overdue, late, "the company's midnight, not that of UTC")
                self.assertEqual(visit in model.search([("is_overdue", "=", True)]), late)

    # --- the original ---

    def test_approved_application_is_expected_in_the_archive(self):
        visit = self.visit("submitted")
        self.assertFalse(visit.archive_entry_ids)
        visit.with_user(self.manager).action_approve()
        entry = visit.archive_entry_ids
        self.assertRecordValues(
            entry,
            [
                {
                    "kind": "visit_application",
                    "state": "expected",
                    "date_deadline": date(2026, 11, 23),
                    "holder_id": self.specialist.id,
                    "partner_id": self.customer.id,
                }
            ],
        )
        start = self.start + timedelta(days=5)
        visit.action_reschedule(start, start + timedelta(hours=2), self.contact, "Later")
        self.assertEqual(entry.date_deadline, date(2026, 11, 26))
        visit.action_cancel("Not needed")
        self.assertEqual(entry.state, "withdrawn")
        self.bring(visit, "draft").action_draft()
        self.bring(visit, "approved")
        self.assertEqual(visit.archive_entry_ids, entry)
        self.assertEqual(entry.state, "expected")

    def test_application_of_a_trip_is_another_paper(self):
        visit = self.visit(
            "approved",
            is_trip=True,
            destination="襄阳",
            transport="train",
            trip_date_start=date(2026, 11, 19),
            trip_date_end=date(2026, 11, 24),
        )
        self.assertRecordValues(
            visit.archive_entry_ids,
            [{"kind": "trip_application", "date_deadline": date(2026, 11, 25)}],
        )

    # --- feedback form ---

    def test_receiving_the_form_opens_the_call_of_the_next_working_day(self):
        visit = self.visit("feedback", technicians=self.specialist | self.colleague)
        self.assertTrue(visit.with_user(self.callback).can_receive)
        visit.with_user(self.callback).action_receive_feedback()
        self.assertRecordValues(
            visit,
            [{"feedback_received_on": THURSDAY, "feedback_received_by_id": self.callback.id}],
        )
        call = visit.callback_ids
        self.assertRecordValues(
            call,
            [
                {
                    "kind": "visit",
                    "due_date": date(2026, 11, 20),
                    "partner_id": self.customer.id,
                    "contact_id": self.contact.id,
                    "user_id": self.callback.id,
                }
            ],
        )
        self.assertEqual(call._get_workers(), self.specialist | self.colleague)

    def test_form_is_received_once_by_the_desk_and_nobody_else(self):
        visit = self.visit("on_site")
        with self.assertRaisesRegex(UserError, "no signed feedback form"):
            visit.with_user(self.callback).action_receive_feedback()
        visit = self.visit("feedback")
        for user in (self.specialist, self.archivist, self.developer, self.employee):
            with self.assertRaises(AccessError):
                visit.with_user(user).action_receive_feedback()
        visit.with_user(self.manager).action_receive_feedback()
        with self.assertRaisesRegex(UserError, "no signed feedback form"):
            visit.with_user(self.callback).action_receive_feedback()
        self.assertEqual(len(visit.callback_ids), 1)

    def test_technician_does_not_receive_his_own_form(self):
        visit = self.visit("submitted", technicians=self.specialist | self.manager)
        visit.with_user(self.director).action_approve()
        visit.action_leave()
        visit.action_arrive()
        visit.write(self.feedback())
        visit.action_sign()
        self.assertFalse(visit.with_user(self.manager).can_receive)
        with self.assertRaisesRegex(UserError, "somebody else receives"):
            visit.with_user(self.manager).action_receive_feedback()
