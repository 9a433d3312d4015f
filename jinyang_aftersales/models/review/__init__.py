"""What looks evaded: one list for managers over documents of all subjects, and what they said about its rows.

Uses the subjects before it; those behind it add what they know of, in the same way.
Order: the reasons, which the list leaves out, the list, then what it looks for in tickets.
`values` holds no model.
"""

from . import (
    aftersales_review_look,
    aftersales_review,
    tickets,
)
