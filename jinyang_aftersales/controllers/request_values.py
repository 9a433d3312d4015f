"""Parameters of a request, converted to safe values.

A client may send anything under any name: text instead of a number, a file instead of text, characters that
PostgreSQL refuses. These functions never raise but return an empty value instead.
"""

from odoo.fields import Datetime

from ..tools.text import clean_line, clean_text  # noqa: F401 - callers read everything from here

# ids are 4-byte integers in PostgreSQL
MAX_ID = 2**31 - 1


def positive_id(value):
    """Return the record id a client sent.

    :param object value: value of the parameter
    :return: the id, 0 when it is missing or malformed
    :rtype: int
    """
    text = str(value) if isinstance(value, str | int) else ""
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(MAX_ID))):
        return 0
    return int(text) if int(text) <= MAX_ID else 0


def page_number(value):
    """Return the requested page of a list, the first one when it is not a number.

    :param object value: value of the parameter
    :rtype: int
    """
    return max(1, positive_id(value))


def one_of(value, allowed):
    """Return the chosen key if it is one of those offered, else None.

    :param object value: value of the parameter
    :param allowed: container of the keys offered
    :rtype: str | None
    """
    return value if isinstance(value, str) and value in allowed else None


def date_text(value):
    """Return the date or date and time a client sent, None when it is not one.

    :param object value: value of the parameter
    :rtype: str | None
    """
    if not isinstance(value, str):
        return None
    try:
        moment = Datetime.to_datetime(value.strip())
    except (ValueError, OverflowError):
        return None
    # years outside of this range overflow when they are converted to another time zone
    return Datetime.to_string(moment) if moment and 1900 <= moment.year <= 2999 else None


def link_values(params, *names):
    """Return the parameters of the address that may be passed on to the page of another addon.

    Those pages pass all parameters on as keyword arguments: one with the name of an existing argument would raise.

    :param dict params: parameters of the request
    :param str names: further parameters of the page
    :return: these, and the signed identity (``pid`` and ``hash``) of a visitor without an account
    :rtype: dict
    """
    return {name: params[name] for name in ("pid", "hash", *names) if name in params}


def secret_text(value):
    """Return a token a client sent, None when it is malformed.

    Tokens are ASCII; comparing other text with a token raises an error.

    :param object value: value of the parameter
    :rtype: str | None
    """
    return value if isinstance(value, str) and value.isascii() else None
