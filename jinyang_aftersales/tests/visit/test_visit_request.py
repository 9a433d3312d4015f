from datetime import datetime

from odoo.tests import Form, freeze_time, tagged

from .visit_common import VisitCommon


# a Thursday, ten in the morning in Shanghai
@tagged("post_install", "-at_install")
@freeze_time("2026-11-19 02:00:00")
class TestVisitRequest(VisitCommon):
    """五.3.1, 五.3.2: what is known is proposed, and a visit is requested and submitted in one go."""

    def form(self, user=None, **context):
        visits = self.env["aftersales.visit"].with_user(user or self.specialist)
        return Form(visits.with_context(**context))

    def request(self, ticket, user):
        action = ticket.with_user(user).action_request_visit()
        return self.form(user, **action["context"])

    def ticket(self, **values):
        return self.env["helpdesk.ticket"].create(
            {
                "name": "取数不对",
                "description": "三月为零",
                "partner_id": self.contact.id,
                "company_id": self.company.id,
                "user_id": self.specialist.id,
                **values,
            }
        )

    def test_one_choice_is_enough_from_a_ticket(self):
        form = self.request(self.ticket(), self.specialist)
        form.time_proposal = "1_morning"
        visit = form.save()
        visit.action_submit()
        self.assertRecordValues(
            visit,
            [
                {
                    "state": "submitted",
                    "partner_id": self.customer.id,
                    "contact_id": self.contact.id,
                    "arrival_agreed_with_id": self.contact.id,
                    "technician_ids": self.specialist.ids,
                    "lead_technician_id": self.specialist.id,
                    "address": "武汉 珞瑜路 1 号",
                    "date_planned_start": datetime(2026, 11, 20, 1, 0),
                    "date_planned_end": datetime(2026, 11, 20, 3, 0),
                }
            ],
        )

    def test_specialist_of_the_ticket_goes_whoever_requests_the_visit(self):
        ticket = self.ticket()
        for user in (self.colleague, self.manager):
            with self.subTest(user=user.login):
                self.assertEqual(self.request(ticket, user).technician_ids[:], self.specialist)
        # somebody who cannot lead a visit is not proposed
        ticket.sudo()._write_unlocked({"user_id": False})
        self.customer.service_user_id = self.colleague
        self.assertEqual(self.request(ticket, self.manager).technician_ids[:], self.colleague)

    def test_person_in_charge_of_the_customer_goes(self):
        self.customer.service_user_id = self.colleague
        form = self.form()
        self.assertEqual(form.technician_ids[:], self.specialist, "who plans, until one knows more")
        form.partner_id = self.customer
        self.assertEqual(form.technician_ids[:], self.colleague)
        self.assertEqual(form.contact_id, self.contact)
        action = self.contact.with_user(self.manager).action_request_visit()
        form = self.form(self.manager, **action["context"])
        self.assertEqual(form.technician_ids[:], self.colleague)
        self.assertEqual(form.contact_id, self.contact)

    def test_chosen_technicians_stay_when_the_customer_changes(self):
        other = self.make_customer("Other")
        other.service_user_id = self.specialist
        form = self.form(self.manager)
        form.partner_id = self.customer
        form.technician_ids.add(self.colleague)
        form.partner_id = other
        self.assertIn(self.colleague, form.technician_ids[:])

    def test_only_software_of_the_customer_is_proposed(self):
        software = self.make_installation(self.customer)
        form = self.form()
        form.partner_id = self.customer
        self.assertEqual(form.installation_id, software)
        form.partner_id = self.make_customer("Other")
        self.assertFalse(form.installation_id)
        self.make_installation(self.customer)
        form.partner_id = self.customer
        self.assertFalse(form.installation_id, "which of two is for them to say")

    def test_proposed_times_are_those_of_the_next_working_days(self):
        visit = self.env["aftersales.visit"].new({"company_id": self.company.id})
        calendar = self.company.resource_calendar_id
        morning = calendar.attendance_ids.filtered(lambda row: row.day_period == "morning")
        morning.hour_from = 8.5
        for proposal, begin in (
            ("1_morning", datetime(2026, 11, 20, 1, 30)),
            ("1_afternoon", datetime(2026, 11, 20, 6, 0)),
            # over the weekend
            ("2_morning", datetime(2026, 11, 23, 1, 30)),
            ("2_afternoon", datetime(2026, 11, 23, 6, 0)),
        ):
            with self.subTest(proposal=proposal):
                self.assertEqual(visit._get_proposed_time(proposal)[0], begin)
        self.company.resource_calendar_id = False
        self.assertEqual(visit._get_proposed_time("1_morning")[0], datetime(2026, 11, 20, 1, 0))

    def test_time_typed_by_hand_brings_end_and_contact(self):
        form = self.form(default_partner_id=self.customer.id)
        form.date_planned_start = datetime(2026, 11, 24, 2, 0)
        self.assertEqual(form.date_planned_end, datetime(2026, 11, 24, 4, 0))
        self.assertEqual(form.arrival_agreed_with_id, self.contact)
        form.date_planned_end = datetime(2026, 11, 24, 9, 0)
        form.date_planned_start = datetime(2026, 11, 24, 3, 0)
        self.assertEqual(form.date_planned_end, datetime(2026, 11, 24, 9, 0))
