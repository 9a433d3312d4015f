from odoo import api, fields, models

# closed stages of tickets that were not served, which need no record
WITHOUT_RECORD = (
    "helpdesk_mgmt.helpdesk_ticket_stage_cancelled",
    "helpdesk_mgmt.helpdesk_ticket_stage_rejected",
)


class HelpdeskTicketStage(models.Model):
    _name = "helpdesk.ticket.stage"
    _inherit = ["aftersales.portal.fields.mixin", "helpdesk.ticket.stage"]
    _portal_fields = frozenset(
        {"active", "name", "description", "sequence", "closed", "close_from_portal", "team_ids"}
    )

    record_required = fields.Boolean(
        string="Asks for the Record",
        compute="_compute_record_required",
        store=True,
        readonly=False,
        help="A ticket reaches this closed stage with a complete service record only (五.1.3).",
    )
    service_done = fields.Boolean(
        string="Service Is Done Here",
        help="The service itself is over in this stage, though the ticket is not closed yet: "
        "the time for its record begins.",
    )

    @api.depends("closed")
    def _compute_record_required(self):
        exempt = self.browse()
        for xmlid in WITHOUT_RECORD:
            exempt |= self.env.ref(xmlid, raise_if_not_found=False) or exempt
        for stage in self:
            stage.record_required = stage.closed and stage not in exempt

    @api.constrains("closed", "record_required")
    def _check_tickets_recorded(self):
        """A stage with incomplete tickets cannot be made a closed one that requires the record.

        :raises ValidationError: naming the tickets in it whose record is incomplete
        """
        asking = self.filtered(lambda stage: stage.closed and stage.record_required)
        if not asking:
            return
        tickets = self.env["helpdesk.ticket"].with_context(active_test=False)
        tickets.search(
            [("stage_id", "in", asking.ids), ("record_complete", "=", False)]
        )._check_record()
