"""On-site visits: request, approval, calendar, work, signature of the customer.

Uses the subjects before it.
Order: the visit, then who may write what, then calendar, work and portal.
"""

from . import (
    aftersales_visit,
    guard,
    calendar,
    calendar_event,
    calendar_attendee,
    work,
    portal,
    helpdesk_ticket,
    aftersales_installation,
    res_partner,
)
