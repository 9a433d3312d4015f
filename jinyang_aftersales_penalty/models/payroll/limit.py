from odoo import models
from odoo.tools import float_round


class HrPayslip(models.Model):
    """The most that the payslips of a month may take: a share of the gross wage, and never what leaves less than
    the minimum wage (工资支付暂行规定 16).

    The share, 20 % by default, is the setting ``aftersales_ceiling_percent`` of the company.
    """

    _inherit = "hr.payslip"

    def _get_penalty_limit(self, gross):
        """Highest amount this payslip may take, given the other payslips of its month (工资支付暂行规定 16).

        :param float gross: gross wage of this payslip
        :return: rounded down to the cent, not negative
        :rtype: float
        """
        self.ensure_one()
        if gross <= 0:
            return 0.0
        company = self._get_penalty_company().sudo()
        month_gross, taken = gross, 0.0
        for slip in self._get_slips_of_month():
            month_gross += slip._get_gross_wage() * (-1 if slip.credit_note else 1)
            # what was given back by decision leaves no more room for new deductions
            rows = slip.deduction_ids.filtered(lambda row: row.source != "return")
            taken += sum(rows.mapped("amount"))
        limit = month_gross
        if company.aftersales_ceiling:
            limit = min(
                month_gross * company.aftersales_ceiling_percent / 100,
                month_gross - company.aftersales_minimum_wage,
            )
        return self._round_penalty(min(limit - taken, gross))

    def _round_penalty(self, amount):
        """Round an amount down to the digits a payslip shows; the rest stays open.

        :param float amount: in the company's currency
        :return: rounded down, not negative
        :rtype: float
        """
        digits = self.env["decimal.precision"].precision_get("Payroll")
        rounding = max(self._get_penalty_company().currency_id.rounding, 10**-digits)
        return max(float_round(amount, precision_rounding=rounding, rounding_method="DOWN"), 0.0)
