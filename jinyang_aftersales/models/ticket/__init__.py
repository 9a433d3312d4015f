"""Tickets as records of a service: what has to be written down, when, and how a ticket is closed.

Uses the subjects before it.
Order: stages, channels and categories first, because they say what a record needs.
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
    res_partner,
)
