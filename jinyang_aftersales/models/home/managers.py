from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Domain

from ..change.values import PROMISED
from ..complaint.values import OPEN_STATES
from ..shared.document_fields import passed_domain
from .values import (
    AGREEMENTS,
    COUNTED_TICKET,
    OPEN_QUESTIONS,
    OPEN_TICKET,
    QUESTIONS,
    SIGNED,
    TICKETS,
    WINDOW,
    Card,
)


class AftersalesHome(models.AbstractModel):
    """Cards of managers and directors."""

    _inherit = "aftersales.home"

    @api.model
    def _get_manager_cards(self):
        return [
            *self._get_decision_cards(),
            *self._get_late_cards(),
            *self._get_agreement_month_cards(),
            *self._get_watch_cards(),
        ]

    @api.model
    def _get_approval_card(self):
        return Card(
            "approvals",
            self.env._("To Decide"),
            self.env._("To Approve"),
            self.env._("Documents that wait for my decision."),
            "mail.activity",
            Domain("approval_id.decision", "=", "pending") & Domain("user_id", "=", self.env.uid),
            "jinyang_aftersales.mail_activity_action_approval",
            late=Domain("date_deadline", "<", self._get_day()),
            oldest="create_date",
        )

    @api.model
    def _get_complaint_card(self):
        return Card(
            "complaints_open",
            self.env._("To Decide"),
            self.env._("Open Complaints"),
            self.env._("Complaints that are not answered yet."),
            "aftersales.complaint",
            Domain("state", "in", OPEN_STATES),
            WINDOW.format("aftersales_complaint"),
            late=Domain("is_overdue", "=", True),
            oldest="date_received",
        )

    @api.model
    def _get_decision_cards(self):
        section = self.env._("To Decide")
        return [
            self._get_approval_card(),
            Card(
                "questions_open",
                section,
                self.env._("Questions of Customers"),
                self.env._("Questions left after a call: to assign, or not solved yet (五.5.4)."),
                "aftersales.callback",
                Domain("outcome", "in", OPEN_QUESTIONS),
                QUESTIONS,
                late=Domain("outcome", "=", "waiting"),
                oldest="escalated_on",
            ),
            self._get_complaint_card(),
            Card(
                "proposals_open",
                section,
                self.env._("Data Customers Want Changed"),
                self.env._("Changes of company data that customers propose."),
                "aftersales.partner.proposal",
                Domain("state", "=", "open"),
                WINDOW.format("aftersales_partner_proposal"),
                oldest="create_date",
            ),
            Card(
                "reviews",
                section,
                self.env._("Looks Evaded"),
                self.env._("Documents that look as if a duty had been walked around."),
                "aftersales.review",
                Domain("is_old", "=", False),
                WINDOW.format("aftersales_review"),
            ),
        ]

    @api.model
    def _get_late_cards(self):
        section, model = self.env._("By Specialist"), "helpdesk.ticket"
        visits = WINDOW.format("aftersales_visit")
        tomorrow = self._get_day(days=1)
        return [
            Card(
                "team_open",
                section,
                self.env._("Open Tickets"),
                self.env._("All tickets that are not closed."),
                model,
                OPEN_TICKET,
                TICKETS,
                oldest="create_date",
                by="user_id",
            ),
            Card(
                "team_nobody",
                section,
                self.env._("Without a Specialist"),
                self.env._("Open tickets that nobody has taken."),
                model,
                OPEN_TICKET & Domain("user_id", "=", False),
                TICKETS,
                late=Domain(
                    "create_date", "<", self.env.company._aftersales_moment(self._get_day(), 0)
                ),
            ),
            Card(
                "team_forgotten",
                section,
                self.env._("Forgotten Tickets"),
                self.env._("Open tickets nobody has worked on for days."),
                model,
                Domain("is_forgotten", "=", True),
                TICKETS,
                late=Domain.TRUE,
                by="user_id",
            ),
            Card(
                "team_records",
                section,
                self.env._("Overdue Records"),
                self.env._("Services whose record was due before today."),
                model,
                Domain("is_record_overdue", "=", True),
                TICKETS,
                late=Domain.TRUE,
                by="service_done_by_id",
            ),
            Card(
                "team_visits",
                section,
                self.env._("Overdue Visits"),
                self.env._("Visits late with approval, departure, record or form."),
                "aftersales.visit",
                Domain("is_overdue", "=", True),
                visits,
                late=Domain.TRUE,
                by="lead_technician_id",
            ),
            Card(
                "team_unserviced",
                section,
                self.env._("Out of Service"),
                self.env._("Open tickets of software without service: to be charged."),
                model,
                OPEN_TICKET & Domain("chargeable", "=", True),
                TICKETS,
                by="user_id",
            ),
            Card(
                "team_out",
                section,
                self.env._("Visits Today"),
                self.env._("Who is at a customer's today."),
                "aftersales.visit",
                Domain("state", "in", ("approved", "on_site", "feedback"))
                & Domain(
                    "date_planned_end",
                    ">=",
                    self.env.company._aftersales_moment(self._get_day(), 0),
                )
                & Domain(
                    "date_planned_start", "<", self.env.company._aftersales_moment(tomorrow, 0)
                ),
                visits,
                by="lead_technician_id",
            ),
            Card(
                "team_tomorrow",
                section,
                self.env._("Visits Tomorrow"),
                self.env._("Visits requested or approved that begin tomorrow."),
                "aftersales.visit",
                Domain("state", "in", ("submitted", "approved"))
                & self._between_days(
                    "date_planned_start", tomorrow, tomorrow + relativedelta(days=1), True
                ),
                visits,
                by="lead_technician_id",
            ),
        ]

    @api.model
    def _get_agreement_month_cards(self, years=False):
        section, model = self.env._("Agreements of the Month"), "contract.contract"

        def card(code, title, text, field, base=SIGNED):
            return Card(
                code,
                section,
                title,
                text,
                model,
                base & self._in_month(field),
                AGREEMENTS,
                measure="agreement_amount",
                earlier=self._get_former_months(base, field, year=years),
            )

        return [
            card(
                "agreements_expected",
                self.env._("To Be Renewed"),
                self.env._("Amounts of the agreements that end this month, to be renewed."),
                "term_end",
            ),
            card(
                "agreements_signed",
                self.env._("Signed"),
                self.env._("Amounts of the agreements signed this month."),
                "signed_on",
            ),
            card(
                "agreements_paid",
                self.env._("Paid"),
                self.env._("Amounts of the agreements paid in full this month."),
                "paid_on",
            ),
            Card(
                "agreements_unpaid_all",
                section,
                self.env._("Unpaid"),
                self.env._("Amounts of all signed agreements that are not paid."),
                model,
                SIGNED & Domain("paid_on", "=", False),
                AGREEMENTS,
                late=passed_domain(self.env, "payment_due_date"),
                measure="agreement_amount",
            ),
        ]

    @api.model
    def _get_watch_cards(self):
        section = self.env._("To Watch")
        return [
            Card(
                "changes_week",
                section,
                self.env._("Promised This Week"),
                self.env._("Program changes promised until Sunday, and not deployed."),
                "aftersales.change.request",
                Domain("state", "in", PROMISED)
                & Domain("deployed_on", "=", False)
                & Domain("date_promised", "<=", self._get_week_end()),
                WINDOW.format("aftersales_change_request"),
                late=Domain("is_overdue", "=", True),
            ),
            Card(
                "calls_overdue",
                section,
                self.env._("Late Calls"),
                self.env._("Call-backs that should have been made before today."),
                "aftersales.callback",
                Domain("is_overdue", "=", True),
                WINDOW.format("aftersales_callback"),
                late=Domain.TRUE,
            ),
            Card(
                "service_expired_all",
                section,
                self.env._("Service Has Ended"),
                self.env._("Software whose service has ended without a renewal."),
                "aftersales.installation",
                Domain("service_state", "=", "expired"),
                WINDOW.format("aftersales_installation"),
            ),
            Card(
                "originals_overdue",
                section,
                self.env._("Overdue Originals"),
                self.env._("Paper originals that should be in the archive."),
                "aftersales.archive.entry",
                Domain("is_overdue", "=", True),
                WINDOW.format("aftersales_archive_entry"),
                late=Domain.TRUE,
            ),
            Card(
                "projects_overdue",
                section,
                self.env._("Overdue Implementations"),
                self.env._("Projects past their end, or without their forms."),
                "aftersales.implementation",
                Domain("is_overdue", "=", True),
                WINDOW.format("aftersales_implementation"),
                late=Domain.TRUE,
            ),
            Card(
                "suggestions",
                section,
                self.env._("Suggestions to Answer"),
                self.env._("Suggestions and objections of colleagues about the regulation."),
                "aftersales.suggestion",
                Domain("state", "=", "submitted"),
                WINDOW.format("aftersales_suggestion"),
            ),
            self._get_mail_card(section),
        ]

    # === Director === #

    @api.model
    def _get_director_cards(self):
        return [
            *self._get_director_decision_cards(),
            *self._get_month_cards(),
            *self._get_agreement_month_cards(years=True),
        ]

    @api.model
    def _get_director_decision_cards(self):
        return [
            self._get_approval_card(),
            self._get_complaint_card(),
            Card(
                "regulations_to_release",
                self.env._("To Decide"),
                self.env._("Regulation to Release"),
                self.env._("Drafts of the regulation that hold for nobody yet."),
                "aftersales.regulation",
                Domain("state", "=", "draft"),
                WINDOW.format("aftersales_regulation"),
            ),
        ]

    @api.model
    def _get_month_cards(self):
        section, model = self.env._("Service of the Month"), "helpdesk.ticket"
        served = COUNTED_TICKET & Domain("service_done_on", "!=", False)
        returned = Domain("returned_on", "!=", False)

        def card(code, title, text, model, base, field, action, is_moment=True, **more):
            return Card(
                code,
                section,
                title,
                text,
                model,
                base & self._in_month(field, is_moment=is_moment),
                action,
                earlier=self._get_former_months(base, field, is_moment, year=True),
                **more,
            )

        return [
            card(
                "month_tickets",
                self.env._("New Tickets"),
                self.env._("Tickets of this month, without duplicates and cancelled ones."),
                model,
                COUNTED_TICKET,
                "create_date",
                TICKETS,
                by="user_id",
            ),
            card(
                "month_services",
                self.env._("Services Done"),
                self.env._("Tickets whose service was finished this month."),
                model,
                served,
                "service_done_on",
                TICKETS,
                late=Domain("is_record_overdue", "=", True),
                by="service_done_by_id",
            ),
            card(
                "month_closed",
                self.env._("Closed Tickets"),
                self.env._("Tickets closed this month, without duplicates and cancelled ones."),
                model,
                COUNTED_TICKET & Domain("stage_id.closed", "=", True),
                "closed_date",
                TICKETS,
                by="user_id",
            ),
            card(
                "month_returned",
                self.env._("Visits Made"),
                self.env._("Visits from which the technician returned this month."),
                "aftersales.visit",
                returned,
                "returned_on",
                WINDOW.format("aftersales_visit"),
                by="lead_technician_id",
            ),
            card(
                "month_calls",
                self.env._("Customers Called"),
                self.env._("Call-backs in which the customer was reached this month."),
                "aftersales.callback",
                Domain("result", "=", "reached"),
                "called_on",
                WINDOW.format("aftersales_callback"),
            ),
            card(
                "month_complaints",
                self.env._("Complaints Received"),
                self.env._("Complaints received this month, also unfounded ones."),
                "aftersales.complaint",
                Domain("state", "!=", "cancelled"),
                "date_received",
                WINDOW.format("aftersales_complaint"),
                is_moment=False,
            ),
        ]
