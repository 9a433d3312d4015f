from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

MANAGER = "jinyang_aftersales.group_manager"
EVIDENCE = {"evidence_model", "evidence_id"}


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
    _inherit = ["aftersales.personnel.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True
    _allow_sudo_commands = False
    _sequence_code = "aftersales.penalty"
    _title_fields = ("rule_id",)
    _state_moves = {
        ("proposed", "notified"): "action_notify",
        ("notified", "objected"): "action_object",
        ("notified", "confirmed"): "action_confirm",
        ("objected", "confirmed"): "action_confirm",
        ("notified", "waived"): "action_waive",
        ("objected", "waived"): "action_waive",
        ("confirmed", "waived"): "action_waive",
        ("proposed", "cancelled"): "action_cancel",
        ("notified", "cancelled"): "action_cancel",
        ("objected", "cancelled"): "action_cancel",
        # the ledger
        ("confirmed", "deducted"): "_sync_state",
        ("deducted", "confirmed"): "_sync_state",
    }
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
    _submitted_fields = frozenset(
        {
            "employee_id",
            "rule_id",
            "date",
            "amount",
            "evidence_model",
            "evidence_id",
            "evidence_name",
            "evidence_copy",
            "note",
        }
    )

    department_id = fields.Many2one(
        comodel_name="hr.department",
        compute="_compute_department_id",
        store=True,
        help="The department at the time of the case: its fund gets the fine (七.8).",
    )
    rule_id = fields.Many2one(
        comodel_name="aftersales.penalty.rule",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        domain="['|', ('company_id', '=', False), ('company_id', '=', company_id)]",
    )
    family = fields.Char(related="rule_id.family", store=True, precompute=True)
    clause = fields.Char(related="rule_id.clause")
    outcome = fields.Selection(related="rule_id.outcome")
    to_fund = fields.Boolean(related="rule_id.to_fund")
    date = fields.Date(
        string="Day of the Case",
        required=True,
        default=lambda self: self.env.company._aftersales_today(),
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
    deduction_ids = fields.One2many(
        comodel_name="aftersales.penalty.deduction",
        inverse_name="penalty_id",
        string="Deductions",
    )
    state = fields.Selection(
        selection=[
            ("proposed", "Proposed"),
            ("notified", "Employee Told"),
            ("objected", "Objected"),
            ("confirmed", "Confirmed"),
            ("deducted", "Deducted"),
            ("waived", "Waived"),
            ("cancelled", "Cancelled"),
        ],
        default="proposed",
        required=True,
        index=True,
        tracking=True,
        group_expand=True,
        copy=False,
    )
    evidence_model = fields.Char()
    evidence_id = fields.Many2oneReference(string="Evidence", model_field="evidence_model")
    evidence_name = fields.Char(string="Found In")
    evidence_copy = fields.Text(
        string="What Was Found",
        help="A copy made when it was found: later changes of the document change nothing here.",
    )
    note = fields.Text()
    notified_on = fields.Date(copy=False)
    objection_deadline = fields.Date(string="Objection Until", copy=False)
    objection = fields.Text(copy=False, tracking=True)
    objected_on = fields.Datetime(copy=False)
    decided_by_id = fields.Many2one(comodel_name="res.users", string="Decided By", copy=False)
    decided_on = fields.Datetime(copy=False)
    confirmed_on = fields.Date(
        copy=False, help="The company's day: payslips up to an earlier day do not take it."
    )
    decision_reason = fields.Text(copy=False, tracking=True)
    booked_on = fields.Datetime(
        readonly=True, copy=False, help="When a payslip was last booked for the employee."
    )

    # the same evidence never twice, not even by two jobs at once
    _one_case_one_penalty = models.UniqueIndex(
        "(company_id, family, evidence_model, evidence_id, employee_id)"
        " WHERE evidence_model IS NOT NULL AND evidence_id IS NOT NULL",
        "This case has already been punished.",
    )
    _amount_positive = models.Constraint(
        "CHECK(amount >= 0 AND amount_waived >= 0 AND amount_waived <= amount)",
        "The amount of a penalty is not negative.",
    )
    _to_deduct_idx = models.Index("(employee_id, confirmed_on) WHERE state = 'confirmed'")

    # === Compute === #

    @api.depends("employee_id")
    def _compute_department_id(self):
        for penalty in self:
            # sudo: where somebody works is needed for the fund only
            penalty.department_id = penalty.employee_id.sudo().department_id

    @api.depends("rule_id")
    def _compute_amount(self):
        for penalty in self:
            penalty.amount = penalty.rule_id.amount if penalty.rule_id._is_fine() else 0.0

    @api.depends("amount", "amount_waived", "state", "deduction_ids.amount")
    def _compute_amounts(self):
        for penalty in self:
            deducted = sum(penalty.deduction_ids.mapped("amount"))
            due = penalty.state in ("confirmed", "deducted")
            penalty.amount_deducted = deducted
            penalty.amount_open = penalty.amount - penalty.amount_waived - deducted if due else 0.0

    # === Proposing === #

    @api.model
    def _propose(self, code, employee, evidence, company, **vals):
        """Propose a penalty for a case, once for ever.

        :param str code: code of the rule
        :param employee: hr.employee concerned
        :param evidence: the record that shows it, of any model
        :param company: res.company
        :param vals: further values: ``date``, ``evidence_copy``, ``note``, ``amount``
        :return: the penalty; empty when the rule is off or the case has its penalty already
        """
        rule = self.env["aftersales.penalty.rule"]._get_rule(code, company)
        if not rule or not employee:
            return self.browse()
        values = {
            "company_id": company.id,
            "employee_id": employee.id,
            "rule_id": rule.id,
            "evidence_model": evidence._name,
            "evidence_id": evidence.id,
            "evidence_name": evidence.display_name,
            **vals,
        }
        # sudo: found by the product, whoever caused it
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                return self.sudo().create(values).sudo(False)
        except UniqueViolation:
            return self.browse()

    # === Rules === #

    def _get_move_obstacle(self, state):
        obstacle = super()._get_move_obstacle(state)
        if obstacle:
            return obstacle
        if state not in ("objected", "deducted") and self._get_own_obstacle():
            return self._get_own_obstacle()
        if state == "confirmed" and self.state == "notified" and self._is_objection_open():
            return self.env._(
                "%(employee)s may object to %(penalty)s until %(day)s.",
                employee=self.employee_id.name,
                penalty=self.display_name,
                day=self.objection_deadline,
            )
        if state == "objected" and not self._is_objection_open():
            return self.env._(
                "The time to object to %(penalty)s ended on %(day)s.",
                penalty=self.display_name,
                day=self.objection_deadline,
            )
        if state == "notified" and self.rule_id._is_fine():
            rule = self.rule_id
            low, high = rule.amount_min, rule.amount_max
            if self.amount < low or (high and self.amount > high):
                return self.env._(
                    "The regulation (%(clause)s) asks for %(low)s to %(high)s.",
                    clause=rule.clause,
                    low=low,
                    high=high or "…",
                )
        return False

    def _is_objection_open(self):
        self.ensure_one()
        return (
            self.objection_deadline
            and self.company_id._aftersales_today() <= self.objection_deadline
        )

    def _check_manager(self):
        """No job and no employee decides: a service manager does.

        :raises AccessError: for everybody else
        """
        self._check_not_mine()
        self.check_access("write")
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("A service manager decides about penalties."))

    # === Actions === #

    def action_notify(self):
        """Tell the employee, who may then object in writing.

        :raises UserError: when the amount lies outside of what the regulation asks for
        """
        self._check_manager()
        for penalty in self:
            company = penalty.company_id
            today = company._aftersales_today()
            days = company.sudo().aftersales_objection_days
            deadline = company._aftersales_next_working_day(today, days) if days else today
            penalty._move("notified", notified_on=today, objection_deadline=deadline)
            penalty._tell_employee()

    def _tell_employee(self):
        """What follows when the employee has to know; the user gets an activity."""
        user = self._get_concerned_user()
        if user:
            self._tell(
                user,
                "jinyang_aftersales_penalty.mail_activity_penalty",
                deadline=self.objection_deadline,
            )

    def action_object(self, text):
        """Object in writing, by the employee concerned and in time.

        :param str text: the objection
        :raises AccessError: for everybody else
        :raises UserError: too late, or without a text
        """
        self.ensure_one()
        self.check_access("read")
        text = (text or "").strip()
        if not self.is_mine:
            raise AccessError(self.env._("Only the employee concerned objects."))
        if not text:
            raise UserError(self.env._("Write why you object."))
        # sudo: the employee writes nothing else of the penalty; checked above
        penalty = self.sudo()
        penalty._move("objected", objection=text, objected_on=fields.Datetime.now())
        managers = self.company_id._aftersales_managers() - self.env.user
        penalty._tell(managers, "jinyang_aftersales_penalty.mail_activity_objection")

    def action_confirm(self, reason=False):
        """Confirm after the objection, or when the time for one is over.

        :param str reason: required where the employee objected
        """
        self._check_manager()
        for penalty in self:
            if penalty.state == "objected":
                reason = self._check_reason(reason)
            penalty._move(
                "confirmed",
                confirmed_on=penalty.company_id._aftersales_today(),
                **penalty._prepare_decision(reason),
            )
            penalty._close_activities()
            penalty._sync_state()

    def action_waive(self, reason):
        """Waive what has not been deducted yet.

        :param str reason: why
        :raises UserError: without a reason, or when everything has been deducted
        """
        self._check_manager()
        reason = self._check_reason(reason)
        for penalty in self:
            waived = penalty.amount - penalty.amount_deducted
            penalty._move(
                "waived" if not penalty.amount_deducted else "deducted",
                amount_waived=waived,
                **penalty._prepare_decision(reason),
            )
            penalty._close_activities()

    def action_cancel(self, reason):
        """Cancel a case that was none.

        :param str reason: why
        """
        self._check_manager()
        reason = self._check_reason(reason)
        for penalty in self:
            penalty._move("cancelled", **penalty._prepare_decision(reason))
            penalty._close_activities()

    def _prepare_decision(self, reason):
        return {
            "decided_by_id": self.env.uid,
            "decided_on": fields.Datetime.now(),
            "decision_reason": reason or self.decision_reason,
        }

    def _close_activities(self):
        for kind in ("mail_activity_penalty", "mail_activity_objection"):
            self._untell(f"jinyang_aftersales_penalty.{kind}")

    # === Ledger === #

    def _sync_state(self):
        """Deducted as soon as nothing is open, confirmed again when something is returned."""
        for penalty in self:
            fine = penalty.rule_id._is_fine() and penalty.amount
            settled = fine and penalty.currency_id.is_zero(penalty.amount_open)
            target = "deducted" if settled else "confirmed"
            if penalty.state in ("confirmed", "deducted") and penalty.state != target:
                penalty._opened().write({"state": target})

    @api.model
    def _get_open(self, employee, company, day):
        """Penalties a payslip takes, the oldest first.

        :param employee: hr.employee
        :param company: res.company
        :param datetime.date day: end of the payslip's period; later confirmations wait
        """
        # sudo: payroll sees amounts, not the case files
        return self.sudo().search(
            [
                ("employee_id", "=", employee.id),
                ("company_id", "=", company.id),
                ("state", "=", "confirmed"),
                ("confirmed_on", "<=", day),
                ("amount_open", ">", 0),
            ],
            order="confirmed_on, id",
        )
