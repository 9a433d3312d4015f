from odoo import models


class MailMail(models.Model):
    """A mail that a mail server has accepted has told the customer (五.2.2)."""

    _inherit = "mail.mail"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "sent":
            # sudo: the mail queue sends for everybody
            notices = self.env["aftersales.renewal.notice"].sudo()
            for notice in notices.search([("mail_id", "in", self.ids), ("state", "=", "sent")]):
                notice._note_told("mail", notice.company_id._aftersales_today())
        return result
