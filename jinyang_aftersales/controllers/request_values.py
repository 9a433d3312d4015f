"""Parameters of a request, converted to safe values.

A client may send anything under any name: text instead of a number, a file instead of text, characters that
PostgreSQL refuses. These functions never raise but return an empty value instead.
"""

from odoo.fields import Datetime

from ..tools.requests import is_id, is_moment
from ..tools.text import clean_line, clean_text  # noqa: F401 - callers read everything from here


def positive_id(value):
    """Return the record id a client sent.

    :param object value: value of the parameter
    :return: the id, 0 when it is missing or malformed
    :rtype: int
    """
    return int(value) if is_id(value) else 0


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
    # years that is_moment refuses overflow when they are converted to another time zone
    return Datetime.to_string(Datetime.to_datetime(value.strip())) if is_moment(value) else None


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
