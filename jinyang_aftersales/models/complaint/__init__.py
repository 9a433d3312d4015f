"""Complaints: investigated by somebody who is not concerned, hidden from who is.

Uses the subjects before it.
Order: the complaint, its handling, who may know of it, then links from other documents.
"""

from . import (
    res_company,
    res_config_settings,
    aftersales_complaint,
    handling,
    privacy,
    helpdesk_ticket,
    aftersales_visit,
    aftersales_callback,
    aftersales_implementation,
    aftersales_installation,
    res_partner,
)
