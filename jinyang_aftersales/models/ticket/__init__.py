"""Tickets as records of a service: the required fields, the times of response and service, and closing.

Uses the subjects before it.
Order: stages, channels and categories first, because they decide which fields a record needs.
"""

from . import (
    helpdesk_ticket_stage,
    helpdesk_ticket_channel,
    helpdesk_ticket_category,
    helpdesk_ticket_team,
    aftersales_record_requirement,
    helpdesk_ticket,
    record,
    marks,
    duty,
    aftersales_ticket_correction,
    changes,
    res_partner,
    aftersales_approval_mixin,
)
