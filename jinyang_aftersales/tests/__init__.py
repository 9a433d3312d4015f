from . import (
    common,
    test_dates,
    test_groups,
    test_installation,
    test_partner,
    test_service_state,
    test_ticket,
    test_translations,
)
