from odoo import models


class ResCompany(models.Model):
    """Only the hourly job writes the fields that say how far it has come with a company."""

    _name = "res.company"
    # The guard comes first, so that it checks the values of the caller before other overrides change them.
    _inherit = ["aftersales.guard.mixin", "res.company"]
