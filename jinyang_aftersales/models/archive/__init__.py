"""Paper originals: expected, filed under a number without gaps, lent, lost.

Uses the subjects before it. Whatever has a paper original inherits `aftersales.archive.mixin`.
Order: the register gives numbers to the entries; steps are what happens to an entry.
"""

from . import (
    aftersales_archive_register,
    aftersales_archive_entry,
    steps,
    aftersales_archive_handover,
    aftersales_archive_mixin,
    aftersales_settings_mixin,
    res_company,
)
