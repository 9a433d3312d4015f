from . import (
    test_dependencies,
    test_detection,
    test_leaks,
    test_ledger_property,
    test_penalty,
    test_penalty_events,
    test_penalty_filing,
    test_penalty_life,
    test_payslip_ledger,
    test_regulation,
    test_sanction,
    test_translations,
)
