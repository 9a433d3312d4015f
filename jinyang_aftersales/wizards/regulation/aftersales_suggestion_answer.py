from odoo import fields, models


class AftersalesSuggestionAnswer(models.TransientModel):
    """Asks a manager for the answer to a suggestion."""

    _name = "aftersales.suggestion.answer"
    _description = "Answer a Suggestion"
    _inherit = "aftersales.dialog.mixin"

    suggestion_id = fields.Many2one(
        comodel_name="aftersales.suggestion",
        required=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    outcome = fields.Selection(
        selection=[
            ("adopted", "Adopted"),
            ("partly", "Partly Adopted"),
            ("declined", "Not Adopted"),
        ],
        required=True,
        default="adopted",
    )
    answer = fields.Text(string="Reply", required=True)

    def action_answer(self):
        """Answer; see the suggestion's action for what is refused."""
        self.ensure_one()
        self.suggestion_id.action_answer(self.answer, self.outcome)
        return {"type": "ir.actions.act_window_close"}
