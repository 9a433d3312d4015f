from odoo import api, fields, models


class AftersalesSanctionDecide(models.TransientModel):
    """Dialogue for a decision about a sanction, with its reasons, or for the HR manager it is handed to."""

    _name = "aftersales.sanction.decide"
    _description = "Decide on a Sanction"
    _inherit = "aftersales.dialog.mixin"

    sanction_id = fields.Many2one(
        comodel_name="aftersales.sanction",
        required=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    decision = fields.Selection(
        selection=[
            ("decide", "Decide"),
            ("reject", "Reject"),
            ("withdraw", "Withdraw"),
            ("hand_over", "Hand to HR"),
        ],
        required=True,
    )
    reason = fields.Text()
    hr_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Hand To",
        compute="_compute_hr_user_id",
        store=True,
        readonly=False,
        domain="[('id', 'in', hr_user_ids)]",
    )
    hr_user_ids = fields.Many2many(comodel_name="res.users", compute="_compute_hr_user_ids")

    @api.depends("sanction_id")
    def _compute_hr_user_ids(self):
        for wizard in self:
            wizard.hr_user_ids = wizard.sanction_id and wizard.sanction_id._get_hr_users()

    @api.depends("sanction_id")
    def _compute_hr_user_id(self):
        for wizard in self:
            users = wizard.sanction_id and wizard.sanction_id._get_hr_users()
            wizard.hr_user_id = users and users[:1]

    def action_decide(self):
        """Decide; the actions of the sanction check rights and states."""
        self.ensure_one()
        sanction = self.sanction_id
        if self.decision == "hand_over":
            sanction.action_hand_over(self.hr_user_id.id)
        else:
            actions = {
                "decide": sanction.action_decide,
                "reject": sanction.action_reject,
                "withdraw": sanction.action_withdraw,
            }
            actions[self.decision](self.reason)
        return {"type": "ir.actions.act_window_close"}
