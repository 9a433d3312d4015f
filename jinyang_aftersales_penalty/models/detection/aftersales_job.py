from odoo import api, models


class AftersalesJob(models.AbstractModel):
    _inherit = "aftersales.job"

    @api.model
    def _company_steps(self):
        steps = super()._company_steps()
        # Before the reminders, so that managers are told of new proposals in the same run.
        return [*steps, (50, self.env["aftersales.penalty.detection"]._detect_daily)]
