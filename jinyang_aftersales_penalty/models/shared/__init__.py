"""Rows that hang on cases: who may read them.

Uses the core addon only; every other subject may use it.
Order: none is needed.
"""

from . import aftersales_deadline_row
