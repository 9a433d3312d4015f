from odoo import api, models
from odoo.exceptions import UserError

from .hr_payslip import CODE


class PenaltyLineMixin(models.AbstractModel):
    """Lines and inputs of penalties are computed: nobody enters, changes or deletes them."""

    _name = "aftersales.penalty.line.mixin"
    _description = "Computed Payslip Row"
    _inherit = "aftersales.guard.mixin"

    def write(self, vals):
        if vals.get("code") == CODE or self.filtered(lambda row: row.code == CODE):
            self._check_computed()
        return super().write(vals)

    def _check_computed(self):
        """:raises UserError: unless a payslip is being computed"""
        if not self._is_open():
            raise UserError(
                self.env._("Penalties on payslips are computed from the confirmed ones.")
            )


class HrPayslipLine(models.Model):
    _name = "hr.payslip.line"
    _inherit = ["hr.payslip.line", "aftersales.penalty.line.mixin"]

    @api.model_create_multi
    def create(self, vals_list):
        if any(self._get_row_code(vals) == CODE for vals in vals_list):
            self._check_computed()
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_computed(self):
        if self.filtered(lambda row: row.code == CODE):
            self._check_computed()

    @api.model
    def _get_row_code(self, vals):
        """:return: the code a new line gets; one of our salary rule is ours whatever code is sent"""
        rule = self.env["hr.salary.rule"].sudo().browse(vals.get("salary_rule_id"))
        return CODE if rule.code == CODE else vals.get("code")


class HrPayslipInput(models.Model):
    _name = "hr.payslip.input"
    _inherit = ["hr.payslip.input", "aftersales.penalty.line.mixin"]

    @api.model_create_multi
    def create(self, vals_list):
        """The payslip form sends the proposed input back: its amount is what is open, not what was sent."""
        inputs = super().create(vals_list)
        for row in inputs.filtered(lambda row: row.code == CODE):
            if not row._is_open():
                due = sum(row.payslip_id._get_open_penalties().mapped("amount_open"))
                row._opened().amount = due
        return inputs

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        # in a draft the form takes it away with the employee it was for; computing brings it back
        done = self.filtered(lambda row: row.code == CODE and row.payslip_id.state == "done")
        if done:
            done._check_computed()
