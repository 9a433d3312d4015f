"""Common base of all pages of the customer portal.

The pages of a kind of document are a controller on top of :class:`AftersalesPortal`, one file a kind:

* a list: ``self._render_list(PortalList(...), page, params, ...)``;
* a page: ``document = self._open_document(model, id, token)``, empty for visitors who may not read it, then
  ``self._render_document(document, template, token, **values)``;
* a form: ``self._render_form(PortalForm([...]), ...)`` on GET, and on POST ``form.fill(params)`` and
  ``self._file_document(form, model, values)``.

Odoo merges all controllers on top of ``CustomerPortal`` into one class: helpers of two files need different names.
"""

from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from .customer_portal import LINK_READS, AftersalesCustomerPortal
from .portal_list import history_key
from .request_values import positive_id
from .uploads import attach_files


class AftersalesPortal(AftersalesCustomerPortal):
    """Lists, pages and forms of the customer's documents."""

    # === Lists === #

    def _render_list(self, portal_list, page, params, **values):
        """Show a list.

        :param PortalList portal_list: the list
        :param page: number of the page asked for
        :param dict params: other parameters of the request
        :param values: ``title``; ``columns`` (pairs of label and CSS class); ``row_template``, rendered for each
            ``document``; ``empty`` (text of an empty list), ``new_url`` and ``new_label`` of the button that files
            another document
        """
        if not portal_list.model.has_access("read"):
            return request.redirect("/my")
        return request.render(
            "jinyang_aftersales.portal_documents",
            {
                **self._prepare_portal_layout_values(),
                **portal_list.values(page, params),
                "page_name": "aftersales",
                "crumbs": [(values["title"], None)],
                **values,
            },
        )

    def _count_documents(self, model, domain=()):
        """Count the documents of the visitor's company that the visitor may read, for the card of the home page.

        :param str model: model of the documents
        :param domain: limits the count, by fields a customer may read
        :rtype: int
        """
        documents = request.env[model]
        if not documents.has_access("read"):
            return 0
        customer = request.env.user.commercial_partner_id
        return documents.search_count([("commercial_partner_id", "=", customer.id), *domain])

    # === Documents === #

    def _open_document(self, model, document_id, access_token=None):
        """Find a document for its page.

        :param str model: its model
        :param int document_id: its id
        :param str access_token: token that stands for the right to read it
        :return: the document as superuser; empty when there is none or it is not for the visitor
        """
        documents = request.env[model]
        document_id = positive_id(document_id)
        if not document_id:
            return documents
        token = access_token if "access_token" in documents._fields else None
        try:
            document = self._document_check_access(model, document_id, access_token=token)
        except (AccessError, MissingError):
            return documents
        self._use_company_time(document)
        return document

    def _lead_away(self, access_token=None):
        """Lead a visitor who may not see a document to a page that says why, or to their own pages.

        Whether there is such a document is told to nobody.

        :param access_token: secret of the link they came by
        :return: a redirection
        """
        by_link = access_token and request.env.user._is_public()
        return request.redirect("/my/link/closed" if by_link else "/my")

    def _use_company_time(self, document):
        """Show times in the time zone of the company that serves: visitors who come by a link have none.

        :param document: the document of the page
        """
        request.update_context(tz=document.company_id._aftersales_zone().zone)

    def _may_act(self, document):
        """Whether the visitor may act for the customer of a document: sign, accept, decline, answer.

        Persons of the customer's company may. Visitors with the link from a mail to the customer may, too, without
        an account; internal users never act for a customer.

        :param document: a document that :meth:`_open_document` returned, opened with or without a token
        :rtype: bool
        """
        user = request.env.user
        if not document or user._is_internal() or document.env.context.get(LINK_READS):
            return False
        # public visitors have a document only if they opened it with the right token
        return user._is_public() or document._get_document_customer() == user.commercial_partner_id

    def _get_actor(self):
        """:return: the res.partner of the visitor's account, empty without one"""
        partner = request.env.user.partner_id
        return partner.browse() if request.env.user._is_public() else partner

    def _render_document(
        self, document, template, access_token=None, crumbs=(), crumb=None, **values
    ):
        """Show the page of a document.

        :param document: the document, as superuser
        :param str template: its template, which calls ``jinyang_aftersales.portal_document``
        :param str access_token: token the page was opened with
        :param crumbs: breadcrumbs before the document, pairs of label and address
        :param str crumb: breadcrumb of the document itself, its display name if not given
        :param values: other values of the template
        """
        response = request.render(
            template,
            {
                **self._prepare_portal_layout_values(),
                **self._get_document_values(document, access_token),
                "page_name": "aftersales",
                "crumbs": [*crumbs, (crumb or document.display_name, None)],
                "may_act": self._may_act(document),
                "attachments": self._get_shown_attachments(document),
                **values,
            },
        )
        return self._keep_address(response)

    def _keep_address(self, response):
        """Tell the browser to send no referrer, because the address of the page may hold a token.

        :param response: the page
        :return: the same
        """
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    def _get_document_values(self, document, access_token):
        """Values every page of a document needs: the document, the token, links to the documents next to it.

        Only the token that opened the page is put into it; the documents next to it are searched with the
        visitor's own rights.

        :param document: the document, as superuser
        :param str access_token: token the page was opened with
        :rtype: dict
        """
        values = {"object": document, "document": document, "token": access_token or None}
        values["access_token"] = values["token"]
        return {**values, **self._get_neighbours(document, history_key(document._name))}

    def _get_shown_attachments(self, document):
        """Files the customer sent with the form; other files are shown with their messages.

        Files that staff attached, e.g. to an internal note, are not shown.

        :param document: the document, as superuser
        :return: ir.attachment, as superuser
        """
        # sudo: customers have no right on attachments; access to the document was checked. The environment of the
        # document knows the link that opened its page.
        files = (
            document.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", document._name),
                    ("res_id", "=", document.id),
                    ("create_uid.share", "=", True),
                ],
                order="id",
            )
        )
        # sudo: messages show their own files, which are left out here whether or not the visitor may read them
        messages = request.env["mail.message"].sudo()
        return files - messages.search([("attachment_ids", "in", files.ids)]).attachment_ids

    # === Forms === #

    def _render_form(self, form, title, action, crumbs=(), status=200, **values):
        """Show a form, empty or with the entered values and the reasons why it was refused.

        :param PortalForm form: the form
        :param str title: its title
        :param str action: address it is sent to
        :param crumbs: breadcrumbs, pairs of label and address
        :param int status: 400 for a form that was refused
        :param values: ``intro`` and ``submit_label``
        """
        return request.render(
            "jinyang_aftersales.portal_form",
            {
                **self._prepare_portal_layout_values(),
                **form.render_values(),
                "page_name": "aftersales",
                "crumbs": [*crumbs, (title, None)],
                "title": title,
                "action": action,
                **values,
            },
            status=status,
        )

    def _get_customer_values(self):
        """Owner of a document made by a form, taken from the visitor's account and never from the request.

        :return: company_id, partner_id (the commercial partner) and contact_id (the visitor)
        :rtype: dict
        """
        partner = request.env.user.partner_id
        customer = partner.commercial_partner_id
        return {
            "company_id": request.env.company.id,
            "partner_id": customer.id,
            "contact_id": (partner - customer).id,
        }

    def _file_document(self, form, model, values, then=None):
        """Create the document of a filled form with its files, once, and make the visitor its follower.

        The caller checks the right to file it and prepares the values: customer and company from
        :meth:`_get_customer_values`, the others from the checked fields of the form.

        :param PortalForm form: the form
        :param str model: model of the document
        :param dict values: its values
        :param then: function called with the new document as superuser, e.g. to submit it
        :return: the document, as superuser
        """

        def make():
            # sudo: customers have no right to create documents; the caller has checked all values
            document = request.env[model].sudo().create(values)
            document.message_subscribe(partner_ids=request.env.user.partner_id.ids)
            attach_files(document, form.files)
            if then:
                then(document)
            return document

        document = request.env["aftersales.portal.submission"]._once(
            request.env.user, form.once_key(), model, make, form.content_key()
        )
        return document.sudo()

    def _check_human(self):
        """Ask the captcha, where one is configured, whether a visitor without account is a person.

        :raises UserError: when the captcha is not passed
        """
        if request.env.user._is_public():
            request.env["ir.http"]._verify_request_recaptcha_token("aftersales_portal")
