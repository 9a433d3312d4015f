"""Renewal notices: customers are told once, by mail or on paper, that their service ends.

Uses the subjects before it, agreements above all.
Order: the notice, which notices are due, how they follow changes, how they are sent, what follows from an answer.
`values` holds no model.
"""

from . import (
    aftersales_renewal_notice,
    due,
    changes,
    sending,
    answers,
    mail_mail,
)
