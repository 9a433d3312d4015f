from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.jinyang_aftersales.groups import DIRECTORS, MANAGERS
from odoo.addons.jinyang_aftersales.tools.text import list_words

from ..models.rule.values import CHOICES, DAMAGE, FIXED, SANCTIONS

OUTCOMES = [
    ("fine", "Fine"),
    ("compensation", "Compensation"),
    ("warning", "Written Warning"),
    ("fine_warning", "Fine and Written Warning"),
    ("resign", "Resignation Proposed"),
    ("dismissal", "Dismissal Proposed"),
]


class AftersalesPenaltyFile(models.TransientModel):
    """Dialogue for a service manager to enter a case the daily search cannot find (三.5, 三.7, 三.9, 三.11, 三.13).

    Several employees may be chosen for one case: each gets an own penalty.
    """

    _name = "aftersales.penalty.file"
    _description = "Enter a Case"
    _inherit = "aftersales.scan.mixin"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, default=lambda self: self.env.company
    )
    rule_id = fields.Many2one(
        comodel_name="aftersales.penalty.rule",
        string="Penalty Rule",
        required=True,
        domain="[('company_id', 'in', (company_id, False)),"
        " '|', ('found_by', '=', 'manager'), ('family', '=', 'MEETING')]",
    )
    code = fields.Char(related="rule_id.code")
    family = fields.Char(related="rule_id.family")
    clause = fields.Char(related="rule_id.clause")
    rule_outcome = fields.Selection(related="rule_id.outcome", string="What the Rule Says")
    # the public part of employees, which managers may read; ids are those of hr.employee
    employee_ids = fields.Many2many(
        comodel_name="hr.employee.public",
        required=True,
        domain="[('company_id', '=', company_id)]",
        help="Each of them gets a penalty.",
    )
    date = fields.Date(
        string="Day of the Case",
        required=True,
        default=lambda self: self.env.company._aftersales_today(),
    )
    event_id = fields.Many2one(
        comodel_name="calendar.event",
        string="Meeting",
        help="The meeting or training that was missed (三.9): nobody is punished twice for one.",
    )
    outcome = fields.Selection(
        selection=OUTCOMES, compute="_compute_outcome", store=True, readonly=False
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(compute="_compute_amount", store=True, readonly=False)
    needs_limit = fields.Boolean(compute="_compute_fines")
    limit = fields.Monetary(
        string="Highest Fine of This Rule",
        help="The regulation names no amount: the director says once how high a fine may be.",
    )
    description = fields.Text(string="What Happened", required=True)
    notify = fields.Boolean(
        string="Tell the Employees Now",
        default=True,
        help="They may object from now on. Otherwise the case waits as a proposal.",
    )
    fines = fields.Boolean(compute="_compute_fines")

    @api.depends("rule_id")
    def _compute_outcome(self):
        for case in self:
            rule = case.rule_id
            outcome = rule.outcome
            if outcome == "choice":
                outcome = CHOICES.get(rule.code, ("fine",))[0]
            case.outcome = outcome if outcome in dict(OUTCOMES) else False

    @api.depends("rule_id")
    def _compute_amount(self):
        for case in self:
            case.amount = case.rule_id.amount

    @api.depends("outcome", "rule_id")
    @api.depends_context("uid")
    def _compute_fines(self):
        director = self.env.user.has_group(DIRECTORS)
        for case in self:
            case.fines = case.outcome in FIXED
            without = case.rule_id and case.code != DAMAGE and not case.rule_id.amount_max
            case.needs_limit = bool(director and case.fines and without)

    @api.onchange("event_id")
    def _onchange_event_id(self):
        if self.event_id.start:
            self.date = self.company_id._aftersales_day(self.event_id.start)

    # === Rules === #

    def _get_obstacle(self):
        """Why the case cannot be entered with these values, in the user's language.

        :rtype: str | bool
        """
        rule = self.rule_id
        obstacle = rule._get_entry_obstacle(
            self.company_id, self.date, self.amount, self.scan, self.fines
        )
        if obstacle:
            return obstacle
        allowed = CHOICES.get(rule.code) if rule.outcome == "choice" else (rule.outcome,)
        if allowed and self.outcome not in allowed:
            return self.env._("The regulation (%s) does not provide for this.", rule.clause)
        if not (self.description or "").strip():
            return self.env._("Say what happened.")
        return False

    def _check_case(self):
        """:raises AccessError: for users who are no managers, and for persons concerned
        :raises UserError: when the values cannot be entered, with the reason
        """
        if not self.env.user.has_group(MANAGERS):
            raise AccessError(self.env._("A service manager decides about penalties."))
        # sudo: managers may not read employees; only their user and company are checked
        employees = self._get_employees().sudo()
        if self.env.user in employees.user_id:
            raise AccessError(self.env._("The case concerns you: somebody else enters it."))
        strangers = employees.filtered(lambda employee: employee.company_id != self.company_id)
        if strangers:
            raise UserError(
                self.env._(
                    "%s works for another company.", list_words(self.env, strangers.mapped("name"))
                )
            )
        obstacle = self._get_obstacle()
        if obstacle:
            raise UserError(obstacle)

    # === Entering === #

    def action_file(self):
        """Enter the case for all employees or for none.

        :return: an action that shows the penalties
        :raises AccessError: for users who are no managers, and for persons concerned
        :raises UserError: when the values cannot be entered, or an employee has a penalty for the case already
        """
        self.ensure_one()
        if self.needs_limit and self.limit:
            self.rule_id.amount_max = self.limit
        self._check_case()
        terms = self.rule_id._get_terms(self.rule_id.code, self.company_id, self.date)
        penalties = self.env["aftersales.penalty"]
        scan = self._get_file("scan")
        for employee in self._get_employees():
            if self.fines:
                penalties |= self._make_penalty(employee, terms, scan)
            else:
                self._make_sanction(employee)
        if self.notify:
            # an employee who did not know the regulation is told by the director, if at all
            penalties.filtered(lambda row: not row._get_known_obstacle()).action_notify()
        return self._get_result(penalties)

    def _get_employees(self):
        return self.env["hr.employee"].browse(self.employee_ids.ids)

    def _make_penalty(self, employee, terms, scan):
        penalties = self.env["aftersales.penalty"]
        values = {
            **penalties._prepare_terms(terms),
            "company_id": self.company_id.id,
            "employee_id": employee.id,
            "date": self.date,
            "outcome": self.outcome,
            "amount": self.amount,
            "evidence_copy": self._describe(),
            "scan": scan,
            "scan_name": self.scan_name,
        }
        if self.event_id:
            values |= penalties._prepare_evidence(self.event_id)
        penalty = penalties._create_unless_taken(values)
        if not penalty:
            raise UserError(self._get_filed_message(employee))
        penalty._complete_entry()
        return penalty

    def _make_sanction(self, employee):
        kind = SANCTIONS[self.outcome]
        self._check_not_filed(employee, kind)
        sanction = self.env["aftersales.sanction"]._propose_sanction(
            employee,
            kind,
            self.rule_id,
            self.event_id or self.env["aftersales.penalty"],
            self.description,
            self.company_id,
            date=self.date,
            found_by="manager",
            evidence_copy=self._describe(),
        )
        if not sanction:
            raise UserError(self._get_filed_message(employee))

    def _check_not_filed(self, employee, kind):
        """Refuse a second sanction of the same day, rule and employee, which has no document to tell them apart."""
        domain = [
            ("kind", "=", kind),
            ("state", "!=", "withdrawn"),
            ("company_id", "=", self.company_id.id),
            ("employee_id", "=", employee.id),
            # by code: the company's own rule and the shared one are the same case
            ("rule_id.code", "=", self.rule_id.code),
            ("date", "=", self.date),
        ]
        if not self.event_id and self.env["aftersales.sanction"].search_count(domain, limit=1):
            raise UserError(self._get_filed_message(employee))

    def _get_filed_message(self, employee):
        return self.env._(
            "The case has been entered for %(employee)s already: %(rule)s, %(day)s.",
            employee=employee.name,
            rule=self.rule_id.name,
            day=self._say_day(self.date),
        )

    def _describe(self):
        """:return: description of the case, stored with the penalty
        :rtype: str
        """
        # terms inside of an f-string are not exported for translation
        facts = (
            (self.env._("Penalty Rule"), f"{self.rule_id.name} ({self.rule_id.clause})"),
            (self.env._("Day"), self.date),
            (self.env._("Meeting"), self.event_id.display_name if self.event_id else ""),
            (self.env._("Entered by"), self.env.user.name),
        )
        text = self.env["aftersales.penalty"]._say_facts(facts)
        return f"{text}\n{self.description.strip()}"

    def _get_result(self, penalties):
        if not penalties:
            return {"type": "ir.actions.act_window_close"}
        return self._get_list_action(
            "jinyang_aftersales_penalty.aftersales_penalty_action",
            [("id", "in", penalties.ids)],
            {},
        )
