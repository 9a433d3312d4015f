from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    aftersales_change_warn_days = fields.Integer(
        related="company_id.aftersales_change_warn_days", readonly=False
    )
    aftersales_opinion_days = fields.Integer(
        related="company_id.aftersales_opinion_days", readonly=False
    )
