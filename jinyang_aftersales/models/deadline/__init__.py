"""Deadlines: who owes what by when, reminders, escalation, announced delays.

Uses the subjects before it. Whatever has a deadline inherits `aftersales.deadline.mixin`.
Order: reminders and delays first, because the mixin writes them; `deadline` holds no model.
"""

from . import (
    deadline,
    aftersales_deadline_row,
    aftersales_reminder,
    aftersales_delay,
    aftersales_deadline_mixin,
    mail_activity,
    aftersales_job,
)
