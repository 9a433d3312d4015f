from odoo import fields, models


class AftersalesAgreementPaymentDay(models.TransientModel):
    """Asks for another day of payment, agreed after the signature (五.2.4)."""

    _name = "aftersales.agreement.payment.day"
    _description = "Another Payment Day of an Agreement"
    _inherit = "aftersales.dialog.mixin"

    contract_id = fields.Many2one(
        comodel_name="contract.contract", string="Agreement", required=True, readonly=True
    )
    day = fields.Date(string="New Payment Day", required=True)
    reason = fields.Char(required=True)

    def action_confirm(self):
        """Move the day; see ``action_move_payment_day`` of the agreement for what is refused."""
        self.ensure_one()
        self.contract_id.action_move_payment_day(self.day, self.reason)
        return {"type": "ir.actions.act_window_close"}
