"""On-site visits: request, approval, calendar, work, signature of the customer.

Uses the subjects before it.
Order: the visit with its rules, then approval, calendar, work and portal, then links from other models.
`values` holds no model.
"""

from . import (
    aftersales_approval_mixin,
    aftersales_settings_mixin,
    aftersales_visit,
    approval,
    calendar,
    calendar_event,
    calendar_attendee,
    work,
    portal,
    helpdesk_ticket,
    aftersales_installation,
    res_partner,
)
