from odoo import fields, models


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    # the record rule of customers looks tickets up by it
    commercial_partner_id = fields.Many2one(index=True)
