from odoo import api, fields, models

from ...groups import MANAGERS, READERS, SPECIALISTS

SCORES = [(str(number), str(number)) for number in range(1, 6)]
TRANSPORTS = [
    ("train", "Train"),
    ("plane", "Plane"),
    ("bus", "Coach"),
    ("car", "Car"),
    ("other", "Other"),
]
# what the technician brings home; the customer signs it
FEEDBACK_FIELDS = frozenset(
    {
        "arrived_on",
        "result",
        "customer_opinion",
        "score_attitude",
        "score_skill",
        "score_result",
        "signed_by_id",
        "signed_by_name",
        "customer_signature",
    }
)


class AftersalesVisit(models.Model):
    """A visit to a customer, or a business trip (五.3, 五.5.1, 五.7.1, 五.7.2).

    ======================  ==================================================================
    Who                     May
    ======================  ==================================================================
    service specialist      create; write, submit and close those in reach
    technician              the same with the visits he goes on
    service manager         the same; approve or refuse those of others he does not go on;
                            change the technicians of a submitted one; reopen a signed one
    call-back specialist    receive the signed feedback form, which starts the call-back
    other service roles     read
    ======================  ==================================================================

    What may be written when is in :meth:`_get_open_states`: the plan as a draft, the feedback on site. What the
    customer signed is fixed; only a service manager reopens it, which makes the signature void.
    """

    _name = "aftersales.visit"
    _description = "On-site Visit"
    _inherit = [
        "aftersales.approval.mixin",
        "aftersales.deadline.mixin",
        "aftersales.customer.mixin",
        "aftersales.letter.mixin",
        "aftersales.callback.mixin",
        "aftersales.archive.mixin",
        "aftersales.signature.mixin",
    ]
    _order = "date_planned_start desc, id desc"
    _check_company_auto = True
    _sequence_code = "aftersales.visit"
    _title_fields = ("partner_id",)
    _customer_links = (
        "contact_id",
        "arrival_agreed_with_id",
        "signed_by_id",
        "installation_id",
        "ticket_id",
    )
    # 四 回访专员.1: who was there does not call about it
    _callback_worker_fields = frozenset({"technician_ids", "lead_technician_id"})
    _state_moves = {
        ("draft", "submitted"): "action_submit",
        ("submitted", "draft"): "action_withdraw",
        ("submitted", "approved"): "action_approve",
        ("submitted", "refused"): "action_refuse",
        ("approved", "on_site"): "action_leave",
        ("on_site", "feedback"): "action_sign",
        ("feedback", "on_site"): "action_reopen",
        ("feedback", "done"): "action_done",
        ("draft", "cancelled"): "action_cancel",
        ("submitted", "cancelled"): "action_cancel",
        ("approved", "cancelled"): "action_cancel",
        ("on_site", "cancelled"): "action_cancel",
        ("refused", "draft"): "action_draft",
        ("cancelled", "draft"): "action_draft",
    }
    _protected_fields = {
        "state": "draft",
        "calendar_event_id": False,
        "signed_on": False,
        "signed_content": False,
        "signature_hash": False,
        "feedback_received_on": False,
        "feedback_received_by_id": False,
        "record_due_date": False,
        "feedback_due_date": False,
    }
    _submitted_fields = frozenset(
        {
            "partner_id",
            "contact_id",
            "installation_id",
            "problem",
            "address",
            "date_planned_start",
            "date_planned_end",
            "arrival_agreed_with_id",
            "technician_ids",
            "lead_technician_id",
            "is_trip",
            "destination",
            "transport",
            "trip_date_start",
            "trip_date_end",
        }
    )

    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("submitted", "Submitted"),
            ("approved", "Approved"),
            ("on_site", "On Site"),
            ("feedback", "Feedback Signed"),
            ("done", "Done"),
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        index=True,
        tracking=True,
        group_expand=True,
        copy=False,
    )
    ticket_id = fields.Many2one(
        comodel_name="helpdesk.ticket",
        string="Service Record",
        index="btree_not_null",
        tracking=True,
        check_company=True,
        domain="[('commercial_partner_id', '=', partner_id)]",
        help="The ticket that is the service record of this visit (五.3.6); made at approval if there is none.",
    )
    problem = fields.Text(string="Purpose", help="What the customer wants solved on site.")
    address = fields.Char(compute="_compute_address", store=True, readonly=False)

    # === The plan === #

    date_planned_start = fields.Datetime(string="Arrival", tracking=True, copy=False, index=True)
    date_planned_end = fields.Datetime(string="Planned Until", tracking=True, copy=False)
    arrival_agreed_with_id = fields.Many2one(
        comodel_name="res.partner",
        string="Agreed With",
        copy=False,
        domain="[('commercial_partner_id', '=', partner_id)]",
        help="The customer's contact with whom the time of arrival was agreed (五.3.2).",
    )
    technician_ids = fields.Many2many(
        comodel_name="res.users",
        person="role",
        relation="aftersales_visit_technician_rel",
        column1="visit_id",
        column2="user_id",
        string="Technicians",
        tracking=True,
        default=lambda self: self._default_technicians(),
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    lead_technician_id = fields.Many2one(
        comodel_name="res.users",
        person="role",
        string="Lead Technician",
        compute="_compute_lead_technician_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        tracking=True,
        domain="[('id', 'in', technician_ids)]",
        help="Owes the service record of the visit.",
    )
    technicians_fixed = fields.Boolean(compute="_compute_technicians_fixed")
    is_trip = fields.Boolean(string="Business Trip")
    destination = fields.Char()
    transport = fields.Selection(selection=TRANSPORTS)
    trip_date_start = fields.Date(string="Departure", copy=False)
    trip_date_end = fields.Date(string="Return", copy=False)
    calendar_event_id = fields.Many2one(
        comodel_name="calendar.event",
        string="Calendar Entry",
        index="btree_not_null",
        readonly=True,
        copy=False,
    )
    overlap_warning = fields.Text(compute="_compute_overlap_warning", groups=READERS)

    # === On site === #

    left_on = fields.Datetime(copy=False, help="When the technicians set off, after the approval.")
    arrived_on = fields.Datetime(copy=False)
    returned_on = fields.Datetime(
        copy=False, help="Back at the office; from then on the service record is owed."
    )
    result = fields.Text(tracking=True, copy=False)
    customer_opinion = fields.Text(string="Customer's Opinion", copy=False)
    score_attitude = fields.Selection(selection=SCORES, string="Attitude", copy=False)
    score_skill = fields.Selection(selection=SCORES, string="Skill", copy=False)
    score_result = fields.Selection(selection=SCORES, string="Outcome", copy=False)
    score_average = fields.Float(
        string="Score",
        compute="_compute_score_average",
        store=True,
        digits=(3, 2),
        aggregator="avg",
    )

    # === Afterwards === #

    feedback_received_on = fields.Datetime(
        readonly=True,
        copy=False,
        help="When the feedback form was handed to the call-back desk (五.7.2).",
    )
    feedback_received_by_id = fields.Many2one(
        comodel_name="res.users", person="fact", readonly=True, copy=False
    )
    feedback_due_date = fields.Date(readonly=True, copy=False)
    record_due_date = fields.Date(readonly=True, copy=False, index="btree_not_null")
    record_filled_on = fields.Datetime(
        related="ticket_id.record_completed_on",
        string="Record Complete Since",
        store=True,
        groups=READERS,
    )
    record_hours = fields.Float(
        string="Hours to Record",
        compute="_compute_record_hours",
        store=True,
        aggregator="avg",
        groups=READERS,
        help="From the return until the service record was complete.",
    )
    is_overdue = fields.Boolean(
        string="Late",
        compute="_compute_is_overdue",
        search="_search_is_overdue",
        groups=READERS,
        help="Nobody went at the agreed time, or the service record is overdue.",
    )
    can_receive = fields.Boolean(compute="_compute_can_receive", groups=READERS)

    _plan_order = models.Constraint(
        "CHECK(date_planned_end > date_planned_start)", "A visit ends after it begins."
    )
    _trip_order = models.Constraint(
        "CHECK(trip_date_end >= trip_date_start)", "A trip returns after it departs."
    )
    _times_order = models.Constraint(
        "CHECK(arrived_on >= left_on AND returned_on >= left_on AND returned_on >= arrived_on)",
        "Leaving, arriving and returning follow each other.",
    )
    _scores_range = models.Constraint(
        "CHECK(score_attitude IN ('1', '2', '3', '4', '5') AND score_skill IN ('1', '2', '3', '4', '5')"
        " AND score_result IN ('1', '2', '3', '4', '5'))",
        "Scores go from 1 to 5.",
    )

    # === Defaults and computes === #

    @api.model
    def _default_technicians(self):
        """The specialist who plans a visit usually goes himself; a manager plans it for others."""
        user = self.env.user
        specialist = user.has_group(SPECIALISTS)
        if specialist and not user.has_group(MANAGERS):
            return user
        return user.browse()

    @api.depends("partner_id")
    def _compute_address(self):
        for visit in self:
            # sudo: where to go, for customers on the portal, too
            partner = visit.partner_id.sudo()
            parts = (partner.state_id.name, partner.city, partner.street, partner.street2)
            visit.address = " ".join(filter(None, parts)) or False

    @api.depends("technician_ids")
    def _compute_lead_technician_id(self):
        for visit in self:
            technicians = visit.technician_ids
            if visit.lead_technician_id._origin not in technicians._origin:
                visit.lead_technician_id = technicians[:1]

    @api.depends("score_attitude", "score_skill", "score_result")
    def _compute_score_average(self):
        for visit in self:
            given = [
                int(score)
                for score in (visit.score_attitude, visit.score_skill, visit.score_result)
                if score
            ]
            visit.score_average = sum(given) / len(given) if given else 0.0

    def action_view_ticket(self):
        """Show the service record of the visit."""
        self.ensure_one()
        return self.ticket_id.get_formview_action()
