from odoo import models


class MailActivity(models.Model):
    """Activities of private documents are for who may read their messages, whoever was asked to do something."""

    _name = "mail.activity"
    _inherit = ["mail.activity", "aftersales.private.row"]
