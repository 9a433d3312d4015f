from . import (
    shared,
    rule,
    detection,
    case,
    sanction,
    payroll,
    fund,
    home,
)
