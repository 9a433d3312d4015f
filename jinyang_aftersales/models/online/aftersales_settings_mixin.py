from odoo import api, fields, models

from ..company.settings import Setting, SettingsBlock


class AftersalesSettingsMixin(models.AbstractModel):
    """Whether the company uses services that cost money and send data abroad."""

    _inherit = "aftersales.settings.mixin"

    aftersales_online_services = fields.Boolean(
        string="Use Odoo's Online Services",
        help="SMS, letters by post, company look-up, geolocation, translation by AI and online payment. They need"
        " credit at Odoo or a payment provider, and send data abroad. Off: hidden and refused.",
    )

    @api.model
    def _get_aftersales_settings(self):
        settings = (Setting("aftersales_online_services"),)
        block = SettingsBlock("online", self.env._("Online Services"), 80, settings)
        return [*super()._get_aftersales_settings(), block]
