"""Complaints: investigated by a manager who is not concerned, hidden from colleagues who are.

Uses the subjects before it.
Order: the complaint, its handling, its privacy, then links from other documents.
`values` holds no model.
"""

from . import (
    aftersales_settings_mixin,
    aftersales_complaint,
    handling,
    privacy,
    aftersales_private_row,
    helpdesk_ticket,
    aftersales_visit,
    aftersales_callback,
    res_partner,
)
