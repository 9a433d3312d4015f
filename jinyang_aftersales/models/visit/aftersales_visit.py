from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...groups import MANAGERS, READERS, SPECIALISTS
from ...tools.maps import map_link
from ..shared.document_fields import (
    DOCUMENT_LINKS,
    contact_field,
    overdue_field,
    state_field,
    ticket_field,
)
from ..shared.steps import Step
from .values import (
    DRAFT,
    FEEDBACK_FIELDS,
    ON_SITE_FIELDS,
    OPEN_STATES,
    PAPER_FIELDS,
    PLAN,
    SCORE_FIELDS,
    SCORES,
    TECHNICIANS,
    TRANSPORTS,
    TRIP_FIELDS,
    UNDECIDED,
)


class AftersalesVisit(models.Model):
    """A visit to a customer, or a business trip (五.3, 五.5.1, 五.7.1, 五.7.2).

    ======================  ==================================================================
    Who                     May
    ======================  ==================================================================
    service specialist      create; write, submit and close those in reach
    technician              the same with their own visits
    service manager         the same; approve or refuse visits of others, on which they do not go;
                            change the technicians of a submitted one; reopen a signed one; cancel
                            one under way; move a return of others that was entered to a later time
    call-back specialist    receive the signed feedback form, which starts the call-back
    other service roles     read
    ======================  ==================================================================

    In which state a field may be written is in ``_field_states``: the plan as a draft, the feedback on site. The
    signed form is fixed; only a service manager reopens it, which makes the signature void.
    """

    _name = "aftersales.visit"
    _description = "On-site Visit"
    _inherit = [
        "aftersales.team.mixin",
        "aftersales.approval.mixin",
        "aftersales.deadline.mixin",
        "aftersales.customer.mixin",
        "aftersales.letter.mixin",
        "aftersales.dispatch.mixin",
        "aftersales.callback.mixin",
        "aftersales.archive.mixin",
        "aftersales.signature.mixin",
    ]
    _team_roles = ("technician_ids", "lead_technician_id")
    _order = "date_planned_start desc, id desc"
    _search_text = ("name",)
    _search_links = DOCUMENT_LINKS
    _dispatch_reports = (
        "jinyang_aftersales.report_visit_feedback_action",
        "jinyang_aftersales.report_visit_application_action",
    )
    _check_company_auto = True
    _sequence_code = "aftersales.visit"
    _shared_fields = frozenset({"problem", "destination", "result", "customer_opinion"})
    _title_fields = ("partner_id",)
    _customer_links = (
        "contact_id",
        "arrival_agreed_with_id",
        "signed_by_id",
        "installation_id",
        "ticket_id",
    )
    # 四 回访专员.1: technicians of the visit do not call the customer about it
    _callback_worker_fields = frozenset({"technician_ids", "lead_technician_id"})
    _steps = (
        Step(
            "draft",
            "submitted",
            "action_submit",
            needed=(
                "contact_id",
                "problem",
                "address",
                "date_planned_start",
                "date_planned_end",
                "arrival_agreed_with_id",
                "technician_ids",
                "lead_technician_id",
            ),
        ),
        Step("submitted", "draft", "action_withdraw"),
        Step("submitted", "approved", "action_approve"),
        Step("submitted", "refused", "action_refuse"),
        Step("approved", "on_site", "action_leave"),
        Step("approved", "on_site", "action_take_place"),
        Step(
            "on_site",
            "feedback",
            "action_sign",
            needed=("arrived_on", "result", "signed_by_name", "customer_signature"),
        ),
        Step(
            "on_site",
            "feedback",
            "action_sign_paper",
            needed=("arrived_on", "result", "signed_by_name"),
        ),
        Step("feedback", "on_site", "action_reopen"),
        Step("feedback", "done", "action_done", needed=("returned_on", "ticket_id")),
        Step("draft", "cancelled", "action_cancel"),
        Step("submitted", "cancelled", "action_cancel"),
        Step("approved", "cancelled", "action_cancel"),
        Step("on_site", "cancelled", "action_cancel"),
        Step("refused", "draft", "action_draft"),
        Step("cancelled", "draft", "action_draft"),
    )
    _protected_fields = {
        "state": "draft",
        "calendar_event_id": False,
        "signed_on": False,
        "signed_content": False,
        "signature_hash": False,
        "feedback_received_on": False,
        "feedback_received_by_id": False,
        "feedback_way": False,
        **dict.fromkeys(PAPER_FIELDS, False),
        "record_due_date": False,
        "feedback_due_date": False,
        "answer_due_date": False,
        "answered_on": False,
        "answered_by_id": False,
        "cancel_reason": False,
        "served_by_id": False,
        "origin_ticket_id": False,
        "return_entered_on": False,
        "return_entered_by_id": False,
    }
    _field_states = {
        **dict.fromkeys(PLAN, DRAFT),
        **dict.fromkeys(FEEDBACK_FIELDS | {"left_on"}, frozenset({"on_site"})),
        "returned_on": frozenset({"on_site", "feedback"}),
        "user_id": OPEN_STATES,
        "chargeable": OPEN_STATES,
        # 七.4: a technician may not replace the record that is owed by one that is complete already
        "ticket_id": UNDECIDED,
    }
    _manager_field_states = {
        # managers plan the day: they may exchange technicians until the decision
        **dict.fromkeys(TECHNICIANS, UNDECIDED),
        "ticket_id": OPEN_STATES,
    }

    state = state_field(
        [
            ("draft", "Draft"),
            ("submitted", "Submitted"),
            ("approved", "Approved"),
            ("on_site", "On Site"),
            ("feedback", "Feedback Signed"),
            ("done", "Done"),
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
        ]
    )
    ticket_id = ticket_field(
        string="Service Record",
        tracking=True,
        help="The ticket that is the service record of this visit and of no other (五.3.6); made at approval if there"
        " is none.",
    )
    origin_ticket_id = fields.Many2one(
        comodel_name="helpdesk.ticket",
        string="Follows Ticket",
        index="btree_not_null",
        readonly=True,
        copy=False,
        help="The ticket from which the visit was requested, when that one is the record of another visit, or was"
        " complete before this one began.",
    )
    own_record = fields.Boolean(
        default=True,
        readonly=True,
        copy=False,
        help="No other visit has the same service record. Visits from before this rule may share one.",
    )
    problem = fields.Text(string="Purpose", help="What the customer wants solved on site.")
    address = fields.Char(compute="_compute_address", store=True, readonly=False)

    map_link = fields.Char(
        string="Map",
        compute="_compute_map_link",
        help="Looks the address up on the map of the phone.",
    )
    contact_landline = fields.Char(related="contact_id.landline", string="Contact's Landline")
    customer_phone = fields.Char(related="partner_id.phone", string="Customer's Phone")
    customer_landline = fields.Char(related="partner_id.landline", string="Customer's Landline")

    # === The plan === #

    date_planned_start = fields.Datetime(string="Arrival", tracking=True, copy=False, index=True)
    date_planned_end = fields.Datetime(string="Planned Until", tracking=True, copy=False)
    arrival_agreed_with_id = contact_field(
        string="Agreed With",
        copy=False,
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
    answer_due_date = fields.Date(
        string="Answer Due",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The working day after the planned return: by then somebody says that the visit took place, was moved or"
        " is cancelled.",
    )
    answered_on = fields.Datetime(
        readonly=True, copy=False, help="When somebody said what became of the planned visit."
    )
    answered_by_id = fields.Many2one(
        comodel_name="res.users", person="fact", readonly=True, copy=False
    )
    cancel_reason = fields.Text(string="Why Cancelled", readonly=True, copy=False, tracking=True)
    is_unanswered = fields.Boolean(
        string="Unanswered", compute="_compute_is_unanswered", groups=READERS
    )

    # === On site === #

    left_on = fields.Datetime(copy=False, help="When the technicians set off, after the approval.")
    arrived_on = fields.Datetime(copy=False)
    returned_on = fields.Datetime(
        copy=False, help="Back at the office; from then on the service record is owed."
    )
    return_entered_on = fields.Datetime(
        readonly=True, copy=False, help="When the return was entered for the first time."
    )
    return_entered_by_id = fields.Many2one(
        comodel_name="res.users", person="fact", readonly=True, copy=False
    )
    served_by_id = fields.Many2one(
        comodel_name="res.users",
        person="fact",
        string="Led By",
        readonly=True,
        copy=False,
        help="The lead technician when the visit began: the record of this visit was theirs to write (七.4).",
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
        string="Record Complete Since",
        compute="_compute_record_filled_on",
        store=True,
        copy=False,
        groups=READERS,
        help="The first completion of the service record after the visit began.",
    )
    record_hours = fields.Float(
        string="Hours to Record",
        compute="_compute_record_hours",
        store=True,
        aggregator="avg",
        groups=READERS,
        help="From the return until the service record was complete.",
    )
    is_overdue = overdue_field(
        help="Nobody went at the agreed time, or service record or feedback form are overdue."
    )
    can_receive = fields.Boolean(compute="_compute_can_receive", groups=READERS)

    _own_ticket = models.UniqueIndex(
        "(ticket_id) WHERE own_record AND state NOT IN ('cancelled', 'refused')",
        "The ticket is the service record of another visit already.",
    )
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
        """Propose the user, since specialists mostly plan visits for themselves; managers plan them for others."""
        user = self.env.user
        specialist = user.has_group(SPECIALISTS)
        if specialist and not user.has_group(MANAGERS):
            return user
        return user.browse()

    @api.depends("partner_id")
    def _compute_address(self):
        for visit in self:
            # sudo: reads the address for customers on the portal, who may not read all partners
            partner = visit.partner_id.sudo()
            parts = (partner.state_id.name, partner.city, partner.street, partner.street2)
            visit.address = " ".join(filter(None, parts)) or False

    @api.depends("address")
    def _compute_map_link(self):
        for visit in self:
            visit.map_link = map_link(visit.address)

    @api.depends("technician_ids")
    def _compute_lead_technician_id(self):
        for visit in self:
            technicians = visit.technician_ids
            if visit.lead_technician_id._origin not in technicians._origin:
                visit.lead_technician_id = technicians[:1]

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_technicians_fixed(self):
        for visit in self:
            visit.technicians_fixed = "technician_ids" in visit._get_frozen_fields()

    @api.depends(*SCORE_FIELDS)
    def _compute_score_average(self):
        for visit in self:
            given = [int(visit[name]) for name in SCORE_FIELDS if visit[name]]
            visit.score_average = sum(given) / len(given) if given else 0.0

    @api.depends("returned_on", "record_filled_on")
    def _compute_record_hours(self):
        for visit in self:
            visit.record_hours = 0
            if visit.returned_on and visit.record_filled_on:
                # a record that was complete before the return took no time
                spent = (visit.record_filled_on - visit.returned_on).total_seconds() / 3600
                visit.record_hours = max(spent, 0)

    # === Steps: who takes them, what they need === #

    def _describe_no_step(self, target):
        if target == "on_site" and self.state in ("draft", "submitted", "refused"):
            return self.env._(
                "%s is not approved: nobody leaves before a service manager has signed.",
                self.display_name,
            )
        return super()._describe_no_step(target)

    def _get_role_obstacle(self, step):
        if self.env.user.has_group(MANAGERS):
            return super()._get_role_obstacle(step)
        if (step.source, step.action) == ("on_site", "action_cancel"):
            return self.env._("Only a service manager cancels a visit that has begun.")
        if step.action == "action_reopen":
            return self.env._("Only a service manager reopens what the customer has signed.")
        return super()._get_role_obstacle(step)

    @api.model
    def _get_reason_steps(self):
        return {**super()._get_reason_steps(), "action_cancel": self.env._("Cancel the Visit")}

    def _get_missing_fields(self, step):
        missing = super()._get_missing_fields(step)
        if step.target == "submitted" and self.is_trip:
            missing += [name for name in TRIP_FIELDS if not self[name]]
        return missing

    def _get_further_obstacle(self, step):
        if step.target == "submitted":
            return self._get_submit_obstacle()
        if step.action == "action_reopen":
            return self._get_reopen_obstacle()
        if step.target == "done":
            return self._get_record_obstacle()
        if step.action == "action_leave":
            return self._get_leave_obstacle()
        return super()._get_further_obstacle(step)

    # === Fields === #

    def _describe_frozen(self, names):
        if self.state != "draft":
            return super()._describe_frozen(names)
        return self.env._(
            "%(document)s is %(state)s: %(fields)s are filled in on site.",
            document=self.display_name,
            state=self._state_label(),
            fields=self._labels(names),
        )

    @api.model
    def _get_start_values(self):
        return {**super()._get_start_values(), **dict.fromkeys(ON_SITE_FIELDS)}

    @api.model_create_multi
    def create(self, vals_list):
        rows = len(vals_list)
        unlocked = self._get_unlocked_fields(rows)
        for vals in vals_list:
            self._check_values(vals)
            early = {name for name in ON_SITE_FIELDS - unlocked if vals.get(name)}
            if early:
                raise UserError(self.env._("A new visit is planned first: %s", self._labels(early)))
        diverted = self._divert_records(vals_list)
        if diverted == vals_list:
            return super().create(vals_list)
        self._check_new_vals(vals_list, unlocked)
        visits = self._unlocked(["origin_ticket_id"], rows)
        return super(AftersalesVisit, visits).create(diverted)

    def write(self, vals):
        if not FEEDBACK_FIELDS.isdisjoint(vals):
            self._check_values(vals)
        result = super().write(vals)
        if TECHNICIANS & vals.keys():
            for visit in self.filtered(lambda visit: visit.state == "submitted"):
                visit._ask_uninvolved()
        if {"returned_on", "date_planned_end", "trip_date_end"} & vals.keys():
            self._note_return()
            self.filtered("record_due_date")._set_due_dates()
        return result

    def _check_locked_vals(self, vals):
        result = super()._check_locked_vals(vals)
        if vals.get("ticket_id"):
            self._check_own_record(vals["ticket_id"])
        if "returned_on" in vals:
            moment = fields.Datetime.to_datetime(vals["returned_on"])
            # managers move the return of others, not of visits on which they went
            manager = self.env.user.has_group(MANAGERS)
            for visit in self.filtered(
                lambda visit: not manager or self.env.user in visit.technician_ids
            ):
                # 七.4: the record is owed from the return, so a return that was entered moves its day no further
                if visit.returned_on and not (moment and moment <= visit.returned_on):
                    raise UserError(
                        self.env._(
                            "The return of %s is entered already: only a service manager who did not go moves it to a"
                            " later time.",
                            visit.display_name,
                        )
                    )
        return result

    @api.model
    def _check_values(self, vals):
        """Refuse wrong scores and signatures with a message, before the database raises an error.

        :param dict vals: values about to be stored
        :raises ValidationError: for scores out of range and signatures that are no pictures
        """
        for name in SCORE_FIELDS:
            if vals.get(name) and vals[name] not in dict(SCORES):
                raise ValidationError(self.env._("Scores go from 1 to 5."))
        self._check_signature(vals)

    def action_view_ticket(self):
        """Show the service record of the visit."""
        self.ensure_one()
        return self.ticket_id.get_formview_action()
