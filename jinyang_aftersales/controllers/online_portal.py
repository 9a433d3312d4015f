from odoo.http import request

from odoo.addons.account.controllers.portal import PortalAccount


class AftersalesOnlinePortal(PortalAccount):
    """Pages of invoices without the offer to pay them there."""

    def _get_overdue_invoice_count(self):
        """Number beside which Odoo offers to pay what is overdue: none where nothing is paid online."""
        if not request.env.company._aftersales_online():
            return 0
        return super()._get_overdue_invoice_count()
