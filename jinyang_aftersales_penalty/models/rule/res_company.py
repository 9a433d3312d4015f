from odoo import fields, models


class ResCompany(models.Model):
    """Last day of the daily search for cases; settings are in ``aftersales.settings.mixin``."""

    _inherit = "res.company"

    aftersales_detected_on = fields.Date(
        string="Last Search for Cases",
        readonly=True,
        copy=False,
        help="The company's day on which the daily search for what was not done in time was last finished.",
    )
