from odoo import api, models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _get_thread_with_access(self, thread_id, *, hash=None, pid=None, token=None, **kwargs):
        """Find a document for its chatter; secrets that cannot be some are wrong ones, not errors.

        :param int thread_id: id of the document
        :param str hash: signature of the contact, as in mails
        :param int pid: id of the contact
        :param str token: token that stands for the right to read the document
        :return: the document, empty when it may not be read
        """
        return super()._get_thread_with_access(
            thread_id,
            hash=hash if isinstance(hash, str) and hash.isascii() else None,
            pid=pid if isinstance(pid, int) or str(pid).isdecimal() else None,
            token=token if isinstance(token, str) and token.isascii() else None,
            **kwargs,
        )
