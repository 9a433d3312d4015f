from odoo import api, models

from .values import COMPLAINT


class AftersalesPrivateRow(models.AbstractModel):
    """Complaints are private documents (四 经理.3)."""

    _inherit = "aftersales.private.row"

    @api.model
    def _get_private_models(self):
        return (*super()._get_private_models(), COMPLAINT)
