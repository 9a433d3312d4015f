from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.jinyang_aftersales.groups import DIRECTORS, MANAGERS
from odoo.addons.jinyang_aftersales.models.shared.document_fields import state_field
from odoo.addons.jinyang_aftersales.models.shared.steps import Step

from ..rule.values import DAMAGE, FINES, OUTCOMES

NOTICE_ACTIVITY = "jinyang_aftersales_penalty.mail_activity_penalty"
OBJECTION_ACTIVITY = "jinyang_aftersales_penalty.mail_activity_objection"
PROPOSAL_ACTIVITY = "jinyang_aftersales_penalty.mail_activity_proposal"
DECIDE_ACTIVITY = "jinyang_aftersales_penalty.mail_activity_decide"
# Terms copied from the rule on the day of the case: later changes of the rule do not change the penalty.
FROZEN_TERMS = {"family", "clause", "outcome", "to_fund"}


class AftersalesPenalty(models.Model):
    """A penalty of one employee for one case (三, 七).

    ======================  ================================================================
    Who                     May
    ======================  ================================================================
    employee concerned      read from the notice on, object in time
    service manager         propose, notify, confirm, waive, cancel; never an own penalty
    scheduled job           propose; it never confirms
    payroll                 see the amounts of payslips in the ledger, not this file
    ======================  ================================================================
    """

    _name = "aftersales.penalty"
    _description = "Penalty"
    _inherit = [
        "aftersales.case.mixin",
        "aftersales.personnel.mixin",
        "aftersales.deadline.mixin",
        "aftersales.scan.mixin",
    ]
    _order = "date desc, id desc"
    _search_text = ("name",)
    _search_links = ("employee_id", "rule_id")
    _check_company_auto = True
    _allow_sudo_commands = False
    _sequence_code = "aftersales.penalty"
    _shared_fields = frozenset({"note", "objection", "decision_reason"})
    _title_fields = ("rule_id",)
    _steps = (
        Step("proposed", "notified", "action_notify"),
        Step("notified", "objected", "action_object"),
        Step("notified", "confirmed", "action_confirm"),
        Step("objected", "confirmed", "action_confirm"),
        Step("notified", "waived", "action_waive"),
        Step("objected", "waived", "action_waive"),
        Step("confirmed", "waived", "action_waive"),
        # waiving the rest after a part was deducted
        Step("confirmed", "deducted", "action_waive"),
        Step("proposed", "cancelled", "action_cancel"),
        Step("notified", "cancelled", "action_cancel"),
        Step("objected", "cancelled", "action_cancel"),
    )
    _field_states = dict.fromkeys(
        (
            "employee_id",
            "rule_id",
            "date",
            "amount",
            "evidence_model",
            "evidence_id",
            "evidence_name",
            "evidence_copy",
            "scan",
            "scan_name",
            "note",
        ),
        frozenset({"proposed"}),
    )
    _protected_fields = {
        "state": "proposed",
        "notified_on": False,
        "objection_deadline": False,
        "objection": False,
        "objected_on": False,
        "decided_by_id": False,
        "decided_on": False,
        "confirmed_on": False,
        "decision_reason": False,
        "amount_waived": 0.0,
        "booked_on": False,
    }
    department_id = fields.Many2one(
        comodel_name="hr.department",
        compute="_compute_department_id",
        store=True,
        ondelete="restrict",
        help="The department at the time of the case: its fund gets the fine (七.8).",
    )
    rule_id = fields.Many2one(
        comodel_name="aftersales.penalty.rule",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
        domain="['|', ('company_id', '=', False), ('company_id', '=', company_id)]",
    )
    # terms of the rule on the day of the case; written by methods only, see FROZEN_TERMS
    family = fields.Char(compute="_compute_terms", store=True, precompute=True, readonly=False)
    clause = fields.Char(compute="_compute_terms", store=True, precompute=True, readonly=False)
    outcome = fields.Selection(
        selection=OUTCOMES,
        compute="_compute_terms",
        store=True,
        precompute=True,
        readonly=False,
    )
    to_fund = fields.Boolean(
        string="Into the Fund",
        compute="_compute_terms",
        store=True,
        precompute=True,
        readonly=False,
    )
    replaces_id = fields.Many2one(
        comodel_name="aftersales.penalty",
        string="Instead Of",
        readonly=True,
        copy=False,
        groups=MANAGERS,
        help="The case that named the wrong person or rule.",
    )
    replacement_ids = fields.One2many(
        comodel_name="aftersales.penalty",
        inverse_name="replaces_id",
        string="Replaced By",
        groups=MANAGERS,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(compute="_compute_amount", store=True, readonly=False, tracking=True)
    amount_waived = fields.Monetary(string="Waived", tracking=True, copy=False)
    amount_deducted = fields.Monetary(
        string="Deducted", compute="_compute_amounts", store=True, compute_sudo=True
    )
    amount_open = fields.Monetary(
        string="To Deduct", compute="_compute_amounts", store=True, compute_sudo=True
    )
    amount_return = fields.Monetary(
        string="To Be Given Back",
        readonly=True,
        copy=False,
        help="What managers decided to give back, whether it was paid already or not.",
    )
    amount_to_return = fields.Monetary(
        string="To Return",
        compute="_compute_amounts",
        store=True,
        compute_sudo=True,
        help="Decided to be given back, and not paid yet: the next payslip pays it.",
    )
    amount_returned = fields.Monetary(
        string="Returned", compute="_compute_amounts", store=True, compute_sudo=True
    )
    deduction_ids = fields.One2many(
        comodel_name="aftersales.penalty.deduction",
        inverse_name="penalty_id",
        string="Deductions",
    )
    state = state_field(
        [
            ("proposed", "Proposed"),
            ("notified", "Employee Told"),
            ("objected", "Objected"),
            ("confirmed", "Confirmed"),
            ("deducted", "Deducted"),
            ("returned", "Returned"),
            ("waived", "Waived"),
            ("cancelled", "Cancelled"),
        ],
        default="proposed",
    )
    note = fields.Text()
    notified_on = fields.Date(copy=False)
    objection_deadline = fields.Date(string="Objection Until", copy=False)
    objection = fields.Text(copy=False, tracking=True)
    objected_on = fields.Datetime(copy=False)
    decided_by_id = fields.Many2one(
        comodel_name="res.users", person="fact", string="Decided By", copy=False
    )
    decided_on = fields.Datetime(copy=False)
    confirmed_on = fields.Date(
        copy=False, help="The company's day: payslips up to an earlier day do not take it."
    )
    decision_reason = fields.Text(copy=False, tracking=True)
    follow_up_date = fields.Date(
        string="To Be Dealt With",
        default=lambda self: self.env.company._aftersales_today(),
        readonly=True,
        copy=False,
        help="After this day a manager is reminded of the next step.",
    )
    is_withdrawn = fields.Boolean(
        readonly=True,
        copy=False,
        help="Withdrawn because of a holiday that was entered later; the case may be found again.",
    )
    booked_on = fields.Datetime(
        readonly=True, copy=False, help="When a payslip was last booked for the employee."
    )

    # One penalty for each evidence and employee, also when two jobs run at the same time. A case that was ended for
    # the wrong rule keeps its place; the right one may have the same family, and names the case it replaces.
    _one_case_one_penalty = models.UniqueIndex(
        "(company_id, family, evidence_model, evidence_id, employee_id, COALESCE(replaces_id, 0))"
        " WHERE evidence_model IS NOT NULL AND evidence_id IS NOT NULL AND is_withdrawn IS NOT TRUE",
        "This case has already been punished.",
    )
    _replaced_once = models.UniqueIndex(
        "(replaces_id) WHERE replaces_id IS NOT NULL", "This case has been replaced already."
    )
    _amount_positive = models.Constraint(
        "CHECK(amount >= 0 AND amount_waived >= 0 AND amount_waived <= amount AND amount_return >= 0)",
        "The amount of a penalty is not negative.",
    )
    _to_deduct_idx = models.Index("(employee_id, confirmed_on) WHERE state = 'confirmed'")

    # === Compute === #

    @api.depends("employee_id", "date")
    def _compute_department_id(self):
        for penalty in self:
            # sudo: managers may not read employees; only the department is read, for the fund
            employee = penalty.employee_id.sudo()
            version = employee._get_version(penalty.date) if employee and penalty.date else employee
            penalty.department_id = version.department_id

    @api.depends("rule_id")
    def _compute_terms(self):
        for penalty in self:
            for name in FROZEN_TERMS:
                penalty[name] = penalty.rule_id[name]

    @api.depends("rule_id")
    def _compute_amount(self):
        for penalty in self:
            penalty.amount = penalty.rule_id.amount if penalty.rule_id._is_fine() else 0.0

    @api.depends("amount", "amount_waived", "amount_return", "state", "deduction_ids.amount")
    def _compute_amounts(self):
        for penalty in self:
            deducted = sum(penalty.deduction_ids.mapped("amount"))
            owed = penalty.amount - penalty.amount_waived - penalty.amount_return
            left = penalty.currency_id.round(owed - deducted) if penalty._is_due() else 0.0
            penalty.amount_deducted = deducted
            penalty.amount_open = max(left, 0.0)
            penalty.amount_to_return = max(-left, 0.0)
            penalty.amount_returned = penalty.amount_return - penalty.amount_to_return

    # === Rules === #

    def _get_role_obstacle(self, step):
        return step.action != "action_object" and self._get_own_obstacle()

    def _get_further_obstacle(self, step):
        if (step.source, step.target) == ("notified", "confirmed") and self._is_objection_in_time():
            return self.env._(
                "%(employee)s may object to %(penalty)s until %(day)s.",
                employee=self.employee_id.name,
                penalty=self.display_name,
                day=self._say_day(self.objection_deadline),
            )
        if step.target == "objected" and not self._is_objection_in_time():
            return self.env._(
                "The time to object to %(penalty)s ended on %(day)s.",
                penalty=self.display_name,
                day=self._say_day(self.objection_deadline),
            )
        if step.action in ("action_notify", "action_confirm"):
            unknown = self._get_known_obstacle()
            if unknown:
                return unknown
        if step.target == "notified":
            # Penalties found by the product need no check: they have the terms of the rule on the day of the case.
            entered = self.found_by == "manager" and self._get_entry_obstacle()
            return entered or self._get_amount_obstacle()
        if step.target == "confirmed":
            return self._get_limit_obstacle()
        return super()._get_further_obstacle(step)

    def _is_due(self):
        """:return: whether payslips may have taken money for it, or will"""
        self.ensure_one()
        return self.state in ("confirmed", "deducted", "returned")

    def _is_fine(self):
        """:return: whether the penalty takes money"""
        self.ensure_one()
        return self.outcome in FINES

    def _get_entry_obstacle(self):
        """Why the case cannot be entered as it is, in the user's language.

        :rtype: str | bool
        """
        self.ensure_one()
        return self.rule_id._get_entry_obstacle(
            self.company_id, self.date, self.amount, self.scan, self._is_fine()
        )

    def _get_amount_obstacle(self):
        """Why the amount does not agree with the regulation, in the user's language.

        :rtype: str | bool
        """
        self.ensure_one()
        rule = self.rule_id
        terms = rule._get_terms(rule.code, self.company_id, self.date)
        return self._is_fine() and bool(terms) and rule._get_amount_obstacle(terms, self.amount)

    def _get_limit_obstacle(self):
        """Why only a director confirms: the damage lies above the limit of its rule (三.13).

        :rtype: str | bool
        """
        self.ensure_one()
        rule = self.rule_id
        if rule.code != DAMAGE or self.env.user.has_group(DIRECTORS):
            return False
        terms = rule._get_terms(rule.code, self.company_id, self.date)
        limit = terms.amount_max if terms else rule.amount_max
        if self.amount <= limit:
            return False
        return self.env._(
            "A damage above %(limit)s is confirmed by the director.",
            limit=self._say_amount(limit, self.currency_id),
        )

    def _is_objection_in_time(self):
        self.ensure_one()
        return (
            self.objection_deadline
            and self.company_id._aftersales_today() <= self.objection_deadline
        )

    def _check_manager(self):
        """Only service managers decide; jobs and the employee concerned do not.

        :raises AccessError: for other users, and for the job
        """
        self._check_not_mine()
        self.check_access("write")
        if self.env.uid == SUPERUSER_ID or not self.env.user.has_group(MANAGERS):
            raise AccessError(self.env._("A service manager decides about penalties."))

    # === Actions === #

    def action_notify(self):
        """Tell the employee, who may then object in writing.

        :raises UserError: when the amount does not agree with the regulation
        """
        self._check_manager()
        for penalty in self:
            company = penalty.company_id
            today = company._aftersales_today()
            days = company.sudo().aftersales_objection_days
            deadline = company._aftersales_next_working_day(today, days) if days else today
            penalty._step(
                "action_notify",
                notified_on=today,
                objection_deadline=deadline,
                follow_up_date=deadline,
            )
            penalty._close_activities()
            penalty._tell_employee()

    def action_object(self, text):
        """Object in writing, by the employee concerned and in time.

        :param str text: the objection
        :raises AccessError: for other users
        :raises UserError: after the last day for objections, or without a text
        """
        self.ensure_one()
        self.check_access("read")
        text = (text or "").strip()
        if not self.is_mine:
            raise AccessError(self.env._("Only the employee concerned objects."))
        if not text:
            raise UserError(self.env._("Write why you object."))
        # sudo: employees may not write penalties; that the user is the employee is checked above
        penalty = self.sudo()
        company = self.company_id
        penalty._step(
            "action_object",
            objection=text,
            objected_on=fields.Datetime.now(),
            follow_up_date=company._aftersales_next_working_day(company._aftersales_today()),
        )
        penalty._close_activities()
        penalty._notify_users(penalty._get_deciding_users(), OBJECTION_ACTIVITY)

    def action_confirm(self, reason=False):
        """Confirm after the objection, or when the time for one is over.

        :param str reason: required where the employee objected
        """
        self._check_manager()
        for penalty in self:
            day = penalty.company_id._aftersales_today()
            penalty._decide("action_confirm", reason, {"confirmed_on": day})
            penalty._sync_state()

    def action_waive(self, reason):
        """Waive the amount that has not been deducted yet.

        :param str reason: why
        :raises UserError: without a reason, or when the whole amount has been deducted
        """
        self._check_manager()
        for penalty in self:
            waived = penalty.amount - penalty.amount_return - penalty.amount_deducted
            target = "deducted" if penalty.amount_deducted else "waived"
            penalty._decide("action_waive", reason, {"amount_waived": waived}, target)

    def action_cancel(self, reason):
        """Cancel a penalty whose case was a mistake.

        :param str reason: why
        """
        self._check_manager()
        self._decide("action_cancel", reason)
        self._end_sanctions(reason)

    def _get_reason_question(self, action):
        if action == "action_confirm" and self.state != "objected":
            return False
        return super()._get_reason_question(action)

    def _prepare_decision_vals(self, action, said, values):
        vals = super()._prepare_decision_vals(action, said, values)
        return {**vals, "decision_reason": said or self.decision_reason}

    def _after_decision(self, said):
        result = super()._after_decision(said)
        self._close_activities()
        return result

    def _close_activities(self):
        self._withdraw_activities(
            NOTICE_ACTIVITY, OBJECTION_ACTIVITY, PROPOSAL_ACTIVITY, DECIDE_ACTIVITY
        )

    # === Ledger === #

    def _sync_state(self):
        """Set the state from the ledger: deducted when no amount is open, returned when nothing of it is left."""
        moved = {}
        for penalty in self:
            zero = penalty.currency_id.is_zero
            target = "confirmed"
            if penalty._is_fine() and penalty.amount and zero(penalty.amount_open):
                back = penalty.amount_return and zero(penalty.amount_deducted)
                target = "returned" if back else "deducted"
            if penalty._is_due() and penalty.state != target:
                moved[target] = moved.get(target, self.browse()) | penalty
        for target, penalties in moved.items():
            penalties._write_unlocked({"state": target})

    @api.model
    def _get_candidates(self, employees):
        """Penalties of which payslips may have to deduct or to return something, the oldest first.

        :param employees: hr.employee
        :rtype: aftersales.penalty, privileged
        """
        # sudo: payroll officers have no right on penalties and get only their amounts
        return self.sudo().search_fetch(
            Domain("employee_id", "in", employees.ids)
            & (
                Domain("amount_to_return", ">", 0)
                | Domain([("state", "=", "confirmed"), ("amount_open", ">", 0)])
            ),
            [
                "employee_id",
                "company_id",
                "state",
                "confirmed_on",
                "amount_open",
                "amount_to_return",
            ],
            order="confirmed_on, id",
        )

    def _filter_open(self, company, day):
        """Of these penalties the confirmed ones with an amount to deduct by a payslip.

        :param company: res.company
        :param datetime.date day: end of the payslip's period; penalties confirmed later are left out
        """
        return self.filtered(
            lambda penalty: (
                penalty.company_id == company
                and penalty.state == "confirmed"
                and penalty.confirmed_on
                and day
                and penalty.confirmed_on <= day
                and penalty.amount_open > 0
            )
        )
