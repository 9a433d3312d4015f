from . import (
    common,
    test_agreement_payment,
    test_dates,
    test_groups,
    test_installation,
    test_partner,
    test_service_state,
    test_ticket,
)
