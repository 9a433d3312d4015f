from odoo import api, fields, models
from odoo.exceptions import ValidationError

OUTCOMES = [
    ("fine", "Fine"),
    ("warning", "Written Warning"),
    ("fine_warning", "Fine and Written Warning"),
    ("demotion", "Demotion Proposed"),
    ("resign", "Resignation Proposed"),
    ("dismissal", "Dismissal Proposed"),
    ("choice", "Decided by the Manager"),
]


class AftersalesPenaltyRule(models.Model):
    """A case of the regulation and what it costs (三, 七); figures and switches are the manager's."""

    _name = "aftersales.penalty.rule"
    _description = "Penalty Rule"
    _order = "sequence, code"

    code = fields.Char(required=True)
    family = fields.Char(
        required=True,
        help="Rules of one family punish the same case: one evidence gives one penalty among them.",
    )
    name = fields.Char(string="Case", required=True, translate=True)
    clause = fields.Char(required=True, help="Where it stands in the regulation.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(comodel_name="res.company", index=True)
    currency_id = fields.Many2one(comodel_name="res.currency", compute="_compute_currency_id")
    outcome = fields.Selection(selection=OUTCOMES, required=True, default="fine")
    amount = fields.Monetary(help="What a case costs; the manager may decide within the range.")
    amount_min = fields.Monetary(string="At Least")
    amount_max = fields.Monetary(string="At Most", help="0: no upper limit.")
    found_by = fields.Selection(
        selection=[
            ("scheduled", "Daily Search"),
            ("event", "At Once"),
            ("manager", "Manager"),
        ],
        required=True,
        default="manager",
    )
    grace_days = fields.Integer(
        string="Grace",
        help="Working days after the deadline during which nothing is proposed.",
    )
    to_fund = fields.Boolean(
        string="Into the Fund",
        default=True,
        help="Fines taken go to the fund of the department (七.8); damages do not.",
    )

    _code_once = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "There is already a rule with this code."
    )
    _amounts_positive = models.Constraint(
        "CHECK(amount >= 0 AND amount_min >= 0 AND amount_max >= 0 AND grace_days >= 0)",
        "Amounts and days of grace are not negative.",
    )

    @api.depends("company_id")
    def _compute_currency_id(self):
        for rule in self:
            rule.currency_id = (rule.company_id or self.env.company).currency_id

    @api.constrains("amount", "amount_min", "amount_max")
    def _check_amounts(self):
        for rule in self:
            if rule.amount_max and not rule.amount_min <= rule.amount <= rule.amount_max:
                raise ValidationError(
                    self.env._("The amount of %s lies outside of its range.", rule.name)
                )

    @api.model
    def _get_rule(self, code, company):
        """The rule of a company, its own before the shared one.

        :param str code: code of the rule
        :param company: res.company
        :return: the rule; empty when it is switched off
        """
        # sudo: rules are settings; whoever causes a case need not read them
        rules = self.sudo().with_context(active_test=False)
        found = rules.search([("code", "=", code), ("company_id", "in", (company.id, False))])
        own = found.filtered("company_id") or found
        return own.filtered("active")[:1]

    def _is_fine(self):
        """:return: whether money is taken"""
        return self.outcome in ("fine", "fine_warning", "choice")
