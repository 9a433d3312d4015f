"""Program changes: need, promise, development, tests, update, the customer's opinion.

Uses the subjects before it.
Order: the request and its tests, then the rules (which steps, who takes them, what may be written), then the steps as
they happen.
`values` holds no model.
"""

from . import (
    aftersales_settings_mixin,
    aftersales_change_request,
    aftersales_change_test,
    rules,
    steps,
    deploying,
    mail,
    helpdesk_ticket,
    aftersales_installation,
    res_partner,
)
