"""Versions of the regulation, acknowledgement by the staff, suggestions.

Uses the subjects before it.
Order: versions before their clauses, reminders and acknowledgements.
"""

from . import (
    aftersales_regulation,
    validity,
    aftersales_regulation_clause,
    aftersales_regulation_reminder,
    aftersales_regulation_acknowledgement,
    aftersales_suggestion,
    res_company,
)
