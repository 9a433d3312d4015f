from odoo import fields, models


class AftersalesPenaltyReturn(models.Model):
    """A decision to give back a fine that payslips have taken, in whole or in part.

    Rows are made by methods of penalties only. What was decided and is not paid yet can be taken back, by a row with a
    negative amount.
    """

    _name = "aftersales.penalty.return"
    _description = "Return of a Penalty"
    _inherit = "aftersales.ledger.mixin"
    _order = "id desc"
    _allow_sudo_commands = False

    penalty_id = fields.Many2one(
        comodel_name="aftersales.penalty", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(related="penalty_id.company_id", store=True)
    employee_id = fields.Many2one(related="penalty_id.employee_id", store=True, index=True)
    currency_id = fields.Many2one(related="penalty_id.currency_id")
    amount = fields.Monetary(required=True, help="Negative: a return that was taken back.")
    reason = fields.Text(required=True)
    decided_by_id = fields.Many2one(
        comodel_name="res.users", person="fact", string="Decided By", required=True
    )
    decided_on = fields.Datetime(required=True)

    _amount_not_zero = models.Constraint("CHECK(amount != 0)", "A return has an amount.")

    def _get_ledger_refusal(self):
        return self.env._("Returns are decided with the buttons of the penalty.")
