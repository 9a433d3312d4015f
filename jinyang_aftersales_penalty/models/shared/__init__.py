"""Who may read delays and reminders of cases, which are rows of the core addon.

Uses the core addon only; every other subject may use it.
Order: none is needed.
"""

from . import aftersales_deadline_row
