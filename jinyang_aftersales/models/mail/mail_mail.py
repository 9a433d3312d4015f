from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _prepare_outgoing_list(self, *args, **kwargs):
        """Send no blocked file on; the arguments are those of Odoo.

        :rtype: list[dict]
        """
        mails = super()._prepare_outgoing_list(*args, **kwargs)
        # sudo: only which files of the mail are blocked is read
        blocked = set(self.sudo().attachment_ids.filtered("aftersales_blocked").mapped("name"))
        if not blocked:
            return mails
        return [
            {
                **mail,
                "attachments": [file for file in mail["attachments"] if file[0] not in blocked],
            }
            for mail in mails
        ]
