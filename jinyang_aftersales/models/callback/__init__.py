"""Call-backs: opened by documents, made by a colleague who did not do the work, escalated.

Uses the subjects before it. A document customers are called about inherits `aftersales.callback.mixin`.
Order: the call-back, then opening, recording, escalation and routine calls.
`values` holds no model.
"""

from . import (
    aftersales_settings_mixin,
    aftersales_callback_mixin,
    aftersales_callback,
    opening,
    recording,
    escalation,
    routine,
    helpdesk_ticket,
    res_partner,
    res_users,
)
