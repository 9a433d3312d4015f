from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .visit_common import VisitCommon


@tagged("post_install", "-at_install")
class TestVisitCalendar(VisitCommon):
    """五.3.2: calendar entries of the technicians follow the visit; overlapping visits show a warning."""

    def mails(self):
        return self.env["mail.mail"].search([])

    def test_approval_makes_one_entry_for_the_technicians_and_no_mail(self):
        before = self.mails()
        visit = self.make_visit(state="approved", technicians=self.specialist | self.colleague)
        event = visit.calendar_event_id
        self.assertRecordValues(
            event,
            [
                {
                    "start": visit.date_planned_start,
                    "stop": visit.date_planned_end,
                    "user_id": self.specialist.id,
                    "location": visit.address,
                    "res_model": "aftersales.visit",
                    "res_id": visit.id,
                }
            ],
        )
        self.assertEqual(event.partner_ids, (self.specialist | self.colleague).partner_id)
        addresses = (self.customer | self.contact).mapped("email")
        # customers get the mail of the visit but no invitation to the internal calendar entry
        for mail in (self.mails() - before).filtered(lambda row: row.model == "calendar.event"):
            self.assertFalse(mail.recipient_ids & (self.customer | self.contact))
            self.assertFalse(set(addresses) & {mail.email_to})
        told = self.env["mail.message"].search(
            [("model", "=", "calendar.event"), ("res_id", "=", event.id)]
        )
        self.assertFalse(told.notified_partner_ids)
        self.assertFalse(
            visit.sudo().activity_ids, "the entry gives nobody an activity on the visit"
        )

    def test_decision_dialog_leaves_no_trace_in_entry_and_ticket(self):
        visit = self.make_visit(state="submitted")
        action = visit.with_user(self.manager).action_open_decision()
        wizard = (
            self.env["aftersales.approval.decide"]
            .with_user(self.manager)
            .with_context(**action["context"], active_model="aftersales.visit", active_id=visit.id)
            .create({"opinion": "Go"})
        )
        wizard.action_approve()
        self.assertEqual(visit.state, "approved")
        self.assertEqual(visit.calendar_event_id.res_id, visit.id)

    def test_rescheduling_keeps_the_approval_and_moves_the_entry(self):
        visit = self.make_visit(state="approved")
        event = visit.calendar_event_id
        start = self.tomorrow + timedelta(days=3)
        before = self.mails()
        wizard = (
            self.env["aftersales.visit.reschedule"]
            .with_user(self.specialist)
            .with_context(**visit.action_open_reschedule()["context"])
            .create({"date_planned_start": start, "reason": "客户盘点"})
        )
        self.assertEqual(wizard.agreed_with_id, self.contact)
        wizard.action_reschedule()
        self.assertRecordValues(
            visit,
            [
                {
                    "state": "approved",
                    "date_planned_start": start,
                    "date_planned_end": start + timedelta(hours=2),
                    "calendar_event_id": event.id,
                }
            ],
        )
        self.assertRecordValues(event, [{"start": start, "stop": start + timedelta(hours=2)}])
        told, noted = visit.message_ids[:2]
        self.assertIn("客户盘点", noted.body)
        self.assertTrue(noted.subtype_id.internal)
        self.assertEqual((self.mails() - before).mail_message_id, told)

    def test_rescheduling_moves_the_days_of_a_trip(self):
        day = self.tomorrow.date()
        visit = self.make_visit(
            state="approved",
            is_trip=True,
            destination="襄阳",
            transport="train",
            trip_date_start=day,
            trip_date_end=day + timedelta(days=2),
        )
        start = self.tomorrow + timedelta(days=7)
        visit.action_reschedule(start, start + timedelta(hours=2), self.contact, "Snow")
        self.assertEqual(visit.trip_date_end, day + timedelta(days=9))

    def test_rescheduling_needs_reason_contact_and_a_time_to_come(self):
        visit = self.make_visit(state="approved")
        start = self.tomorrow + timedelta(days=1)
        past = fields.Datetime.now() - timedelta(days=1)
        for attempt in (
            (start, start + timedelta(hours=1), self.contact, " "),
            (start, start + timedelta(hours=1), self.contact.browse(), "Why"),
            (past, past + timedelta(hours=1), self.contact, "Why"),
            (start, False, self.contact, "Why"),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                visit.action_reschedule(*attempt)
        for state in ("draft", "submitted", "on_site", "feedback"):
            other = self.make_visit(state=state)
            with self.assertRaisesRegex(UserError, "only approved visits"), self.cr.savepoint():
                other.action_reschedule(start, start + timedelta(hours=1), self.contact, "Why")

    def test_cancelled_visit_leaves_the_calendar(self):
        visit = self.make_visit(state="approved")
        event = visit.calendar_event_id
        visit.action_cancel("Not needed")
        self.assertFalse(event.exists())
        self.assertFalse(visit.calendar_event_id)
        visit.action_draft()
        visit.action_submit()
        visit.with_user(self.manager).action_approve()
        self.assertTrue(visit.calendar_event_id)

    def test_entry_that_somebody_deleted_is_made_again(self):
        visit = self.make_visit(state="approved")
        # deleted outside of the product, e.g. by an administrator of the calendar
        visit.calendar_event_id.sudo()._unlink_unlocked()
        start = self.tomorrow + timedelta(days=1)
        visit.action_reschedule(start, start + timedelta(hours=2), self.contact, "Later")
        self.assertEqual(visit.calendar_event_id.start, start)

    # --- overlap ---

    def test_plan_is_changed_on_the_visit_and_not_in_the_calendar(self):
        visit = self.make_visit(state="approved")
        later = self.tomorrow + timedelta(days=2)
        for user in (self.specialist, self.manager, self.colleague):
            event = visit.calendar_event_id.with_user(user)
            attendee = event.attendee_ids
            for attempt in (
                # calls of the calendar view when an entry is dragged or resized
                lambda e=event: e.write({"start": later, "stop": later + timedelta(hours=2)}),
                lambda e=event: e.web_save({"stop": later}, {}),
                lambda e=event: e.write({"allday": True, "start_date": later, "stop_date": later}),
                lambda e=event: e.write({"partner_ids": [(4, self.colleague.partner_id.id)]}),
                lambda e=event: e.write({"user_id": self.colleague.id}),
                lambda e=event: e.write({"active": False}),
                lambda e=event: e.action_archive(),
                lambda e=event: e.unlink(),
                lambda a=attendee: a.do_decline(),
                lambda a=attendee: a.unlink(),
                lambda e=event: e.env["calendar.attendee"].create(
                    {"event_id": e.id, "partner_id": self.colleague.partner_id.id}
                ),
            ):
                with self.assertRaisesRegex(UserError, "Reschedule"), self.cr.savepoint():
                    attempt()
            self.assertFalse(event.user_can_edit, "the calendar offers no dragging")
        event = visit.calendar_event_id.with_user(self.specialist)
        event.write({"description": "Take the adapter along", "privacy": "public"})
        event.attendee_ids.do_accept()
        self.assertEqual(event.start, visit.date_planned_start)

    def test_other_entries_move_as_before(self):
        self.make_visit(state="approved")
        meeting = (
            self.env["calendar.event"]
            .with_user(self.specialist)
            .create({"name": "Meeting", "start": self.tomorrow, "stop": self.tomorrow})
        )
        self.assertTrue(meeting.user_can_edit)
        meeting.write({"start": self.tomorrow + timedelta(days=1)})
        meeting.unlink()

    def test_overlapping_visit_of_a_technician_is_named(self):
        first = self.make_visit(state="approved", technicians=self.specialist | self.colleague)
        second = self.make_visit(
            technicians=self.colleague, start=self.tomorrow + timedelta(hours=1)
        )
        self.assertIn(first.name, second.overlap_warning)
        self.assertIn("Colleague", second.overlap_warning)
        self.assertNotIn("Specialist", second.overlap_warning)
        self.assertEqual(
            second.overlap_warning.count("\n"), 0, "its calendar entry is no second one"
        )
        self.bring(second, "approved")
        self.assertIn(second.name, first.with_user(self.specialist).overlap_warning)

    def test_visits_one_after_the_other_do_not_overlap(self):
        self.make_visit(state="approved")
        second = self.make_visit(start=self.tomorrow + timedelta(hours=2))
        self.assertFalse(second.overlap_warning)

    def test_drafts_and_cancelled_visits_of_others_do_not_count(self):
        self.make_visit()
        self.make_visit(state="cancelled")
        self.assertFalse(self.make_visit().overlap_warning)

    def test_meeting_of_a_technician_is_named_and_a_private_one_is_not(self):
        for name, privacy in (("Quality meeting", "public"), ("Dentist", "private")):
            self.env["calendar.event"].with_user(self.colleague).create(
                {
                    "name": name,
                    "privacy": privacy,
                    "start": self.tomorrow,
                    "stop": self.tomorrow + timedelta(hours=1),
                    "partner_ids": [(6, 0, self.colleague.partner_id.ids)],
                }
            )
        visit = self.make_visit(technicians=self.colleague)
        self.env.invalidate_all()
        self.assertIn("Quality meeting", visit.overlap_warning)
        self.assertNotIn("Dentist", visit.overlap_warning)
        self.assertEqual(visit.overlap_warning.count("\n"), 1)

    def test_declined_and_free_meetings_do_not_count(self):
        events = self.env["calendar.event"].create(
            [
                {
                    "name": "Optional",
                    "start": self.tomorrow,
                    "stop": self.tomorrow + timedelta(hours=1),
                    "partner_ids": [(6, 0, self.specialist.partner_id.ids)],
                    "show_as": show_as,
                }
                for show_as in ("busy", "free")
            ]
        )
        events[0].attendee_ids.state = "declined"
        self.assertFalse(self.make_visit().overlap_warning)

    def test_form_warns_before_it_is_saved(self):
        self.make_visit(state="approved")
        draft = self.env["aftersales.visit"].new(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "date_planned_start": self.tomorrow,
                "date_planned_end": self.tomorrow + timedelta(hours=1),
                "technician_ids": [(6, 0, self.specialist.ids)],
            }
        )
        self.assertTrue(draft.overlap_warning)

    def test_queries_of_lists_do_not_grow(self):
        """Lists with all columns take as many queries for 10 visits as for 3."""
        visits = self.env["aftersales.visit"].union(
            *(
                self.make_visit(state="approved", technicians=self.specialist | self.colleague)
                for _number in range(10)
            )
        )
        spec = {
            name: {"fields": {"display_name": {}}} if relational else {}
            for name, relational in (
                ("name", False),
                ("partner_id", True),
                ("technician_ids", True),
                ("overlap_warning", False),
                ("is_overdue", False),
                ("service_state", False),
                ("is_to_approve", False),
                ("can_approve", False),
                ("can_receive", False),
                ("state", False),
                ("activity_ids", True),
            )
        }
        counts = []
        for limit in (3, 10, 3, 10):
            self.env.flush_all()
            self.env.invalidate_all()
            model = self.env["aftersales.visit"].with_user(self.specialist)
            before = self.cr.sql_log_count
            rows = model.web_search_read([("id", "in", visits.ids)], spec, limit=limit)
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual(len(rows["records"]), limit)
        self.assertEqual(counts[2], counts[3], counts)
