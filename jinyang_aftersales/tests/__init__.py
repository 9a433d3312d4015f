from . import (
    common,
    test_agreement_payment,
    test_dates,
    test_groups,
    test_installation,
    test_leaks_routes,
    test_leaks_rpc,
    test_leaks_ticket_form,
    test_partner,
    test_service_state,
    test_ticket,
    test_translations,
)
