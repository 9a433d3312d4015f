from odoo import fields, models

from .values import OUTCOMES


class AftersalesPenaltyRuleChange(models.Model):
    """Former terms of a rule and their last day; created by methods of the rule only."""

    _name = "aftersales.penalty.rule.change"
    _description = "Former Terms of a Penalty Rule"
    _inherit = ["aftersales.guard.mixin", "aftersales.search.mixin"]
    _order = "date_to desc, id desc"
    _allow_sudo_commands = False

    rule_id = fields.Many2one(
        comodel_name="aftersales.penalty.rule", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="rule_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="rule_id.currency_id")
    date_to = fields.Date(string="For Cases Until", required=True)
    is_on = fields.Boolean(string="Was On")
    outcome = fields.Selection(selection=OUTCOMES, required=True)
    amount = fields.Monetary()
    amount_min = fields.Monetary(string="At Least")
    amount_max = fields.Monetary(string="At Most")
    grace_days = fields.Integer(string="Grace")
    to_fund = fields.Boolean(string="Into the Fund")
    create_uid = fields.Many2one(comodel_name="res.users", string="Changed By", readonly=True)

    _once_a_day = models.UniqueIndex("(rule_id, date_to)")
