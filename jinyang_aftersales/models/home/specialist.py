from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Domain

from ..complaint.values import OPEN_STATES
from ..shared.document_fields import passed_domain
from .values import (
    AGREEMENTS,
    COUNTED_TICKET,
    FORMS_OUT,
    OPEN_TICKET,
    SIGNED,
    TICKETS,
    WINDOW,
    Card,
)


class AftersalesHome(models.AbstractModel):
    """Cards of specialists."""

    _inherit = "aftersales.home"

    @api.model
    def _get_specialist_cards(self):
        return [
            *self._get_own_ticket_cards(),
            *self._get_own_visit_cards(),
            *self._get_own_change_cards(),
            *self._get_own_customer_cards(),
            *self._get_own_month_cards(),
        ]

    @api.model
    def _get_own_ticket_cards(self):
        today, mine = self._get_day(), Domain("user_id", "=", self.env.uid)
        tickets = self.env["helpdesk.ticket"]
        # who did the service owes its record, else who is in charge
        owner = Domain("service_done_by_id", "=", self.env.uid) | (
            Domain("service_done_by_id", "=", False) & mine
        )
        owed = owner & tickets._get_record_owed_domain()
        asked = mine & OPEN_TICKET
        due = (
            owed & Domain("record_due_date", "<=", today)
            | asked & Domain("date_promised", "<=", today)
            | asked & Domain("question_due_date", "<=", today)
        )
        passed = (
            Domain("record_due_date", "<", today)
            | Domain("date_promised", "<", today)
            | Domain("question_due_date", "<", today)
        )
        section, model = self.env._("My Tickets"), "helpdesk.ticket"
        return [
            Card(
                "tickets_open",
                section,
                self.env._("Open"),
                self.env._("Tickets assigned to me that are not closed."),
                model,
                asked,
                TICKETS,
                oldest="create_date",
            ),
            Card(
                "tickets_today",
                section,
                self.env._("Due Today"),
                self.env._(
                    "My tickets whose record, promised day or question of the manager is due today or was before."
                ),
                model,
                due,
                TICKETS,
                late=passed,
            ),
            Card(
                "tickets_record",
                section,
                self.env._("Record Owed"),
                self.env._("Services I did whose record is not complete yet (五.1.3)."),
                model,
                owed,
                TICKETS,
                late=passed_domain(self.env, "record_due_date"),
            ),
            Card(
                "tickets_forgotten",
                section,
                self.env._("Forgotten"),
                self.env._("My open tickets nobody has worked on for days."),
                model,
                mine & Domain("is_forgotten", "=", True),
                TICKETS,
                late=Domain.TRUE,
            ),
        ]

    @api.model
    def _get_own_visit_cards(self):
        visits = self.env["aftersales.visit"]
        mine, section = Domain("technician_ids", "in", self.env.uid), self.env._("My Visits")
        model, action = "aftersales.visit", WINDOW.format("aftersales_visit")
        return [
            Card(
                "visits_open",
                section,
                self.env._("Planned and Under Way"),
                self.env._("My visits from the request to the feedback form."),
                model,
                mine & Domain("state", "in", ("submitted", "approved", "on_site", "feedback")),
                action,
                late=Domain("is_overdue", "=", True),
            ),
            Card(
                "visits_unanswered",
                section,
                self.env._("Say What Became of Them"),
                self.env._("Approved visits of mine whose day has passed: took place or not?"),
                model,
                Domain("lead_technician_id", "=", self.env.uid)
                & Domain("state", "=", "approved")
                & Domain("answer_due_date", "<=", self._get_day()),
                action,
                late=passed_domain(self.env, "answer_due_date"),
            ),
            Card(
                "visits_forms",
                section,
                self.env._("Feedback Forms to Hand In"),
                self.env._("Signed forms of my visits that nobody has received yet (五.7.2)."),
                model,
                mine & FORMS_OUT,
                action,
                late=visits._get_unreturned_domain(),
            ),
            Card(
                "originals_mine",
                section,
                self.env._("Originals I Hold"),
                self.env._("Paper originals in my hands that belong into the archive."),
                "aftersales.archive.entry",
                Domain("holder_id", "=", self.env.uid) & Domain("state", "=", "expected"),
                WINDOW.format("aftersales_archive_entry"),
                late=Domain("is_overdue", "=", True),
            ),
        ]

    @api.model
    def _get_own_change_cards(self):
        mine, section = Domain("user_id", "=", self.env.uid), self.env._("Requests and Questions")
        changes = WINDOW.format("aftersales_change_request")
        return [
            Card(
                "changes_to_confirm",
                section,
                self.env._("Changes to Confirm"),
                self.env._("Program changes of my customers whose need is to be confirmed."),
                "aftersales.change.request",
                mine & Domain("state", "=", "submitted"),
                changes,
                oldest="submitted_on",
            ),
            Card(
                "changes_to_test",
                section,
                self.env._("Changes to Test"),
                self.env._("Program changes I confirmed that development has handed over."),
                "aftersales.change.request",
                Domain("confirmed_by_id", "=", self.env.uid) & Domain("state", "=", "testing"),
                changes,
                late=Domain("is_overdue", "=", True),
            ),
            Card(
                "applications_to_execute",
                section,
                self.env._("Applications to Carry Out"),
                self.env._("Approved clearing of data and recovery of passwords."),
                "aftersales.application",
                mine & Domain("state", "=", "approved"),
                WINDOW.format("aftersales_application"),
                late=passed_domain(self.env, "execution_due_date"),
            ),
            Card(
                "questions_mine",
                section,
                self.env._("Questions of Customers"),
                self.env._("Tickets a manager gave me after a call, still open (五.5.4)."),
                "helpdesk.ticket",
                mine & OPEN_TICKET & Domain("question_due_date", "!=", False),
                TICKETS,
                late=passed_domain(self.env, "question_due_date"),
            ),
            Card(
                "complaints_mine",
                section,
                self.env._("Complaints I Took"),
                self.env._("Open complaints I entered; a manager looks into them."),
                "aftersales.complaint",
                Domain("create_uid", "=", self.env.uid) & Domain("state", "in", OPEN_STATES),
                WINDOW.format("aftersales_complaint"),
                late=Domain("is_overdue", "=", True),
            ),
        ]

    @api.model
    def _get_own_customer_cards(self):
        mine, section = Domain("user_id", "=", self.env.uid), self.env._("My Customers")
        installations = WINDOW.format("aftersales_installation")
        # sudo: a setting of the company
        today, months = self._get_day(), self.env.company.sudo().aftersales_notice_months
        return [
            Card(
                "service_expiring",
                section,
                self.env._("Service Ends Soon"),
                self.env._("Software of my customers whose service ends within the notice period."),
                "aftersales.installation",
                mine & Domain("service_state", "=", "expiring"),
                installations,
            ),
            Card(
                "service_expired",
                section,
                self.env._("Service Has Ended"),
                self.env._("Software of my customers whose service has ended without a renewal."),
                "aftersales.installation",
                mine & Domain("service_state", "=", "expired"),
                installations,
            ),
            Card(
                "agreements_to_renew",
                section,
                self.env._("Agreements to Renew"),
                self.env._(
                    "Agreements of mine that end within the notice period and are not renewed."
                ),
                "contract.contract",
                mine
                & SIGNED
                & Domain("term_end", ">=", today)
                & Domain("term_end", "<=", today + relativedelta(months=months))
                & ~Domain("renewal_ids.agreement_stage", "=", "signed"),
                AGREEMENTS,
                oldest="term_end",
            ),
            Card(
                "agreements_unpaid",
                section,
                self.env._("Unpaid Agreements"),
                self.env._("Signed agreements of mine that are not paid."),
                "contract.contract",
                mine & SIGNED & Domain("paid_on", "=", False),
                AGREEMENTS,
                late=passed_domain(self.env, "payment_due_date"),
            ),
            Card(
                "offers_open",
                section,
                self.env._("Offers Without an Answer"),
                self.env._("Agreements of mine that are drafted or sent, and not signed."),
                "contract.contract",
                mine
                & Domain("is_service_agreement", "=", True)
                & Domain("agreement_stage", "in", ("draft", "sent")),
                AGREEMENTS,
            ),
        ]

    @api.model
    def _get_own_month_cards(self):
        section = self.env._("My Month")
        served = COUNTED_TICKET & Domain("service_done_by_id", "=", self.env.uid)
        visited = Domain("lead_technician_id", "=", self.env.uid)
        return [
            Card(
                "month_served",
                section,
                self.env._("Services Done"),
                self.env._("Tickets whose service I finished this month, without duplicates."),
                "helpdesk.ticket",
                served & self._in_month("service_done_on", is_moment=True),
                TICKETS,
                earlier=self._get_former_months(served, "service_done_on", True),
            ),
            Card(
                "month_visits",
                section,
                self.env._("Visits Made"),
                self.env._("Visits this month from which I returned, as lead technician."),
                "aftersales.visit",
                visited & self._in_month("returned_on", is_moment=True),
                WINDOW.format("aftersales_visit"),
                earlier=self._get_former_months(visited, "returned_on", True),
            ),
        ]
