"""Customers' applications: data clearing, passwords and the like, with a stamped scan.

Uses the subjects before it.
Order: the application, then the customer's side on the portal, then links from ticket and customer.
`values` holds no model.
"""

from . import (
    aftersales_application,
    portal,
    helpdesk_ticket,
    res_partner,
)
