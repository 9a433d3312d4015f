from odoo import models


class AftersalesHandoverJob(models.AbstractModel):
    """The hourly job looks for open work of people who left; users themselves name no steps."""

    _name = "aftersales.handover.job"
    _description = "Open Work of People Who Left"
    _inherit = "aftersales.job.mixin"

    def _get_job_steps(self):
        return [*super()._get_job_steps(), (65, self.env["res.users"]._check_leavers)]
