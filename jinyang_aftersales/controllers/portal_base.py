"""What all pages of the customer portal share.

A page of ours is a controller on top of :class:`AftersalesPortal`, one file a kind of document:

* a list: ``self._render_list(PortalList(...), page, params, ...)``;
* a page: ``document = self._open_document(model, id, token)``, which is empty for whoever may not read it, then
  ``self._render_document(document, template, token, **values)``;
* a form: ``self._render_form(PortalForm([...]), ...)`` on GET, and on POST ``form.fill(params)`` and
  ``self._file_document(form, model, values)``.

All controllers on top of ``CustomerPortal`` become one class: names of helpers have to be their own.
"""

from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from .customer_portal import AftersalesCustomerPortal
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
        :param dict params: what else the client sent
        :param values: ``title``; ``columns`` (pairs of label and CSS class); ``row_template``, rendered for each
            ``document``; ``empty`` (what is said where there is nothing), ``new_url`` and ``new_label`` of the
            button that files another one
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
        """Count for the card of the home page what the visitor may read of the own company's documents.

        :param str model: model of the documents
        :param domain: which of them count, by fields a customer may read
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

    def _use_company_time(self, document):
        """Show times as those of the company that serves: who comes by a link has no time zone of his own.

        :param document: the document of the page
        """
        request.update_context(tz=document.company_id._aftersales_zone().zone)

    def _may_act(self, document):
        """Whether the visitor may act for the customer of a document: sign, accept, decline, answer.

        Colleagues of the customer may. Who holds the link of the mail to the customer may, too, without an
        account; our own people never act for a customer.

        :param document: what :meth:`_open_document` found, with or without a token
        :rtype: bool
        """
        user = request.env.user
        if not document or user._is_internal():
            return False
        # the public gets as far as this with the right token only
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
        :param crumbs: pairs of label and address that lead to it
        :param str crumb: what it is called there, the name staff know it by if not given
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
        """Let a browser tell nobody the address of a page, which may hold a token.

        :param response: the page
        :return: the same
        """
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    def _get_document_values(self, document, access_token):
        """What every page of a document needs: the document, the token, the way to its neighbours.

        A token goes only into the page it opened; the neighbours are found with the visitor's own rights.

        :param document: the document, as superuser
        :param str access_token: token the page was opened with
        :rtype: dict
        """
        values = {"object": document, "document": document, "token": access_token or None}
        values["access_token"] = values["token"]
        return {**values, **self._get_neighbours(document, history_key(document._name))}

    def _get_shown_attachments(self, document):
        """Files the customer sent with the form; others are shown with the message they came with.

        What staff put onto a document, into an internal note for instance, is not shown.

        :param document: the document, as superuser
        :return: ir.attachment, as superuser
        """
        # sudo: files of a document whose access was checked
        files = (
            request.env["ir.attachment"]
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
        # sudo: to leave out those of messages, which show their own
        messages = request.env["mail.message"].sudo()
        files -= messages.search([("attachment_ids", "in", files.ids)]).attachment_ids
        # those of former days have none yet
        files.filtered(lambda file: not file.access_token).generate_access_token()
        return files

    # === Forms === #

    def _render_form(self, form, title, action, crumbs=(), status=200, **values):
        """Show a form, empty or with what was entered and the reasons why it was not taken.

        :param PortalForm form: the form
        :param str title: its title
        :param str action: where it is sent
        :param crumbs: pairs of label and address that lead to it
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
        """Whose document a form makes, whatever the client sent.

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
        """Make the document of a form that was read, once, with its files, and let the visitor follow it.

        The caller decides who may file such a document and makes the values: customer and company are those of
        :meth:`_get_customer_values`, the others come from the fields of the form, checked one by one.

        :param PortalForm form: the form
        :param str model: model of the document
        :param dict values: its values
        :param then: called with the new document as superuser, e.g. to submit it
        :return: the document, as superuser
        """

        def make():
            # sudo: customers have no right to create anything; nothing here is taken from the client as is
            document = request.env[model].sudo().create(values)
            document.message_subscribe(partner_ids=request.env.user.partner_id.ids)
            attach_files(document, form.files)
            if then:
                then(document)
            return document

        document = request.env["aftersales.portal.submission"]._once(
            request.env.user, form.once_key(), model, make
        )
        return document.sudo()

    def _check_human(self):
        """Ask the captcha, where one is configured, whether a visitor without account is a person.

        :raises UserError: when it is not satisfied
        """
        if request.env.user._is_public():
            request.env["ir.http"]._verify_request_recaptcha_token("aftersales_portal")
