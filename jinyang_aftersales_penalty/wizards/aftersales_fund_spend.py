from odoo import fields, models


class AftersalesFundSpend(models.TransientModel):
    """Dialogue for the director to spend money of the fund."""

    _name = "aftersales.fund.spend"
    _description = "Spend from the Fund"
    _inherit = "aftersales.dialog.mixin"

    fund_id = fields.Many2one(
        comodel_name="aftersales.fund",
        required=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    currency_id = fields.Many2one(related="fund_id.currency_id", related_sudo=False)
    balance = fields.Monetary(related="fund_id.balance", related_sudo=False)
    amount = fields.Monetary(required=True)
    purpose = fields.Char(required=True)
    date = fields.Date(required=True, default=lambda self: self.env.company._aftersales_today())
    receipt = fields.Binary(required=True)
    receipt_name = fields.Char()

    def action_spend(self):
        """Book the spending; the action of the fund checks the values."""
        self.ensure_one()
        self.fund_id.action_spend(
            self.amount, self.purpose, self.receipt, self.receipt_name, self.date
        )
        return {"type": "ir.actions.act_window_close"}
