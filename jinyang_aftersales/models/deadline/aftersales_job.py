from odoo import api, models


class AftersalesJob(models.AbstractModel):
    _inherit = "aftersales.job"

    @api.model
    def _company_steps(self):
        steps = super()._company_steps()
        # After the steps that make documents, so that deadlines that have passed already are told in the same run.
        return [*steps, (60, self.env["aftersales.deadline.mixin"]._remind_all)]
