from odoo import api, fields, models

from odoo.addons.jinyang_aftersales.models.company.settings import Setting, SettingsBlock

# Settings that change wages are changed by administrators only, as in Odoo's settings.
GROUPS = "base.group_system"


class AftersalesSettingsMixin(models.AbstractModel):
    """Settings: days to object, and the highest share of a wage that penalties take."""

    _inherit = "aftersales.settings.mixin"

    aftersales_objection_days = fields.Integer(
        string="Days to Object",
        default=5,
        help="Working days after the notice within which an employee may object to a penalty.",
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

    @api.model
    def _get_aftersales_settings(self):
        limit = {"groups": GROUPS, "invisible": "not aftersales_ceiling"}
        settings = (
            Setting("aftersales_objection_days", self.env._("working days"), GROUPS),
            Setting("aftersales_ceiling", groups=GROUPS),
            Setting("aftersales_ceiling_percent", "%", **limit),
            Setting("aftersales_minimum_wage", **limit),
        )
        block = SettingsBlock("penalties", self.env._("Penalties"), 80, settings)
        return [*super()._get_aftersales_settings(), block]
