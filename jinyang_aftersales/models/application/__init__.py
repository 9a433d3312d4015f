"""Customers' applications: data clearing, passwords and the like, with a stamped scan.

Uses the subjects before it.
Order: the application, then what customers do with it on the portal and what their form shows.
"""

from . import (
    aftersales_application,
    portal,
    helpdesk_ticket,
    res_partner,
)
