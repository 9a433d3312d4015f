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

    def _get_portal_payment_link(self):
        """:return: address of the invoice on the portal, printed as a QR code if the company wants it

        :raises AccessError: for users who may not read the invoice
        """
        if self.company_id._aftersales_online():
            return super()._get_portal_payment_link()
        self.check_access("read")
        # sudo: Odoo asks the wizard of payment links, which is refused, for the address of a page that is not
        return super(AccountMove, self.sudo())._get_portal_payment_link()
