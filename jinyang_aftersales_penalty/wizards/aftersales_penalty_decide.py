from odoo import fields, models


class AftersalesPenaltyDecide(models.TransientModel):
    """Dialogue for a manager's decision about penalties, with its reasons."""

    _name = "aftersales.penalty.decide"
    _description = "Decide on a Penalty"
    _inherit = "aftersales.dialog.mixin"

    penalty_ids = fields.Many2many(
        comodel_name="aftersales.penalty",
        required=True,
        default=lambda self: self.env.context.get("active_ids"),
    )
    decision = fields.Selection(
        selection=[("confirm", "Confirm"), ("waive", "Waive"), ("cancel", "Cancel")], required=True
    )
    reason = fields.Text(required=True)

    def action_decide(self):
        """Decide about all of them or none; the actions of the penalty check rights and states."""
        self.ensure_one()
        actions = {
            "confirm": self.penalty_ids.action_confirm,
            "waive": self.penalty_ids.action_waive,
            "cancel": self.penalty_ids.action_cancel,
        }
        actions[self.decision](self.reason)
        return {"type": "ir.actions.act_window_close"}
