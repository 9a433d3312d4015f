"""Approval by a service manager, from the activity inbox.

Uses the subjects before it. Documents that are approved inherit `aftersales.approval.mixin`.
Order: the rows first, then the mixin that writes them, then the activities that show them.
`inbox` holds no model.
"""

from . import (
    aftersales_approval,
    aftersales_approval_mixin,
    by_when,
    facts,
    mail_activity_type,
    mail_activity,
    res_users,
)
