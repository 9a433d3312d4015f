from . import (
    test_dependencies,
    test_leaks,
    test_ledger_property,
    test_penalty,
    test_payslip_ledger,
    test_regulation,
    test_sanction,
    test_translations,
)
