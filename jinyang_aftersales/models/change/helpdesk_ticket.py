from odoo import api, fields, models

from ...groups import READERS


class HelpdeskTicket(models.Model):
    """Program changes of a ticket; the record of a bug makes one (五.1.4)."""

    _inherit = "helpdesk.ticket"

    change_request_ids = fields.One2many(
        comodel_name="aftersales.change.request",
        inverse_name="ticket_id",
        string="Program Changes",
        groups=READERS,
        help="Counts in the record once it has been submitted.",
    )
    change_request_count = fields.Integer(compute="_compute_change_request_count", groups=READERS)

    @api.depends("change_request_ids")
    def _compute_change_request_count(self):
        counts = self.env["aftersales.change.request"]._count_by("ticket_id", self.ids)
        for ticket in self:
            ticket.change_request_count = counts[ticket._origin.id]

    @api.model
    def _get_record_fields(self):
        return [*super()._get_record_fields(), "change_request_ids"]

    def _is_answered(self, name):
        if name == "change_request_ids":
            return any(change.state != "draft" for change in self.change_request_ids)
        return super()._is_answered(name)

    @api.model
    def _get_record_depends(self):
        return [*super()._get_record_depends(), "change_request_ids.state"]

    def action_view_changes(self):
        """Show the program changes of the ticket."""
        self.ensure_one()
        return self._get_list_action(
            "jinyang_aftersales.aftersales_change_request_action",
            [("ticket_id", "=", self.id)],
            {"default_ticket_id": self.id},
        )

    def action_request_change(self):
        """Open a new program change, filled from the ticket."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Request a Program Change"),
            "res_model": "aftersales.change.request",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": {"default_ticket_id": self.id},
        }

    def _after_record_complete(self):
        result = super()._after_record_complete()
        # 五.1.4: a bug is reported as a program change, one for each ticket
        bugs = self.filtered(lambda ticket: ticket.record_type == "bug")
        # sudo: follows from the record, also for users who may not create changes
        changes = self.env["aftersales.change.request"].sudo()
        known = changes.with_context(active_test=False).search([("ticket_id", "in", bugs.ids)])
        for ticket in (bugs - known.ticket_id.with_env(self.env)).sudo():
            if ticket.commercial_partner_id:
                changes._create_from_record(ticket)
        return result
