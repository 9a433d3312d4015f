from odoo.fields import Domain
from odoo.http import request

from odoo.addons.account.controllers.portal import PortalAccount


class AftersalesOnlinePortal(PortalAccount):
    """The home page and the list of invoices offer to pay overdue invoices if their number is above zero."""

    def _get_overdue_invoice_count(self):
        """:return: number of the visitor's overdue invoices of companies that are paid online"""
        if not super()._get_overdue_invoice_count():
            return 0
        paid_online = Domain(
            "company_id", "in", request.env["res.company"]._aftersales_online_ids()
        )
        overdue = Domain(self._get_overdue_invoices_domain())
        return request.env["account.move"].search_count(overdue & paid_online)
