"""Deadlines of documents: reminders, escalation to managers, announced delays, holidays entered later.

Uses the subjects before it. Documents with deadlines inherit `aftersales.deadline.mixin`.
Order: reminders and delays first, because the mixin writes them; `deadline` holds no model.
"""

from . import (
    deadline,
    aftersales_deadline_row,
    aftersales_reminder,
    aftersales_delay,
    aftersales_deadline_mixin,
    counted,
    aftersales_holiday_year,
    res_company,
    mail_activity,
)
