from odoo import http

from odoo.addons.contract.controllers.main import PortalContract

from .request_values import date_text, page_number


class AftersalesPortalContract(PortalContract):
    @http.route()
    def portal_my_contracts(self, page=1, date_begin=None, date_end=None, sortby=None, **kw):
        """List the contracts; parameters that make no sense are left out.

        :param int page: page of the list
        :param str date_begin: first date of the period
        :param str date_end: last date of the period
        :param str sortby: key of the order
        """
        return super().portal_my_contracts(
            page=page_number(page),
            date_begin=date_text(date_begin),
            date_end=date_text(date_end),
            sortby=sortby,
            **kw,
        )
