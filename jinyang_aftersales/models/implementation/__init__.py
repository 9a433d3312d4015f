"""Implementations of software at a customer, with training, acceptance and three forms.

Uses the subjects before it.
Order: the implementation, then who may write what, acceptance, training sessions.
"""

from . import (
    aftersales_implementation,
    guard,
    acceptance,
    aftersales_implementation_session,
)
