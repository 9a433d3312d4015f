from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError, ValidationError
from odoo.tests import HttpCase, freeze_time, tagged
from odoo.tools import mute_logger

from ..common_rpc import RpcClient
from .test_visit_record import THURSDAY
from .visit_common import VisitCommon

DONE = "helpdesk_mgmt.helpdesk_ticket_stage_done"


class OwnRecordCase(VisitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clock = freeze_time(THURSDAY)
        clock.start()
        cls.addClassCleanup(clock.stop)
        cls.ticket = cls.env["helpdesk.ticket"].create(
            {
                "name": "月末结账报错",
                "description": "x",
                "partner_id": cls.contact.id,
                "company_id": cls.company.id,
                "user_id": cls.specialist.id,
            }
        )

    def visit(self, state=None, days=1, **values):
        start = THURSDAY + timedelta(days=days)
        return self.make_visit(state=state, start=start, ticket_id=self.ticket.id, **values)

    def fill_in(self, ticket, moment):
        """Complete a record at a time."""
        with freeze_time(moment):
            self.complete(self.env["aftersales.visit"].new({"ticket_id": ticket.id}))
            self.env.flush_all()

    def complete_at(self, visit, moment):
        with freeze_time(moment):
            self.complete(visit)
            self.env.flush_all()


@tagged("post_install", "-at_install")
class TestVisitOwnRecord(OwnRecordCase):
    """M03: each visit leaves a record of its own, written after it took place (五.3.6, 七.4)."""

    def test_second_visit_for_a_ticket_gets_a_follow_up_ticket(self):
        first = self.visit("approved")
        second = self.visit(days=2)
        self.assertEqual(first.ticket_id, self.ticket)
        self.assertFalse(second.ticket_id)
        self.assertEqual(second.origin_ticket_id, self.ticket)
        self.bring(second, "approved")
        self.assertEqual(second.ticket_id.origin_ticket_id, self.ticket)
        self.assertNotEqual(second.ticket_id, self.ticket)
        third = self.make_visit(
            state="approved", start=THURSDAY + timedelta(days=3), ticket_id=second.ticket_id.id
        )
        self.assertEqual(third.ticket_id.origin_ticket_id, self.ticket, "one thread of the first")
        self.assertEqual(self.ticket.visit_count, 3)
        action = self.ticket.action_view_visits()
        self.assertEqual(
            self.env[action["res_model"]].search(action["domain"]), first | second | third
        )

    def test_two_visits_made_at_once_share_no_ticket(self):
        values = {
            "partner_id": self.customer.id,
            "company_id": self.company.id,
            "ticket_id": self.ticket.id,
        }
        one, other = self.env["aftersales.visit"].with_user(self.specialist).create([values] * 2)
        self.assertEqual((one.ticket_id, other.ticket_id.id), (self.ticket, False))
        self.assertEqual(other.origin_ticket_id, self.ticket)

    def test_ticket_of_a_visit_cannot_be_chosen_for_another(self):
        self.visit("approved")
        other = self.make_visit()
        for user in (self.specialist, self.manager):
            with (
                self.assertRaisesRegex(ValidationError, "a record of its own"),
                self.cr.savepoint(),
            ):
                other.with_user(user).ticket_id = self.ticket
        with self.assertRaisesRegex(UserError, "Use the buttons"), self.cr.savepoint():
            other.own_record = False
        with self.assertRaisesRegex(UserError, "Use the buttons"), self.cr.savepoint():
            self.make_visit(own_record=False, ticket_id=self.ticket.id)
        with (
            self.assertRaises(UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.cr.execute(
                "UPDATE aftersales_visit SET ticket_id = %s WHERE id = %s",
                (self.ticket.id, other.id),
            )

    def test_ticket_of_a_cancelled_visit_is_free_again(self):
        first = self.visit("approved")
        first.action_cancel("Not needed")
        second = self.visit("approved", days=2)
        self.assertEqual(second.ticket_id, self.ticket)
        first.action_draft()
        self.assertFalse(first.ticket_id)
        self.assertEqual(first.origin_ticket_id, self.ticket)

    def test_record_complete_before_the_approval_is_followed_by_another(self):
        self.fill_in(self.ticket, THURSDAY)
        self.ticket.stage_id = self.env.ref(DONE)
        visit = self.visit("approved")
        self.assertEqual(visit.ticket_id.origin_ticket_id, self.ticket)
        self.assertFalse(visit.record_filled_on)

    def test_record_complete_before_the_departure_does_not_count(self):
        visit = self.visit("approved")
        self.complete_at(visit, THURSDAY + timedelta(hours=1))
        with freeze_time(THURSDAY + timedelta(days=1)):
            visit.action_leave()
        self.assertEqual(visit.ticket_id.origin_ticket_id, self.ticket)
        self.assertFalse(visit.ticket_id.record_complete)
        self.assertFalse(visit.record_filled_on)
        self.complete_at(visit, THURSDAY + timedelta(days=1, hours=2))
        self.assertEqual(visit.record_filled_on, THURSDAY + timedelta(days=1, hours=2))

    def test_record_written_after_a_visit_that_was_answered_late_counts(self):
        """M01: the visit took place on Friday, its record was complete on Friday, and it was said on Monday."""
        visit = self.visit("approved")
        moment = THURSDAY + timedelta(days=1, hours=5)
        self.complete_at(visit, moment)
        with freeze_time(THURSDAY + timedelta(days=4)):
            visit.action_take_place("2026-11-20")
        self.assertEqual(visit.ticket_id, self.ticket)
        self.assertEqual(visit.record_filled_on, moment)

    def test_first_completion_stays(self):
        """M13: what is emptied later is not late again."""
        visit = self.visit("on_site")
        moment = THURSDAY + timedelta(days=1, hours=5)
        self.complete_at(visit, moment)
        with freeze_time(moment + timedelta(days=5)):
            visit.ticket_id.need = False
            self.env.flush_all()
            self.assertEqual(visit.record_filled_on, moment)
            self.assertTrue(visit._get_record_obstacle(), "it is not closed without")

    def test_record_of_before_is_not_put_in_its_place(self):
        visit = self.visit("on_site")
        old = self.ticket.copy()
        self.fill_in(old, THURSDAY - timedelta(hours=1))
        with self.assertRaisesRegex(ValidationError, "complete before"), self.cr.savepoint():
            visit.with_user(self.manager).ticket_id = old

    def test_visits_from_before_may_share_a_record(self):
        first, second = self.visit("on_site"), self.visit("on_site", days=2)
        (first | second)._write_unlocked({"own_record": False})
        second._write_unlocked({"ticket_id": self.ticket.id})
        self.env.flush_all()
        self.complete_at(first, THURSDAY + timedelta(hours=1))
        self.assertTrue(first.record_filled_on)
        self.assertEqual(first.record_filled_on, second.record_filled_on)

    def test_follow_up_is_guarded_and_sends_no_mail_of_its_own(self):
        self.visit("approved")
        follow_up = self.visit("approved", days=2).ticket_id
        with self.assertRaisesRegex(UserError, "Use the buttons"), self.cr.savepoint():
            follow_up.with_user(self.manager).origin_ticket_id = False
        template = self.env["mail.template"].create(
            {"name": "T", "model_id": self.env["ir.model"]._get_id("helpdesk.ticket")}
        )
        stage = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_in_progress")
        stage.mail_template_id = template
        for ticket, sent in ((self.ticket, True), (follow_up, False)):
            ticket.with_context(tracking_disable=True).stage_id = stage
            self.assertEqual("stage_id" in ticket._track_template({"stage_id"}), sent)


@tagged("post_install", "-at_install")
class TestVisitOneThread(RpcClient, OwnRecordCase, HttpCase):
    """M03: customers read one thread, that of the first ticket."""

    def test_customer_reads_the_first_ticket_only(self):
        self.visit("approved")
        follow_up = self.visit("approved", days=2).ticket_id
        customer = self.make_user("customer", "base.group_portal", partner_id=self.contact.id)
        tickets = self.env["helpdesk.ticket"].with_user(customer)
        self.assertEqual(tickets.search([]), self.ticket)
        self.assertFalse(follow_up.with_user(customer).has_access("read"))
        self.come(customer)
        answer = self.url_open(f"/my/ticket/{follow_up.id}", allow_redirects=False)
        self.assertIn(f"/my/ticket/{self.ticket.id}", answer.headers["Location"])
        self.assertNotIn(follow_up.number, self.url_open("/my/tickets").text)
