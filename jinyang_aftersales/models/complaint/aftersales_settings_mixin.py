from odoo import api, fields, models

from ..company.settings import Setting, SettingsBlock


class AftersalesSettingsMixin(models.AbstractModel):
    """How fast complaints are answered, and forms of implementations handed in."""

    _inherit = "aftersales.settings.mixin"

    aftersales_complaint_days = fields.Integer(
        string="Time to Answer Complaints",
        default=3,
        help="Working days after a complaint was received within which the customer gets an answer.",
    )
    aftersales_forms_days = fields.Integer(
        string="Forms After an Implementation",
        default=3,
        help="Calendar days after the end of an implementation within which its three forms are handed in (七.6).",
    )

    _aftersales_complaint_days_range = models.Constraint(
        "CHECK(aftersales_complaint_days BETWEEN 1 AND 60 AND aftersales_forms_days BETWEEN 0 AND 60)",
        "Complaints are answered within 1 to 60 working days, forms handed in within 60 days.",
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
