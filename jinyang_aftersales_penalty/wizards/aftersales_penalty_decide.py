from odoo import api, fields, models


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
        selection=[
            ("confirm", "Confirm"),
            ("waive", "Waive: Case Stands, No Deduction"),
            ("cancel", "Cancel: No Such Case"),
            ("return", "Give Back"),
            ("paid", "Given Back Outside of Payslips"),
            ("keep", "Do Not Give Back"),
        ],
        required=True,
    )
    reason = fields.Text()
    currency_id = fields.Many2one(related="penalty_ids.currency_id")
    amount = fields.Monetary(
        string="Amount to Give Back", compute="_compute_amount", store=True, readonly=False
    )
    paid_on = fields.Date(default=lambda self: self.env.company._aftersales_today())
    proof = fields.Binary(attachment=False)
    proof_name = fields.Char()

    @api.depends("penalty_ids", "decision")
    def _compute_amount(self):
        """Propose what was deducted: most often the whole fine is given back."""
        for wizard in self:
            penalties = wizard.penalty_ids if wizard.decision == "return" else []
            wizard.amount = sum(penalty._get_returnable() for penalty in penalties)

    def action_decide(self):
        """Decide about all of them or none; the actions of the penalty check rights and states."""
        self.ensure_one()
        penalties = self.penalty_ids
        actions = {
            "confirm": lambda: penalties.action_confirm(self.reason),
            "waive": lambda: penalties.action_waive(self.reason),
            "cancel": lambda: penalties.action_cancel(self.reason),
            "return": self._give_back,
            "paid": lambda: penalties.action_pay_return(self.paid_on, self.proof, self.proof_name),
            "keep": lambda: penalties.action_withdraw_return(self.reason),
        }
        actions[self.decision]()
        return {"type": "ir.actions.act_window_close"}

    def _give_back(self):
        # of several penalties all is given back
        amount = self.amount if len(self.penalty_ids) == 1 else False
        self.penalty_ids.action_return(amount, self.reason)
