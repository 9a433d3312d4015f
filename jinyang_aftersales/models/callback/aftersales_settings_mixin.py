from odoo import api, fields, models

from ..company.settings import Setting, SettingsBlock


class AftersalesSettingsMixin(models.AbstractModel):
    """How often customers are called, and how long they are tried."""

    _inherit = "aftersales.settings.mixin"

    aftersales_callback_attempts = fields.Integer(
        string="Calls Before the Manager Is Told",
        default=3,
        help="Calls without reaching the customer after which the service managers are told.",
    )
    aftersales_callback_interval_days = fields.Integer(
        string="Routine Calls Every",
        default=0,
        help="Days between the routine calls to a customer; 0: none, unless the customer has an interval.",
    )

    _aftersales_callback_days_range = models.Constraint(
        "CHECK(aftersales_callback_attempts >= 1 AND aftersales_callback_interval_days >= 0)",
        "A customer is called at least once, and the days between routine calls cannot be negative.",
    )

    @api.model
    def _get_aftersales_settings(self):
        settings = (
            Setting("aftersales_callback_attempts", self.env._("calls")),
            Setting("aftersales_callback_interval_days", self.env._("days")),
        )
        block = SettingsBlock("callbacks", self.env._("Call-backs"), 30, settings)
        return [*super()._get_aftersales_settings(), block]
