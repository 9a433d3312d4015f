from odoo import http
from odoo.http import request

from odoo.addons.helpdesk_mgmt.controllers.myaccount import CustomerPortalHelpdesk

from .helpdesk_main import may_close_ticket
from .portal_base import AftersalesPortal
from .request_values import clean_line, date_text, link_values, one_of, page_number, positive_id


class AftersalesPortalHelpdesk(AftersalesPortal, CustomerPortalHelpdesk):
    """Tickets on the portal: list and page (五.1)."""

    @http.route()
    def portal_my_tickets(
        self,
        page=1,
        date_begin=None,
        date_end=None,
        sortby=None,
        filterby=None,
        search=None,
        search_in=None,
        groupby=None,
        **kw,
    ):
        """List the tickets; malformed parameters are ignored.

        :param int page: page of the list
        :param str date_begin: first date of creation
        :param str date_end: last date of creation
        :param str sortby: key of the order
        :param str filterby: ``all`` or the id of a stage
        :param str search: text to look for
        :param str search_in: key of the fields to search in
        :param str groupby: key of the groups
        """
        response = super().portal_my_tickets(
            page=page_number(page),
            date_begin=date_text(date_begin),
            date_end=date_text(date_end),
            sortby=one_of(sortby, self._ticket_get_searchbar_sortings()),
            filterby=str(positive_id(filterby) or "all"),
            search=clean_line(search) or None,
            search_in=one_of(search_in, self._ticket_get_searchbar_inputs()),
            groupby=one_of(groupby, self._ticket_get_searchbar_groupby()),
            **kw,
        )
        filters = getattr(response, "qcontext", {}).get("searchbar_filters", {})
        if "all" in filters:
            filters["all"]["label"] = request.env._("All")
        return response

    @http.route()
    def portal_my_ticket(self, ticket_id, access_token=None, **kw):
        """Show a ticket with the files the customer sent, without those of internal notes.

        :param int ticket_id: id of the ticket
        :param str access_token: token that stands for the right to read it
        """
        # sudo: only the first ticket is looked for, which the visitor must be able to read
        first = request.env["helpdesk.ticket"].sudo().browse(ticket_id).exists().origin_ticket_id
        if first and first.with_user(request.env.user).has_access("read"):
            # one thread for customers: that of their own ticket
            return request.redirect(f"/my/ticket/{first.id}")
        ticket = self._open_document("helpdesk.ticket", ticket_id, access_token)
        if not ticket:
            return self._lead_away(access_token)
        known = link_values(kw, "close_refused", "filed", "signed_in")
        values = self._ticket_get_page_view_values(ticket, access_token, **known)
        values["attachments"] = self._get_shown_attachments(ticket)
        return self._keep_address(
            request.render("helpdesk_mgmt.portal_helpdesk_ticket_page", values)
        )

    # helpdesk_mgmt marks these labels as code terms, which only its own translation files could translate.

    def _ticket_get_searchbar_sortings(self):
        return self._relabel(
            super()._ticket_get_searchbar_sortings(),
            date=request.env._("Newest"),
            name=request.env._("Title"),
            stage=request.env._("Stage"),
            update=request.env._("Last Stage Update"),
        )

    def _ticket_get_searchbar_groupby(self):
        return self._relabel(
            super()._ticket_get_searchbar_groupby(),
            none=request.env._("None"),
            category=request.env._("Category"),
            stage=request.env._("Stage"),
        )

    def _ticket_get_searchbar_inputs(self):
        return self._relabel(
            super()._ticket_get_searchbar_inputs(),
            all=request.env._("Search in All"),
            number=request.env._("Search in Number"),
            name=request.env._("Search in Title"),
        )

    def _relabel(self, choices, **labels):
        for key in choices.keys() & labels.keys():
            choices[key]["label"] = labels[key]
        return choices

    def _ticket_get_page_view_values(self, ticket, access_token, **kwargs):
        """Add whether closing was refused, and offer closing only to visitors who may close the ticket.

        :param ticket: the ``helpdesk.ticket``, as superuser
        :param str access_token: the token the page was opened with
        :return: the values of the page
        :rtype: dict
        """
        values = super()._ticket_get_page_view_values(ticket, access_token, **kwargs)
        if not may_close_ticket(ticket):
            values["closed_stages"] = values["closed_stages"].browse()
        values["close_refused"] = "close_refused" in kwargs
        if "signed_in" in kwargs:
            values["notice_kind"] = "warning"
            values["notice"] = request.env._(
                "You have signed in again since this page was opened, and nothing was sent. Please press the button"
                " once more."
            )
        elif "filed" in kwargs and not ticket.closed:
            values["notice"] = request.env._("Thank you. We have received your ticket.")
        return values
