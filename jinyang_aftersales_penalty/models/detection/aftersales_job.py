from odoo import api, models


class AftersalesJob(models.AbstractModel):
    _inherit = "aftersales.job"

    @api.model
    def _company_steps(self):
        steps = super()._company_steps()
        # before the reminders, so that the managers hear of new cases in the same run
        return [*steps, (50, self.env["aftersales.penalty.detection"]._detect_daily)]
