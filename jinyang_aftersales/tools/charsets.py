"""Text of strangers in whatever character set their programs write, with or without saying which.

Chinese mail programs name GB2312 or GBK and mean GB18030, name US-ASCII or ISO 8859-1 for text in Chinese, or name
nothing. :func:`decode_text` never raises; it says whether the text was readable.
"""

import codecs
import re

import chardet

# labels of Chinese text in the sets that GB18030 extends, without blanks, hyphens and underscores
GB_LABELS = frozenset(
    [
        "gb2312",
        "gbk",
        "xgbk",
        "gb231280",
        "gb18030",
        "gb180302000",
        "gb180302005",
        "cp936",
        "ms936",
        "936",
        "windows936",
        "xcp936",
        "euccn",
        "xeuccn",
        "chinese",
        "csgb2312",
        "csiso58gb231280",
        "isoir58",
        "gb",
        "gbk2312",
        "xgb2312",
        "xgb18030",
        "xxgbk",
        "gb2312x",
        "zhcn",
    ]
)
# labels that say nothing, and those that programs give to text in any set
NO_LABELS = frozenset(
    [
        "unknown",
        "xunknown",
        "unknown8bit",
        "default",
        "none",
        "null",
        "binary",
        "8bit",
        "7bit",
        "auto",
        "user",
        "xuserdefined",
        "userdefined",
        "ascii",
        "usascii",
        "ansi",
        "ansix3.41968",
        "xansi",
    ]
)
WESTERN_LABELS = frozenset(["iso88591", "latin1", "windows1252", "cp1252", "iso885915"])
OTHER_LABELS = {
    "big5": "big5hkscs",
    "xxbig5": "big5hkscs",
    "cnbig5": "big5hkscs",
    "ksc56011987": "cp949",
    "euckr": "cp949",
    "shiftjis": "cp932",
    "sjis": "cp932",
    "hzgb2312": "hz",
    "utf8mb4": "utf-8",
    "xutf8": "utf-8",
    "unicode11utf8": "utf-8",
    "unicode": "utf-16",
    "ucs2": "utf-16",
}
# codecs that Python offers for text but that are no character sets of texts
NO_CHARSETS = frozenset(("idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"))
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# characters that neither the database nor XML takes
UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# sequences of UTF-8 for Chinese characters; four of them in a row of characters are no chance
UTF8_CHINESE = re.compile(rb"[\xe3-\xe9][\x80-\xbf]{2}")
# Chinese as GB2312 has it: two high bytes each
GB_PAIRS = re.compile(rb"(?:[\x00-\x7f]|[\xa1-\xfe]{2})*\Z")
# a letter of a word that Latin letters stand in, too, e.g. é
BESIDE_LETTERS = re.compile(r"[A-Za-z][^\x00-\x7f]|[^\x00-\x7f][A-Za-z]")


def _replace_euro(error):
    """Read the euro sign of Windows, which is no part of GB18030."""
    if isinstance(error, UnicodeDecodeError) and error.object[error.start] == 0x80:
        return "€", error.start + 1
    raise error


codecs.register_error("jinyang_euro", _replace_euro)


def normalise_label(label):
    """The label of a character set without quotes, case, hyphens and the language that RFC 2231 allows behind it.

    :param label: as a program wrote it, or a false value
    :rtype: str
    """
    label = str(label or "").split("*")[0].strip(" \t\r\n\"';").lower()
    return re.sub(r"[\s_-]", "", label)


def decode_text(raw, label=None):
    """Decode text; what is written in no known set is decoded as far as it goes.

    :param bytes raw: the text as it was sent
    :param str label: the character set its program named, None where it named none
    :return: text that can be stored, and whether all of it could be read
    :rtype: tuple[str, bool]
    """
    for mark, charset in MARKS:
        if raw.startswith(mark):
            text = _try(raw, charset)
            if text is not None:
                return _clean(text), True
    name = normalise_label(label)
    for charset in _list_charsets(raw, name, str(label or "")):
        text = _try(raw, charset)
        if text is not None:
            return _clean(text), True
    fallback = "gb18030" if name in GB_LABELS or not raw.isascii() else "utf-8"
    return _clean(raw.decode(fallback, "replace")), False


def _list_charsets(raw, name, label):
    """:return: the character sets to try, best first; the named one is the first where it can be believed"""
    if name in GB_LABELS:
        # a label that stayed when the text was converted
        mislabelled = len(UTF8_CHINESE.findall(raw)) > 3 and _try(raw, "utf-8") is not None
        yield from ("utf-8", "gb18030") if mislabelled else ("gb18030", "utf-8")
    elif name in WESTERN_LABELS:
        if not raw.isascii() and _looks_chinese(raw):
            yield from _guess(raw)
        yield "cp1252"
        yield "latin-1"
    elif name and name not in NO_LABELS:
        charset = OTHER_LABELS.get(name) or _find_charset(label, name)
        if charset:
            yield charset
        if name.startswith("big5"):
            yield "cp950"
    yield from _guess(raw)


def _guess(raw):
    """:return: the sets in which unlabelled text is mostly written, best first"""
    if b"\0" in raw:
        # every second byte of Latin letters in UTF-16 is zero
        yield "utf-16-le" if raw[1::2].count(0) > raw[::2].count(0) else "utf-16-be"
    if raw.isascii():
        # HZ and ISO 2022 are written in ASCII
        if b"~{" in raw and b"~}" in raw:
            yield "hz"
        if b"\x1b$" in raw:
            yield from ("iso2022_jp_2", "iso2022_kr")
        yield "ascii"
        return
    if not _is_chance_utf8(raw):
        yield "utf-8"
    yield "gb18030"
    yield "utf-8"
    yield "big5hkscs"
    # only what it is sure of: it names a set for anything
    guess = chardet.detect(raw[:20000])
    if guess["encoding"] and guess["confidence"] > 0.8:
        yield guess["encoding"]


def _is_chance_utf8(raw):
    """Whether bytes of two Chinese characters in GB2312 also are valid UTF-8, of characters nobody writes alone."""
    text = _try(raw, "utf-8")
    if text is None or not GB_PAIRS.match(raw):
        return False
    return max(text, default="") < "\u0800" and not BESIDE_LETTERS.search(text)


def _looks_chinese(raw):
    """Whether text that is called Western is Chinese: valid UTF-8, or all high bytes come in pairs."""
    return _try(raw, "utf-8") is not None or bool(
        GB_PAIRS.match(raw) and re.search(rb"[\xb0-\xf7][\xa1-\xfe]", raw)
    )


def _find_charset(label, name):
    """:return: the name of Python's codec for a label, None when there is none for text"""
    label = label.split("*")[0].strip(" \t\r\n\"';").lower()
    for form in (label, name, re.sub(r"^x-", "", label), re.sub(r"^windows-?", "cp", name)):
        try:
            codec = codecs.lookup(form)
        except (LookupError, ValueError):
            continue
        if getattr(codec, "_is_text_encoding", False) and codec.name not in NO_CHARSETS:
            return codec.name
    return None


def _try(raw, charset):
    """:return: the text, None when it is not written in the character set"""
    try:
        return raw.decode(charset, "jinyang_euro" if charset == "gb18030" else "strict")
    except (UnicodeError, LookupError):
        return None


def _clean(text):
    return UNSTORABLE.sub("", text.removeprefix("\ufeff"))
