"""Versions of the regulation, acknowledgement by the staff, suggestions.

Uses the subjects before it.
Order: versions before acknowledgements.
"""

from . import (
    aftersales_regulation,
    aftersales_regulation_acknowledgement,
    aftersales_suggestion,
)
