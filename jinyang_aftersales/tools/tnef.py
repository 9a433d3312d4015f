"""Reader of winmail.dat (TNEF), in which Outlook keeps files and text of a mail ([MS-OXTNEF]).

It reads what Chinese Outlook writes: names and text in the code page of the sender, also beyond GBK. Lengths are
checked before they are believed; what is broken ends the reading, and :attr:`Tnef.complete` says so.
"""

import struct
from dataclasses import dataclass, field

from .charsets import decode_text

BEGIN = b"\x78\x9f\x3e\x22"
# attributes: of the message, and of the attachment that began last
CODE_PAGE, BODY, PROPERTIES = 0x9007, 0x800C, 0x9003
RENDERING, TITLE, DATA, ATTACHMENT = 0x9002, 0x8010, 0x800F, 0x9005
# properties
HTML, PLAIN, INTERNET_CODE_PAGE = 0x1013, 0x1000, 0x3FDE
LONG_NAME, SHORT_NAME, SHOWN_NAME, CONTENT, CONTENT_ID = 0x3707, 0x3704, 0x3001, 0x3701, 0x3712
# bytes of values of a fixed length, by type; shorter ones are filled up to four
FIXED = {
    0x0001: 4,
    0x0002: 4,
    0x0003: 4,
    0x0004: 4,
    0x0005: 8,
    0x0006: 8,
    0x0007: 8,
    0x000A: 4,
    0x000B: 4,
    0x0014: 8,
    0x0040: 8,
    0x0048: 16,
}
OBJECT, STRING, UNICODE, BINARY = 0x000D, 0x001E, 0x001F, 0x0102
MULTIPLE = 0x1000
# a message in a message: the bytes before it name its interface
ENCLOSED = 16
MAX_VALUES = 10_000
# files that are read; more are made to fill the memory
MAX_FILES = 300


@dataclass
class TnefFile:
    """A file, or an enclosed message."""

    name: str = ""
    content: bytes = b""
    cid: str = ""


@dataclass
class Tnef:
    """What a winmail.dat holds."""

    files: list = field(default_factory=list)
    html: str = ""
    text: str = ""
    complete: bool = True


def read_tnef(raw):
    """Read a winmail.dat.

    :param bytes raw: the content
    :return: what could be read of it
    :rtype: Tnef
    """
    found, label = Tnef(), None
    try:
        for name, value in _read_attributes(raw):
            if name == CODE_PAGE and len(value) >= 4:
                label = _get_label(struct.unpack_from("<I", value)[0])
            elif name == BODY:
                found.text = _decode(value, label, found)
            elif name == PROPERTIES:
                _take_text(dict(_read_properties(value)), label, found)
            elif name == RENDERING:
                if len(found.files) >= MAX_FILES:
                    raise ValueError("too many")
                found.files.append(TnefFile())
            elif found.files and name == TITLE:
                found.files[-1].name = found.files[-1].name or _decode(value, label, found)
            elif found.files and name == DATA:
                found.files[-1].content = value
            elif found.files and name == ATTACHMENT:
                _take_file(dict(_read_properties(value)), label, found)
    except (struct.error, ValueError, IndexError):
        found.complete = False
    return found


def _read_attributes(raw):
    """:return: pairs of name and value of the attributes"""
    view, offset = memoryview(raw), 6
    while offset + 11 <= len(view):
        _level, name, _kind, length = struct.unpack_from("<BHHI", view, offset)
        end = offset + 9 + length
        if end + 2 > len(view):
            raise ValueError("cut")
        yield name, bytes(view[offset + 9 : end])
        offset = end + 2
    if bytes(view[offset:]).strip(b"\0"):
        raise ValueError("cut")


def _read_properties(value):
    """:return: pairs of name and the first value of the properties; text is left in bytes with its type"""
    (count,) = struct.unpack_from("<I", value)
    offset = 4
    for _number in range(min(count, MAX_VALUES)):
        kind, name = struct.unpack_from("<HH", value, offset)
        offset += 4
        if name >= 0x8000:
            (named,) = struct.unpack_from("<I", value, offset + 16)
            offset += 20
            if named:
                (length,) = struct.unpack_from("<I", value, offset)
                offset += 4 + _fill(length)
            else:
                offset += 4
        first, offset = _read_values(value, offset, kind)
        yield name, (kind & ~MULTIPLE, first)


def _read_values(value, offset, kind):
    """:return: the first value of a property, and where the next property begins"""
    base, values = kind & ~MULTIPLE, 1
    if base in FIXED:
        if kind & MULTIPLE:
            (values,) = struct.unpack_from("<I", value, offset)
            offset += 4
        size = FIXED[base]
        first = value[offset : offset + size]
        offset += size * values
    else:
        if base not in (OBJECT, STRING, UNICODE, BINARY):
            raise ValueError("unknown type")
        (values,) = struct.unpack_from("<I", value, offset)
        offset, first = offset + 4, b""
        for number in range(min(values, MAX_VALUES)):
            (length,) = struct.unpack_from("<I", value, offset)
            content = value[offset + 4 : offset + 4 + length]
            if len(content) < length:
                raise ValueError("cut")
            first = first if number else content
            offset += 4 + _fill(length)
    if offset > len(value):
        raise ValueError("cut")
    return first, offset


def _fill(length):
    return (length + 3) // 4 * 4


def _get_label(page):
    """:return: the character set of a code page of Windows"""
    names = {65001: "utf-8", 1200: "utf-16-le", 54936: "gb18030", 20936: "gb2312", 936: "gbk"}
    return names.get(page, f"cp{page}")


def _decode(value, label, found, kind=STRING):
    if kind == UNICODE:
        return value.decode("utf-16-le", "replace").rstrip("\0")
    text, clean = decode_text(value.rstrip(b"\0"), label)
    found.complete = found.complete and clean
    return text


def _take_text(properties, label, found):
    if INTERNET_CODE_PAGE in properties:
        page = _get_label(struct.unpack_from("<I", properties[INTERNET_CODE_PAGE][1])[0])
    else:
        page = label
    for name, target in ((HTML, "html"), (PLAIN, "text")):
        if name in properties:
            kind, value = properties[name]
            # HTML is written in the code page of the mail, text in that of the program
            text = _decode(value, page if name == HTML else label, found, kind)
            setattr(found, target, text or getattr(found, target))


def _take_file(properties, label, found):
    file = found.files[-1]
    for name in (LONG_NAME, SHORT_NAME, SHOWN_NAME):
        if name in properties:
            kind, value = properties[name]
            text = _decode(value, label, found, kind)
            if text:
                file.name = text
                break
    if CONTENT_ID in properties:
        kind, value = properties[CONTENT_ID]
        file.cid = _decode(value, label, found, kind)
    if CONTENT in properties:
        kind, value = properties[CONTENT]
        file.content = value[ENCLOSED:] if kind == OBJECT else value
