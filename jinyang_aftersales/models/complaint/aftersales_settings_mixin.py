from odoo import api, fields, models

from ..company.settings import Setting, SettingsBlock


class AftersalesSettingsMixin(models.AbstractModel):
    """How fast complaints are answered; the setting of implementations stands beside it on the screens."""

    _inherit = "aftersales.settings.mixin"

    aftersales_complaint_days = fields.Integer(
        string="Time to Answer Complaints",
        default=3,
        help="Working days after a complaint was received within which the customer gets an answer.",
    )

    _aftersales_complaint_days_range = models.Constraint(
        "CHECK(aftersales_complaint_days BETWEEN 1 AND 60)",
        "Complaints are answered within 1 to 60 working days.",
    )

    @api.model
    def _get_aftersales_settings(self):
        settings = (
            Setting("aftersales_complaint_days", self.env._("working days")),
            Setting("aftersales_forms_days", self.env._("calendar days")),
        )
        block = SettingsBlock(
            "complaints", self.env._("Complaints and Implementations"), 70, settings
        )
        return [*super()._get_aftersales_settings(), block]
