from odoo import api, fields, models

from ..company.settings import Setting, SettingsBlock


class AftersalesSettingsMixin(models.AbstractModel):
    """Setting: whether applications need a scan of their original."""

    _inherit = "aftersales.settings.mixin"

    aftersales_scan_required = fields.Boolean(
        string="Applications Need a Scan",
        help="Customers' applications are approved with the stamped scan only; otherwise a colleague who has the"
        " original will do.",
    )

    @api.model
    def _get_aftersales_settings(self):
        settings = (Setting("aftersales_scan_required"),)
        block = SettingsBlock("archive", self.env._("Applications and Archive"), 60, settings)
        return [*super()._get_aftersales_settings(), block]
