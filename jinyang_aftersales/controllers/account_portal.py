from odoo.addons.account.controllers.portal import PortalAccount

from .request_values import one_of


class AftersalesPortalAccount(PortalAccount):
    """The list of invoices, which the cards of the home page lead to."""

    def _prepare_my_invoices_values(
        self, page, date_begin, date_end, sortby, filterby, *args, **kwargs
    ):
        """Take an unknown order or filter for none; the other arguments are those of the base method."""
        sortby = one_of(sortby, self._get_account_searchbar_sortings())
        filterby = one_of(filterby, self._get_account_searchbar_filters())
        return super()._prepare_my_invoices_values(
            page, date_begin, date_end, sortby, filterby, *args, **kwargs
        )
