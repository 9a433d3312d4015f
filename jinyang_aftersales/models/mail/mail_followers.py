from odoo import models


class MailFollowers(models.Model):
    """Followers of private documents are read by users who may read the messages there; in Odoo all employees may."""

    _name = "mail.followers"
    _inherit = ["mail.followers", "aftersales.private.row"]
