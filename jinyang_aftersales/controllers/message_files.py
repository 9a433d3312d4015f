import io

from werkzeug.datastructures import FileStorage

from odoo import http
from odoo.http import request

from odoo.addons.mail.controllers.attachment import AttachmentController

from ..models.portal.ir_attachment import SENT_BY_LINK
from ..tools.files import MAX_FILES, read_uploads, tell_too_many
from .form_checks import get_token_obstacle
from .request_values import positive_id

# uploaded files of a user or link that belong to no message yet; Odoo removes them after a day
MAX_WAITING = 5 * MAX_FILES


class AftersalesAttachmentController(AttachmentController):
    """Files of messages: customers may add the same kinds of files as to the forms of the portal."""

    # checks the token of the session itself: the field in which messages are written does not understand Odoo's page
    @http.route(csrf=False)
    def mail_attachment_upload(self, ufile, thread_id, thread_model, is_pending=False, **kwargs):
        """Check a customer's file for a message about a document before it is stored.

        :param ufile: the file
        :param thread_id: id of the document
        :param str thread_model: model of the document
        :param is_pending: whether the message is not sent yet; always so for customers
        """
        wrong = get_token_obstacle(kwargs)
        if wrong:
            return request.make_json_response({"error": wrong})
        ours = request.env["mail.message"]._get_customer_document_models()
        if thread_model in ours and request.env.user.share:
            link = self._find_sender(thread_model, thread_id, kwargs)
            upload, reason = self._read_message_file(ufile, link)
            if reason:
                return request.make_json_response({"error": reason})
            ufile, is_pending = upload, True
            request.update_context(**{SENT_BY_LINK: link.id})
        return super().mail_attachment_upload(
            ufile, thread_id, thread_model, is_pending=is_pending, **kwargs
        )

    def _find_sender(self, model, number, params):
        """:return: the link with which a visitor without an account has come, empty for others"""
        # sudo: the secret of the link is the visitor's right
        documents = request.env[model].sudo()
        paged = request.env.registry["aftersales.portal.page.mixin"]
        document = documents.browse(positive_id(number) or 0).exists()
        if not request.env.user._is_public() or not document or not isinstance(document, paged):
            return documents.env["aftersales.portal.link"]
        return document._get_opening_link(*map(params.get, ("token", "hash", "pid")))

    def _read_message_file(self, ufile, link):
        """:return: the file under a safe name, and the reason why it is refused, empty when it is accepted"""
        env = request.env
        uploads, reasons = [], []
        if isinstance(ufile, FileStorage):
            uploads, reasons = read_uploads(env, [ufile])
        # sudo: only the number of the visitor's own waiting files is read
        waiting = (
            env["ir.attachment"]
            .sudo()
            .search_count(
                [
                    ("res_model", "=", "mail.compose.message"),
                    ("res_id", "=", 0),
                    ("create_uid", "=", env.uid),
                    # visitors without an account are one user
                    ("aftersales_link_id", "=", link.id),
                ],
                limit=MAX_WAITING,
            )
        )
        if waiting >= MAX_WAITING:
            reasons.append(tell_too_many(env))
        if reasons or not uploads:
            return None, " ".join(reasons) or env._("Please choose a file.")
        [upload] = uploads
        return FileStorage(io.BytesIO(upload["raw"]), filename=upload["name"]), ""
