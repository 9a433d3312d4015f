"""The duty to write the record is fixed at the end of the service: by whom, how, until when (M02, M12, M13)."""

import runpy
from datetime import date, datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools.misc import file_path

from .common_record import RecordCommon

MIGRATION = "jinyang_aftersales/migrations/19.0.3.0.0/pre-tickets.py"
RECORD = "jinyang_aftersales.mail_activity_record"
# a Thursday, noon in Shanghai
THURSDAY = "2026-06-11 04:00:00"
FRIDAY = "2026-06-12 04:00:00"
MONDAY = "2026-06-15 04:00:00"
TUESDAY = "2026-06-16 04:00:00"


@tagged("post_install", "-at_install")
class TestRecordDuty(RecordCommon):
    def serve(self, ticket=None, moment=THURSDAY):
        with self.at(moment):
            (ticket or self.ticket).action_service_done()

    # === Who did the service === #

    def test_who_did_the_service_stays_when_the_ticket_is_given_away(self):
        """M12: the duty is that of the specialist assigned at the end of the service."""
        self.serve()
        with self.at(FRIDAY):
            self.ticket.user_id = self.colleague
        self.assertEqual(self.ticket.service_done_by_id, self.specialist)
        deadline = self.ticket._find_deadline("record", self.company)
        self.assertEqual(deadline.users(self.ticket), self.specialist)
        with self.at(MONDAY):
            # the time is corrected, not the person
            self.ticket.with_user(self.manager).service_done_on = datetime(2026, 6, 12, 4)
        self.assertEqual(self.ticket.service_done_by_id, self.specialist)

    def test_who_did_the_service_can_write_the_record_of_a_ticket_given_away(self):
        """M12: who owes the record reaches it, also when the ticket is somebody else's by now."""
        ticket = self.make_ticket(user=self.manager)
        self.serve(ticket)
        # neither the customer's specialist nor the creator
        self.customer.service_user_id = self.colleague
        ticket.user_id = self.colleague
        self.env.flush_all()
        self.complete(ticket.with_user(self.specialist))
        self.assertTrue(ticket.record_complete)

    def test_without_an_assigned_specialist_nobody_is_named_also_later(self):
        """M12: where it is not known who did the service, it is not known later either."""
        ticket = self.make_ticket(user_id=False)
        self.serve(ticket)
        ticket.user_id = self.colleague
        with self.at(MONDAY):
            ticket.with_user(self.manager).service_done_on = datetime(2026, 6, 12, 4)
        self.assertFalse(ticket.service_done_by_id)

    def test_who_did_the_service_never_calls_the_customer_about_it(self):
        self.serve()
        self.ticket.user_id = self.colleague
        self.assertEqual(self.ticket._get_callback_workers(), self.specialist | self.colleague)

    def test_who_did_the_service_is_involved_in_a_complaint_about_it(self):
        self.serve()
        self.ticket.user_id = self.colleague
        complaint = self.env["aftersales.complaint"].new({"ticket_id": self.ticket.id})
        self.assertIn(self.specialist, complaint.involved_user_ids._origin)

    # === Complete once === #

    def test_first_completion_is_a_fact_that_stays(self):
        """M13: complete in time, then another category or an emptied field: never late again."""
        self.serve()
        with self.at(FRIDAY):
            self.complete(self.ticket)
        first = datetime(2026, 6, 12, 4)
        with self.at(TUESDAY):
            self.ticket.analysis = False
            self.ticket.with_user(self.manager).category_id = self.category("bug")
        self.assertFalse(self.ticket.record_complete)
        self.assertEqual(self.ticket.record_completed_on, first)
        self.assertEqual(self.ticket.record_due_date, date(2026, 6, 12))
        with self.at("2026-06-17 04:00:00"):
            self.assertFalse(self.ticket.is_record_overdue)
            self.complete(self.ticket)
        self.assertEqual(self.ticket.record_completed_on, first)

    def test_what_was_complete_before_the_service_and_is_not_at_its_end_is_not_complete(self):
        """M13: only what is complete from the end of the service on is a fact."""
        with self.at(THURSDAY):
            self.complete(self.ticket)
        with self.at(FRIDAY):
            self.ticket.analysis = False
        self.assertFalse(self.ticket.record_completed_on)
        solved = self.env["helpdesk.ticket.stage"].create({"name": "Solved", "service_done": True})
        other = self.make_ticket()
        with self.at(FRIDAY):
            self.complete(other)
        with self.at(MONDAY):
            other.write({"analysis": False, "stage_id": solved.id})
        self.assertFalse(other.record_completed_on)

    def test_a_duplicate_from_the_beginning_owes_no_record(self):
        copy = self.make_ticket(duplicate_id=self.ticket.id)
        self.serve(copy)
        self.assertFalse(copy.record_due_date)

    # === Sent back === #

    def test_a_manager_sends_a_record_back_until_a_new_day(self):
        """M13: a record that is sent back has a new day, and its first completion stays."""
        self.serve()
        with self.at(FRIDAY):
            self.complete(self.ticket)
        own = self.ticket.with_user(self.manager)
        with self.at(MONDAY):
            with self.refused("missing in the record", UserError):
                own.action_send_record_back("  ")
            with self.refused("manager", AccessError):
                self.ticket.action_send_record_back("x")
            own.action_send_record_back("没有写明原因")
        self.assertEqual(self.ticket.record_again_date, date(2026, 6, 16))
        self.assertEqual(self.ticket.record_due_date, date(2026, 6, 12))
        self.assertEqual(self.ticket.record_completed_on, datetime(2026, 6, 12, 4))
        told = self.ticket.sudo().activity_ids.filtered(
            lambda row: row.activity_type_id == self.env.ref(RECORD)
        )
        self.assertEqual(told.user_id, self.specialist)
        with self.refused("was sent back"):
            self.ticket.stage_id = self.stage["done"]
        self.ticket.analysis = "余额表漏过账"
        self.ticket.action_hand_in_record()
        self.assertFalse(told.exists().active)
        self.ticket.stage_id = self.stage["done"]
        with self.refused("was not sent back", UserError):
            self.ticket.action_hand_in_record()

    def test_an_open_record_is_not_sent_back(self):
        self.serve()
        with self.refused("not been completed", UserError):
            self.ticket.with_user(self.manager).action_send_record_back("x")

    def test_incomplete_record_that_was_sent_back_is_not_handed_in(self):
        """M13: to say that it is in order takes no duty away; service managers close over it."""
        self.serve()
        with self.at(FRIDAY):
            self.complete(self.ticket)
        with self.at(MONDAY):
            self.ticket.with_user(self.manager).action_send_record_back("没有写明原因")
        self.ticket.analysis = False
        with self.refused("is incomplete", UserError):
            self.ticket.action_hand_in_record()
        self.assertEqual(self.ticket.record_again_date, date(2026, 6, 16))
        self.ticket.analysis = "余额表漏过账"
        self.ticket.action_hand_in_record()
        self.assertFalse(self.ticket.record_again_date)

    # === Tickets of former times === #

    def migrate(self):
        self.env.flush_all()
        runpy.run_path(file_path(MIGRATION))["migrate"](self.env.cr, "19.0.2.0.0")
        self.env.invalidate_all()

    def forget(self, *tickets):
        """Empty what former versions did not keep."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE helpdesk_ticket SET service_done_by_id = NULL, service_done_mode = NULL,"
            " record_unknown = NULL WHERE id = ANY(%s)",
            [[ticket.id for ticket in tickets]],
        )

    def log_assignment(self, ticket, moment, old, new):
        message = ticket.sudo().message_post(body="x")
        message.date = moment
        field = self.env["ir.model.fields"]._get("helpdesk.ticket", "user_id")
        self.env["mail.tracking.value"].sudo().create(
            {
                "mail_message_id": message.id,
                "field_id": field.id,
                "old_value_integer": old.id,
                "new_value_integer": new.id,
            }
        )

    def test_upgrade_names_who_was_assigned_at_the_end_of_the_service_by_the_log(self):
        """M12: without a logged change nobody is named."""
        before, after, unassigned, unlogged = (self.make_ticket() for _number in range(4))
        for ticket in (before, after, unassigned, unlogged):
            self.serve(ticket, FRIDAY)
        nobody = self.env["res.users"]
        self.log_assignment(before, THURSDAY, self.specialist, self.colleague)
        for moment, old, new in (
            (THURSDAY, self.manager, self.specialist),
            (MONDAY, self.specialist, self.colleague),
            (TUESDAY, self.colleague, self.manager),
        ):
            self.log_assignment(after, moment, old, new)
        self.log_assignment(unassigned, THURSDAY, self.colleague, nobody)
        self.log_assignment(unassigned, MONDAY, nobody, self.colleague)
        self.forget(before, after, unassigned, unlogged)
        self.migrate()
        self.assertEqual(before.service_done_by_id, self.colleague)
        self.assertEqual(after.service_done_by_id, self.specialist)
        self.assertFalse(unassigned.service_done_by_id)
        self.assertFalse(unlogged.service_done_by_id)
        self.migrate()
        self.assertEqual(after.service_done_by_id, self.specialist)

    def test_upgrade_keeps_first_completions_and_marks_unknown_ones(self):
        """M13: what is incomplete now, and of which nothing is known, is unknown."""
        complete, emptied, duplicate, unserved = (self.make_ticket() for _number in range(4))
        for ticket in (complete, emptied, duplicate):
            self.serve(ticket, FRIDAY)
        with self.at(MONDAY):
            self.complete(complete)
            duplicate.with_user(self.manager).duplicate_id = complete
        self.forget(complete, emptied, duplicate, unserved)
        self.migrate()
        self.assertEqual(complete.record_completed_on, datetime(2026, 6, 15, 4))
        self.assertEqual(complete.service_done_mode, "remote")
        self.assertFalse(complete.record_unknown)
        self.assertTrue(emptied.record_unknown)
        self.assertTrue(duplicate.record_unknown)
        self.assertFalse(unserved.record_unknown)
        self.assertFalse(unserved.service_done_mode)
