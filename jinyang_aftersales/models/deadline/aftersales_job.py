from odoo import api, models


class AftersalesJob(models.AbstractModel):
    _inherit = "aftersales.job"

    @api.model
    def _company_steps(self):
        return [
            *super()._company_steps(),
            # after the steps that make documents: what is due at once is told the same hour
            (60, self.env["aftersales.deadline.mixin"]._remind_all),
        ]
