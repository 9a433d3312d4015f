"""Documents about a person: whom they concern, who may read them.

Uses the core addon only; every other subject may use it.
Order: none is needed.
"""

from . import aftersales_personnel_mixin, aftersales_deadline_row
