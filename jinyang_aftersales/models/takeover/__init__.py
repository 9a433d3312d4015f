"""Excel in: ledgers of customers and software, agreements in force and open tickets, and the day the company goes live.

Uses the subjects before it, whose records it makes, and is used by none.
Order: the engine and its rooms before the import that runs it, Odoo's own import last.
"""

from . import (
    aftersales_takeover_engine,
    customers,
    software,
    agreements,
    tickets,
    aftersales_takeover,
    aftersales_takeover_sheet,
    aftersales_takeover_row,
    working,
    showing,
    base_import_import,
    base,
)
