from odoo import api, models


class AftersalesJob(models.AbstractModel):
    _inherit = "aftersales.job"

    @api.model
    def _company_steps(self):
        """八: who has not acknowledged the regulation is reminded."""
        return super()._company_steps() + [("aftersales.regulation", "_remind_missing")]
