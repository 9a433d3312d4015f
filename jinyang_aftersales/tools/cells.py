"""What people write in the cells of their own tables: days, spans of days, telephones, serial numbers, words for none.

Nothing is guessed: what cannot be told for certain raises :class:`BadCell` with a reason that is shown to its reader.
"""

import re
import unicodedata
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta

from odoo.tools.translate import LazyTranslate

from .dates import LAST_DAY
from .keys import DASHES, plain
from .sheets import Broken

# texts made where no environment is, and translated where they are shown
# pylint: disable=prefer-env-translation
_lt = LazyTranslate(__name__)


def words(text):
    """:return: the words of a text, as a set"""
    return frozenset(text.split())


NOTHING = words(
    """
    无 無 没有 沒有 暂无 空 缺 不详 不明 未知 未登记 未填 未提供 待定 待补 待查 略 N/A NA NONE NULL NIL - -- ---
    — —— / // \\ . 。 、 * ? ？
    """
)
FOREVER = words(
    """
    永久 永久有效 永久授权 永久服务 长期 长期有效 终身 终身服务 终生 无限期 不限 不限期 无期限
    """
)
# days that Excel counts from 1900: 1954 to 2119
FIRST_NUMBER, LAST_NUMBER = 20_000, 80_000
FIRST_YEAR, LAST_YEAR = 1980, 2150
DIGITS = dict(
    zip("零〇一二三四五六七八九", (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True), 两=2, 半=0.5
)
# a day with its parts separated, or without separators
PARTS = re.compile(r"(\d{4})\s*[-./年、,，\s]\s*(\d{1,2})\s*[-./月、,，\s]\s*(\d{1,2})\s*[日号]?")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
MONTH = re.compile(r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*月?(?:份)?")
CHINESE = re.compile(
    r"([零〇一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月(?:([一二三四五六七八九十]{1,3})[日号]?)?"
)
CLOCK = re.compile(r"[T\s]+(?:上午|下午)?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$")
WEEKDAY = re.compile(r"[(（]?(?:星期|周)[一二三四五六日天][)）]?$")
# what stands between the first and the last day of a span
BETWEEN = re.compile(r"\s*(?:至|到|~|-{1,2}|→|->|—+|起至)\s*")
DAY = (
    r"(?:\d{4}\s*年\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*[日号]?)?|\d{8}"
    r"|\d{4}\.\d{1,2}(?:\.\d{1,2})?|\d{4}/\d{1,2}(?:/\d{1,2})?|\d{4}-\d{1,2}(?:-\d{1,2})?)"
)


class BadCell(ValueError):  # noqa: N818 - it is shown, and no failure of a program
    """A cell that cannot be read; ``reason`` is translated when it is shown."""

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


def is_nothing(value):
    """:return: whether a cell is empty, or holds a word people write for nothing"""
    if value is None or value is False:
        return True
    return isinstance(value, str) and (
        "".join(plain(value).split()).upper() in NOTHING or not plain(value).strip()
    )


def text_of(value):
    """A cell as one line of text, with the digits that a person sees.

    :rtype: str
    :raises BadCell: for errors of Excel
    """
    check_whole(value)
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d" if not (value.hour or value.minute) else "%Y-%m-%d %H:%M")
    if isinstance(value, bool):
        return "是" if value else "否"
    return " ".join(plain(value).split())


def check_whole(value):
    """:raises BadCell: for an error of Excel, or a formula without a value"""
    if isinstance(value, Broken):
        raise BadCell(
            _lt("“%s” is an error of Excel, no value. Type the value itself.", value.text)
        )


def name_of(value):
    """A name without the blanks that were typed into it, with letters and digits of one width; brackets as they are.

    :rtype: str
    :raises BadCell: for errors of Excel
    """
    check_whole(value)
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return str(value)
    signs = "（）〔〕【】《》、，。；：·"
    text = "".join(
        char if char in signs else unicodedata.normalize("NFKC", char) for char in str(value)
    )
    text = "".join(char for char in text if char.isspace() or unicodedata.category(char)[0] != "C")
    chinese = re.search("[\u3400-\u9fff]", text) or any(ord(char) > 0xFFFF for char in text)
    return ("" if chinese else " ").join(text.split())


# === Days === #


def day_of(value, last=False):
    """The day in a cell.

    :param bool last: the last day of a month, where only a month is written; its first day otherwise
    :return: ``None`` for an empty cell, ``LAST_DAY`` for words that mean for ever
    :rtype: datetime.date | None
    :raises BadCell: when it is no day
    """
    check_whole(value)
    if is_nothing(value):
        return None
    if isinstance(value, datetime):
        return _checked(value.year, value.month, value.day, value)
    if isinstance(value, date):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _day_of_number(value)
    text = " ".join(plain(value).split()).strip("。;；,，")
    bare = re.sub(r"\s", "", text)
    if bare in FOREVER:
        return LAST_DAY
    text = WEEKDAY.sub("", CLOCK.sub("", text)).strip()
    text = re.sub(r"(?:起|止|前|为止|到期|截止)$", "", text).strip()
    if found := PARTS.fullmatch(text) or COMPACT.fullmatch(bare):
        return _checked(*map(int, found.groups()), text)
    if found := MONTH.fullmatch(text):
        return _month(int(found[1]), int(found[2]), last, text)
    if found := CHINESE.fullmatch(bare):
        year = int("".join(str(DIGITS[sign]) for sign in found[1]))
        month = chinese_number(found[2])
        if found[3]:
            return _checked(year, month, chinese_number(found[3]), text)
        return _month(year, month, last, text)
    if re.fullmatch(r"\d{5}(?:\.\d+)?", bare):
        return _day_of_number(float(bare))
    raise BadCell(
        _lt("“%s” is no date. Write it as 2026-01-05, 2026.1.5 or 2026年1月5日.", text[:60])
    )


def _month(year, month, last, text):
    day = _checked(year, month, 1, text)
    return day + relativedelta(day=31) if last else day


def _day_of_number(number):
    if number == int(number) and 19_800_101 <= number <= 21_501_231:
        text = str(int(number))
        return _checked(int(text[:4]), int(text[4:6]), int(text[6:]), text)
    if not FIRST_NUMBER <= number < LAST_NUMBER:
        raise BadCell(_lt("%s is no date.", f"{number:g}"))
    return date(1899, 12, 30) + timedelta(days=int(number))


def _checked(year, month, day, text):
    if not FIRST_YEAR <= year <= LAST_YEAR:
        if (year, month, day) == (9999, 12, 31) or year == 2999:
            return LAST_DAY
        raise BadCell(_lt("“%s”: is the year right?", str(text)[:60]))
    try:
        return date(year, month, day)
    except ValueError as error:
        raise BadCell(_lt("“%s”: there is no such day.", str(text)[:60])) from error


def span_of(value):
    """First and last day in one cell: 2025.1.1-2025.12.31, 2025年1月至12月, 20250101～20251231.

    :return: pair of days, either ``None`` where it is not written
    :rtype: tuple
    :raises BadCell: when it is no span of days
    """
    check_whole(value)
    if is_nothing(value):
        return None, None
    if not isinstance(value, str):
        raise BadCell(_lt("“%s” is one day, not the first and the last one.", text_of(value)))
    text = DASHES.sub("-", plain(value)).replace("〜", "~").replace("∼", "~")
    text = " ".join(text.split())
    bare = re.sub(r"\s", "", text)
    if bare in FOREVER:
        return None, LAST_DAY
    found = re.fullmatch(rf"(?:自|从)?\s*({DAY})(?:起)?(.*)", text)
    if found:
        start, rest = found[1], found[2]
        first = day_of(start)
        between = BETWEEN.match(rest)
        if between:
            end = rest[between.end() :].strip()
            if not end:
                return first, None
            return _ordered(first, _last_day(end, start, first), text)
        if not rest.strip():
            raise BadCell(_lt("“%s” is one day, not the first and the last one.", text[:60]))
    raise BadCell(_lt("“%s” is no period. Write it as 2025.1.1-2025.12.31.", text[:60]))


def _last_day(end, start, first):
    """:return: the last day of a span, whose year may stand with the first day only"""
    if found := re.fullmatch(r"(\d{1,2})\s*[月./-]\s*(\d{1,2})\s*[日号]?", end):
        return _checked(first.year, int(found[1]), int(found[2]), end)
    if found := re.fullmatch(r"(\d{1,2})\s*月(?:份|底|末)?", end):
        return _month(first.year, int(found[1]), True, end)
    return day_of(end, last=True)


def _ordered(first, last, text):
    if first and last and last < first:
        raise BadCell(_lt("“%s” ends before it begins.", text[:60]))
    return first, last


def chinese_number(text):
    """A number below hundred: 三, 十二, 二十, 12, 半.

    :return: ``None`` when it is none
    :rtype: float | int | None
    """
    text = plain(text).strip()
    if text.isdigit():
        return int(text)
    if "十" in text:
        tens, _ten, ones = text.partition("十")
        return DIGITS.get(tens, 1) * 10 + DIGITS.get(ones, 0)
    return DIGITS.get(text)


GIFT = re.compile(
    r"(?:免费)?(?:赠送?|送|延长|顺延|延期|补)(?:服务期?|维护)?\s*([\d一二两三四五六七八九十半]+)\s*个?\s*(月|年|天|日)(?:服务)?"
)


def gift_of(text):
    """Time that was given on top of a period, as remarks say it: 赠送三个月, 送半年.

    :return: ``None`` when the text names none
    :rtype: relativedelta | None
    """
    found = GIFT.search(plain(text))
    count = found and chinese_number(found[1])
    if not count:
        return None
    if found[2] == "年":
        return relativedelta(months=int(count * 12))
    if found[2] == "月":
        return relativedelta(months=int(count)) if count >= 1 else relativedelta(days=15)
    return relativedelta(days=int(count))


def later_by(end, time):
    """Last day of service that goes on for some more time, counted from the first day without it.

    :rtype: datetime.date
    """
    return end + timedelta(days=1) + time - timedelta(days=1)


# === Telephones === #

PIECES = re.compile(r"[/、，,;；|\n\r\t]|或|\s{2,}|和(?=\d)|及(?=\d)")
EXTENSION = re.compile(
    r"(?:转分机|转|分机|ext\.?|#|\*)\s*[:：]?\s*(\d{1,6})$|-(\d{1,4})$", re.IGNORECASE
)
MOBILE = re.compile(r"(?:\+?0{0,2}86)?(1[3-9]\d{9})")
SHORT_CODES = ("010", "020", "021", "022", "023", "024", "025", "027", "028", "029")


def phones_of(value):
    """The telephones in a cell, in one writing: 13800001234, 0571-55501234, 400-8001234.

    :return: mobiles and landlines
    :rtype: tuple[list[str], list[str]]
    :raises BadCell: when something in it is no telephone
    """
    check_whole(value)
    if is_nothing(value):
        return [], []
    if isinstance(value, (datetime, date)):
        raise BadCell(_lt("“%s” is a date, no telephone.", text_of(value)))
    if isinstance(value, float):
        value = f"{value:.0f}"
    text = DASHES.sub("-", plain(str(value)))
    if re.fullmatch(r"\s*\d(?:\.\d+)?E\+\d+\s*", text, re.IGNORECASE):
        raise BadCell(
            _lt("“%s” is how Excel shows a long number; its last digits are lost.", text.strip())
        )
    mobiles, landlines = [], []
    for piece in _pieces(text):
        mobile, number = _phone(piece)
        target = mobiles if mobile else landlines
        if number not in target:
            target.append(number)
    return mobiles, landlines


def _pieces(text):
    """:return: the numbers of a text, each as it is written"""
    found = []
    for piece in PIECES.split(text):
        piece = piece.strip(" .:：")
        if not piece:
            continue
        piece = re.sub(
            r"^(?:手机号?|移动|电话|座机|固话|办公|联系电话|传真|tel|mobile|[a-z])\s*[:：.]\s*",
            "",
            piece,
            flags=re.IGNORECASE,
        )
        digits = re.sub(r"\D", "", piece)
        # several numbers with one blank between
        words = piece.split()
        if len(words) > 1 and len(digits) > 15:
            grown = ""
            for word in words:
                joined = re.sub(r"\D", "", grown)
                if grown and (
                    MOBILE.fullmatch(joined) or len(joined) in (11, 12) and joined[0] == "0"
                ):
                    found.append(grown)
                    grown = word
                else:
                    grown = f"{grown} {word}".strip()
            found.append(grown)
        elif len(digits) == 22 and all(
            MOBILE.fullmatch(part) for part in (digits[:11], digits[11:])
        ):
            found += [digits[:11], digits[11:]]
        else:
            found.append(piece)
    return found


def _phone(piece):
    """:return: whether it is a mobile, and the number in one writing"""
    bare = re.sub(r"[\s().（）]", "", piece)
    if found := MOBILE.fullmatch(bare.replace("-", "")):
        return True, found[1]
    extension = ""
    if found := EXTENSION.search(bare):
        head = bare[: found.start()]
        if len(re.sub(r"\D", "", head)) >= 7:
            bare, extension = head, f"-{found[1] or found[2]}"
    digits = re.sub(r"\D", "", bare)
    if not digits or re.search(r"[^\d+\-]", bare) or not 5 <= len(digits) <= 15:
        raise BadCell(_lt("“%s” is no telephone number.", piece[:60]))
    if bare.startswith("+") and not digits.startswith("86"):
        return False, f"+{digits}{extension}"
    if digits.startswith("0086"):
        digits = digits[4:]
    elif digits.startswith("86") and len(digits) >= 11:
        digits = digits[2:]
    if digits.startswith(("400", "800")):
        return False, f"{digits[:3]}-{digits[3:]}{extension}"
    if len(digits) >= 10 and not digits.startswith("0") and not re.fullmatch(r"1[3-9].*", digits):
        digits = f"0{digits}"
    if digits.startswith("0"):
        size = 3 if digits[:3] in SHORT_CODES else 4
        if not 7 <= len(digits) - size <= 8:
            raise BadCell(_lt("“%s” is no telephone number.", piece[:60]))
        return False, f"{digits[:size]}-{digits[size:]}{extension}"
    if len(digits) in (7, 8) or 5 <= len(digits) <= 6:
        return False, f"{digits}{extension}"
    raise BadCell(
        _lt("“%s” is no telephone number: digits are missing, or there are too many.", piece[:60])
    )


def is_mobile(number):
    """:rtype: bool"""
    return bool(MOBILE.fullmatch(number))


# === Several in a cell === #

LISTED = re.compile(r"[、，,;；\n\r|/]|\s{2,}")


def listed(value):
    """Several values in one cell, such as serial numbers.

    :rtype: list[str]
    """
    check_whole(value)
    if is_nothing(value):
        return []
    if not isinstance(value, str):
        return [value]
    return [piece.strip() for piece in LISTED.split(value) if piece.strip()]


def amount_of(value):
    """An amount of money: 1,200.00, ￥1200, 1200元, 1.2万.

    :rtype: float | None
    :raises BadCell: when it is none
    """
    check_whole(value)
    if is_nothing(value):
        return None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    text = re.sub(r"[\s,，¥￥]|RMB|CNY|人民币", "", plain(value))
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(万)?元?(?:整|/年)?", text)
    if not found:
        raise BadCell(_lt("“%s” is no amount.", text[:60]))
    return float(found[1]) * (10_000 if found[2] else 1)
