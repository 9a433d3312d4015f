"""The first two minutes of a call: who calls, what is known about them, and what is made of it.

Uses the subjects before it, whose documents it shows and opens, and is used by none.
Order: what was sent once, then the card of a customer, new customers and notes, which extend it; what managers
look at, and what scripts know.
`values` holds no model.
"""

from . import (
    aftersales_intake_request,
    aftersales_intake,
    entering,
    aftersales_review,
    ir_http,
)
