from odoo import api, fields, models

from ..company.settings import Setting, SettingsBlock


class AftersalesSettingsMixin(models.AbstractModel):
    """How early a promised date is warned of, and when a customer is reminded of the opinion."""

    _inherit = "aftersales.settings.mixin"

    aftersales_change_warn_days = fields.Integer(
        string="Warning Before a Promised Date",
        default=3,
        help="Working days before the promised date of a program change at which developer and specialist are told.",
    )
    aftersales_opinion_days = fields.Integer(
        string="Waiting for an Opinion",
        default=5,
        help="Working days after which a customer who gave no opinion of a program change is reminded.",
    )

    _aftersales_change_days_positive = models.Constraint(
        "CHECK(aftersales_change_warn_days BETWEEN 0 AND 60 AND aftersales_opinion_days BETWEEN 1 AND 60)",
        "Warnings come 0 to 60 days ahead, opinions are waited for 1 to 60 days.",
    )

    @api.model
    def _get_aftersales_settings(self):
        settings = (
            Setting("aftersales_change_warn_days", self.env._("working days")),
            Setting("aftersales_opinion_days", self.env._("working days")),
        )
        block = SettingsBlock("changes", self.env._("Program Changes"), 40, settings)
        return [*super()._get_aftersales_settings(), block]
