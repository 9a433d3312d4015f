"""Which parameters a route can take: their names, and the type that Odoo's routes give to each name."""

import inspect
import re

from odoo.fields import Datetime

# the method's own first argument
NEVER_PARAMETERS = frozenset({"self", "cls"})
# parts of a path: ignoring them would show something else
PATH_PARAMETERS = frozenset({"width", "height"})
# ids are 4-byte integers in PostgreSQL
MAX_ID = 2**31 - 1
# what Odoo reads as yes or no, see ``odoo.tools.str2bool``
SWITCHES = frozenset({"y", "yes", "1", "true", "t", "on", "n", "no", "0", "false", "f", "off"})
# longest side of a picture, in pixels
MAX_SIDE = 4096
# longest text of an address, a token or the name of a model
MAX_WORD = 2000
LOCAL_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
# What the pages of customers send as context. Odoo makes all of it the context of methods that run as superuser.
CONTEXT = frozenset({"allowed_company_ids", "lang", "mail_post_autofollow", "tz", "uid"})


def is_id(value):
    """:return: whether a value is an id: a positive number, or its digits"""
    if isinstance(value, str):
        return value.isascii() and value.isdecimal() and len(value) <= 10 and int(value) <= MAX_ID
    return type(value) is int and 0 <= value <= MAX_ID


def is_text(value):
    """:return: whether a value is a text of any length without NUL, e.g. a drawing in base64"""
    return isinstance(value, str) and "\0" not in value


def is_word(value):
    """:return: whether a value is a text of usual length without NUL, which PostgreSQL refuses"""
    return is_text(value) and len(value) <= MAX_WORD


def is_path(value):
    """:return: whether a value is an address of this server: browsers take blanks and backslashes away, or for more"""
    return is_word(value) and bool(LOCAL_PATH.fullmatch(value))


def is_size(value):
    """:return: whether a value is a side of a picture in pixels: larger ones are too much for the memory"""
    return is_id(value) and int(value) <= MAX_SIDE


def is_secret(value):
    """:return: whether a value may be a token: comparing one with characters beyond ASCII raises"""
    return is_word(value) and value.isascii()


def is_moment(value):
    """:return: whether a value is a date, or a date and time"""
    if not isinstance(value, str):
        return False
    try:
        moment = Datetime.to_datetime(value.strip())
    except (ValueError, OverflowError):
        return False
    return bool(moment) and 1900 <= moment.year <= 2999


def is_ids(value):
    """:return: whether a value is a list of ids"""
    return isinstance(value, list) and all(type(item) is int and is_id(item) for item in value)


def is_words(value):
    """:return: whether a value is a list of words"""
    return isinstance(value, list) and all(map(is_word, value))


def is_object(value):
    """:return: whether a value is a JSON object"""
    return isinstance(value, dict)


def is_switch(value):
    """:return: whether a value says yes or no in a word that Odoo knows"""
    return type(value) is bool or isinstance(value, str) and value.lower() in SWITCHES


def is_fetches(value):
    """:return: whether a value is what the pages ask data by: names, or lists of a name, its parameters and a number"""
    return isinstance(value, list) and all(
        is_word(item)
        or (
            isinstance(item, list)
            and 0 < len(item) <= 3
            and is_word(item[0])
            and all(part is None or isinstance(part, dict | list | int) for part in item[1:])
        )
        for item in value
    )


# How Odoo's routes use a name, wherever it occurs; an empty value is right for each of them.
CHECKS = {
    "access_token": is_secret,
    "token": is_secret,
    "hash": is_secret,
    "_hash": is_secret,
    # a drawing: the route limits its size
    "signature": is_text,
    "access_params": is_object,
    "attachment_id": is_id,
    "attachment_ids": is_ids,
    "attachment_tokens": is_words,
    # where the browser goes next: strangers send links, too
    "callback": is_path,
    "context": is_object,
    "counters": is_words,
    "date_begin": is_moment,
    "date_end": is_moment,
    "fetch_params": is_fetches,
    "filename": is_word,
    "filterby": is_word,
    "groupby": is_word,
    "height": is_size,
    "message_id": is_id,
    "model": is_word,
    "page": is_id,
    "partner_id": is_id,
    "pid": is_id,
    "post_data": is_object,
    "redirect": is_path,
    "report_type": is_word,
    "res_id": is_id,
    "res_model": is_word,
    "search": is_word,
    "search_in": is_word,
    "sortby": is_word,
    "thread_id": is_id,
    "thread_model": is_word,
    "use_delivery_as_billing": is_switch,
    "width": is_size,
}
# names whose value is the name of a model; an empty one is none
MODELS = frozenset({"model", "res_model", "thread_model"})


def find_wrong_parameters(params, models):
    """Parameters with a value of a type that no page sends under that name.

    :param dict params: parameters of the request
    :param models: container of the names of all models
    :rtype: list[str]
    """
    wrong = []
    for name, value in params.items():
        check = CHECKS.get(name)
        odd = check and value not in (None, False, "") and not check(value)
        if name == "fetch_params" and not odd:
            odd = any(_is_odd_fetch(item, models) for item in value or () if isinstance(item, list))
        if odd or (name in MODELS and value is not None and value not in models):
            wrong.append(name)
    return wrong


def _is_odd_fetch(item, models):
    """:return: whether the parameters of a name that a page asks data by are none a page sends"""
    params = (item[1:2] or [None])[0]
    if item[0] == "mail.thread":
        needed = {"thread_model", "thread_id", "request_list"}
        if not isinstance(params, dict) or not needed <= params.keys():
            return True
        if not is_words(params["request_list"]) or not params["thread_model"]:
            return True
    return isinstance(params, dict) and bool(find_wrong_parameters(params, models))


def find_missing_parameters(endpoint, params):
    """Arguments that a route needs and does not get; an empty id, object or token is none.

    :param endpoint: the route's method
    :param dict params: parameters of the request
    :rtype: list[str]
    """
    return [
        name
        for name, parameter in inspect.signature(endpoint).parameters.items()
        if parameter.default is parameter.empty
        and parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
        and params.get(name) in (None, "")
        and (name not in params or name in CHECKS)
    ]
