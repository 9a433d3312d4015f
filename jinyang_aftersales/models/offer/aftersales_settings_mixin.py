from odoo import api, fields, models

from ..company.settings import Setting, SettingsBlock


class AftersalesSettingsMixin(models.AbstractModel):
    """Setting: whether the renewal notice brings its offer along."""

    _inherit = "aftersales.settings.mixin"

    aftersales_offer_with_notice = fields.Boolean(
        string="Offer with the Notice",
        help="Three working days before a renewal notice the offer is made, where software and prices have not"
        " changed. The specialist may hold it; else it goes out with the notice, whose link leads to it.",
    )

    @api.model
    def _get_aftersales_settings(self):
        settings = (Setting("aftersales_offer_with_notice"),)
        block = SettingsBlock("offers", self.env._("Renewal Offers"), 55, settings)
        return [*super()._get_aftersales_settings(), block]
