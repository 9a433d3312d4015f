from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...groups import MANAGERS, READERS
from ..shared.document_fields import (
    contact_field,
    customer_field,
    overdue_field,
    passed_domain,
    state_field,
    ticket_field,
)
from ..shared.steps import Step
from .values import DECIDED, HANDLERS, KINDS, OPEN_STATES, ORIGINS, OUTCOMES, SAID, SOURCE

PORTAL_FIELDS = frozenset(
    {
        "name",
        "kind",
        "state",
        "partner_id",
        "filed_by_id",
        "description",
        "date_received",
        "answer",
        "answered_on",
    }
)


def _source_field(comodel, **attributes):
    """:return: a field for another document of the customer, from which the complaint comes"""
    return fields.Many2one(
        comodel_name=comodel,
        index="btree_not_null",
        ondelete="restrict",
        groups=READERS,
        check_company=True,
        domain="[('partner_id', '=', partner_id)]",
        **attributes,
    )


# The model has rooms of its own: handling.py (steps) and privacy.py (colleagues who must not learn of a complaint)
class AftersalesComplaint(models.Model):
    """A customer complains (四 总监.4, 四 经理.3, 七.1–2).

    ========================  ==============================================================
    Who                       May
    ========================  ==============================================================
    service manager           everything, except with complaints about themselves or their own
                              work: they do not investigate these, and do not read those that
                              concern them
    specialist, call-back     enter complaints; read those they entered, and change them until
    specialist                the investigation begins
    caller of the customer    read the complaint the call is about
    person concerned          nothing: neither the complaint nor its messages, activities and
                              counts
    customer (portal)         read kind, text, state and answer of the own company's
    ========================  ==============================================================

    Findings, outcome and internal messages are for managers only, also where others read the complaint.
    """

    _name = "aftersales.complaint"
    _description = "Complaint"
    _inherit = [
        "aftersales.document.mixin",
        "aftersales.owner.mixin",
        "aftersales.deadline.mixin",
        "aftersales.callback.mixin",
        "aftersales.letter.mixin",
        "aftersales.filing.mixin",
    ]
    _order = "date_received desc, id desc"
    _search_text = ("name",)
    _search_links = ("partner_id", "commercial_partner_id", "contact_id", "ticket_id")
    _search_labels = ("kind",)
    _check_company_auto = True
    _allow_sudo_commands = False
    _sequence_code = "aftersales.complaint"
    _shared_fields = frozenset({"description", "findings", "answer_draft"})
    _title_fields = ("kind", "partner_id")
    _customer_links = (
        "contact_id",
        "ticket_id",
        "visit_id",
        "callback_id",
    )
    # 四 回访专员.2: neither the person concerned nor the investigator calls the customer
    _callback_worker_fields = frozenset({"employee_id", "investigator_id"})
    _steps = (
        Step("received", "investigating", "action_investigate"),
        Step(
            "investigating",
            "answered",
            "action_answer",
            needed=("findings", "outcome", "answer_draft"),
        ),
        Step("answered", "closed", "action_close"),
        Step("answered", "investigating", "action_reopen"),
        Step("closed", "investigating", "action_reopen"),
        Step("received", "cancelled", "action_cancel"),
        Step("investigating", "cancelled", "action_cancel"),
        Step("cancelled", "received", "action_restore"),
    )
    _field_states = {
        **dict.fromkeys(SAID, frozenset({"received"})),
        # the investigation may find another kind of complaint, or another source
        **dict.fromkeys(SOURCE, frozenset({"received", "investigating"})),
        **dict.fromkeys(DECIDED, frozenset({"investigating"})),
        **dict.fromkeys(HANDLERS, frozenset({"received", "investigating"})),
    }
    _protected_fields = {
        "state": "received",
        "date_deadline": False,
        "answer": False,
        "answered_on": False,
        "answered_by_id": False,
        "cancel_reason": False,
        "reopen_reason": False,
        "reopen_count": 0,
        "filed_by_id": False,
    }
    _portal_url = "/my/complaints"
    _portal_fields = PORTAL_FIELDS

    state = state_field(
        [
            ("received", "Received"),
            ("investigating", "Under Investigation"),
            ("answered", "Answered"),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
        ],
        default="received",
    )

    # === The customer's part, which the portal shows === #

    # no default: some kinds cost an employee money (七.1), so that a person chooses
    kind = fields.Selection(selection=KINDS, required=True, index=True, tracking=True)
    description = fields.Text(
        string="What the Customer Says", required=True, help="In the customer's words."
    )
    partner_id = customer_field(ondelete="restrict")
    date_received = fields.Date(
        string="Received On",
        required=True,
        index=True,
        tracking=True,
        default=lambda self: self.env.company._aftersales_today(),
        help="The company's calendar day on which the customer complained; half-years are counted by it (七.2).",
    )
    answer = fields.Text(readonly=True, copy=False, help="As it was sent to the customer.")
    answered_on = fields.Datetime(readonly=True, copy=False)

    # === Source === #

    origin = fields.Selection(
        selection=ORIGINS, required=True, default="phone", index=True, groups=READERS
    )
    contact_id = contact_field(
        compute="_compute_contact_id",
        store=True,
        readonly=False,
        groups=READERS,
        help="Who complained, and gets the answer.",
    )
    contact_phone = fields.Char(
        related="contact_id.phone", string="Contact's Phone", groups=READERS
    )
    ticket_id = ticket_field(ondelete="restrict", groups=READERS)
    visit_id = _source_field("aftersales.visit")
    callback_id = _source_field("aftersales.callback", string="Said in Call-back")
    involved_user_ids = fields.Many2many(
        comodel_name="res.users",
        person="fact",
        relation="aftersales_complaint_involved_rel",
        column1="complaint_id",
        column2="user_id",
        string="Who Did the Work",
        compute="_compute_involved_user_ids",
        store=True,
        groups=MANAGERS,
        help="They do not investigate what the customer complains about.",
    )

    # === The investigation === #

    employee_id = fields.Many2one(
        comodel_name="hr.employee",
        person="fact",
        string="Person Concerned",
        index=True,
        ondelete="restrict",
        tracking=True,
        groups=READERS,
        check_company=True,
        help="Does not learn of the complaint here. May stay empty until it is investigated.",
    )
    concerned_user_id = fields.Many2one(
        comodel_name="res.users",
        person="fact",
        related="employee_id.user_id",
        store=True,
        index="btree_not_null",
        string="User Concerned",
        groups=MANAGERS,
    )
    investigator_id = fields.Many2one(
        comodel_name="res.users",
        person="role",
        string="Investigator",
        index=True,
        tracking=True,
        copy=False,
        groups=READERS,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="A service manager who neither is concerned nor did the work (四 经理.3).",
    )
    date_deadline = fields.Date(
        string="To Answer By",
        compute="_compute_date_deadline",
        store=True,
        precompute=True,
        copy=False,
        index=True,
        groups=READERS,
    )
    findings = fields.Text(
        copy=False, groups=MANAGERS, help="What was found out, and how; not for the customer."
    )
    outcome = fields.Selection(
        selection=OUTCOMES,
        string="Conclusion",
        index=True,
        tracking=True,
        copy=False,
        groups=MANAGERS,
    )
    answer_draft = fields.Text(string="Answer to the Customer", copy=False, groups=MANAGERS)
    answered_by_id = fields.Many2one(
        comodel_name="res.users", person="fact", readonly=True, copy=False, groups=MANAGERS
    )
    cancel_reason = fields.Char(
        string="Why Cancelled", readonly=True, copy=False, tracking=True, groups=MANAGERS
    )
    reopen_reason = fields.Char(
        string="Why Reopened", readonly=True, copy=False, tracking=True, groups=MANAGERS
    )
    reopen_count = fields.Integer(
        string="Times Reopened", readonly=True, copy=False, aggregator=None, groups=MANAGERS
    )
    confirmed_count = fields.Integer(
        string="Confirmed Within Half a Year",
        compute="_compute_counts",
        groups=MANAGERS,
        help="Complaints about this person that were confirmed, received in the half-year up to this one, which "
        "counts once it is confirmed (七.2).",
    )
    attitude_count = fields.Integer(
        string="Confirmed About Attitude",
        compute="_compute_counts",
        groups=MANAGERS,
        help="Complaints about this person's attitude that were ever confirmed, up to this one (七.1).",
    )
    is_overdue = overdue_field(groups=None)
    can_handle = fields.Boolean(compute="_compute_can_handle", groups=READERS)

    _decided_before_answered = models.Constraint(
        "CHECK(state NOT IN ('answered', 'closed') OR"
        " (outcome IS NOT NULL AND answer IS NOT NULL AND investigator_id IS NOT NULL))",
        "What is answered was investigated and decided.",
    )

    # === Compute === #

    @api.depends("partner_id")
    def _compute_contact_id(self):
        for complaint in self:
            if complaint.contact_id.commercial_partner_id != complaint.partner_id:
                complaint.contact_id = complaint.partner_id.software_contact_id

    @api.depends(
        "ticket_id.user_id",
        "ticket_id.service_done_by_id",
        "visit_id.technician_ids",
        "visit_id.lead_technician_id",
        "callback_id.worker_ids",
    )
    def _compute_involved_user_ids(self):
        for complaint in self:
            visit = complaint.visit_id
            complaint.involved_user_ids = (
                complaint.ticket_id.user_id
                | complaint.ticket_id.service_done_by_id
                | visit.technician_ids
                | visit.lead_technician_id
                | complaint.callback_id.worker_ids
            )

    @api.depends("date_received", "company_id")
    def _compute_date_deadline(self):
        today = {company: company._aftersales_today() for company in self.company_id}
        for complaint in self:
            company = complaint.company_id
            if complaint.date_received and company:
                # sudo: a setting of the company
                due = company._aftersales_next_working_day(
                    complaint.date_received, company.sudo().aftersales_complaint_days
                )
                owed = complaint._origin.date_deadline
                # 三.8: another day of receipt gives no more time, unless it is corrected on the day of entry
                if owed and company._aftersales_day(complaint.create_date) != today[company]:
                    due = min(due, owed)
                complaint.date_deadline = due

    @api.depends("state", "date_deadline", "company_id")
    def _compute_is_overdue(self):
        for company, complaints in self.grouped("company_id").items():
            today = (company or self.env.company)._aftersales_today()
            for complaint in complaints:
                due = complaint.state in OPEN_STATES and complaint.date_deadline
                complaint.is_overdue = bool(due and due < today)

    @api.model
    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain("state", "in", OPEN_STATES) & passed_domain(self.env, "date_deadline")
        return late if True in value else ~late

    # === Constraints === #

    @api.constrains("date_received", "company_id")
    def _check_date_received(self):
        for complaint in self:
            if complaint.date_received > complaint.company_id._aftersales_today():
                raise ValidationError(self.env._("A complaint is not received in the future."))

    @api.constrains("description")
    def _check_description(self):
        if any(not (complaint.description or "").strip() for complaint in self):
            raise ValidationError(self.env._("Enter what the customer says."))

    def _after_filing(self):
        """Give no activity: the investigators were told when the complaint was made."""

    def _get_filing_author(self):
        # the company, since the investigator is not named before the answer
        return self.company_id.partner_id

    def _get_filing_text(self):
        return self.env._(
            "Thank you for telling us. We have received your complaint %s; somebody who has nothing to do with it looks"
            " into it and answers you. You can follow it on the portal; a reply to this mail reaches us there, too.",
            self.name,
        )

    @api.model
    def _get_new_action(self, context):
        """The form of a new complaint.

        :param dict context: its defaults
        :return: an action
        :rtype: dict
        """
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Enter a Complaint"),
            "res_model": "aftersales.complaint",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": context,
        }

    @api.model
    def _get_reason_steps(self):
        return {
            **super()._get_reason_steps(),
            "action_cancel": self.env._("Cancel Complaint"),
            "action_reopen": self.env._("Reopen Complaint"),
        }

    def action_open_cancel(self):
        """Ask why the complaint is cancelled."""
        return self._ask_reason("action_cancel")

    def action_open_reopen(self):
        """Ask why the complaint is reopened."""
        return self._ask_reason(
            "action_reopen",
            self.env._(
                "The outcome and the answer are void; the complaint is investigated once more, and whatever followed"
                " from its outcome is looked at again."
            ),
        )

    def action_view_repeats(self):
        """Show the confirmed complaints about the same person (七.2)."""
        self.ensure_one()
        return self._get_list_action(
            "jinyang_aftersales.aftersales_complaint_action",
            [("employee_id", "=", self.employee_id.id), ("outcome", "=", "confirmed")],
            {"create": False},
        )

    def action_view_source(self):
        """Open the source of the complaint: visit, ticket, or the call in which it was made."""
        self.ensure_one()
        source = self.visit_id or self.ticket_id or self.callback_id
        source.check_access("read")
        return source.get_formview_action()
