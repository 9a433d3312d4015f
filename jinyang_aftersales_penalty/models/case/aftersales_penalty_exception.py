from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.jinyang_aftersales.groups import MANAGERS
from odoo.addons.jinyang_aftersales.models.deadline.deadline import Deadline

from ..rule.values import OUTCOMES

ACTIVITY = "jinyang_aftersales_penalty.mail_activity_exception"


# what a case that waits keeps of the penalty it would be
WAITING = (
    *("company_id", "employee_id", "rule_id", "family", "clause", "outcome", "to_fund", "amount"),
    *("date", "evidence_model", "evidence_id", "evidence_name", "evidence_copy"),
)


class AftersalesPenaltyException(models.Model):
    """A case without an employee, or one that waits for the public holidays of its year.

    Made once for each case. Nobody was assigned, or the assigned user has no employee: a service manager names the
    employee or closes it with a reason. A case that waits becomes a penalty in the daily search once a manager has
    entered the holidays of its year, or has confirmed that there are none.
    """

    _name = "aftersales.penalty.exception"
    _description = "Case Without an Employee"
    _inherit = ["aftersales.deadline.mixin", "mail.thread"]
    _order = "date desc, id desc"
    _rec_name = "evidence_name"
    _check_company_auto = True
    _allow_sudo_commands = False

    company_id = fields.Many2one(comodel_name="res.company", required=True, index=True)
    state = fields.Selection(
        selection=[
            ("waiting", "Waits for Holidays"),
            ("open", "Open"),
            ("proposed", "Penalty Proposed"),
            ("closed", "Closed"),
        ],
        default="open",
        required=True,
        readonly=True,
    )
    user_id = fields.Many2one(comodel_name="res.users", person="fact", readonly=True)
    employee_id = fields.Many2one(
        comodel_name="hr.employee",
        person="fact",
        check_company=True,
        help="Who is concerned. When empty, the employee of the user, as soon as there is one.",
    )
    rule_id = fields.Many2one(
        comodel_name="aftersales.penalty.rule",
        required=True,
        readonly=True,
        ondelete="restrict",
        check_company=True,
    )
    family = fields.Char(required=True, readonly=True)
    clause = fields.Char(readonly=True)
    outcome = fields.Selection(selection=OUTCOMES, readonly=True)
    to_fund = fields.Boolean(string="Into the Fund", readonly=True)
    amount = fields.Float(readonly=True)
    date = fields.Date(string="Day of the Case", required=True, readonly=True)
    found_on = fields.Date(
        required=True, readonly=True, default=lambda self: self.env.company._aftersales_today()
    )
    evidence_model = fields.Char(required=True, readonly=True)
    evidence_id = fields.Many2oneReference(
        string="Evidence", model_field="evidence_model", required=True, readonly=True
    )
    evidence_name = fields.Char(string="Found In", readonly=True)
    evidence_copy = fields.Text(string="What Was Found", readonly=True)
    reason = fields.Text(string="Why It Was Closed")
    penalty_id = fields.Many2one(comodel_name="aftersales.penalty", readonly=True, copy=False)
    is_withdrawn = fields.Boolean(
        readonly=True,
        copy=False,
        help="Closed because of a holiday that was entered later; the case may be found again.",
    )

    _once = models.UniqueIndex(
        "(company_id, family, evidence_model, evidence_id, COALESCE(user_id, 0))"
        " WHERE is_withdrawn IS NOT TRUE"
    )

    @api.model
    def _note(self, values):
        """Record a case for the managers; a case that was recorded before is left alone.

        :param dict values: of the exception
        """
        # sudo: cases arise from actions of users who have no right on them
        self.sudo()._create_unless_taken(values)

    # === Cases that wait === #

    @api.model
    def _wait(self, values):
        """Keep a case of a year whose public holidays are not entered, until they are.

        :param dict values: of the penalty it would be
        """
        employee = self.env["hr.employee"].sudo().browse(values["employee_id"])
        kept = {name: values.get(name) for name in WAITING}
        self._note({**kept, "user_id": employee.user_id.id, "state": "waiting"})

    @api.model
    def _take_up_waiting(self, company, errors):
        """Propose the cases that waited for the holidays of their year and wait no more.

        :param company: res.company
        :param list errors: list to which messages of failures are added
        """
        waiting = self.search([("company_id", "=", company.id), ("state", "=", "waiting")])
        ready = waiting.filtered(
            lambda case: company._aftersales_known_years(case.date.year, case.date.year)
        )
        self.env["aftersales.job"]._each_apart(
            ready,
            lambda case: case._take_up(),
            lambda case, error: errors.append(f"{case.rule_id.code} {case.display_name}: {error}"),
        )

    def _take_up(self):
        """Propose the penalty of a case that waited; close the case where there is none to propose."""
        self.ensure_one()
        penalty = self._propose_for(self.employee_id)
        self._settle("proposed" if penalty else "closed", penalty_id=penalty.id)

    def _propose_for(self, employee):
        """Propose the penalty of the case.

        :param employee: hr.employee
        :return: the penalty, empty when there is one already or the rule does not hold
        """
        self.ensure_one()
        # sudo: only a reference to the evidence is stored; its facts were copied when the case was found
        evidence = self.env[self.evidence_model].sudo().browse(self.evidence_id)
        return self.env["aftersales.penalty"]._propose(
            self.rule_id.code,
            employee,
            evidence,
            self.company_id,
            date=self.date,
            evidence_name=self.evidence_name,
            evidence_copy=self.evidence_copy,
        )

    def _drop_waiting(self, reason):
        """Close cases that wait and are none after all; they may be found again.

        :param str reason: why
        """
        for case in self:
            case._settle("closed", reason=reason, is_withdrawn=True)

    @api.model
    def _get_protected_fields(self):
        own = {name for name, field in self._fields.items() if self._is_own_field(field)}
        return super()._get_protected_fields() | own - {"employee_id", "reason"}

    def _check_locked_vals(self, vals):
        result = super()._check_locked_vals(vals)
        for case in self.filtered(lambda case: case.state != "open"):
            if case._changed_fields(vals, {"employee_id", "reason"}):
                case._check_still_open()
        return result

    # === Deadline: the managers are told at once === #

    @api.model
    def _get_deadlines(self, company):
        return [
            *super()._get_deadlines(company),
            Deadline(
                "exception",
                "found_on",
                Domain("state", "=", "open"),
                ACTIVITY,
                warn_days=1,
                # managers do not deal with cases that concern themselves
                users=lambda case: case.company_id._aftersales_managers() - case.user_id,
                note=lambda case, _due: case.env._(
                    "%(case)s: no employee to whom it could be charged. See who is concerned, or close it.",
                    case=f"{case.rule_id.name} ({case.evidence_name})",
                ),
            ),
        ]

    def _settle_by_holiday(self, last):
        """Close a case that is in time with the holidays entered later.

        :param datetime.date last: the last day in time
        """
        note = self.env._(
            "Public holidays were entered later: the last day in time is %s.", self._say_day(last)
        )
        self._settle("closed", reason=note)
        self._write_unlocked({"is_withdrawn": True})

    # === Actions === #

    def _check_manager(self):
        """:raises AccessError: for users who are no service managers"""
        self.check_access("write")
        if not self.env.user.has_group(MANAGERS):
            raise AccessError(self.env._("A service manager decides about penalties."))

    def action_propose(self):
        """Propose the penalty after the employee was entered.

        :raises UserError: without an employee, when the case is closed, or when there is nothing to propose
        """
        self._check_manager()
        penalties = self.env["aftersales.penalty"]
        for case in self:
            case._check_still_open()
            employee = case.employee_id or penalties._get_employee(case.user_id, case.company_id)
            if not employee:
                raise UserError(
                    self.env._("%s: name the employee concerned first.", case.display_name)
                )
            year = case.date.year
            if not case.company_id._aftersales_known_years(year, year):
                raise UserError(
                    self.env._(
                        "Enter the public holidays of %s first, or confirm that there are none.",
                        str(year),
                    )
                )
            penalty = case._propose_for(employee)
            if not penalty:
                raise UserError(
                    self.env._(
                        "%(employee)s has the penalty for %(case)s already, or the rule does not hold: close it with"
                        " the reason.",
                        employee=employee.sudo().name,
                        case=case.display_name,
                    )
                )
            case._settle("proposed", penalty_id=penalty.id)

    def action_close(self):
        """Close a case that is charged to nobody, with the entered reason.

        :raises UserError: without a reason, or when the case is closed already
        """
        self._check_manager()
        for case in self:
            case._check_still_open()
            if not (case.reason or "").strip():
                raise UserError(self.env._("Give the reason of the decision."))
            case._settle("closed")

    def _check_still_open(self):
        if self.state == "waiting":
            raise UserError(
                self.env._(
                    "%(case)s waits until the public holidays of %(year)s are entered. It then becomes a proposal by"
                    " itself.",
                    case=self.display_name,
                    year=str(self.date.year),
                )
            )
        if self.state != "open":
            raise UserError(self.env._("%s has been dealt with already.", self.display_name))

    def _settle(self, state, **vals):
        self._write_unlocked({"state": state, **vals})
        self._close_deadline("exception")
