import io

from werkzeug.datastructures import FileStorage

from odoo import http
from odoo.http import request

from odoo.addons.mail.controllers.attachment import AttachmentController

from ..tools.files import MAX_FILES, read_uploads, tell_too_many

# files that wait for their message; Odoo removes them after a day
MAX_WAITING = 5 * MAX_FILES


class AftersalesAttachmentController(AttachmentController):
    """Files of messages: of customers the same are taken as with the forms of the portal."""

    @http.route()
    def mail_attachment_upload(self, ufile, thread_id, thread_model, is_pending=False, **kwargs):
        """Check what a customer adds to a message about a document before it is kept.

        :param ufile: the file
        :param thread_id: id of the document
        :param str thread_model: model of the document
        :param is_pending: whether the message is still to be written; that of a customer always is
        """
        ours = request.env["mail.message"]._get_customer_document_models()
        if thread_model in ours and request.env.user.share:
            upload, reason = self._read_message_file(ufile)
            if reason:
                return request.make_json_response({"error": reason})
            ufile, is_pending = upload, True
        return super().mail_attachment_upload(
            ufile, thread_id, thread_model, is_pending=is_pending, **kwargs
        )

    def _read_message_file(self, ufile):
        """:return: the file under a harmless name, and the reason why it is not taken, empty when it is"""
        env = request.env
        uploads, reasons = [], []
        if isinstance(ufile, FileStorage):
            uploads, reasons = read_uploads(env, [ufile])
        # sudo: how many files of the visitor wait for a message
        waiting = (
            env["ir.attachment"]
            .sudo()
            .search_count(
                [
                    ("res_model", "=", "mail.compose.message"),
                    ("res_id", "=", 0),
                    ("create_uid", "=", env.uid),
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
