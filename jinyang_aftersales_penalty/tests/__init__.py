from . import (
    test_dependencies,
    test_payslip_ledger,
    test_translations,
)
