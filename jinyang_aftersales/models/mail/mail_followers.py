from odoo import models


class MailFollowers(models.Model):
    """Who follows a private document is known to who may read its messages; by standard every colleague reads it."""

    _name = "mail.followers"
    _inherit = ["mail.followers", "aftersales.private.row"]
