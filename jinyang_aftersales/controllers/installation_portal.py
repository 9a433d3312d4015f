from functools import partial

from odoo import http
from odoo.http import request

from .portal_base import AftersalesPortal
from .portal_list import PortalList, software_domain

URL = "/my/installations"


class AftersalesPortalInstallation(AftersalesPortal):
    """The customer's software on the portal: serial number, service period and state (五.6)."""

    def _prepare_home_portal_values(self, counters):
        """Count the software for its card.

        :param counters: names of the cards asked for
        :rtype: dict
        """
        values = super()._prepare_home_portal_values(counters)
        if "installation_count" in counters:
            values["installation_count"] = self._count_documents("aftersales.installation")
        return values

    @http.route(
        [URL, f"{URL}/page/<int:page>"], type="http", auth="user", website=True, methods=["GET"]
    )
    def portal_my_installations(self, page=1, **params):
        """List the software of the visitor's company.

        :param int page: page of the list
        :param params: ``sortby``, ``filterby``, ``search``, ``search_in``, ``groupby``
        """
        env = request.env
        by_name = partial(software_domain, "product_id")
        installations = PortalList(
            "aftersales.installation",
            URL,
            sortings={
                "end": (env._("Service To"), "service_date_end, id"),
                "name": (env._("Software"), "product_id.id, id"),
                "new": (env._("Newest"), "id desc"),
            },
            filters={
                "all": (env._("All"), []),
                "in_service": (
                    env._("In service"),
                    [("service_state", "in", ["in_service", "expiring"])],
                ),
                "expiring": (env._("Service ends soon"), [("service_state", "=", "expiring")]),
                "expired": (env._("Out of service"), [("service_state", "=", "expired")]),
            },
            searches={
                "all": (env._("Search in All"), ["serial_number", "version", by_name]),
                "serial": (env._("Search in Serial Number"), ["serial_number"]),
            },
            groupings={
                "none": (env._("None"), ""),
                "state": (env._("Service State"), "service_state"),
                "line": (env._("Product Line"), "product_line_id"),
            },
        )
        return self._render_list(
            installations,
            page,
            params,
            title=env._("Installed Software"),
            columns=[
                (env._("Software"), ""),
                (env._("Version"), "d-none d-md-table-cell"),
                (env._("Serial Number"), "d-none d-md-table-cell"),
                (env._("Service To"), ""),
                (env._("State"), "text-end"),
            ],
            row_template="jinyang_aftersales.portal_installation_row",
            empty=env._("No software is registered for your company yet."),
        )

    @http.route(
        f"{URL}/<int:installation_id>", type="http", auth="public", website=True, methods=["GET"]
    )
    def portal_my_installation(self, installation_id, access_token=None, **_params):
        """Show one software with the history of its service.

        :param int installation_id: id of the installation
        :param str access_token: token that stands for the right to read it
        """
        installation = self._open_document("aftersales.installation", installation_id, access_token)
        if not installation:
            return self._lead_away(access_token)
        # with the rights of the visitor, who sees only the own company's agreements and tickets
        agreements = request.env["contract.contract"]
        tickets = request.env["helpdesk.ticket"]
        if agreements.has_access("read"):
            agreements = agreements.search(
                [("id", "in", installation.agreement_ids.ids)], order="term_end desc", limit=20
            )
        if tickets.has_access("read"):
            tickets = tickets.search(
                [("id", "in", self._get_ticket_ids(installation))], order="id desc", limit=10
            )
        return self._render_document(
            installation,
            "jinyang_aftersales.portal_installation_page",
            access_token,
            crumbs=[(request.env._("Installed Software"), URL)],
            heading=installation.product_id.name,
            agreements=agreements,
            tickets=tickets,
            no_discussion=True,
        )

    def _get_ticket_ids(self, installation):
        """:return: ids of the latest tickets about a software, a list"""
        tickets = installation.env["helpdesk.ticket"]
        return tickets.search(
            [("installation_id", "=", installation.id)], order="id desc", limit=50
        ).ids
