from werkzeug.urls import url_encode

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from .portal_base import AftersalesPortal
from .portal_filing import answer_route
from .request_values import one_of, positive_id, secret_text


class AftersalesLinkPortal(AftersalesPortal):
    """Links that open nothing any more, and new ones for people who hold one of before links were for persons."""

    # Without a token of the session: only who holds the secret of the link has a mail sent, and nothing else of the
    # visitor counts.
    @answer_route("/my/link/new")
    def portal_new_link(self, access_token=None, **params):
        """Mail a new link to the contact's own address; the answer does not tell whether there is one.

        :param str access_token: secret of the link of before
        :param params: ``res_model`` and ``res_id`` of the document
        """
        model = one_of(
            params.get("res_model"), request.env["mail.message"]._get_customer_document_models()
        )
        paged = request.env.registry["aftersales.portal.page.mixin"]
        if model and isinstance(request.env[model], paged):
            # sudo: the secret is the visitor's right to have the contact written to, and is checked
            document = request.env[model].sudo().browse(positive_id(params.get("res_id")) or 0)
            document = document.exists()
            if document and document._is_old_secret(secret_text(access_token)):
                try:
                    self._check_human()
                    document._mail_new_link()
                except UserError as error:
                    return self._render_new_link(str(error), 400)
        return self._render_new_link(
            request.env._(
                "If the link belongs to a contact of your company with an e-mail address, a new one is on its way"
                " there."
            )
        )

    @http.route("/my/link/closed", type="http", auth="public", website=True, sitemap=False)
    def portal_closed_link(self, **params):
        """Say why a link opened nothing, and what its holder can do.

        :param params: ``res_model`` and ``res_id`` of the document, which signing in may open
        """
        models = request.env["mail.message"]._get_customer_document_models()
        model, number = one_of(params.get("res_model"), models), positive_id(params.get("res_id"))
        query = url_encode({"model": model, "res_id": number})
        return request.render(
            "jinyang_aftersales.portal_closed_link",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "aftersales",
                "next_url": f"/mail/view?{query}" if model and number else "/my",
            },
        )

    def _render_new_link(self, text, status=200):
        return request.render(
            "jinyang_aftersales.portal_new_link",
            {**self._prepare_portal_layout_values(), "page_name": "aftersales", "text": text},
            status=status,
        )
