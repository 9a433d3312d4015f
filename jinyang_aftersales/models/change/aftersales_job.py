from odoo import api, models


class AftersalesJob(models.AbstractModel):
    """Customers who gave no opinion of a program change are reminded (五.4.7)."""

    _inherit = "aftersales.job"

    @api.model
    def _company_steps(self):
        steps = super()._company_steps()
        return [*steps, (40, self.env["aftersales.change.request"]._remind_silent_customers)]
