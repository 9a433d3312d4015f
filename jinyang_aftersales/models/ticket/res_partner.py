from odoo import api, models


class ResPartner(models.Model):
    """Tickets of a customer: those made for it, also when their contact has moved to another company."""

    _inherit = "res.partner"

    def _compute_helpdesk_ticket_count(self):
        for partner in self:
            tickets = self.env["helpdesk.ticket"].search(partner._get_owned_domain())
            count = len(tickets)
            active = len(tickets.filtered(lambda ticket: not ticket.stage_id.closed))
            partner.helpdesk_ticket_count = count
            partner.helpdesk_ticket_active_count = active
            partner.helpdesk_ticket_count_string = f"{active} / {count}"

    def action_view_helpdesk_tickets(self):
        action = super().action_view_helpdesk_tickets()
        return {**action, "domain": list(self._get_owned_domain())}

    @api.model
    def _get_open_kinds(self):
        return {
            **super()._get_open_kinds(),
            "ticket": {
                "model": "helpdesk.ticket",
                "domain": [("closed", "=", False)],
                "action": "helpdesk_mgmt.helpdesk_ticket_action",
                "label": self.env._("Tickets"),
            },
        }
