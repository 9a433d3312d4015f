from odoo import models


class MailActivity(models.Model):
    """Activities of private documents are read by users who may read the messages there, assigned or not."""

    _name = "mail.activity"
    _inherit = ["mail.activity", "aftersales.private.row"]
