"""Keys by which telephones, serial numbers and names are found, however they were written."""

import re
import unicodedata
from datetime import date
from functools import cache

import phonenumbers

from odoo.tools.translate import LazyTranslate

# texts made where no environment is, and translated where they are shown
# pylint: disable=prefer-env-translation
_lt = LazyTranslate(__name__)

# === Characters === #

# kinds of characters nobody sees: controls, marks of direction, halves of pairs, variants of a sign
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
VARIANTS = re.compile("[\ufe00-\ufe0f\u115f\u1160\u3164\uffa0\u2800]")
# what people take for a dash besides the characters Unicode calls so
DASHES = re.compile("[-‐‑‒–—―⁃−─━ー˗]+")
QUOTES = "'\"‘’“”`´′＇＂「」『』"


def plain(text):
    """Text with half-width characters, without characters nobody sees.

    :param text: text as typed, or a false value
    :rtype: str
    """
    text = unicodedata.normalize("NFKC", VARIANTS.sub("", str(text or "")))
    return "".join(
        char for char in text if char in "\t\r\n" or unicodedata.category(char) not in UNSEEN
    )


# === Telephones === #

# words and signs before an extension, which is not part of the number
EXTENSION = re.compile(
    r"(?:转分机|轉分機|转|轉|分机|分機|内线|ext(?:ension)?\.?|[x#*])\s*[:.]?\s*\d{1,6}\b",
    re.IGNORECASE,
)
# what stands between two numbers; blanks do not, as they also stand within one
BETWEEN = re.compile(r"[^\d+\-\s().]+")
MOBILE = re.compile("1[3-9][0-9]{9}")
# shorter runs of digits are no telephone
LEAST_DIGITS = 3


def phone_keys(text):
    """Keys of the telephones in a text: digits without 86 and leading 0; those of other countries with their code.

    An extension is no part of the key, so that the number is found by whoever sees it without one.

    :param text: one or more numbers as typed, complete or in part, or a false value
    :return: each key once, in their order
    :rtype: list[str]
    """
    text = EXTENSION.sub(" / ", DASHES.sub("-", plain(text)))
    found = {}
    for piece in BETWEEN.split(text):
        for key in _keys_of_piece(piece):
            if len(key) >= LEAST_DIGITS:
                found[key] = True
    return list(found)


def _keys_of_piece(piece):
    """Keys in a text of digits, blanks, dashes, dots and brackets.

    :param str piece: the text
    :rtype: list[str]
    """
    whole = _key_of_number(piece)
    if whole is not None:
        return [whole]
    # no number as a whole: an extension after a dash, several numbers with blanks between, or a part of a number
    head, dash, tail = piece.rstrip().rpartition("-")
    if dash and 1 <= len(tail.strip()) <= 5:
        key = _key_of_number(head)
        if key is not None:
            return [key]
    parts = re.split(r"[\s.]+", piece.strip())
    for size in range(1, len(parts)):
        first = _key_of_number(" ".join(parts[:size]))
        if first is not None:
            return [first, *_keys_of_piece(" ".join(parts[size:]))]
    digits = _without_prefix(_digits(piece))
    # a run of two mobile numbers without anything between
    if len(digits) > 15 and not len(digits) % 11:
        numbers = [digits[at : at + 11] for at in range(0, len(digits), 11)]
        if all(MOBILE.fullmatch(number) for number in numbers):
            return numbers
    return [digits] if digits else []


def _digits(text):
    return "".join(char for char in text if char in "0123456789")


def _without_prefix(digits):
    """Digits without the prefixes 0086, 86 before a complete number, and without leading zeros.

    :param str digits: digits only
    :rtype: str
    """
    if digits.startswith("00"):
        digits = digits.lstrip("0")
        return digits.removeprefix("86").lstrip("0") if len(digits) > 8 else digits
    digits = digits.lstrip("0")
    if digits.startswith("86") and MOBILE.fullmatch(digits[2:]):
        return digits[2:]
    return digits


