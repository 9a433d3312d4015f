from . import (
    aftersales_case_correct,
    aftersales_fund_spend,
    aftersales_penalty_decide,
    aftersales_penalty_file,
    aftersales_penalty_object,
    aftersales_sanction_decide,
)
