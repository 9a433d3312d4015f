from odoo import models


class HelpdeskTicketTeam(models.Model):
    _name = "helpdesk.ticket.team"
    _inherit = ["aftersales.portal.fields.mixin", "helpdesk.ticket.team"]
    _portal_fields = frozenset(
        {"active", "name", "complete_name", "parent_id", "sequence", "show_in_portal"}
    )
