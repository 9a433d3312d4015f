"""Payslips: deductions within the legal limit, booked when a payslip is done.

Uses the subjects before it.
Order: the ledger of deductions, then the payslip that writes it.
"""

from . import (
    aftersales_penalty_deduction,
    hr_payslip,
    limit,
    ledger,
    hr_payslip_line,
    hr_salary_rule,
)
