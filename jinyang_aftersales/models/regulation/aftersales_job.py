from odoo import api, models


class AftersalesJob(models.AbstractModel):
    _inherit = "aftersales.job"

    @api.model
    def _company_steps(self):
        steps = super()._company_steps()
        # 八: employees who have not acknowledged the regulation are reminded
        return [*steps, (70, self.env["aftersales.regulation"]._remind_missing)]
