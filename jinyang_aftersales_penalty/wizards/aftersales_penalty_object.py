from odoo import fields, models


class AftersalesPenaltyObject(models.TransientModel):
    """Dialogue for the employee's written objection."""

    _name = "aftersales.penalty.object"
    _description = "Object to a Penalty"
    _inherit = "aftersales.dialog.mixin"

    penalty_id = fields.Many2one(
        comodel_name="aftersales.penalty",
        required=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    text = fields.Text(string="Why I Object", required=True)

    def action_object(self):
        """Object; the action of the penalty checks rights and time."""
        self.ensure_one()
        self.penalty_id.action_object(self.text)
        return {"type": "ir.actions.act_window_close"}
