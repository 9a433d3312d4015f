from odoo import models


class ResCompany(models.Model):
    """How far the job has come with a company is written by the job only."""

    _name = "res.company"
    # the guard first: it looks at what callers write, not at what Odoo makes of it
    _inherit = ["aftersales.guard.mixin", "res.company"]
