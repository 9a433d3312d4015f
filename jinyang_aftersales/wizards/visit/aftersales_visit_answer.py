from odoo import api, fields, models


class AftersalesVisitAnswer(models.TransientModel):
    """Asks on which day a visit took place that nobody marked as begun (五.3.6)."""

    _name = "aftersales.visit.answer"
    _description = "Say That a Visit Took Place"
    _inherit = "aftersales.dialog.mixin"

    visit_id = fields.Many2one(
        comodel_name="aftersales.visit", required=True, ondelete="cascade", readonly=True
    )
    date_planned_start = fields.Datetime(
        related="visit_id.date_planned_start", string="Was Planned"
    )
    day = fields.Date(
        string="Took Place On",
        compute="_compute_day",
        store=True,
        readonly=False,
        required=True,
        help="The day of the return; the service record is due on the next working day after it.",
    )
    is_planned = fields.Boolean(compute="_compute_is_planned")
    reason = fields.Text(help="Why on a day that was not planned.")

    @api.depends("visit_id")
    def _compute_day(self):
        """Propose the planned return, as far as it has passed."""
        for wizard in self:
            visit = wizard.visit_id
            today = visit.company_id._aftersales_today() if visit else False
            wizard.day = visit and min(visit._get_planned_return(), today)

    @api.depends("visit_id", "day")
    def _compute_is_planned(self):
        for wizard in self:
            visit = wizard.visit_id
            wizard.is_planned = visit and wizard.day and visit._is_planned_day(wizard.day)

    def action_confirm(self):
        """Store the answer; see ``action_take_place`` of the visit for what is refused."""
        self.ensure_one()
        self.visit_id.action_take_place(self.day, self.reason)
        return {"type": "ir.actions.act_window_close"}
