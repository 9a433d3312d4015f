from odoo.fields import Domain
from odoo.http import request

from odoo.addons.account.controllers.portal import PortalAccount


class AftersalesOnlinePortal(PortalAccount):
    """Pages of invoices without the offer to pay them there."""

    def _get_overdue_invoice_count(self):
        """Number beside which Odoo offers to pay what is overdue: invoices of companies that are paid online."""
        if not super()._get_overdue_invoice_count():
            return 0
        paid_online = Domain(
            "company_id", "in", request.env["res.company"]._aftersales_online_ids()
        )
        overdue = Domain(self._get_overdue_invoices_domain())
        return request.env["account.move"].search_count(overdue & paid_online)
