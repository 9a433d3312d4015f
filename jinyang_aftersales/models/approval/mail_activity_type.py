from odoo import fields, models

from .inbox import APPROVAL_CATEGORY


class MailActivityType(models.Model):
    _inherit = "mail.activity.type"

    category = fields.Selection(
        selection_add=[(APPROVAL_CATEGORY, "Service Approval")],
        ondelete={APPROVAL_CATEGORY: "set default"},
    )
