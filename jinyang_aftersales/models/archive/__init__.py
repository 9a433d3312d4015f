"""Paper originals: expected, filed under a number without gaps, lent, lost.

Uses the subjects before it. Documents with a paper original inherit `aftersales.archive.mixin`,
customers' requests on paper `aftersales.original.mixin`.
Order: the register gives numbers to the entries; `steps` and `filing` extend the entry by its actions.
`values` holds no model.
"""

from . import (
    aftersales_archive_register,
    aftersales_archive_entry,
    steps,
    filing,
    aftersales_archive_handover,
    aftersales_archive_mixin,
    aftersales_original_mixin,
    aftersales_settings_mixin,
    res_company,
)
