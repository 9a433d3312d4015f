"""What the form of a new ticket proposes, and the two buttons that take a ticket and end it."""

from psycopg2.errors import NotNullViolation

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_record import RecordCommon


@tagged("post_install", "-at_install")
class TestTicketForm(RecordCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tickets = cls.env["helpdesk.ticket"].with_user(cls.specialist)
        cls.phone = cls.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_phone")
        # the shipped one belongs to the first company
        cls.phone.company_id = False
        cls.contact.write({"department": "财务部", "phone": "13900000000"})

    def new_form(self, user=None, **context):
        return Form(self.tickets.with_user(user or self.specialist).with_context(**context))

    def solved(self, **values):
        """A ticket of the kind that needs a solution only, with a complete record."""
        return self.make_ticket("other", **{**self.answers("other"), **values})

    # === Proposals === #

    def test_a_new_form_proposes_telephone_caller_software_and_who_takes_the_call(self):
        software = self.make_installation(self.customer)
        form = self.new_form()
        self.assertEqual(form.channel_id, self.phone)
        self.assertEqual(form.user_id, self.specialist)
        form.partner_id = self.customer
        self.assertEqual(form.contact_id, self.contact)
        self.assertEqual(form.department, "财务部")
        self.assertEqual(form.telephone, "13900000000")
        self.assertEqual(form.installation_id, software)

    def test_the_telephone_is_the_callers_else_a_number_of_the_customer(self):
        self.customer.landline = "0816-2345678"
        ticket = self.make_ticket(contact_id=self.contact.id)
        self.assertEqual(ticket.telephone, "13900000000")
        self.contact.phone = False
        self.assertEqual(ticket.telephone, "0816-2345678")

    def test_of_two_nothing_is_proposed_and_what_was_given_stays(self):
        second = self.make_installation(self.customer)
        self.make_installation(self.customer)
        other = self.env["res.partner"].create({"name": "李敏", "parent_id": self.customer.id})
        form = self.new_form()
        form.partner_id = self.customer
        self.assertFalse(form.contact_id)
        self.assertFalse(form.installation_id)
        form = self.new_form(
            default_partner_id=self.customer.id,
            default_contact_id=other.id,
            default_installation_id=second.id,
            default_channel_id=self.channel["qq"].id,
            default_user_id=self.colleague.id,
        )
        self.assertEqual(form.contact_id, other)
        self.assertEqual(form.installation_id, second)
        self.assertEqual(form.channel_id, self.channel["qq"])
        self.assertEqual(form.user_id, self.colleague)

    def test_where_nobody_is_in_charge_of_what_they_enter_it_is_the_customers_specialist(self):
        self.company.helpdesk_mgmt_ticket_auto_assign = False
        form = self.new_form(self.manager)
        self.assertFalse(form.user_id)
        form.partner_id = self.customer
        self.assertEqual(form.user_id, self.specialist)

    def test_who_is_not_of_the_team_is_not_proposed_for_it(self):
        team = self.env["helpdesk.ticket.team"].create(
            {"name": "T3", "user_ids": [Command.set(self.colleague.ids)]}
        )
        form = self.new_form(default_team_id=team.id)
        form.partner_id = self.customer
        self.assertFalse(form.user_id)

    def test_nothing_is_proposed_for_what_does_not_come_by_a_form(self):
        self.make_installation(self.customer)
        ticket = self.tickets.create({"name": "x", "partner_id": self.customer.id})
        self.assertFalse(ticket.channel_id)
        self.assertFalse(ticket.installation_id)

    # === Title and description are asked once === #

    def test_the_title_is_the_first_line_of_the_customers_words(self):
        ticket = self.make_ticket(
            "report", name=False, description=False, question="三月不平\n见图"
        )
        self.assertEqual(ticket.name, "三月不平")
        self.assertFalse(ticket.description)

    def test_our_own_words_are_no_title_because_the_customer_reads_it(self):
        software = self.make_installation(self.customer, self.make_software("速达 5000"))
        ticket = self.make_ticket(
            "other", name=" ", solution="客户自己误删，已恢复", installation_id=software.id
        )
        self.assertEqual(ticket.name, "Other · 速达 5000")

    def test_a_ticket_of_which_nothing_is_known_needs_a_title(self):
        with self.refused("name", NotNullViolation), mute_logger("odoo.sql_db"):
            self.make_ticket(False, name=False, partner_id=False)

    def test_a_call_that_was_cut_short_is_titled_by_who_called(self):
        ticket = self.make_ticket(False, name=False)
        self.assertIn(self.customer.name, ticket.name)

    # === Accept === #

    def test_accept_takes_the_ticket_and_leaves_the_first_stage(self):
        ticket = self.make_ticket(user_id=False)
        ticket.action_accept()
        self.assertEqual(
            (ticket.user_id, ticket.stage_id), (self.specialist, self.stage["in_progress"])
        )
        self.assertTrue(ticket.first_response_on)
        # pressed twice
        ticket.action_accept()
        self.assertEqual(ticket.stage_id, self.stage["in_progress"])

    def test_who_accepts_second_is_told_by_whom_it_was(self):
        ticket = self.make_ticket(user_id=False)
        ticket.action_accept()
        with self.refused(self.specialist.name, UserError):
            ticket.with_user(self.colleague).action_accept()
        self.assertEqual(ticket.user_id, self.specialist)

    def test_a_ticket_of_another_team_is_accepted_by_its_members_only(self):
        team = self.env["helpdesk.ticket.team"].create(
            {"name": "T3 组", "user_ids": [Command.set(self.colleague.ids)]}
        )
        ticket = self.make_ticket(user=self.manager, user_id=False, team_id=team.id)
        with self.refused(team.name, UserError):
            ticket.with_user(self.specialist).action_accept()
        self.assertFalse(ticket.user_id)
        ticket.with_user(self.colleague).action_accept()
        self.assertEqual(ticket.user_id, self.colleague)

    # === Done and close === #

    def test_done_and_close_ends_the_service_now_and_says_by_whom(self):
        ticket = self.solved(user_id=False)
        with self.at("2026-06-10 02:00:00"):
            ticket.action_done_and_close()
        self.assertRecordValues(
            ticket,
            [
                {
                    "stage_id": self.stage["done"].id,
                    "user_id": self.specialist.id,
                    "service_done_by_id": self.specialist.id,
                    "record_complete": True,
                }
            ],
        )
        self.assertTrue(ticket.service_done_on and ticket.closed_date)
        # pressed in two tabs
        closed = ticket.closed_date
        ticket.action_done_and_close()
        self.assertEqual(ticket.closed_date, closed)

    def test_the_time_of_a_service_that_was_done_before_stays(self):
        ticket = self.solved()
        with self.at("2026-06-10 02:00:00"):
            ticket.action_service_done()
        done = ticket.service_done_on
        with self.at("2026-06-11 02:00:00"):
            ticket.action_done_and_close()
        self.assertEqual(ticket.service_done_on, done)

    def test_an_incomplete_record_is_named_and_the_ticket_stays_as_it_was(self):
        ticket = self.solved(solution=False, user_id=False)
        before = ticket.stage_id
        self.assertEqual(ticket.record_gaps, ",solution,")
        with self.refused("Solution"):
            ticket.action_done_and_close()
        self.env.invalidate_all()
        self.assertEqual(ticket.stage_id, before)
        self.assertFalse(ticket.service_done_on or ticket.user_id)

    def test_it_is_no_way_around_visit_application_or_change(self):
        on_site = self.solved(channel_id=self.channel["on_site"].id)
        with self.refused("五.3.3"):
            on_site.action_done_and_close()
        for record_type in ("data_clearing", "password", "change"):
            ticket = self.make_ticket(record_type, **self.answers(record_type))
            with self.refused("Missing"):
                ticket.action_done_and_close()
            self.env.invalidate_all()
            self.assertFalse(ticket.closed or ticket.service_done_on)

    def test_it_is_no_way_around_a_record_that_was_sent_back(self):
        ticket = self.solved()
        ticket.action_service_done()
        ticket.with_user(self.manager).action_send_record_back("太短")
        with self.refused("sent back"):
            ticket.action_done_and_close()

    def test_a_cancelled_ticket_is_not_finished_over(self):
        ticket = self.solved()
        ticket.stage_id = self.stage["cancelled"]
        with self.refused(self.stage["cancelled"].name, UserError):
            ticket.action_done_and_close()
        with self.refused(self.stage["cancelled"].name, UserError):
            ticket.action_accept()

    def test_who_may_not_write_the_ticket_presses_in_vain(self):
        ticket = self.solved()
        for name in ("action_accept", "action_done_and_close"):
            with self.refused("", AccessError):
                getattr(ticket.with_user(self.archivist), name)()

    # === What is missing is marked === #

    def test_the_form_marks_what_is_missing_while_it_is_filled_in(self):
        form = self.new_form()
        form.category_id = self.category("report")
        for name in ("partner_id", "contact_id", "department", "report_name", "analysis"):
            self.assertIn(f",{name},", form.record_gaps)
        form.partner_id = self.customer
        form.report_name = "资产负债表"
        for name in ("partner_id", "contact_id", "department", "report_name"):
            self.assertNotIn(f",{name},", form.record_gaps)
        self.assertIn(",analysis,", form.record_gaps)
