"""Implementations of software at a customer, with training, acceptance and three forms.

Uses the subjects before it.
Order: the implementation, then its rules (steps, who takes them, what may be written), acceptance, training sessions.
"""

from . import (
    aftersales_settings_mixin,
    aftersales_implementation,
    rules,
    acceptance,
    aftersales_implementation_session,
    aftersales_installation,
    res_partner,
)
