from odoo import SUPERUSER_ID, http
from odoo.exceptions import AccessError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal

from ..models.portal.aftersales_portal_link import READ
from ..models.portal.ir_attachment import LINK_SECRET
from .request_values import secret_text

# in the context of a document whose page was opened by a link that shows it, and lets nobody act
LINK_READS = "aftersales_link_reads"


class AftersalesCustomerPortal(CustomerPortal):
    """Odoo's portal, hardened against malformed parameters, and without tokens on pages opened by a login."""

    @http.route()
    def counters(self, counters=None, **kw):
        """Count documents for the cards of the home page; unknown names are ignored.

        :param list[str] counters: names of the cards
        """
        names = counters if isinstance(counters, list) else []
        return super().counters([name for name in names if isinstance(name, str)], **kw)

    @http.route()
    def security(self, **post):
        """Show the page of the password; one that was not sent counts as left empty.

        :param post: ``old``, ``new1``, ``new2``
        """
        if request.httprequest.method == "POST":
            post = {"old": "", "new1": "", "new2": "", **post}
        return super().security(**post)

    def _document_check_access(self, model_name, document_id, access_token=None):
        """Check the access as Odoo does, but treat malformed tokens as wrong ones instead of raising.

        :param str model_name: model of the document
        :param int document_id: its id
        :param str access_token: token that stands for the right to read it
        :return: the document, as superuser
        :raise AccessError: neither the user nor the token may read it
        :raise MissingError: there is no such document
        """
        documents = request.env[model_name]
        token = secret_text(access_token)
        if not isinstance(documents, request.env.registry["aftersales.portal.page.mixin"]):
            return super()._document_check_access(model_name, document_id, token)
        try:
            return super()._document_check_access(model_name, document_id, None)
        except AccessError:
            document = documents.with_user(SUPERUSER_ID).browse(document_id)
            access = document._get_link_access(token)
            if not access:
                raise
            return document.with_context(**{LINK_READS: access == READ, LINK_SECRET: token})

    def _get_page_view_values(
        self, document, access_token, values, session_history, no_breadcrumbs, **kwargs
    ):
        """Link to the documents before and after a document without creating tokens for them.

        Odoo creates a token for each of them and puts it into the page, but visitors who came from a list are
        signed in and need none.

        :param document: the document, as superuser
        :param str access_token: token the page was opened with
        :param dict values: values of the page so far
        :param str session_history: key of the session under which the ids of the list last seen are kept
        :param bool no_breadcrumbs: whether breadcrumbs are hidden from visitors with a token
        :return: the values of the page
        :rtype: dict
        """
        if document._name not in request.env["mail.message"]._get_customer_document_models():
            return super()._get_page_view_values(
                document, access_token, values, session_history, no_breadcrumbs, **kwargs
            )
        values = super()._get_page_view_values(
            document, access_token, values, "", no_breadcrumbs, **kwargs
        )
        return {**values, **self._get_neighbours(document, session_history)}

    def _get_neighbours(self, document, session_history):
        """Addresses of the documents before and after one in the list last seen.

        :param document: the document
        :param str session_history: key of the session under which the ids of the list are kept
        :return: ``prev_record`` and ``next_record``, empty where there is none
        :rtype: dict
        """
        ids = request.session.get(session_history, [])
        if document.id not in ids:
            return {}
        place = ids.index(document.id)
        before, after = ids[place - 1 : place] if place else [], ids[place + 1 : place + 2]
        return {
            "prev_record": before and document.browse(before).access_url,
            "next_record": after and document.browse(after).access_url,
        }
