from werkzeug.exceptions import abort

from odoo import http
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request

from ..tools.files import MAX_FORM_BYTES
from .form_checks import get_token_obstacle
from .portal_base import AftersalesPortal
from .portal_form import Entry
from .portal_list import PortalList, own_documents_domain
from .request_values import secret_text

# number of entries that a drop-down list offers at most
MAX_CHOICES = 200


def _post_route(url, **options):
    """A route of pages of customers that is sent by POST; its method checks the token of the session (``csrf=False``).

    :param str url: address of the form
    :param options: further options of the route
    :return: the decorator of the method
    """
    return http.route(url, type="http", website=True, methods=["POST"], csrf=False, **options)


def form_route(url):
    """The route to which a signed-in customer sends a form, by POST and with files.

    The form checks the token of the session itself (``csrf=False``), and comes back with what was typed.

    :param str url: address of the form
    :return: the decorator of the method that takes the form
    """
    return _post_route(url, auth="user", max_content_length=MAX_FORM_BYTES)


def answer_route(url):
    """The route to which holders of a link, or signed-in customers, send an answer from a page, by POST.

    The method checks by itself who may act, and the token of the session where there is one (``csrf=False``).

    :param str url: address of the form
    :return: the decorator of the method that takes the answer
    """
    return _post_route(url, auth="public", sitemap=False)


class AftersalesPortalFiling(AftersalesPortal):
    """What pages of documents share that customers file: their lists, forms and answers."""

    def _make_list(self, model, url, filters, searched, sortings=None, searches=None):
        """A list with what each of them offers: newest first or by state, all, a search in all and in the number.

        :param str model: model of the documents
        :param str url: address of the list
        :param dict filters: further filters, see :class:`PortalList`
        :param searched: names of the fields that a search in all looks into
        :param dict sortings: further sortings
        :param dict searches: further searches
        :rtype: PortalList
        """
        env = request.env
        return PortalList(
            model,
            url,
            sortings={
                "newest": (env._("Newest"), "id desc"),
                **(sortings or {}),
                "state": (env._("State"), "state, id desc"),
            },
            filters={"all": (env._("All"), Domain.TRUE), **filters},
            searches={
                "all": (env._("Search in All"), searched),
                "name": (env._("Search in Number"), ("name",)),
                **(searches or {}),
            },
        )

    def _find_latest(self, model):
        """:return: the latest documents of the visitor's company, as far as a form offers them to choose from"""
        return request.env[model].search(
            Domain(own_documents_domain()) & Domain("company_id", "=", request.env.company.id),
            order="id desc",
            limit=MAX_CHOICES,
        )

    def _get_software_entries(self):
        """Fields of a form for the software and the contact, both of the visitor's company.

        :rtype: list[Entry]
        """
        env, user = request.env, request.env.user
        customer = user.commercial_partner_id
        installations = env["aftersales.installation"].search(
            [("commercial_partner_id", "=", customer.id)], limit=MAX_CHOICES
        )
        software = [(row.id, row._get_portal_label()) for row in installations]
        people = user.partner_id | env["res.partner"].search(
            [
                ("commercial_partner_id", "=", customer.id),
                ("is_company", "=", False),
                ("type", "=", "contact"),
            ],
            limit=MAX_CHOICES,
        )
        return [
            Entry(
                "installation_id",
                env._("Software"),
                "record",
                choices=software,
                default=software[0][0] if len(software) == 1 else "",
            ),
            Entry(
                "contact_id",
                env._("Contact"),
                "record",
                required=True,
                choices=[(person.id, person.name or user.name) for person in people],
                default=user.partner_id.id,
                help=env._("Whom of you we talk to about it."),
            ),
        ]

    def _get_filed_values(self, form):
        """Values of the document a form makes: customer, company and the entered values.

        :param PortalForm form: a filled form
        :rtype: dict
        """
        values = {**self._get_customer_values(), **form.values}
        # sudo: only the serving company of the software is read; the form offered software of the visitor's company
        installation = (
            request.env["aftersales.installation"].sudo().browse(values["installation_id"])
        )
        if installation:
            values["company_id"] = installation.company_id.id
        return values

    # === Answers === #

    def _open_to_answer(self, model, document_id, access_token):
        """Find a document for which the visitor may act; all others are led to their own page.

        :param str model: its model
        :param int document_id: its id
        :param str access_token: secret of the link the page was opened with
        :return: the document, as superuser
        """
        document = self._open_document(model, document_id, access_token)
        if not self._may_act(document):
            abort(self._lead_away(access_token))
        return document

    def _render_answerable(self, document, template, access_token, reasons=(), **values):
        """Show the page of a document with a form for the customer's answer.

        :param document: the document, as superuser
        :param str template: template of the page
        :param str access_token: token the page was opened with
        :param reasons: why the answer that was sent is not taken: the page then has the status 400
        :param values: other values of the template, see :meth:`_render_document`
        """
        response = self._render_document(
            document, template, access_token, reasons=reasons, **values
        )
        if reasons:
            response.status_code = 400
        return response

    def _take_answer(self, document, take):
        """Take what a customer answered on the page of a document; all of it, or nothing.

        Nothing is taken that answers something else than the document as it is now (``shown_hash`` of the form).

        The route leaves the check of the session's token to this method, so that nothing typed is lost.

        :param document: the document, as superuser, for which the visitor may act
        :param take: function of the document that stores the answer, and raises a UserError when it cannot
        :return: the reasons why it cannot be taken, empty when it was
        :rtype: list[str]
        """
        wrong = get_token_obstacle(request.params)
        if wrong:
            return [wrong]
        user = request.env.user
        if not user._is_public():
            # sudo: the visitor may not write documents, access was checked; the answer is in the visitor's name
            document = document.with_user(user).sudo()
        try:
            self._check_human()
            with request.env.cr.savepoint():
                document._check_shown(request.params.get("shown_hash"))
                take(document)
        except UserError as error:
            return [str(error)]
        return []

    def _redirect_answered(self, document, access_token, word):
        """Show the page of a document anew after an answer was taken.

        :param document: the document
        :param str access_token: token the page was opened with
        :param str word: parameter of the address that lets the page say thank you
        """
        token = secret_text(access_token)
        url = f"{document.access_url}?{word}=1"
        return request.redirect(f"{url}&access_token={token}" if token else url)

    # === Words === #

    def _in_own_words(self, document):
        """:return: the document with the visitor's language and the serving company's time zone"""
        return document.with_context(
            lang=request.env.lang, tz=document.company_id._aftersales_zone().zone
        )
