from odoo import api, models


class ResCompany(models.Model):
    """Each company has its own archive."""

    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        self.env["aftersales.archive.register"]._create_missing(companies)
        return companies
