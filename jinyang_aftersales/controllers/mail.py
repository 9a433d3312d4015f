from werkzeug.urls import url_encode

from odoo.http import request

from odoo.addons.portal.controllers.mail import MailController
from odoo.addons.portal.controllers.portal_thread import PortalChatter
from odoo.addons.portal.controllers.thread import PortalThreadController

from ..models.portal.aftersales_portal_link import ACT
from ..models.portal.ir_attachment import LINK_SECRET
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
        if token and request.session.uid is None:
            # Signing in may still open the document; first say why the link did not, whether or not there is one.
            query = url_encode({"res_model": model, "res_id": res_id})
            return request.redirect(f"/my/link/closed?{query}")
        if found and request.session.uid is None:
            # Odoo would make a link for it, and then ask to sign in all the same.
            return cls._redirect_to_login_with_mail_view(model, res_id, **kwargs)
        return super()._redirect_to_record(model, res_id, **kwargs)


def use_link(params):
    """Let the addresses of files in the answer follow the link with which the visitor came.

    :param dict params: parameters of the request
    """
    request.update_context(**{LINK_SECRET: secret_text(params.get("token")) or False})


def may_write(thread, params):
    """Whether the visitor may write on a document: by their own rights, or by a link that lets them act.

    :param thread: the document, empty for none
    :param dict params: parameters of the request with the secrets of the visitor
    :rtype: bool
    """
    paged = request.env.registry["aftersales.portal.page.mixin"]
    if not thread or not isinstance(thread, paged):
        return True
    document = request.env[thread._name].browse(thread.id)
    secrets = (params.get(name) for name in ("token", "hash", "pid"))
    return document.has_access("read") or document._get_access_by(*secrets) == ACT


class AftersalesChatter(PortalChatter):
    """Messages on the page of a document."""

    def _setup_portal_message_fetch_extra_domain(self, data):
        """Called with the parameters of the page before its messages are read: their files follow its link.

        :param dict data: parameters of the request
        :rtype: Domain
        """
        use_link(data)
        return super()._setup_portal_message_fetch_extra_domain(data)


class AftersalesThreadController(PortalThreadController):
    """Messages of visitors who hold a link; links that only show their document write nothing."""

    @classmethod
    def _get_thread_with_access_for_post(cls, thread_model, thread_id, **kwargs):
        """Find a document on which the visitor may write; the arguments are those of Odoo."""
        use_link(kwargs)
        thread = super()._get_thread_with_access_for_post(thread_model, thread_id, **kwargs)
        return thread if may_write(thread, kwargs) else thread.browse()

    @classmethod
    def _get_message_with_access(cls, message_id, mode="read", **kwargs):
        """Find a message; to change it or to react to it the visitor has to be allowed to write on its document.

        The arguments are those of Odoo.
        """
        use_link(kwargs)
        message = super()._get_message_with_access(message_id, mode=mode, **kwargs)
        # sudo: only the document of the message is read
        about = message.sudo()
        if mode == "read" or about.model not in request.env:
            return message
        thread = request.env[about.model].browse(about.res_id)
        return message if may_write(thread, kwargs) else message.browse()

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
