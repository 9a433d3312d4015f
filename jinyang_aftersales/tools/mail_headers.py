"""Headers of incoming mail as programs really write them: encoded words, raw bytes, names of files.

All functions take headers as Python's parser keeps them: text in which bytes beyond ASCII are halves of surrogate
pairs. They raise nothing, and say what they could not read.
"""

import base64
import binascii
import quopri
import re
from email.header import Header
from email.utils import formataddr, getaddresses
from urllib.parse import unquote_to_bytes

from .charsets import GB_LABELS, decode_text, normalise_label

# longest text of a header that is taken over
MAX_TEXT = 2000
# Longest header that is read, and how many addresses and ids of it: Python's parsers take minutes for longer ones.
MAX_HEADER, MAX_ADDRESSES, MAX_IDS = 50_000, 200, 50
MAX_NAME, MAX_ADDRESS, MAX_ID = 200, 320, 500
# an encoded word (RFC 2047); some programs put blanks into it
WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
# several of them, between which blanks mean nothing
WORDS = re.compile(rf"{WORD.pattern}(?:\s*{WORD.pattern})*")
# a name begins behind a separator: without that, each letter of a long word would be tried as the first one
PARAMETER = re.compile(
    r'(?<![^\s;"=])([^\s=;"]++)\s*+=\s*+(?:"((?:[^"\\]|\\.)*+)"|([^;]*+))\s*(?:;|\Z)', re.DOTALL
)
# name*0*=, name*0=, name*=
CONTINUED = re.compile(r"(.+?)(?:\*(\d{1,3}))?(\*)?\Z")


def get_bytes(value):
    """:return: a header as the bytes that were sent"""
    return str(value).encode("utf-8", "surrogateescape")


def decode_header(value, hint=None):
    """Decode a header to text.

    :param value: the header
    :param str hint: character set of the text of the mail, for bytes without a label
    :return: the text on one line, and whether all of it could be read
    :rtype: tuple[str, bool]
    """
    text, clean = _decode_raw(value, hint)
    readable = [clean]

    def replace(match):
        decoded, clean = _decode_words(match.group())
        readable.append(clean)
        return decoded

    text = WORDS.sub(replace, text)
    return " ".join(text.split())[:MAX_TEXT], all(readable)


def decode_addresses(value, hint=None):
    """Decode a header of addresses.

    Names are decoded after the addresses have been told apart: a decoded name may hold commas and brackets.

    :param value: the header
    :param str hint: character set of the text of the mail
    :return: pairs of name and address, and whether all of it could be read
    :rtype: tuple[list[tuple[str, str]], bool]
    """
    text, readable = _decode_raw(value, hint)
    pairs = []
    found = getaddresses([" ".join(text.split())])
    readable = readable and len(found) <= MAX_ADDRESSES
    for name, address in found[:MAX_ADDRESSES]:
        name, clean = decode_header(name)
        address = "".join(address.split())
        readable = readable and clean and len(address) <= MAX_ADDRESS
        if len(address) <= MAX_ADDRESS:
            pairs.append((name.replace('"', "'").replace("\\", "")[:MAX_NAME], address))
    return pairs, readable


def encode_header(text):
    """:return: a header of text in ASCII, on one line"""
    return text if text.isascii() else Header(text, "utf-8", maxlinelen=75).encode(linesep=" ")


def encode_addresses(pairs):
    """:return: a header of addresses in ASCII, on one line; addresses beyond ASCII stand in the name"""
    written = []
    for name, address in pairs:
        if address.isascii():
            written.append(formataddr((name, address), "utf-8") if name else address)
        else:
            written.append(encode_header(f"{name} {address}".strip()))
    return ", ".join(filter(None, written))


def read_parameters(value, hint=None):
    """The parameters of a header such as Content-Type, decoded.

    :param value: the header
    :param str hint: character set of the text of the mail
    :return: the value before them in lower case, the parameters by name in lower case, and whether all could be read
    :rtype: tuple[str, dict[str, str], bool]
    """
    text, readable = _decode_raw(value, hint)
    text = re.sub(r"\r?\n(?=[ \t])", "", text)
    main, _semicolon, rest = text.partition(";")
    plain, pieces = {}, {}
    for match in PARAMETER.finditer(rest):
        key, quoted, bare = match.groups()
        content = re.sub(r"\\([\"\\])", r"\1", quoted) if quoted is not None else bare.strip()
        name, number, star = CONTINUED.match(key.lower()).groups()
        if number or star:
            pieces.setdefault(name, {})[int(number or 0)] = (content, bool(star))
        else:
            plain.setdefault(name, content)
    found = {}
    for name, content in plain.items():
        found[name], clean = decode_header(content)
        readable = readable and clean
    for name, parts in pieces.items():
        text, clean = _join_continued(parts)
        # some programs write both forms; the plain one is older and often broken
        if text:
            found[name] = text
            readable = readable and clean
    return main.strip().lower(), found, readable


def _decode_raw(value, hint=None):
    """:return: a header in which raw bytes are decoded, and whether they could be read"""
    raw = get_bytes(value)
    whole = len(raw) <= MAX_HEADER
    raw = raw[:MAX_HEADER]
    if raw.isascii():
        return _drop_controls(raw.decode()), whole
    # Without a label GB18030 is tried in any case, but after UTF-8, which programs often write in headers only.
    text, clean = decode_text(raw, None if normalise_label(hint) in GB_LABELS else hint)
    return text, clean and whole


def _drop_controls(text):
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text)


def _decode_words(run):
    """Decode encoded words that follow each other; characters may be cut between words of one character set."""
    parts = []
    for label, way, content in WORD.findall(run):
        key = (normalise_label(label), way.lower())
        if parts and parts[-1][0] == key:
            parts[-1][2].append(content)
        else:
            parts.append((key, label, [content]))
    joined = []
    for (name, way), label, contents in parts:
        raw = _decode_base64(contents) if way == "b" else _decode_quoted(contents)
        if joined and joined[-1][0] == name:
            joined[-1][2] += raw
        else:
            joined.append([name, label, raw])
    texts = [decode_text(raw, label) for _name, label, raw in joined]
    return "".join(text for text, _clean in texts), all(clean for _text, clean in texts)


def _decode_base64(contents):
    contents = [re.sub(r"[^A-Za-z0-9+/]", "", content) for content in contents]
    if any(len(content) % 4 == 1 for content in contents):
        # a program cut the base64 itself
        contents = ["".join(contents)]
    raw = b""
    for content in contents:
        usable = content[: len(content) - (len(content) % 4 == 1)]
        try:
            raw += base64.b64decode(usable + "=" * (-len(usable) % 4))
        except binascii.Error:
            raw += content.encode()
    return raw


def _decode_quoted(contents):
    text = "".join(contents).replace("_", " ")
    return quopri.decodestring(text.encode("utf-8", "surrogatepass"), header=False)


def _join_continued(parts):
    """Join the parts of a parameter (RFC 2231), whose character set stands in the first one."""
    label, raw = None, b""
    for number in sorted(parts):
        content, encoded = parts[number]
        if number == min(parts) and encoded and content.count("'") >= 2:
            label, _language, content = content.split("'", 2)
        if not content.isascii():
            # raw bytes, which have been decoded already
            label = "utf-8"
        piece = content.encode("utf-8", "surrogatepass")
        raw += unquote_to_bytes(piece) if encoded else piece
    if WORD.search(raw.decode("latin-1")):
        # encoded words within, which the standard forbids and programs write
        return decode_header(raw.decode("utf-8", "replace"))
    text, clean = decode_text(raw, label or None)
    return " ".join(text.split())[:MAX_TEXT], clean
