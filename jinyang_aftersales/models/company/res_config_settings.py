from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    aftersales_tz = fields.Selection(related="company_id.aftersales_tz", readonly=False)
    aftersales_notice_months = fields.Integer(
        related="company_id.aftersales_notice_months", readonly=False
    )
    aftersales_payment_days = fields.Integer(
        related="company_id.aftersales_payment_days", readonly=False
    )
    aftersales_payment_escalation_days = fields.Integer(
        related="company_id.aftersales_payment_escalation_days", readonly=False
    )
    aftersales_mail_hour = fields.Float(related="company_id.aftersales_mail_hour", readonly=False)
    aftersales_callback_user_id = fields.Many2one(
        related="company_id.aftersales_callback_user_id", readonly=False
    )
    aftersales_record_days = fields.Integer(
        related="company_id.aftersales_record_days", readonly=False
    )
    aftersales_forgotten_days = fields.Integer(
        related="company_id.aftersales_forgotten_days", readonly=False
    )
    aftersales_scan_required = fields.Boolean(
        related="company_id.aftersales_scan_required", readonly=False
    )
    aftersales_setup_warnings = fields.Text(compute="_compute_aftersales_setup_warnings")

    @api.depends("company_id")
    def _compute_aftersales_setup_warnings(self):
        for settings in self:
            warnings = settings.company_id._aftersales_setup_warnings()
            settings.aftersales_setup_warnings = "\n".join(warnings)
