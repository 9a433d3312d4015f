from odoo import api, models
from odoo.exceptions import UserError

from .hr_payslip import CODE


class PenaltyLineMixin(models.AbstractModel):
    """Guard of the lines and inputs of penalties, which are computed and not entered, changed or deleted by users."""

    _name = "aftersales.penalty.line.mixin"
    _description = "Computed Payslip Row"
    _inherit = "aftersales.guard.mixin"

    def write(self, vals):
        if vals.get("code") == CODE or self.filtered(lambda row: row.code == CODE):
            self._check_computed()
        return super().write(vals)

    def _check_computed(self, rows=0):
        """:raises UserError: unless a payslip is being computed"""
        if not self._get_unlocked_fields(rows):
            raise UserError(
                self.env._("Penalties on payslips are computed from the confirmed ones.")
            )


class HrPayslipLine(models.Model):
    _name = "hr.payslip.line"
    _inherit = ["aftersales.penalty.line.mixin", "hr.payslip.line"]

    @api.model_create_multi
    def create(self, vals_list):
        if any(self._get_row_code(vals) == CODE for vals in vals_list):
            self._check_computed(rows=len(vals_list))
        return super().create(vals_list)

    def unlink(self):
        """Lines of penalties are only deleted while a payslip is computed or deleted."""
        if self.filtered(lambda row: row.code == CODE):
            self._check_computed()
        return super().unlink()

    @api.model
    def _get_row_code(self, vals):
        """:return: code of a new line; always that of penalties for a line of their salary rule"""
        rule = self.env["hr.salary.rule"].sudo().browse(vals.get("salary_rule_id"))
        return CODE if rule.code == CODE else vals.get("code")


class HrPayslipInput(models.Model):
    _name = "hr.payslip.input"
    _inherit = ["aftersales.penalty.line.mixin", "hr.payslip.input"]

    @api.model_create_multi
    def create(self, vals_list):
        """Set the open amount: forms send the proposed input back, with an amount that may have been changed.

        A payslip has one input of penalties; the one that is made last replaces the others.
        """
        computed = self._get_unlocked_fields(rows=len(vals_list))
        inputs = super().create(vals_list)
        if not computed:
            for row in inputs.filtered(lambda row: row.code == CODE):
                slip = row.payslip_id
                others = slip.input_line_ids.filtered(lambda other: other.code == CODE) - row
                if slip.state != "done":
                    others._unlink_unlocked()
                elif others:
                    self._check_computed()
                row._write_unlocked({"amount": slip._get_penalty_balance()})
        return inputs

    def unlink(self):
        """Refuse it on done payslips; in drafts the form deletes inputs when the employee changes."""
        done = self.filtered(lambda row: row.code == CODE and row.payslip_id.state == "done")
        if done:
            self._check_computed()
        return super().unlink()
