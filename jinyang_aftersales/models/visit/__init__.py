"""On-site visits: request, approval, calendar, work, signature of the customer.

Uses the subjects before it.
Order: the visit, then who may write what, then calendar, work and portal.
"""

from . import (
    aftersales_visit,
    guard,
    visit_signature,
    calendar,
    calendar_event,
    work,
    visit_paper,
    portal,
    visit_links,
)
