"""Addresses for maps."""

from urllib.parse import quote

# opens the map app of a phone, else the page of the map; nothing is asked before somebody presses it
SEARCH = "https://uri.amap.com/search?callnative=1&src=jinyang&keyword="


def map_link(address):
    """Link that looks an address up on the map of the user's phone.

    :param str address: as it is written on the visit
    :return: False without an address
    :rtype: str | bool
    """
    address = " ".join((address or "").split())
    return bool(address) and SEARCH + quote(address, safe="")
