from odoo import api, fields, models


class AftersalesVisitReschedule(models.TransientModel):
    """Asks for the new time of an approved visit, the contact who agreed to it, and the reason (五.3.2)."""

    _name = "aftersales.visit.reschedule"
    _description = "Reschedule a Visit"
    _inherit = "aftersales.dialog.mixin"

    visit_id = fields.Many2one(
        comodel_name="aftersales.visit", required=True, ondelete="cascade", readonly=True
    )
    partner_id = fields.Many2one(related="visit_id.partner_id")
    date_old = fields.Datetime(related="visit_id.date_planned_start", string="Was Planned")
    date_planned_start = fields.Datetime(string="Arrival", required=True)
    date_planned_end = fields.Datetime(
        string="Planned Until", compute="_compute_date_planned_end", store=True, readonly=False
    )
    agreed_with_id = fields.Many2one(
        comodel_name="res.partner",
        string="Agreed With",
        compute="_compute_agreed_with_id",
        store=True,
        readonly=False,
        domain="[('commercial_partner_id', '=', partner_id)]",
    )
    reason = fields.Text(required=True)

    @api.depends("date_planned_start")
    def _compute_date_planned_end(self):
        """Propose an end that keeps the planned duration."""
        for wizard in self:
            visit = wizard.visit_id
            wizard.date_planned_end = wizard.date_planned_start and (
                wizard.date_planned_start + (visit.date_planned_end - visit.date_planned_start)
            )

    @api.depends("visit_id")
    def _compute_agreed_with_id(self):
        for wizard in self:
            wizard.agreed_with_id = wizard.visit_id.arrival_agreed_with_id

    def action_reschedule(self):
        """Move the visit; see ``action_reschedule`` of the visit for what is refused."""
        self.ensure_one()
        self.visit_id.action_reschedule(
            self.date_planned_start, self.date_planned_end, self.agreed_with_id, self.reason
        )
        return {"type": "ir.actions.act_window_close"}
