from odoo import models


class AccountMove(models.Model):
    """Invoices of a company that does not use the services are not paid online.

    `account_payment` asks the methods below on the portal; without it there is nothing to pay with.
    """

    _inherit = "account.move"

    def _has_to_be_paid(self):
        """:return: whether the portal offers to pay the invoice"""
        of_odoo = getattr(super(), "_has_to_be_paid", None)
        return bool(of_odoo and self.company_id._aftersales_online() and of_odoo())

    def _get_online_payment_error(self):
        """:return: why the portal does not offer to pay the invoice, shown to customers who follow a link for it"""
        of_odoo = getattr(super(), "_get_online_payment_error", None)
        if of_odoo and self.company_id._aftersales_online():
            return of_odoo()
        return self.env._("This invoice cannot be paid online.")

    def _compute_display_link_qr_code(self):
        result = super()._compute_display_link_qr_code()
        for move in self:
            if not move.company_id._aftersales_online():
                move.display_link_qr_code = False
        return result
