from datetime import timedelta

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .visit_common import VisitCommon, drawing

STATES = (
    "draft",
    "submitted",
    "approved",
    "on_site",
    "feedback",
    "done",
    "refused",
    "cancelled",
)


@tagged("post_install", "-at_install")
class TestVisitStates(VisitCommon):
    """五.3: needed fields and the order of the steps of a visit."""

    def assertRefused(self, action, text, error=UserError):
        with self.assertRaisesRegex(error, text), self.cr.savepoint():
            action()

    def test_visit_goes_from_the_plan_to_the_record(self):
        visit = self.make_visit()
        self.assertRegex(visit.name, r"^FW\d{4}-\d{4}$")
        self.assertEqual(visit.contact_id, self.contact)
        self.assertEqual(visit.lead_technician_id, self.specialist)
        self.assertEqual(visit.address, "武汉 珞瑜路 1 号")
        self.bring(visit, "done")
        self.assertRecordValues(
            visit,
            [{"state": "done", "score_average": 4.0, "signed_by_name": self.contact.name}],
        )

    def test_nobody_leaves_before_the_approval(self):
        for state in ("draft", "submitted", "refused"):
            visit = self.make_visit(state=state)
            for user in (self.specialist, self.manager, self.director):
                self.assertRefused(visit.with_user(user).action_leave, "nobody leaves")
            self.assertEqual(visit.state, state)

    def test_leaving_is_not_dated_before_the_approval(self):
        visit = self.make_visit(state="on_site")
        early = visit.decided_on - timedelta(hours=1)
        self.assertRefused(lambda: visit.write({"left_on": early}), "Nobody leaves before")

    def test_technicians_neither_decide_nor_are_asked(self):
        visit = self.make_visit(technicians=self.specialist | self.manager)
        visit.action_submit()
        self.assertEqual(visit.sudo().approval_id.approver_ids, self.director)
        manager = visit.with_user(self.manager)
        self.assertFalse(manager.can_approve)
        self.assertRefused(manager.action_approve, "somebody else decides")
        visit.with_user(self.director).action_approve()
        self.assertEqual(visit.state, "approved")

    def test_applicant_does_not_decide_even_if_he_stays_at_home(self):
        visit = self.make_visit(self.manager, technicians=self.colleague)
        visit.action_submit()
        self.assertRefused(visit.action_approve, "somebody else decides")

    def test_manager_made_a_technician_while_it_waits_no_longer_decides(self):
        visit = self.make_visit(state="submitted")
        visit.with_user(self.director).technician_ids += self.manager
        self.assertRefused(visit.with_user(self.manager).action_approve, "somebody else decides")
        approval = visit.sudo().approval_id
        self.assertEqual(approval.approver_ids, self.director)
        self.assertEqual(visit.sudo().activity_ids.user_id, self.director)
        self.assertRefused(
            lambda: visit.with_user(self.manager).write(
                {"technician_ids": [Command.link(self.director.id)]}
            ),
            "no service manager or director",
        )
        visit.with_user(self.director).action_approve()

    def test_specialist_changes_no_technician_once_it_is_submitted(self):
        visit = self.make_visit(state="submitted")
        change = {"technician_ids": [Command.link(self.colleague.id)]}
        self.assertTrue(visit.technicians_fixed)
        self.assertFalse(visit.with_user(self.manager).technicians_fixed)
        self.assertRefused(lambda: visit.write(change), "Technicians cannot be changed")
        visit.with_user(self.manager).write(change)
        self.bring_on(visit)
        change = {"technician_ids": [Command.unlink(self.colleague.id)]}
        self.assertRefused(lambda: visit.with_user(self.manager).write(change), "cannot be changed")

    def bring_on(self, visit):
        visit.with_user(self.manager).action_approve()

    def test_submission_names_what_is_missing(self):
        visit = self.make_visit(
            problem=False, arrival_agreed_with_id=False, is_trip=True, technician_ids=False
        )
        with self.assertRaises(UserError) as caught:
            visit.action_submit()
        for label in ("Purpose", "Agreed With", "Technicians", "Destination", "Transport"):
            self.assertIn(label, str(caught.exception))
        self.assertEqual(visit.state, "draft")

    def test_arrival_in_the_past_is_agreed_anew(self):
        past = fields.Datetime.now() - timedelta(days=2)
        visit = self.make_visit(start=past)
        self.assertRefused(visit.action_submit, "has passed")

    def test_approved_plan_is_fixed(self):
        """F51: approved values of a visit cannot be changed."""
        visit = self.make_visit(state="approved")
        for user in (self.specialist, self.manager):
            for values in (
                {"problem": "Something else"},
                {"date_planned_start": self.tomorrow - timedelta(hours=1)},
                {"address": "Elsewhere"},
                {"is_trip": True},
                {"technician_ids": [Command.link(self.colleague.id)]},
                {"lead_technician_id": False},
                {"partner_id": self.make_customer().id},
            ):
                own = visit.with_user(user)
                self.assertRefused(lambda v=own, w=values: v.write(w), "cannot be changed")

    def test_feedback_is_written_on_site_only(self):
        values = self.feedback()
        for state in STATES:
            if state == "on_site":
                continue
            visit = self.make_visit(state=state)
            for name in ("result", "customer_opinion", "score_skill", "customer_signature"):
                value = drawing(200) if name == "customer_signature" else "2"
                self.assertRefused(lambda v=visit, n=name, w=value: v.write({n: w}), "")
                self.assertNotEqual(visit[name], value, (state, name))
        self.assertRefused(lambda: self.make_visit(**values), "planned first")
        self.assertRefused(lambda: self.make_visit(left_on=fields.Datetime.now()), "planned first")

    def test_protected_fields_are_written_by_methods_only(self):
        visit = self.make_visit(state="feedback").with_user(self.manager)
        moment = fields.Datetime.now() + timedelta(days=1)
        for values in (
            {"state": "done"},
            {"signed_on": moment},
            {"signature_hash": "0"},
            {"signed_content": "{}"},
            {"feedback_received_on": moment},
            {"feedback_received_by_id": self.callback.id},
            {"record_due_date": moment.date()},
            {"calendar_event_id": False},
            {"name": "FW1"},
        ):
            self.assertRefused(lambda v=values: visit.write(v), "Use the buttons")
        plan = {"partner_id": self.customer.id, "company_id": self.company.id}
        for values in ({"state": "approved"}, {"signature_hash": "0"}):
            self.assertRefused(lambda v=values: visit.create({**plan, **v}), "Use the buttons")

    def test_defaults_of_a_caller_forge_nothing(self):
        forged = {
            "state": "approved",
            "left_on": "2026-01-01 08:00:00",
            "result": "All is well",
            "signed_by_name": "Somebody",
            "record_due_date": "2030-01-01",
            "feedback_received_by_id": self.callback.id,
            "chargeable": True,
        }
        context = {f"default_{name}": value for name, value in forged.items()}
        visit = self.env["aftersales.visit"].with_user(self.specialist).with_context(**context)
        visit = visit.create({"partner_id": self.customer.id})
        self.assertEqual(visit.state, "draft")
        for name in forged.keys() - {"state"}:
            self.assertFalse(visit[name], name)

    def test_signing_needs_result_name_drawing_and_arrival(self):
        visit = self.make_visit(state="on_site")
        self.assertRefused(visit.action_sign, "Arrived On.*Signature.*Result")
        visit.action_arrive()
        visit.write(self.feedback(customer_signature=False))
        self.assertRefused(visit.action_sign, "Signature")

    def test_times_follow_each_other_and_have_happened(self):
        visit = self.make_visit(state="on_site")
        now = fields.Datetime.now()
        self.assertRefused(
            lambda: visit.write({"arrived_on": now + timedelta(hours=1)}),
            "has happened",
            ValidationError,
        )
        with freeze_time(now + timedelta(hours=5)), mute_logger("odoo.sql_db"):
            visit.arrived_on = now + timedelta(hours=3)
            for values in (
                {"arrived_on": visit.left_on - timedelta(minutes=10)},
                {"returned_on": now + timedelta(hours=2)},
            ):
                with self.assertRaisesRegex(CheckViolation, "times_order"), self.cr.savepoint():
                    visit.write(values)
                    visit.flush_recordset()
            visit.returned_on = now + timedelta(hours=4)
            visit.flush_recordset()

    def test_plan_ends_after_it_begins(self):
        with mute_logger("odoo.sql_db"), self.assertRaisesRegex(CheckViolation, "plan_order"):
            self.make_visit(date_planned_end=self.tomorrow)

    def test_arrival_lies_within_the_trip(self):
        day = self.tomorrow.date()
        trip = {"is_trip": True, "destination": "襄阳", "transport": "train"}
        self.assertRefused(
            lambda: self.make_visit(
                **trip,
                trip_date_start=day + timedelta(days=3),
                trip_date_end=day + timedelta(days=4),
            ),
            "between the departure",
            ValidationError,
        )
        visit = self.make_visit(
            state="approved",
            **trip,
            trip_date_start=day - timedelta(days=1),
            trip_date_end=day + timedelta(days=2),
        )
        self.assertIn("Business Trip", visit._get_approval_summary())

    def test_scores_go_from_one_to_five(self):
        visit = self.make_visit(state="on_site")
        for score in ("0", "6", "-1", -3, 4):
            self.assertRefused(
                lambda s=score: visit.write({"score_skill": s}), "from 1 to 5", ValidationError
            )
        with (
            self.assertRaisesRegex(Exception, "scores_range"),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.cr.execute(
                "UPDATE aftersales_visit SET score_skill = '6' WHERE id = %s", [visit.id]
            )

    def test_technicians_are_employees_of_the_company(self):
        stranger = self.make_user(
            "stranger",
            "jinyang_aftersales.group_user",
            company_id=self.env.ref("base.main_company").id,
            company_ids=[Command.set(self.env.ref("base.main_company").ids)],
        )
        self.assertRefused(
            lambda: self.make_visit(technicians=stranger), "cannot be sent", ValidationError
        )
        self.assertRefused(
            lambda: self.make_visit(technicians=self.developer), "cannot lead", ValidationError
        )
        self.make_visit(technicians=self.specialist | self.developer)

    def test_ticket_software_and_contacts_are_the_customers(self):
        other = self.make_customer()
        ticket = self.env["helpdesk.ticket"].create(
            {
                "name": "Other",
                "description": "Other",
                "partner_id": other.id,
                "company_id": self.company.id,
            }
        )
        for values in (
            {"ticket_id": ticket.id},
            {"installation_id": self.make_installation(other).id},
            {"contact_id": other.software_contact_id.id},
            {"arrival_agreed_with_id": other.software_contact_id.id},
        ):
            self.assertRefused(lambda v=values: self.make_visit(**v), "", ValidationError)

    def test_only_a_manager_decides_about_the_charge(self):
        end = self.company._aftersales_today() - timedelta(days=1)
        installation = self.make_installation(self.customer, end=end)
        visit = self.make_visit(installation_id=installation.id, chargeable=False)
        self.assertTrue(visit.chargeable, "proposed by the form, decided by the service state")
        self.assertRefused(lambda: visit.write({"chargeable": False}), "charged", AccessError)
        visit.with_user(self.manager).chargeable = False
        self.assertFalse(visit.chargeable)
        for values in ({"partner_id": self.customer.id}, {"installation_id": installation.id}):
            visit.write(values)
            self.env.flush_all()
            self.assertFalse(visit.chargeable, "decided by the manager")
        served = self.make_installation(self.customer, end=end + timedelta(days=100))
        visit.write({"installation_id": served.id, "chargeable": True})
        self.assertFalse(visit.chargeable)

    def test_visit_under_way_is_cancelled_by_a_manager_only(self):
        visit = self.make_visit(state="on_site")
        self.assertRefused(lambda: visit.action_cancel("Why"), "Only a service manager")
        visit.with_user(self.manager).action_cancel("Not needed")
        self.assertFalse(visit.record_due_date)
        visit.action_draft()
        self.assertRecordValues(visit, [{"left_on": False, "arrived_on": False}])

    def test_cancelling_closes_the_approval(self):
        visit = self.make_visit(state="submitted")
        visit.action_cancel("Not needed")
        self.assertEqual(visit.approval_ids.decision, "withdrawn")
        self.assertFalse(visit.sudo().activity_ids)

    def test_copy_is_a_plan_without_times(self):
        visit = self.make_visit(state="feedback").copy()
        self.assertRecordValues(
            visit,
            [
                {
                    "state": "draft",
                    "result": False,
                    "signature_hash": False,
                    "date_planned_start": False,
                    "calendar_event_id": False,
                }
            ],
        )

    def test_late_visits_are_found(self):
        visit = self.make_visit(state="approved")
        model = self.env["aftersales.visit"].with_user(self.specialist)
        self.assertNotIn(visit, model.search([("is_overdue", "=", True)]))
        with freeze_time(self.tomorrow + timedelta(hours=1)):
            visit.invalidate_recordset(["is_overdue"])
            self.assertTrue(visit.is_overdue)
            self.assertIn(visit, model.search([("is_overdue", "=", True)]))
            self.assertNotIn(visit, model.search([("is_overdue", "=", False)]))

    def test_strange_texts_are_stored_harmlessly(self):
        text = "<script>alert(1)</script> 😀\r\nBcc: x@example.com " + "长" * 20000
        visit = self.make_visit(problem=text)
        self.assertEqual(visit.problem, text)
        self.bring(visit, "approved")
        self.assertNotIn("<script>", visit.ticket_id.description)
        self.assertLessEqual(len(visit.ticket_id.name), 100)

    def test_form_proposes_what_the_ticket_knows(self):
        installation = self.make_installation(self.customer)
        ticket = self.env["helpdesk.ticket"].create(
            {
                "name": "结账报错",
                "description": "<p>提示<b>错误</b></p>",
                "partner_id": self.contact.id,
                "installation_id": installation.id,
                "company_id": self.company.id,
            }
        )
        action = ticket.with_user(self.specialist).action_request_visit()
        model = self.env["aftersales.visit"].with_user(self.specialist)
        with Form(model.with_context(**action["context"])) as form:
            form.date_planned_start = self.tomorrow
            form.date_planned_end = self.tomorrow + timedelta(hours=1)
            form.arrival_agreed_with_id = self.contact
        visit = form.record
        self.assertRecordValues(
            visit,
            [
                {
                    "ticket_id": ticket.id,
                    "partner_id": self.customer.id,
                    "contact_id": self.contact.id,
                    "installation_id": installation.id,
                }
            ],
        )
        self.assertIn("错误", visit.problem)
        self.bring(visit, "approved")
        self.assertEqual(visit.ticket_id, ticket, "the ticket is the record: no second one")
        self.assertEqual(ticket.with_user(self.specialist).visit_count, 1)
        for record in (ticket, installation, self.customer):
            action = record.with_user(self.specialist).action_view_visits()
            self.assertEqual(model.search(action["domain"]), visit)
