from odoo import api, fields, models

from ...groups import MANAGERS

FIELDS = ("channel_id", "category_id", "duplicate_id")


class AftersalesTicketCorrect(models.TransientModel):
    """Asks what is right in a served ticket, and why; ``action_correct`` of the ticket says what is refused."""

    _name = "aftersales.ticket.correct"
    _description = "Correct a Served Ticket"
    _inherit = "aftersales.dialog.mixin"

    ticket_id = fields.Many2one(
        comodel_name="helpdesk.ticket", required=True, ondelete="cascade", readonly=True
    )
    commercial_partner_id = fields.Many2one(related="ticket_id.commercial_partner_id")
    channel_id = fields.Many2one(comodel_name="helpdesk.ticket.channel", string="Channel")
    category_id = fields.Many2one(comodel_name="helpdesk.ticket.category", string="Category")
    duplicate_id = fields.Many2one(
        comodel_name="helpdesk.ticket",
        string="Duplicate of",
        domain="[('commercial_partner_id', '=', commercial_partner_id), ('id', '!=', ticket_id)]",
    )
    service_done_by_id = fields.Many2one(
        comodel_name="res.users",
        person="fact",
        string="Service Done By",
        domain="[('share', '=', False)]",
        groups=MANAGERS,
    )
    reason = fields.Text(required=True)

    @api.model
    def default_get(self, fields):
        """Begin with what the ticket says now, of a ticket that the user may read."""
        values = super().default_get(fields)
        ticket = self.env["helpdesk.ticket"].browse(values.get("ticket_id"))
        for name in self._get_offered() & set(fields) if ticket else ():
            values[name] = ticket[name].id
        return values

    @api.model
    def _get_offered(self):
        """:return: names of the fields that the user may correct, a set"""
        manager = self.env.user.has_group(MANAGERS)
        return {*FIELDS, "service_done_by_id"} if manager else set(FIELDS)

    def action_confirm(self):
        """Correct the ticket in the fields that differ."""
        self.ensure_one()
        vals = {
            name: self[name].id
            for name in self._get_offered()
            if self[name] != self.ticket_id[name]
        }
        self.ticket_id.action_correct(vals, self.reason)
        return {"type": "ir.actions.act_window_close"}
