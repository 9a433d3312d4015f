from werkzeug.urls import url_encode

from odoo.http import request

from odoo.addons.portal.controllers.mail import MailController
from odoo.addons.portal.controllers.thread import PortalThreadController

from .request_values import secret_text


class AftersalesMailController(MailController):
    """Links in mails that lead to a document."""

    @classmethod
    def _redirect_to_record(cls, model, res_id, access_token=None, **kwargs):
        """Redirect from a mail to its document; treat malformed tokens as wrong ones instead of raising.

        :param str model: model of the document
        :param int res_id: its id
        :param str access_token: token that stands for the right to read it
        :return: a redirection
        """
        token = secret_text(access_token)
        paged = request.env.registry["aftersales.portal.page.mixin"]
        if model not in request.env or not isinstance(request.env[model], paged):
            return super()._redirect_to_record(model, res_id, access_token=token, **kwargs)
        document = request.env[model].browse(res_id)
        # sudo: only whether the link opens the document for who holds it is asked
        found = document.sudo().exists()
        if found and not document.has_access("read") and found._get_link_access(token):
            query = {"access_token": token}
            if found._get_signing_person(kwargs.get("hash"), kwargs.get("pid")):
                query.update(pid=kwargs["pid"], hash=kwargs["hash"])
            return request.redirect(f"{found.access_url}?{url_encode(query)}")
        if found and request.session.uid is None:
            # Odoo would make a link for it, and then ask to sign in all the same.
            return cls._redirect_to_login_with_mail_view(
                model, res_id, access_token=token, **kwargs
            )
        return super()._redirect_to_record(model, res_id, **kwargs)


class AftersalesThreadController(PortalThreadController):
    """Messages of visitors who hold a link."""

    def _prepare_message_data(self, post_data, *, thread, **kwargs):
        """Write a message in the name of the person to whom the link was mailed.

        The arguments are those of Odoo.

        :rtype: dict
        """
        data = super()._prepare_message_data(post_data, thread=thread, **kwargs)
        paged = request.env.registry["aftersales.portal.page.mixin"]
        if (
            kwargs.get("from_create")
            and request.env.user._is_public()
            and isinstance(thread, paged)
        ):
            # sudo: the person of the link, for the message only
            links = request.env["aftersales.portal.link"].sudo()
            link = links._find_opening(thread, kwargs.get("token"))
            if link:
                data["author_id"] = link.partner_id.id
        return data
