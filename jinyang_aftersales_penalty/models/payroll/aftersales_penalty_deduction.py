from odoo import api, fields, models


class AftersalesPenaltyDeduction(models.Model):
    """The ledger: the amount of a penalty that a payslip took or a refund gave back (七.7).

    Deducted amounts are only read from here. Rows are created and removed by methods of payslips only.
    """

    _name = "aftersales.penalty.deduction"
    _description = "Penalty Deduction"
    _inherit = "aftersales.ledger.mixin"
    _order = "payslip_id desc, id"
    _allow_sudo_commands = False

    penalty_id = fields.Many2one(
        comodel_name="aftersales.penalty", required=True, ondelete="restrict", index=True
    )
    payslip_id = fields.Many2one(
        comodel_name="hr.payslip", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(related="penalty_id.company_id", store=True)
    employee_id = fields.Many2one(related="penalty_id.employee_id", store=True, index=True)
    date = fields.Date(related="payslip_id.date_to", store=True)
    currency_id = fields.Many2one(related="penalty_id.currency_id")
    amount = fields.Monetary(
        required=True, help="Positive: deducted; negative: returned by a refund."
    )
    # shown on the payslip: number, clause and name of the case, no further details
    description = fields.Char(compute="_compute_description", compute_sudo=True)

    _once = models.UniqueIndex("(penalty_id, payslip_id)")

    @api.depends("penalty_id")
    @api.depends_context("lang")
    def _compute_description(self):
        for row in self:
            penalty = row.penalty_id
            row.description = f"{penalty.name} {penalty.rule_id.name} ({penalty.clause})"

    @api.depends("penalty_id", "amount")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.description

    def _get_ledger_refusal(self):
        return self.env._("Deductions are booked by confirming payslips.")
