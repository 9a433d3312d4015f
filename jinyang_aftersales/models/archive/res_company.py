from odoo import api, fields, models


class ResCompany(models.Model):
    """Each company has its own archive."""

    _inherit = "res.company"

    aftersales_scan_required = fields.Boolean(
        string="Applications Need a Scan",
        help="Customers' applications are approved with the stamped scan only; otherwise a colleague who has the"
        " original will do.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        self.env["aftersales.archive.register"]._create_missing(companies)
        return companies
