from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    aftersales_callback_attempts = fields.Integer(
        related="company_id.aftersales_callback_attempts", readonly=False
    )
    aftersales_callback_interval_days = fields.Integer(
        related="company_id.aftersales_callback_interval_days", readonly=False
    )
