"""Implementations of software at a customer, with training, acceptance and three forms.

Uses the subjects before it.
Order: the implementation, its rules (steps, who takes them, fields), acceptance, its software, trainings, then links.
`values` holds no model.
"""

from . import (
    aftersales_settings_mixin,
    aftersales_implementation,
    rules,
    acceptance,
    software,
    aftersales_implementation_session,
    aftersales_installation,
    res_partner,
)
