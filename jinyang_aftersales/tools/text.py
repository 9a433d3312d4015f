"""Text from users and clients, cleaned so that it can be stored and shown."""

import re
import unicodedata

from odoo.tools.misc import babel_locale_parse

# control characters and separators of lines other than line ends and tabs
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
# marks that change the direction of text, with which titles and file names are disguised; halves of surrogate
# pairs, which cannot be stored
UNWANTED = re.compile("[\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def list_words(env, words):
    """Words in a row, separated as in the language of the reader: ``甲、乙、丙``, ``A, B, C``.

    :param odoo.api.Environment env: has the language
    :param words: texts
    :rtype: str
    """
    # without a language texts are English, too
    pattern = babel_locale_parse(env.lang or "en_US").list_patterns["standard"]["middle"]
    return pattern.format("", "").join(words)


def clean_line(value, limit=200):
    """Clean a value as one line of text: no control characters or marks of direction, single blanks.

    :param object value: value the client sent
    :param int limit: number of characters kept
    :rtype: str
    """
    return " ".join(clean_text(value).split())[:limit].strip()


def clean_text(value):
    """Clean a value as text of several lines, without control characters other than line ends and tabs.

    :param object value: value the client sent
    :rtype: str
    """
    if not isinstance(value, str):
        return ""
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return CONTROLS.sub(" ", UNWANTED.sub("", value)).strip()


def qq_link(number):
    """Link that opens a chat in QQ by its own scheme, without calling a web server.

    :param str number: QQ number as typed
    :return: False unless it is a QQ number: five to twelve digits
    :rtype: str | bool
    """
    number = unicodedata.normalize("NFKC", number or "").strip()
    if not re.fullmatch("[1-9][0-9]{4,11}", number):
        return False
    return f"tencent://message/?uin={number}"
