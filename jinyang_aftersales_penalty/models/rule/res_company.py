from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    aftersales_objection_days = fields.Integer(
        string="Days to Object",
        default=5,
        help="Working days after the notice within which an employee may object to a penalty.",
    )
    aftersales_detected_on = fields.Date(
        string="Last Search for Cases",
        readonly=True,
        copy=False,
        help="The company's day on which the daily search for what was not done in time was last finished.",
    )
    aftersales_ceiling = fields.Boolean(
        string="Limit Deductions",
        default=True,
        help="Deduct no more than the law allows in a month (工资支付暂行规定 16); the rest is carried over.",
    )
    aftersales_ceiling_percent = fields.Float(
        string="Share of Gross Wage", default=20.0, help="In percent of the month's gross wage."
    )
    aftersales_minimum_wage = fields.Monetary(
        string="Local Minimum Wage",
        currency_field="currency_id",
        help="What is left of a month's gross wage after deductions is never less than this.",
    )

    _aftersales_ceiling_range = models.Constraint(
        "CHECK(aftersales_ceiling_percent >= 0 AND aftersales_ceiling_percent <= 100"
        " AND aftersales_minimum_wage >= 0 AND aftersales_objection_days >= 0)",
        "The share of the gross wage is between 0 and 100 percent; amounts and days are not negative.",
    )
