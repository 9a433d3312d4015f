from odoo import models


class AftersalesJobMixin(models.AbstractModel):
    """The hourly job looks for open work of people who left."""

    _inherit = "aftersales.job.mixin"

    def _get_job_steps(self):
        return [*super()._get_job_steps(), (65, self.env["res.users"]._check_leavers)]
