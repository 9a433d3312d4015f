from .house import (
    test_dependencies,
    test_layout,
    test_leaks,
    test_penalty_cards,
    test_penalty_found,
    test_penalty_guard,
    test_penalty_person_fields,
    test_penalty_texts,
    test_penalty_windows,
    test_rpc_leaks,
    test_said_days,
    test_translations,
    test_words,
)
from .rule import (
    test_penalty_limits,
    test_penalty_regulation,
    test_penalty_rule,
    test_penalty_settings,
)
from .detection import (
    test_detection,
    test_detection_edges,
    test_detection_found,
    test_detection_holidays,
    test_rule_table,
)
from .case import (
    test_penalty,
    test_penalty_complaints,
    test_penalty_events,
    test_penalty_filing,
    test_penalty_life,
)
from .sanction import test_sanction, test_sanction_handover
from .payroll import (
    test_ledger_property,
    test_payslip_ledger,
    test_payslip_limit,
    test_payslip_paths,
    test_payslip_queries,
    test_return,
)
from .fund import test_fund
from .home import test_home_cases
