from odoo import api, fields, models

from ...groups import READERS
from .values import KINDS


class HelpdeskTicket(models.Model):
    """Applications of a ticket: they fill fields of its record, which asks for an executed application."""

    _inherit = "helpdesk.ticket"

    application_ids = fields.One2many(
        comodel_name="aftersales.application",
        inverse_name="ticket_id",
        string="Applications",
        groups=READERS,
        help="Counts in the record once it has been executed.",
    )
    application_count = fields.Integer(compute="_compute_application_count", groups=READERS)
    data_to_clear = fields.Text(compute="_compute_from_application", store=True, readonly=False)
    tool_used = fields.Char(compute="_compute_from_application", store=True, readonly=False)
    contact_told_id = fields.Many2one(
        compute="_compute_from_application", store=True, readonly=False
    )

    @api.depends(
        "application_ids.description",
        "application_ids.tool_used",
        "application_ids.contact_told_id",
    )
    def _compute_from_application(self):
        """Fill empty fields of the ticket from its last application."""
        for ticket in self:
            last = ticket.application_ids[:1]
            ticket.data_to_clear = ticket.data_to_clear or (
                last.kind == "data_clearing" and last.description
            )
            ticket.tool_used = ticket.tool_used or last.tool_used
            ticket.contact_told_id = ticket.contact_told_id or last.contact_told_id

    @api.depends("application_ids")
    def _compute_application_count(self):
        counts = self.env["aftersales.application"]._count_by("ticket_id", self.ids)
        for ticket in self:
            ticket.application_count = counts[ticket._origin.id]

    # === The record === #

    @api.model
    def _get_record_fields(self):
        names = super()._get_record_fields()
        names.insert(names.index("tool_used") + 1, "application_ids")
        return names

    @api.model
    def _get_record_depends(self):
        return [*super()._get_record_depends(), "application_ids.kind", "application_ids.state"]

    def _is_answered(self, name):
        if name == "application_ids":
            return bool(self._get_executed_applications())
        return super()._is_answered(name)

    def _get_executed_applications(self):
        """:return: executed applications of the ticket, of the kind the record asks for"""
        kinds = dict(KINDS)
        return self.application_ids.filtered(
            lambda application: application.state == "done"
            and (self.record_type not in kinds or application.kind == self.record_type)
        )

    # === Actions === #

    def action_view_applications(self):
        """Show the applications of the ticket; a new one is filled from the ticket."""
        self.ensure_one()
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Applications"),
            "res_model": "aftersales.application",
            "view_mode": "list,form",
            "domain": [("ticket_id", "=", self.id)],
            "context": self._prepare_application_context(),
        }
        return self._open_only(action)

    def action_new_application(self):
        """Open a new application, filled from the ticket."""
        return {
            **self.action_view_applications(),
            "view_mode": "form",
            "res_id": False,
            "views": [(False, "form")],
        }

    def _prepare_application_context(self):
        self.ensure_one()
        kind = self.record_type if self.record_type in dict(KINDS) else False
        return {
            "default_kind": kind,
            "default_ticket_id": self.id,
            "default_company_id": self.company_id.id,
            "default_partner_id": self.commercial_partner_id.id,
            "default_contact_id": self.contact_id.id,
            "default_installation_id": self.installation_id.id,
            "default_description": self.data_to_clear,
            "default_user_id": self.user_id.id,
        }
