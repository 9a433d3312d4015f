from functools import partial

from werkzeug.urls import url_encode

from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.contract.controllers.main import PortalContract

from ..tools.signature import read_signature
from .portal_base import AftersalesPortal
from .portal_list import PortalList, software_domain
from .request_values import clean_line, link_values, one_of

URL = "/my/contracts"
MODEL = "contract.contract"
# session key under which the page of a contract finds the list it was opened from
HISTORY = "my_contracts_history"
# keys in the address that tell the page which message to show
NOTICES = ("accepted", "declined", "not_declined")


class AftersalesPortalContract(AftersalesPortal, PortalContract):
    """Contracts on the portal: list, page of an agreement, and the customer's answer to an offer (五.2)."""

    def _prepare_home_portal_values(self, counters):
        """Count the contracts for their card, and the offers that wait for the customer's answer.

        :param counters: names of the cards asked for
        :rtype: dict
        """
        values = super()._prepare_home_portal_values(counters)
        if "contract_count" in counters:
            values["contract_count"] = self._count_documents(MODEL)
        if "offer_to_sign_count" in counters:
            values["offer_to_sign_count"] = self._count_documents(MODEL, self._get_offers_domain())
        return values

    def _get_offers_domain(self):
        """:return: domain of the agreements that wait for the customer's answer"""
        return (
            Domain("agreement_stage", "=", "sent")
            & Domain("accepted_on", "=", False)
            & Domain("declined_on", "=", False)
            & Domain("term_end", ">=", request.env.company._aftersales_today())
        )

    @http.route()
    def portal_my_contracts(self, page=1, **kw):
        """List the contracts of the visitor's company.

        :param int page: page of the list
        """
        env = request.env
        by_software = partial(software_domain, "installation_ids.product_id")
        today, signed = env.company._aftersales_today(), Domain("agreement_stage", "=", "signed")
        contracts = PortalList(
            MODEL,
            URL,
            sortings={
                "newest": (env._("Newest"), "id desc"),
                "end": (env._("Service To"), "term_end desc, id desc"),
                "name": (env._("Number"), "name, id"),
            },
            filters={
                "all": (env._("All"), Domain.TRUE),
                "to_sign": (env._("Waiting for your signature"), self._get_offers_domain()),
                "active": (env._("Active"), signed & Domain("term_end", ">=", today)),
                "ended": (env._("Term is over"), signed & Domain("term_end", "<", today)),
            },
            searches={
                "all": (env._("Search in All"), ("name", "code", by_software)),
                "name": (env._("Search in Number"), ("name",)),
            },
            history=HISTORY,
        )
        return self._render_list(
            contracts,
            page,
            kw,
            title=env._("Service Agreements"),
            columns=[
                (env._("Number"), ""),
                (env._("Software"), "d-none d-md-table-cell"),
                (env._("Term"), ""),
                (env._("Amount"), "d-none d-md-table-cell text-end"),
                (env._("State"), "text-end"),
            ],
            row_template="jinyang_aftersales.portal_contract_row",
            empty=env._("You have no service agreements yet."),
        )

    @http.route()
    def portal_my_contract_detail(
        self, contract_contract_id, access_token=None, report_type=None, download=False, **kw
    ):
        """Show a service agreement on a page of its own, or its PDF; other contracts on the page of the OCA addon.

        :param int contract_contract_id: id of the contract
        :param str access_token: token that stands for the right to read it
        :param str report_type: ``pdf`` for the PDF, anything else for the page
        :param download: whether the browser saves the PDF instead of showing it
        """
        try:
            contract_sudo = self._document_check_access(
                "contract.contract", contract_contract_id, access_token
            )
        except (AccessError, MissingError):
            return request.redirect("/my")
        self._use_company_time(contract_sudo)
        if contract_sudo.is_service_agreement and report_type == "pdf":
            return self._show_report(
                model=contract_sudo,
                report_type="pdf",
                report_ref="jinyang_aftersales.action_report_agreement",
                download=bool(download),
            )
        response = super().portal_my_contract_detail(
            contract_contract_id, access_token=access_token, **link_values(kw)
        )
        if contract_sudo.is_service_agreement and hasattr(response, "qcontext"):
            response.template = "jinyang_aftersales.portal_agreement_page"
            response.qcontext["agreement"] = response.qcontext["contract"]
            response.qcontext.update(self._get_offer_values(contract_sudo, access_token, kw))
        return self._keep_address(response)

    def _get_offer_values(self, agreement, access_token, params):
        """Values of the page for the customer's answer to an offer.

        :param agreement: the contract.contract, as superuser
        :param str access_token: token the page was opened with
        :param dict params: other parameters of the request
        :rtype: dict
        """
        answerable = self._may_act(agreement) and not agreement._get_answer_obstacle()
        return {
            "may_answer": answerable,
            "may_decline": answerable and not agreement._get_answer_obstacle(accept=False),
            "signer_name": self._get_actor().name or "",
            "offer_notice": one_of(params.get("notice"), NOTICES),
            "token_query": url_encode({"access_token": access_token}) if access_token else "",
        }

    @http.route(
        "/my/contracts/<int:contract_id>/accept", type="jsonrpc", auth="public", website=True
    )
    def portal_agreement_accept(
        self, contract_id, access_token=None, name=None, signature=None, **_params
    ):
        """Accept an offer with the name and the drawing of Odoo's signature form.

        :param int contract_id: id of the agreement
        :param str access_token: token that stands for the right to read it
        :param str name: name of the signatory
        :param str signature: the drawing as PNG, base64
        :return: an error, or the address of the next page
        :rtype: dict
        """
        env = request.env
        token = access_token or request.httprequest.args.get("access_token")
        contract = self._open_document("contract.contract", contract_id, token)
        if not self._may_act(contract):
            return {"error": env._("There is no offer to answer.")}
        drawing = read_signature(signature)
        if not drawing:
            return {"error": env._("Please draw your signature.")}
        try:
            contract._accept_offer(
                clean_line(name, limit=100),
                drawing,
                self._get_actor(),
                request.httprequest.remote_addr,
            )
        except UserError as error:
            return {"error": str(error)}
        return {
            "force_refresh": True,
            "redirect_url": self._get_answer_url(contract, token, "accepted"),
        }

    @http.route(
        "/my/contracts/<int:contract_id>/decline",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
    )
    def portal_agreement_decline(self, contract_id, access_token=None, **params):
        """Decline an offer with a reason.

        :param int contract_id: id of the agreement
        :param str access_token: token that stands for the right to read it
        :param params: ``name`` and ``reason``
        """
        contract = self._open_document("contract.contract", contract_id, access_token)
        if not self._may_act(contract):
            return request.redirect("/my")
        notice = "declined"
        try:
            self._check_human()
            contract._decline_offer(
                self._get_actor().name or clean_line(params.get("name"), limit=100),
                clean_line(params.get("reason"), limit=500),
                self._get_actor(),
            )
        except UserError:
            notice = "not_declined"
        return request.redirect(self._get_answer_url(contract, access_token, notice))

    def _get_answer_url(self, contract, access_token, notice):
        query = {"notice": notice}
        if access_token:
            query["access_token"] = access_token
        return f"{contract.access_url}?{url_encode(query)}"
