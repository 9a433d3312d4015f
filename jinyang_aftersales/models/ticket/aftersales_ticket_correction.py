from odoo import api, fields, models


class AftersalesTicketCorrection(models.Model):
    """What was changed in a ticket after its service was done, of the things that decide about its record.

    Only methods of the ticket make these rows; service managers read them.
    """

    _name = "aftersales.ticket.correction"
    _description = "Correction of a Served Ticket"
    _inherit = "aftersales.ledger.mixin"
    _order = "id desc"
    _search_links = ("ticket_id",)
    _search_labels = ("field_name",)

    company_id = fields.Many2one(comodel_name="res.company", required=True, index=True)
    ticket_id = fields.Many2one(
        comodel_name="helpdesk.ticket", required=True, index=True, ondelete="cascade"
    )
    field_name = fields.Selection(
        selection=[
            ("channel_id", "Channel"),
            ("category_id", "Category"),
            ("duplicate_id", "Duplicate of"),
            ("company_id", "Company"),
            ("service_done_by_id", "Service Done By"),
            ("service_done_on", "Service Done"),
        ],
        string="Corrected",
        required=True,
    )
    old_value = fields.Char(string="Before")
    new_value = fields.Char(string="After")
    reason = fields.Text(help="Empty where a service manager changed the ticket itself.")
    user_id = fields.Many2one(
        comodel_name="res.users", person="fact", string="Corrected By", required=True
    )
    by_manager = fields.Boolean(string="By a Manager")
    date = fields.Date(required=True)

    def _get_ledger_refusal(self):
        return self.env._("Corrections are kept by the ticket itself: correct the ticket instead.")

    @api.depends("ticket_id", "field_name")
    def _compute_display_name(self):
        labels = dict(self._fields["field_name"]._description_selection(self.env))
        for row in self:
            row.display_name = f"{row.ticket_id.number} {labels.get(row.field_name, '')}"
