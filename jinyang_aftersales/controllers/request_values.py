"""What a browser sends, turned into something harmless.

A customer's browser may send anything under any name: text instead of a number, a file instead of
text, characters that PostgreSQL refuses. These functions never raise: they answer with an empty
value instead.
"""

from odoo.fields import Datetime

from ..tools.text import clean_line, clean_text  # noqa: F401 - callers read everything from here

# ids are 4-byte integers in PostgreSQL
MAX_ID = 2**31 - 1


def positive_id(value):
    """Return the record id a client sent.

    :param object value: what was sent under the name of the id
    :return: the id, 0 when there is none or it cannot be one
    :rtype: int
    """
    text = str(value) if isinstance(value, str | int) else ""
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(MAX_ID))):
        return 0
    return int(text) if int(text) <= MAX_ID else 0


def page_number(value):
    """Return the page of a list a client asked for, the first one when it is not a number.

    :param object value: what was sent as the page
    :rtype: int
    """
    return max(1, positive_id(value))


def one_of(value, allowed):
    """Return the key a client chose if it is one of those offered, else None.

    :param object value: what was sent
    :param allowed: container of the keys offered
    :rtype: str | None
    """
    return value if isinstance(value, str) and value in allowed else None


def date_text(value):
    """Return the date or date and time a client sent, None when it is not one.

    :param object value: what was sent
    :rtype: str | None
    """
    if not isinstance(value, str):
        return None
    try:
        moment = Datetime.to_datetime(value.strip())
    except (ValueError, OverflowError):
        return None
    # far-off years overflow when they are moved to another time zone
    return Datetime.to_string(moment) if moment and 1900 <= moment.year <= 2999 else None


def link_values(params, *names):
    """Return what the page of a document of another addon may be told by its address.

    Those pages hand all they are sent on as arguments: a parameter called like one of theirs would be an error.

    :param dict params: what the client sent
    :param str names: further parameters the page knows
    :return: these, and by whom a reader without an account writes
    :rtype: dict
    """
    return {name: params[name] for name in ("pid", "hash", *names) if name in params}


def secret_text(value):
    """Return a token a client sent, None when it cannot be one of ours.

    Tokens are ASCII; comparing another text with one raises an error instead of being unequal.

    :param object value: what was sent as the token
    :rtype: str | None
    """
    return value if isinstance(value, str) and value.isascii() else None
