from odoo import api, models


class AftersalesJob(models.AbstractModel):
    _inherit = "aftersales.job"

    @api.model
    def _company_steps(self):
        steps = super()._company_steps()
        # before the reminders: what is found is told the same hour
        place = steps.index(("aftersales.deadline.mixin", "_remind_all"))
        return [
            *steps[:place],
            ("aftersales.penalty.detection", "_detect_daily"),
            *steps[place:],
        ]
