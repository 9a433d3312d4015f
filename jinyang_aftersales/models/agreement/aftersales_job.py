from odoo import api, models


class AftersalesJob(models.AbstractModel):
    """Late payments of agreements are chased (五.2.6)."""

    _inherit = "aftersales.job"

    @api.model
    def _company_steps(self):
        steps = super()._company_steps()
        return [*steps, (20, self.env["contract.contract"]._chase_late_payments)]
