"""The home page of each role: figures of what is to be done, each leading to its list, and what is not set up yet.

Uses all subjects before it, and is used by none.
Order: the page, then the cards of specialists, of managers and directors, and of the other desks; what is missing, then
users and menus.
`values` holds no model.
"""

from . import (
    aftersales_home,
    specialist,
    managers,
    desks,
    missing,
    res_users,
    res_groups,
    ir_ui_menu,
)
