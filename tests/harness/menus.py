"""The menus of our addons, as a user sees them."""

CORE, PENALTY = "jinyang_aftersales", "jinyang_aftersales_penalty"


def our_menus(session):
    """:return: name and action of each of our menus that the user sees, by external id"""
    # the same request as that of the web client
    menus = session.http.get(f"{session.url}/web/webclient/load_menus").json()
    found = {}
    for menu in menus.values():
        addon, _dot, name = (menu.get("xmlid") or "").partition(".")
        # leave out applications, which open their first menu, and tours, which have a test of their own
        tour = name.startswith("menu_help_")
        ours = addon in (CORE, PENALTY) and menu["actionID"] and menu["id"] != menu["appID"]
        if ours and not tour:
            found[name] = (menu["name"], menu["actionID"])
    return found
