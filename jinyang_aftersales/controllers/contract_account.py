from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

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
        response = super().portal_my_contracts(
            page=page_number(page),
            date_begin=date_text(date_begin),
            date_end=date_text(date_end),
            sortby=sortby,
            **kw,
        )
        sortings = getattr(response, "qcontext", {}).get("searchbar_sortings", {})
        labels = {
            "date": request.env._("Date"),
            "name": request.env._("Number"),
            "code": request.env._("Reference"),
        }
        for key in sortings.keys() & labels.keys():
            sortings[key]["label"] = labels[key]
        return response

    @http.route()
    def portal_my_contract_detail(
        self, contract_contract_id, access_token=None, report_type=None, download=False, **kw
    ):
        """Show a service agreement on a page of its own, or its paper; other contracts as before.

        :param int contract_contract_id: id of the contract
        :param str access_token: token that stands for the right to read it
        :param str report_type: ``pdf`` for the paper, anything else for the page
        :param download: whether the paper is saved rather than shown
        """
        try:
            contract_sudo = self._document_check_access(
                "contract.contract", contract_contract_id, access_token
            )
        except (AccessError, MissingError):
            return request.redirect("/my")
        if contract_sudo.is_service_agreement and report_type == "pdf":
            return self._show_report(
                model=contract_sudo,
                report_type="pdf",
                report_ref="jinyang_aftersales.action_report_agreement",
                download=bool(download),
            )
        response = super().portal_my_contract_detail(
            contract_contract_id, access_token=access_token, **kw
        )
        if contract_sudo.is_service_agreement and hasattr(response, "qcontext"):
            response.template = "jinyang_aftersales.portal_agreement_page"
            response.qcontext["agreement"] = response.qcontext["contract"]
        return response
