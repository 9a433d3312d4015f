from odoo import api, models


class AftersalesJob(models.AbstractModel):
    """Routine calls are opened, and second calls of tickets that were closed unnoticed (五.5.4, 四 专员.2)."""

    _inherit = "aftersales.job"

    @api.model
    def _company_steps(self):
        calls = self.env["aftersales.callback"]
        return [
            *super()._company_steps(),
            (30, calls._create_routine),
            (31, calls._verify_closed),
        ]
