"""Payslips: deductions within the legal limit, booked when a payslip is done.

Uses the subjects before it.
Order: the ledgers of deductions and of returns, then the payslip that writes the first.
"""

from . import (
    aftersales_penalty_deduction,
    aftersales_penalty_return,
    aftersales_penalty,
    hr_payslip,
    reading,
    limit,
    ledger,
    names,
    hr_payslip_line,
    hr_salary_rule,
)
