from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.jinyang_aftersales.models.shared.search_lookup import among


class AftersalesPenaltyDeduction(models.Model):
    """The ledger: the amount of a penalty that a payslip took, or that was given back (七.7).

    Deducted amounts are only read from here. Rows are created and removed by methods of payslips, and by
    :meth:`AftersalesPenalty.action_pay_return` where no payslip follows any more.
    """

    _name = "aftersales.penalty.deduction"
    _description = "Penalty Deduction"
    _inherit = ["aftersales.ledger.mixin", "aftersales.file.mixin"]
    _order = "payslip_id desc, id"
    _allow_sudo_commands = False
    _scan_fields = ("proof",)
    _scan_names = ("proof_name",)

    penalty_id = fields.Many2one(
        comodel_name="aftersales.penalty", required=True, ondelete="restrict", index=True
    )
    payslip_id = fields.Many2one(comodel_name="hr.payslip", ondelete="restrict", index=True)
    source = fields.Selection(
        selection=[
            ("payslip", "Payslip"),
            ("refund", "Refund of a Payslip"),
            ("return", "Return by Payslip"),
            ("external", "Return Outside of Payslips"),
        ],
        required=True,
        default="payslip",
    )
    paid_on = fields.Date(help="Day on which it was given back outside of payslips.")
    proof = fields.Binary(
        attachment=True, help="Receipt of what was given back outside of payslips."
    )
    proof_name = fields.Char()
    company_id = fields.Many2one(related="penalty_id.company_id", store=True, precompute=True)
    employee_id = fields.Many2one(
        related="penalty_id.employee_id", store=True, precompute=True, index=True
    )
    date = fields.Date(compute="_compute_date", store=True, precompute=True)
    currency_id = fields.Many2one(related="penalty_id.currency_id")
    amount = fields.Monetary(required=True, help="Positive: deducted; negative: given back.")
    # shown on the payslip: number, clause and name of the case, no further details
    description = fields.Char(compute="_compute_description", compute_sudo=True)

    _once = models.UniqueIndex("(penalty_id, payslip_id)")
    _source_known = models.Constraint(
        "CHECK((payslip_id IS NULL) = (source = 'external') AND (paid_on IS NULL) = (payslip_id IS NOT NULL))",
        "What was given back outside of payslips has the day of its payment.",
    )

    @api.depends("payslip_id.date_to", "paid_on")
    def _compute_date(self):
        for row in self:
            row.date = row.payslip_id.date_to or row.paid_on

    @api.depends("penalty_id", "source", "amount")
    @api.depends_context("lang")
    def _compute_description(self):
        for row in self:
            penalty = row.penalty_id
            text = f"{penalty.name} {penalty.rule_id.name} ({penalty.clause})"
            back = row.source in ("return", "external") and row.amount < 0
            row.description = self.env._("%s, given back", text) if back else text

    @api.model
    def _get_word_domains(self, word, text):
        """Find deductions by the penalty, whose number and rule they show."""
        penalties = self.env["aftersales.penalty"]
        if not penalties.has_access("read"):
            return []
        found = penalties.with_context(active_test=False)._search(
            Domain.OR(penalties._get_word_domains(word, text)), order="id"
        )
        return [among("penalty_id", found.get_result_ids())]

    @api.depends("penalty_id", "amount")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.description

    def _get_ledger_refusal(self):
        return self.env._("Deductions are booked by confirming payslips.")
