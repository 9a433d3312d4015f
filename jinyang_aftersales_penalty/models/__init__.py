from . import (
    shared,
    rule,
    detection,
    case,
    sanction,
    regulation,
    payroll,
    fund,
)
