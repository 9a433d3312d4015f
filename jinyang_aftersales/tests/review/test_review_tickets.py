"""What looks evaded in tickets: marks and changes after the service, services and records nobody speaks of (M07)."""

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .review_common import NOW, ReviewCommon


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestReviewTickets(ReviewCommon):
    """Today is Thursday, 12 March 2026."""

    def test_on_site_ticket_closed_without_a_visit_is_listed_m07(self):
        ticket = self.make_ticket()
        closed = self.env["helpdesk.ticket.stage"].search(
            [("closed", "=", True), ("record_required", "=", True)], limit=1
        )
        self.assertFalse(self.rows("no_visit"))
        self.env.flush_all()
        # as a ticket of former times, which no rule of today refused
        self.env.cr.execute(
            "UPDATE helpdesk_ticket SET service_mode = 'on_site', stage_id = %s, closed_date = %s WHERE id = %s",
            (closed.id, "2026-03-11 17:00:00", ticket.id),
        )
        self.env.invalidate_all()
        row = self.rows("no_visit")
        self.assertEqual((row.res_id, row.day), (ticket.id, self.day("2026-03-12")))
        self.assertIn(ticket.name, row.document)
        visit = self.env["aftersales.visit"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "ticket_id": ticket.id,
            }
        )
        self.assertTrue(self.rows("no_visit"), "a draft is no visit")
        visit._write_unlocked({"state": "done"})
        self.assertFalse(self.rows("no_visit"))

    def test_on_site_ticket_that_is_left_open_without_a_visit_is_listed_m07(self):
        """M02: whoever cannot close it leaves it open."""
        on_site = self.env.ref("jinyang_aftersales.helpdesk_ticket_channel_on_site")
        ticket = self.make_ticket(channel_id=on_site.id)
        ticket.service_done_on = "2026-03-11 16:30:00"
        self.assertFalse(self.rows("no_visit"), "served today")
        ticket._write_unlocked({"service_done_on": "2026-03-11 15:30:00"})
        row = self.rows("no_visit")
        self.assertEqual((row.res_id, row.day), (ticket.id, self.day("2026-03-11")))
        self.assertEqual(row.user_id, ticket.service_done_by_id or ticket.user_id)

    def make_served(self, **values):
        """A ticket of the specialist, served on Monday, 2 March."""
        with freeze_time("2026-03-02 02:00:00"):
            channel = self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_phone")
            ticket = self.make_ticket(channel_id=channel.id, **values)
            ticket.service_done_on = "2026-03-02 02:00:00"
            self.env.flush_all()
        return ticket.with_user(self.specialist)

    def test_ticket_changed_after_the_service_is_listed_m07(self):
        ticket = self.make_served()
        self.assertFalse(self.rows("service"))
        channel = self.env.ref("jinyang_aftersales.helpdesk_ticket_channel_qq")
        ticket.action_correct({"channel_id": channel.id}, "It was QQ")
        row = self.rows("service")
        self.assertEqual(
            (row.res_model, row.res_id, row.user_id), (ticket._name, ticket.id, self.specialist)
        )
        self.assertIn("It was QQ", row.note)
        self.assertIn(channel.name, row.note)
        self.assertFalse(self.rows("duplicate"))

    def test_duplicate_marked_after_the_deadline_is_listed_m07(self):
        first, late, early, open_one = (self.make_served() for _number in range(4))
        with freeze_time("2026-03-02 03:00:00"):
            early.action_correct({"duplicate_id": first.id}, "Asked twice")
        late.action_correct({"duplicate_id": first.id}, "Asked twice")
        self.assertFalse(open_one.duplicate_id)
        row = self.rows("duplicate")
        self.assertEqual((row.res_id, row.user_id), (late.id, self.specialist))
        self.assertEqual((row.day, row.note), (self.day("2026-03-12"), "Asked twice"))
        late.with_user(self.manager).action_correct({"duplicate_id": False}, "It is another one")
        self.assertFalse(self.rows("duplicate"))

    def test_records_nobody_is_charged_for_are_listed_m07(self):
        category = self.env["helpdesk.ticket.category"].search(
            [("record_type", "=", "data_clearing")], limit=1
        )
        unknown, nobody, known = (self.make_served(category_id=category.id) for _number in range(3))
        self.assertTrue(known.sudo().record_asked)
        unknown.sudo()._write_unlocked({"record_unknown": True})
        nobody.sudo()._write_unlocked({"service_done_by_id": False})
        self.assertEqual(self.rows("unknown").mapped("res_id"), unknown.ids)
        self.assertEqual(self.rows("nobody").mapped("res_id"), nobody.ids)

    def test_served_ticket_that_is_closed_without_a_record_is_listed_m07(self):
        """M07, M02: a manager may close it so, also a service of their own; another one sees it."""
        stages = self.env["helpdesk.ticket.stage"].search([("closed", "=", True)])
        cancelled = stages.filtered(lambda stage: not stage.record_required)[:1]
        ticket, double = self.make_served(user_id=self.manager.id), self.make_served()
        unserved = self.make_ticket()
        double.action_correct({"duplicate_id": ticket.id}, "Asked twice")
        self.assertFalse(self.rows("no_record"))
        for served in (ticket, unserved):
            served.with_user(self.manager).stage_id = cancelled
        rows = self.rows("no_record").sorted("res_id")
        self.assertEqual(rows.mapped("res_id"), [ticket.id, double.id])
        self.assertEqual(rows.mapped("user_id"), self.manager | self.specialist)
        self.assertEqual(rows[0].day, self.day("2026-03-12"))
        with self.assertRaisesRegex(UserError, "about yourself"):
            rows[0].action_look("I say so")
        ticket.sudo()._write_unlocked({"record_completed_on": "2026-03-03 02:00:00"})
        self.assertFalse(self.rows("no_record"))

    def test_time_of_a_service_that_is_moved_is_listed_m07(self):
        """M07: the day of the record moves with it."""
        ticket = self.make_served()
        ticket.with_user(self.manager).service_done_on = "2026-03-11 02:00:00"
        row = self.rows("service")
        self.assertEqual((row.res_id, row.user_id), (ticket.id, self.manager))
        self.assertEqual(row.note.strip(), "2026-03-02 10:00 → 2026-03-11 10:00")

    def test_open_ticket_nobody_works_on_is_listed_m07(self):
        """M07/M02: who does not say that the service ended owes no record; the managers see it."""
        tickets = self.env["helpdesk.ticket"]
        with freeze_time("2026-03-02 02:00:00"):
            silent, planned, visited, double = (self.make_ticket() for _number in range(4))
            self.make_ticket(service_done_on="2026-03-02 02:00:00")
            double.sudo().write({"duplicate_id": silent.id})
            self.env.flush_all()
        self.make_ticket()
        planned.activity_schedule("mail.mail_activity_data_todo", self.day("2026-03-20"))
        visit = self.env["aftersales.visit"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "ticket_id": visited.id,
            }
        )
        visit._write_unlocked({"state": "approved"})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE helpdesk_ticket SET last_worked_on = '2026-03-02 02:00' WHERE id IN %s",
            ((tickets | silent | planned | visited | double)._ids,),
        )
        self.env.invalidate_all()
        row = self.rows("forgotten")
        self.assertEqual((row.res_id, row.user_id), (silent.id, self.specialist))
        self.assertEqual(row.day, self.day("2026-03-02"))
        self.assertIn(silent, tickets.search([("is_forgotten", "=", True)]))
        # nobody keeps a ticket out of the list by planning something for later years
        planned.activity_ids.date_deadline = self.day("2027-03-20")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE helpdesk_ticket SET last_worked_on = '2026-03-02 02:00' WHERE id = %s",
            planned._ids,
        )
        self.env.invalidate_all()
        self.assertEqual(set(self.rows("forgotten").mapped("res_id")), {silent.id, planned.id})
        planned.unlink()
        silent.service_done_on = "2026-03-11 02:00:00"
        self.assertFalse(self.rows("forgotten"))
