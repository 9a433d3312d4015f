from odoo import api, fields, models

from ..company.settings import Setting, SettingsBlock


class AftersalesSettingsMixin(models.AbstractModel):
    """Setting: whether a feedback form signed on the phone has to be handed in."""

    _inherit = "aftersales.settings.mixin"

    aftersales_phone_form_received = fields.Boolean(
        string="Forms Signed on the Phone Count as Received",
        default=True,
        help="A feedback form that the customer signs on the phone is received at once, with its seal, and opens the"
        " call-back (五.7.2). Otherwise, and on paper, the call-back desk receives it by hand.",
    )

    @api.model
    def _get_aftersales_settings(self):
        settings = (Setting("aftersales_phone_form_received"),)
        block = SettingsBlock("visits", self.env._("Visits"), 35, settings)
        return [*super()._get_aftersales_settings(), block]
