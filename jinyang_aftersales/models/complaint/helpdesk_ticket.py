from odoo import api, fields, models

from ...groups import READERS


class HelpdeskTicket(models.Model):
    """Complaints about a ticket."""

    _inherit = "helpdesk.ticket"

    complaint_count = fields.Integer(compute="_compute_complaint_count", groups=READERS)

    @api.depends_context("uid")
    def _compute_complaint_count(self):
        counts = self.env["aftersales.complaint"]._count_by("ticket_id", self.ids)
        for ticket in self:
            ticket.complaint_count = counts[ticket.id]

    def action_view_complaints(self):
        """Show the complaints about the ticket that the user may read."""
        self.ensure_one()
        return self._get_list_action(
            "jinyang_aftersales.aftersales_complaint_action",
            [("ticket_id", "=", self.id)],
            {"create": False},
        )

    def action_enter_complaint(self):
        """Enter a complaint, filled from the ticket."""
        self.ensure_one()
        self.check_access("read")
        customer = self.commercial_partner_id
        return self.env["aftersales.complaint"]._get_new_action(
            {
                "default_company_id": self.company_id.id,
                "default_partner_id": customer.id,
                "default_contact_id": (self.partner_id - customer).id,
                "default_ticket_id": self.id,
                "default_origin": "ticket",
            }
        )
