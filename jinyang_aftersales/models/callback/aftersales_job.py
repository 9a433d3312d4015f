from odoo import api, models


class AftersalesJob(models.AbstractModel):
    _inherit = "aftersales.job"

    @api.model
    def _company_steps(self):
        calls = self.env["aftersales.callback"]
        return [
            *super()._company_steps(),
            (30, calls._create_routine),
            (31, calls._verify_closed),
        ]
