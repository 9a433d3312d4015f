from functools import partial

from werkzeug.urls import url_encode

from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.contract.controllers.main import PortalContract

from ..tools.signature import drawing_uri, read_signature
from .portal_filing import AftersalesPortalFiling, answer_route
from .portal_list import PortalList, software_domain
from .request_values import clean_line, link_values, one_of, secret_text

URL = "/my/contracts"
MODEL = "contract.contract"
# session key under which the page of a contract finds the list it was opened from
HISTORY = "my_contracts_history"
# keys in the address that tell the page which message to show
NOTICES = ("accepted", "declined")


class AftersalesPortalContract(AftersalesPortalFiling, PortalContract):
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
            return self._lead_away(access_token)
        self._use_company_time(contract_sudo)
        if contract_sudo.is_service_agreement and report_type == "pdf":
            return self._show_report(
                model=contract_sudo,
                report_type="pdf",
                report_ref="jinyang_aftersales.action_report_agreement",
                download=bool(download),
            )
        return self._show_contract(contract_sudo, access_token, kw)

    def _show_contract(self, contract, access_token, params, **values):
        """Show the page of a service agreement, or the page of the OCA addon for another contract.

        :param contract: the contract.contract, as superuser
        :param str access_token: token the page was opened with
        :param dict params: other parameters of the request
        :param values: other values of the page, e.g. an answer that was refused
        """
        response = super().portal_my_contract_detail(
            contract.id, access_token=access_token, **link_values(params)
        )
        if contract.is_service_agreement and hasattr(response, "qcontext"):
            response.template = "jinyang_aftersales.portal_agreement_page"
            response.qcontext["agreement"] = response.qcontext["contract"]
            response.qcontext.update(self._get_offer_values(contract, access_token, params))
            response.qcontext.update(values)
            if values.get("reasons"):
                response.status_code = 400
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
            "token": access_token or None,
            "answer": {},
            "reasons": (),
            "refused": False,
            "drawing_uri": drawing_uri,
            "offer_notice": one_of(params.get("notice"), NOTICES),
            "token_query": url_encode({"access_token": access_token}) if access_token else "",
        }

    @answer_route("/my/contracts/<int:contract_id>/accept")
    def portal_agreement_accept(self, contract_id, access_token=None, **params):
        """Accept an offer with a name and a drawn signature; a refused form is shown again with the reasons.

        :param int contract_id: id of the agreement
        :param str access_token: token that stands for the right to read it
        :param params: ``name``, ``signature`` (the drawing as PNG, base64) and ``shown_hash``
        """
        contract = self._open_to_answer(MODEL, contract_id, access_token)
        answer = {
            "name": clean_line(params.get("name"), limit=100),
            "signature": read_signature(params.get("signature")),
        }
        reasons = []
        if not answer["name"]:
            reasons.append(request.env._("Please enter your name."))
        if not answer["signature"]:
            reasons.append(request.env._("Please draw your signature."))
        actor, address = self._get_actor(), request.httprequest.remote_addr
        return self._answer_offer(
            contract,
            access_token,
            answer,
            reasons,
            "accepted",
            lambda row: row._accept_offer(answer["name"], answer["signature"], actor, address),
        )

    @answer_route("/my/contracts/<int:contract_id>/decline")
    def portal_agreement_decline(self, contract_id, access_token=None, **params):
        """Decline an offer with a reason; a refused form is shown again with the reasons.

        :param int contract_id: id of the agreement
        :param str access_token: token that stands for the right to read it
        :param params: ``name``, ``reason`` and ``shown_hash``
        """
        contract = self._open_to_answer(MODEL, contract_id, access_token)
        actor = self._get_actor()
        answer = {
            "name": actor.name or clean_line(params.get("name"), limit=100),
            "reason": clean_line(params.get("reason"), limit=500),
        }
        return self._answer_offer(
            contract,
            access_token,
            answer,
            [],
            "declined",
            lambda row: row._decline_offer(answer["name"], answer["reason"], actor),
        )

    def _answer_offer(self, contract, access_token, answer, reasons, notice, take):
        """Take the answer to an offer, and show its page anew; with what was entered when it is refused.

        :param contract: the contract.contract, as superuser, for which the visitor may act
        :param str access_token: token the page was opened with
        :param dict answer: what was entered
        :param list[str] reasons: why it cannot be taken
        :param str notice: one of ``NOTICES``
        :param take: function of the contract that stores the answer
        """
        reasons = reasons or self._take_answer(contract, take)
        if reasons:
            contract.invalidate_recordset()
            return self._show_contract(
                contract, access_token, {}, answer=answer, reasons=reasons, refused=notice
            )
        return request.redirect(self._get_answer_url(contract, secret_text(access_token), notice))

    def _get_answer_url(self, contract, access_token, notice):
        query = {"notice": notice}
        if access_token:
            query["access_token"] = access_token
        return f"{contract.access_url}?{url_encode(query)}"
