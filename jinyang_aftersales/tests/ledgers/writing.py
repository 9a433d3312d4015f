"""How people write down what they know: dates, telephones, names, products."""

import unicodedata
from datetime import date

FULL = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def full_width(text):
    """Full-width letters, digits and signs, as typed with a Chinese keyboard."""
    return text.translate(FULL).replace(" ", "\u3000")


def day(value, style):
    """A day as a cell holds it.

    :param str style: ``dots``, ``slashes``, ``compact``, ``chinese``, ``iso``, ``month``, ``number`` (of Excel),
        ``compact_number`` or ``date`` (a real one)
    """
    if value is None:
        return ""
    if style == "date":
        return value
    if style == "number":
        return (value - date(1899, 12, 30)).days
    if style == "compact_number":
        return int(f"{value:%Y%m%d}")
    return {
        "dots": f"{value.year}.{value.month}.{value.day}",
        "slashes": f"{value.year}/{value.month}/{value.day}",
        "compact": f"{value:%Y%m%d}",
        "chinese": f"{value.year}年{value.month}月{value.day}日",
        "iso": f"{value:%Y-%m-%d}",
        "month": f"{value.year}年{value.month}月",
        "wide": full_width(f"{value.year}.{value.month}.{value.day}"),
    }[style]


PERIODS = {
    "dots": ("dots", "-"),
    "tilde": ("dots", "～"),
    "until": ("slashes", "至"),
    "chinese": ("chinese", "—"),
    "compact": ("compact", "-"),
    "iso": ("iso", " ~ "),
}


def period(start, end, style):
    """First and last day in one cell."""
    if not start or not end:
        return ""
    style, between = PERIODS[style]
    return day(start, style) + between + day(end, style)


def phone(number, way):
    """A telephone as people write it.

    :param int way: which of the habits
    """
    if "-" in number:
        code, rest = number.split("-")
        return (
            number,
            f"({code}){rest}",
            f"{code} {rest[:4]} {rest[4:]}",
            full_width(number),
            code + rest,
            f"+86-{code[1:]}-{rest}",
        )[way % 6]
    return (
        number,
        f"{number[:3]} {number[3:7]} {number[7:]}",
        f"{number[:3]}-{number[3:7]}-{number[7:]}",
        full_width(number),
        f"+86 {number}",
        f"86{number}",
    )[way % 6]


def spaced(name, way):
    """A Chinese name with blanks in it and around it."""
    middle = len(name) // 2
    return (
        (
            f"{name[:2]} {name[2:]}",
            f"{name[:middle]}\u3000{name[middle:]}",
            f" {name} ",
            " ".join((name[:2], name[2:middle], name[middle:])),
            f"{name[:2]}\u00a0{name[2:]}\u200b",
        )[way % 5]
        if len(name) > 3
        else (f"{name[0]} {name[1:]}", f"{name[0]}\u3000{name[1:]}", f"{name} ")[way % 3]
    )


def product(name, way):
    """The name of a software but for blanks and width."""
    return (
        name.replace(" ", ""),
        full_width(name).replace("\u3000", ""),
        name.replace(" ", "  "),
        full_width(name),
        f"{name} ",
        f"{name[:2]} {name[2:]}",
    )[way % 6]


def serial(number, way):
    """A serial number by habit: other dashes, small letters, full width, apostrophe."""
    return (
        number,
        number.replace("-", "－"),
        number.lower(),
        full_width(number),
        number.replace("-", "—"),
        "'" + number,
        number.replace("-", " - "),
    )[way % 7]


def plain(text):
    """Text in one width, without blanks: what two writings of the same have alike."""
    return "".join(unicodedata.normalize("NFKC", text).split())