def _key_of_number(text):
    """Key of a text that is one complete number.

    :param str text: the text
    :return: None for anything else
    :rtype: str | None
    """
    digits = _digits(text)
    if len(digits) < 7 or len(digits) > 17:
        return None
    abroad = text.lstrip(" (").startswith("+")
    # most numbers are mobile ones, and need no library
    short = digits.lstrip("0").removeprefix("86") if len(digits) > 11 else digits
    if MOBILE.fullmatch(short):
        return short
    if digits.startswith("00"):
        digits, abroad = digits[2:], True
    try:
        number = phonenumbers.parse(f"+{digits}" if abroad else digits, "CN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    national = phonenumbers.national_significant_number(number).lstrip("0")
    return national if number.country_code == 86 else f"{number.country_code}{national}"


# === Serial numbers === #

NO_SERIAL = frozenset(
    """
    无 無 没有 沒有 暂无 暫無 暂缺 空 缺 不详 不明 未知 待定 待补 待查 未提供 未登记 无序列号 没有序列号 无编号
    NA NONE NULL NIL NO NOTHING UNKNOWN TBD
    """.split()  # noqa: SIM905
)
ERROR_VALUES = re.compile(
    r"#(N/A|VALUE!|REF!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!|FIELD!|#*)", re.I
)
SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+\d{1,3}|\d\.\d+E-?\d{1,3}")
MONTHS = "JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC"
DATES = re.compile(
    r"(19|20)\d\d([-/.])(0?[1-9]|1[0-2])\2(0?[1-9]|[12]\d|3[01])([ T]?\d{1,2}:\d\d(:\d\d(\.\d+)?)?)?"
    r"|(0?[1-9]|[12]\d|3[01])/(0?[1-9]|[12]\d|3[01])/((19|20)\d\d)"
    r"|((19|20)?\d\d年)?(0?[1-9]|1[0-2])月((0?[1-9]|[12]\d|3[01])日)?|(19|20)\d\d年"
    rf"|\d{{1,2}}-({MONTHS})(-\d{{2,4}})?|({MONTHS})-\d{{2,4}}"
)
# a number in a cell of Excel keeps as many digits, those after become 0
EXCEL_DIGITS = 15


class BrokenSerial(ValueError):  # noqa: N818
    """What Excel made of a serial number, from which the number cannot be told any more.

    :param reason: what happened and what to do, a text that is translated when it is shown
    """

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


def normalise_serial(text):
    """Normal form of a serial number: half-width, upper case, one kind of dash, without blanks and quotes before it.

    An apostrophe before it says that the digits are meant as they stand, as it does in Excel.

    :param text: the number as typed or read from a cell, or a false value
    :type text: str | int | float | datetime.date | bool | None
    :return: False when there is none, also for the words that people write for none
    :rtype: str | bool
    :raises BrokenSerial: when Excel has destroyed it
    """
    if isinstance(text, date):
        raise BrokenSerial(_is_date(text))
    if isinstance(text, float) and text.is_integer():
        text = f"{text:.1f}"
    raw = plain(text)
    serial = re.sub(r"\s+", "", raw).lstrip(QUOTES)
    meant = raw.lstrip().startswith(tuple(QUOTES))
    serial = DASHES.sub("-", serial.rstrip(QUOTES)).upper()
    if not meant:
        serial = _check_destroyed(serial, re.sub(r"\s+", " ", raw).strip().upper())
    key = serial_key(serial)
    return False if not key or key in NO_SERIAL else serial


def _is_date(text):
    return _lt(
        "“%s” is a date: Excel took the serial number for one. Type the number as it is on the paper; in Excel, make"
        " the column text first, or type an apostrophe (') before the number.",
        text,
    )


def _check_destroyed(serial, shown):
    """Refuse what Excel has destroyed; take the “.0” off numbers it has not.

    :param str serial: without blanks
    :param str shown: with them
    :return: the serial number
    :rtype: str
    :raises BrokenSerial: with what to do
    """
    if ERROR_VALUES.fullmatch(serial):
        raise BrokenSerial(
            _lt(
                "“%s” is an error of Excel and no serial number. Type the number, or leave it empty.",
                shown,
            )
        )
    if SCIENTIFIC.fullmatch(serial):
        raise BrokenSerial(
            _lt(
                "“%s” is how Excel shows a long number; its last digits are lost. Type the serial number as it is on"
                " the paper; in Excel, make the column text first, or type an apostrophe (') before the number.",
                shown,
            )
        )
    if DATES.fullmatch(serial) or DATES.fullmatch(shown):
        raise BrokenSerial(_is_date(shown))
    digits = re.sub(r"(?<=\d)\.0+$", "", serial)
    if (
        digits.isdigit()
        and len(digits) > EXCEL_DIGITS
        and (digits != serial or not digits[EXCEL_DIGITS:].strip("0"))
    ):
        raise BrokenSerial(
            _lt(
                "“%s” has been rounded by Excel, which keeps 15 digits of a number. Type the serial number as it is"
                " on the paper; in Excel, make the column text first. When the zeros are right, type an apostrophe"
                " (') before the number.",
                shown,
            )
        )
    return digits if digits.isdigit() else serial


def serial_key(text):
    """Letters and digits of a serial number, in upper case, by which it is unique and found.

    :param text: the number as typed, whole or in part, or a false value
    :rtype: str
    """
    return "".join(char for char in plain(text).upper() if char.isalnum())


# === Names === #

COMPANY_WORDS = re.compile("有限责任公司|股份有限公司|有限公司|有限責任公司")
BRANCHES = ("分公司", "子公司", "总公司")


def letters_of(name):
    """:return: letters and digits of a name, in one width and case, without blanks and punctuation
    :rtype: str
    """
    return "".join(char for char in plain(name).casefold() if char.isalnum())


def customer_key(name):
    """What two spellings of one customer's name have in common: no blanks, width, punctuation, legal form.

    A branch is another customer than its company: its own word stays.

    :param name: name as typed, or a false value
    :rtype: str
    """
    letters = letters_of(name)
    key = COMPANY_WORDS.sub("", letters)
    if not key.endswith(BRANCHES):
        key = key.removesuffix("公司")
    return key or letters


HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+")
# surnames that are read otherwise than the word
SURNAMES = dict(
    zip("单解仇查曾盖朴缪冼翟区员尉乐覃", "sxqzzgpmxzoyyyq", strict=True),
    尉迟="yc",
    单于="cy",
    澹台="tt",
    万俟="mq",
)
LONGEST_PERSON = 3
# names of places that the dictionary reads as another word
PLACES = {"朝阳": [["cháo"], ["yáng"]], "单县": [["shàn"], ["xiàn"]]}


@cache
def _load_pinyin():
    """The dictionary of phrases, which is large: loaded when the first name is spelt.

    :return: style of first letters, and the function that spells
    :rtype: tuple
    """
    from pypinyin import Style, lazy_pinyin, load_phrases_dict

    load_phrases_dict(PLACES)
    return Style.FIRST_LETTER, lazy_pinyin


def initials(name):
    """First letters of the pinyin of a name, as spoken: 重庆 is CQ. Latin letters and digits stay.

    :param name: name as typed, or a false value
    :return: in upper case, at most 64 letters
    :rtype: str
    """
    style, lazy_pinyin = _load_pinyin()
    text = plain(name)
    start = ""
    if HAN.fullmatch(text) and len(text) <= LONGEST_PERSON + (text[:2] in SURNAMES):
        surname = next((text[:size] for size in (2, 1) if text[:size] in SURNAMES), "")
        start, text = SURNAMES.get(surname, ""), text[len(surname) :]
    letters = start + "".join(lazy_pinyin(text, style=style, errors=list))
    return "".join(char for char in letters.upper() if char.isascii() and char.isalnum())[:64]


# === Texts in which words are looked for === #

# Signs left out on both sides, so that blanks, brackets and dashes make no difference; the same set for Python and for
# PostgreSQL, whose own classes of characters depend on the locale. The first control character stays: it stands between
# fields. Characters of names among the signs stay, too: 々, 〇.
SIGNS = (
    "\x02-\x2f\x3a-\x40\x5b-\x60\x7b-\xbf\xd7\xf7\u02b0-\u036f\u2000-\u2bff\u2e00-\u2e7f\u3000-\u3004\u3006"
    "\u3008-\u3020\u3030\u303d-\u303f\u30a0\u30fb\u30fc\ufe00-\ufe6f\ufeff\uff5f-\uff65\ufff0-\uffff"
    "\U0001f000-\U0001faff"
)
SIGN = re.compile(f"[{SIGNS}]+")
# stands between fields in the text of a record, and in no word
BETWEEN_FIELDS = "\x01"
WORDS = re.compile(r"[\s,，、;；|]+")


def fold(text):
    """Text without case, width, blanks and signs; the same as ``aftersales_fold`` makes of columns.

    :param text: text as typed, or a false value
    :rtype: str
    """
    text = unicodedata.normalize("NFKC", str(text or "").replace(BETWEEN_FIELDS, ""))
    return SIGN.sub("", text).lower()


def fold_words(text):
    """Words of a text as they are looked for. What says too little is left out: single characters, and two letters or
    digits beside longer words.

    :param text: text as typed, or a false value
    :return: each word once: folded, and as it was typed
    :rtype: dict[str, str]
    """
    words = {fold(word): word for word in WORDS.split(str(text or ""))}
    words = {word: typed for word, typed in words.items() if len(word) > 1}
    telling = {word: typed for word, typed in words.items() if len(word) > 2 or not word.isascii()}
    return telling or words


def pairs(word):
    """Pairs of neighbouring characters with a Chinese one; the same as ``aftersales_pairs`` makes of columns.

    :param str word: folded word
    :rtype: list[str]
    """
    found = (word[at : at + 2] for at in range(len(word) - 1))
    return [pair for pair in dict.fromkeys(found) if not pair.isascii()]


# telephones as they are typed, complete or in part
DIALLED = re.compile(r"[\d+\-\s()./]+")


def dialled_keys(text):
    """Beginnings or ends of telephone keys that a text may stand for.

    :param text: text as typed
    :return: none unless it consists of at least four digits and what stands between digits
    :rtype: list[str]
    """
    text = EXTENSION.sub(" ", DASHES.sub("-", plain(text))).strip()
    if not DIALLED.fullmatch(text) or len(_digits(text)) < 4:
        return []
    keys = phone_keys(text) or [_digits(text).lstrip("0")]
    # a number that is still being typed, with the code of the country
    keys += [key[2:] for key in keys if key.startswith("86") and len(key) > 5]
    return [key for key in keys if len(key) > 2]


def local_part(key):
    """The number within its area, of the key of a fixed telephone.

    :param str key: see :func:`phone_keys`
    :return: empty for others
    :rtype: str
    """
    if MOBILE.fullmatch(key) or not 9 < len(key) < 12 or key.startswith(("400", "800", "1")):
        return key[2:] if re.fullmatch("10[2-8][0-9]{7}", key) else ""
    return key[2:] if key.startswith("2") else key[3:]
