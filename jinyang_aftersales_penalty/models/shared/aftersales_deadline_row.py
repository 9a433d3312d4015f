from odoo import api, models


class AftersalesDeadlineRow(models.AbstractModel):
    """Delays and reminders of decisions about a person are shown only to users who may decide about them."""

    _inherit = "aftersales.deadline.row"

    @api.model
    def _get_private_models(self):
        return (
            *super()._get_private_models(),
            "aftersales.penalty",
            "aftersales.penalty.exception",
        )
