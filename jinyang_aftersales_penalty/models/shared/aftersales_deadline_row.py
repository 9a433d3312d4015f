from odoo import api, models


class AftersalesDeadlineRow(models.AbstractModel):
    """That a decision about somebody was put off, and why, or somebody reminded: for who may decide."""

    _inherit = "aftersales.deadline.row"

    @api.model
    def _get_private_models(self):
        return (
            *super()._get_private_models(),
            "aftersales.penalty",
            "aftersales.penalty.exception",
        )
