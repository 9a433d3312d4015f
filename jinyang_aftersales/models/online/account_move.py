from odoo import models


class AccountMove(models.Model):
    """Invoices are printed without a link to pay them online."""

    _inherit = "account.move"

    def _compute_display_link_qr_code(self):
        result = super()._compute_display_link_qr_code()
        for move in self:
            if not move.company_id._aftersales_online():
                move.display_link_qr_code = False
        return result
