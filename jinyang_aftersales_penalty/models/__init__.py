from . import (
    res_company,
    res_config_settings,
    aftersales_personnel_mixin,
    aftersales_penalty_rule,
    aftersales_penalty,
    aftersales_sanction,
    aftersales_penalty_deduction,
    aftersales_fund,
    hr_payslip,
    hr_payslip_ledger,
    hr_payslip_line,
    hr_salary_rule,
)
