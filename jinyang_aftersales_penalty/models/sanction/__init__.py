"""Warnings and proposals of dismissal, decided by a director.

Uses the subjects before it.
Order: one file only.
"""

from . import aftersales_sanction
