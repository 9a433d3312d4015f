"""Complaints: investigated by somebody who is not concerned, hidden from who is.

Uses the subjects before it.
Order: the complaint, its handling, who may know of it, then links from other documents.
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
