"""Incoming mail, rewritten before Odoo parses it: in UTF-8 throughout, with headers and names every parser reads.

:func:`rewrite_mail` is the one way in. Python's parser raises for character sets it does not know and breaks
Chinese that is labelled as what it is not; what it cannot parse would be lost, because the mail server has
already handed it over.
"""

import base64
import email
import re
from dataclasses import dataclass, field
from email.message import Message
from email.policy import SMTP, compat32

from .charsets import decode_text
from .files import clean_file_name
from .mail_headers import (
    MAX_ID,
    MAX_IDS,
    decode_addresses,
    decode_header,
    encode_addresses,
    encode_header,
    get_bytes,
    read_parameters,
)

# parts and levels that are taken over; mail with more is made to fill the memory of its reader
MAX_PARTS, MAX_DEPTH = 300, 30
MAX_HEADERS = 500
ADDRESSES = frozenset(
    [
        "from",
        "to",
        "cc",
        "bcc",
        "delivered-to",
        "resent-to",
        "resent-cc",
        "reply-to",
        "sender",
        "return-path",
    ]
)
# headers that consist of ids
IDS = frozenset(["message-id", "in-reply-to", "references"])
# content headers of a part, which are written anew
CONTENT = frozenset(
    [
        "content-type",
        "content-disposition",
        "content-transfer-encoding",
        "content-id",
        "content-description",
        "mime-version",
    ]
)
CODINGS = frozenset(["base64", "quoted-printable", "x-uuencode", "uuencode", "x-uue", "uue"])
# what Python's parser can hand out; other kinds are files all the same
KINDS = frozenset(["text", "image", "audio", "video", "application", "message", "multipart"])
CHARSET = re.compile(rb"""charset\s*+=\s*+["']?\s*+([\w-]+)""", re.IGNORECASE)
META = re.compile(rb"""<meta[^>]{0,200}charset\s*+=\s*+["']?\s*+([\w-]+)""", re.IGNORECASE)
NAMES = {"text/calendar": "invitation.ics", "text/rtf": "text.rtf", "message/rfc822": "mail.eml"}
NO_WORD = re.compile(r"[^\x20-\x7e]")
SAFE_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]*/[a-z0-9][a-z0-9.+_-]*\Z")


@dataclass
class Rewriting:
    """What was met on the way through a mail.

    ``unpackers`` and ``take_pictures`` are functions of :mod:`.mail_unpack`. ``parts`` counts the parts of the mail,
    ``texts`` those of text. ``readable`` says whether everything in it could be read. ``hint`` is the first character
    set it names, ``files`` are the parts that hold files.
    """

    parts: int = 0
    texts: int = 0
    readable: bool = True
    unpackers: tuple = ()
    take_pictures: object = None
    hint: str | None = None
    files: list = field(default_factory=list)

    def note(self, pair):
        """:return: the first of a pair; the second says whether it was readable"""
        self.readable = self.readable and pair[1]
        return pair[0]


def rewrite_mail(raw, unpackers=(), take_pictures=None):
    """Rewrite a mail in UTF-8.

    :param bytes raw: the mail as it was received
    :param unpackers: functions that may replace a part by several, see :mod:`.mail_unpack`
    :param take_pictures: function that takes pictures out of HTML
    :return: the mail as a parser of Odoo reads it, and whether all of it could be read
    :rtype: tuple[bytes, bool]
    """
    raw = raw.removeprefix(b"\xef\xbb\xbf").lstrip()
    # from a folder in which a program kept the mail
    raw = re.sub(rb"\AFrom [^\n]*\n", b"", raw)
    hint = CHARSET.search(raw[:100_000])
    work = Rewriting(
        unpackers=tuple(unpackers),
        take_pictures=take_pictures,
        hint=hint and hint.group(1).decode(),
    )
    policy = compat32.clone(max_line_length=0)
    try:
        new = _rewrite_message(email.message_from_bytes(raw, policy=compat32), work, 0)
        written = new.as_bytes(policy=policy)
        for part in work.files:
            part._payload = ""
        _try_parser(new.as_bytes(policy=policy))
    except Exception:  # noqa: BLE001 - whatever a stranger sent is taken in
        return _make_substitute(raw), False
    return written, work.readable


def _rewrite_message(message, work, depth):
    """:return: a mail with all its headers, rewritten"""
    new = _rewrite_part(message, work, depth)
    seen = set()
    headers = [(name, value) for name, value in message.raw_items() if name.lower() not in CONTENT][
        :MAX_HEADERS
    ]
    written = []
    for name, value in headers:
        key = name.lower()
        if NO_WORD.search(name) or " " in name or key in seen & {"from", "subject", "date", *IDS}:
            # a second sender or subject is what forgers write
            continue
        seen.add(key)
        written.append((name, _rewrite_header(key, value, work)))
    new._headers = [*written, *new._headers]
    if "mime-version" not in new:
        new["MIME-Version"] = "1.0"
    return new


def _rewrite_header(key, value, work):
    if key in IDS:
        text = " ".join(
            re.sub(r"[^\x21-\x7e]+", " ", get_bytes(value).decode("ascii", "ignore")).split()
        )
        # of a long conversation the latest
        ids = [found for found in re.findall(r"<[^<>\s]+>", text) if len(found) <= MAX_ID]
        return " ".join(ids[-MAX_IDS:]) if ids else re.sub(r"[<>\[\]]", "", text)[:MAX_ID]
    if key in ADDRESSES and key != "return-path":
        return encode_addresses(work.note(decode_addresses(value, work.hint)))
    return encode_header(work.note(decode_header(value, work.hint)))


def _rewrite_part(part, work, depth):
    """Rewrite a part without the headers that are none of its content.

    :param Message part: the part as it was sent
    :param Rewriting work: what was met so far
    :param int depth: how many parts it lies in
    :rtype: Message
    """
    work.parts += 1
    kind, options, clean = read_parameters(
        _get_header(part, "Content-Type") or part.get_default_type(), work.hint
    )
    disposition, named, clean_too = read_parameters(
        _get_header(part, "Content-Disposition"), work.hint
    )
    work.readable = work.readable and clean and clean_too
    if not SAFE_TYPE.match(kind):
        # as the parser takes it
        kind = (
            "text/plain" if part.get_content_type() == "text/plain" else "application/octet-stream"
        )
    name = named.get("filename") or options.get("name") or ""
    if work.parts > MAX_PARTS or depth > MAX_DEPTH:
        work.readable = False
        return make_text("")
    if kind.startswith("multipart/") and part.is_multipart():
        return _rewrite_container(part, kind, options, work, depth)
    if kind == "message/rfc822":
        return _rewrite_enclosed(part, name, disposition, work, depth)
    if part.is_multipart():
        # reports of mail servers, which consist of headers
        return _copy_part(part)
    return _rewrite_leaf(part, kind, options, name, disposition if depth else "body", work)


def _rewrite_container(part, kind, options, work, depth):
    new = Message()
    new["Content-Type"] = kind
    for key in ("type", "report-type"):
        if options.get(key, "").isascii() and options.get(key):
            new.set_param(key, options[key])
    new._payload = []
    for child in part.get_payload():
        new._payload.append(_rewrite_part(child, work, depth + 1))
        if work.parts > MAX_PARTS:
            break
    # text before the first boundary is for programs of the time before MIME; text is lost when there are no parts
    if not new._payload:
        return make_text(work.note(decode_text(_get_text(part))))
    return new


def _rewrite_enclosed(part, name, disposition, work, depth):
    """A mail in a mail: Odoo reads it as the others, so it is rewritten, too."""
    inner = part.get_payload()
    inner = inner[0] if isinstance(inner, list) and inner else None
    coding = _get_header(part, "Content-Transfer-Encoding").strip().lower()
    if inner is None or coding in CODINGS:
        # Exchange encodes enclosed mail, which no standard allows
        carrier = Message()
        carrier["Content-Transfer-Encoding"] = coding
        carrier.set_payload(_get_text(part if inner is None else inner).decode("latin-1"))
        inner = email.message_from_bytes(_get_content(carrier), policy=compat32)
    new = Message()
    new["Content-Type"] = "message/rfc822"
    title, _clean = decode_header(_get_header(inner, "Subject"))
    name = name or (f"{title[:60]}.eml" if title else NAMES["message/rfc822"])
    new.add_header("Content-Disposition", "attachment", filename=_encode_name(name))
    new._payload = [_rewrite_message(inner, work, depth + 1)]
    return new


def _rewrite_leaf(part, kind, options, name, disposition, work):
    for unpack in work.unpackers:
        parts = unpack(kind, name, lambda: _get_content(part), work)
        if parts:
            return parts[0] if len(parts) == 1 else make_container(parts)
    is_body = kind in ("text/plain", "text/html") and (
        disposition == "body" or not name and disposition != "attachment"
    )
    if kind.startswith(("multipart/", "message/")):
        # a container without its boundary
        work.readable = False
        kind, is_body = "text/plain", True
    if is_body or kind == "text/rfc822-headers":
        content = _get_content(part)
        label = options.get("charset")
        meta = META.search(content[:4000]) if kind == "text/html" and not label else None
        text = work.note(decode_text(content, meta.group(1).decode() if meta else label))
        work.texts += bool(text.strip())
        if work.take_pictures and kind == "text/html":
            return work.take_pictures(text)
        return make_text(text, kind)
    cid = _get_header(part, "Content-ID")
    new = make_file(clean_file_name(name or NAMES.get(kind, "attachment")), None, kind, cid=cid)
    coding = _get_header(part, "Content-Transfer-Encoding").strip().lower()
    if coding == "base64" and isinstance(part._payload, str) and part._payload.isascii():
        # Large files are not decoded to be encoded again.
        new["Content-Transfer-Encoding"], new._payload = "base64", part._payload
    else:
        _set_content(new, _get_content(part))
    work.files.append(new)
    return new


def make_container(parts, kind="multipart/mixed"):
    """:return: a part of several parts"""
    new = Message()
    new["Content-Type"] = kind
    new._payload = list(parts)
    return new


def make_file(name, content, kind="application/octet-stream", cid=None):
    """A part that holds a file; its bytes stay as they are, also those of text.

    :param str name: its name
    :param content: its content, None when the caller sets it
    :param str kind: its type; kinds that no parser knows become unknown files
    :param str cid: id by which the text refers to it
    :rtype: Message
    """
    if kind.split("/")[0] not in KINDS - {"text", "message", "multipart"} or kind == "*/*":
        kind = "application/octet-stream"
    new = Message()
    new["Content-Type"] = kind
    new.add_header("Content-Disposition", "attachment", filename=_encode_name(name))
    if cid:
        new["Content-ID"] = re.sub(r"[^\x21-\x7e]", "", get_bytes(cid).decode("ascii", "ignore"))
    if content is not None:
        _set_content(new, content)
    return new


def make_text(text, kind="text/plain"):
    """:return: a part of text"""
    new = Message()
    new["Content-Type"] = f'{kind}; charset="utf-8"'
    _set_content(new, text.encode("utf-8", "replace"))
    return new


def _encode_name(name):
    """:return: a file name as :meth:`Message.add_header` takes it"""
    return name if name.isascii() else ("utf-8", "", name)


def _set_content(part, content):
    part["Content-Transfer-Encoding"] = "base64"
    part._payload = base64.encodebytes(content).decode("ascii")


def _copy_part(part):
    new = Message()
    for name, value in part.raw_items():
        if name.lower() in CONTENT:
            new._headers.append((name, NO_WORD.sub("", str(value))))
    new._payload = part._payload
    return new


def _get_header(part, name):
    """:return: a header as it was sent; ``Message.get`` replaces bytes beyond ASCII"""
    found = (value for key, value in part.raw_items() if key.lower() == name.lower())
    return str(next(found, ""))


def _get_text(part):
    """:return: the text of a part as it was sent, not decoded"""
    payload = part._payload
    if isinstance(payload, str):
        return (
            payload.encode("ascii", "surrogateescape")
            if not _has_wide(payload)
            else payload.encode()
        )
    return (part.preamble or "").encode("utf-8", "surrogateescape")


def _has_wide(text):
    return any(ch > "\x7f" and not "\udc80" <= ch <= "\udcff" for ch in text)


def _get_content(part):
    """:return: the content of a part in bytes, its transfer encoding undone"""
    coding = _get_header(part, "Content-Transfer-Encoding").strip().lower()
    sent = _get_text(part)
    if coding == "base64" and re.search(rb"[\x80-\xff]", sent):
        # it says so, and is not
        return sent
    if coding not in CODINGS:
        return sent
    content = part.get_payload(decode=True)
    return sent if content is None else content


def _try_parser(written):
    """Read everything that Odoo reads, so that what its parser raises for is found here."""
    message = email.message_from_bytes(written, policy=SMTP)
    for name in set(message.keys()):
        str(message.get_all(name))
    for part in message.walk():
        if part.get_content_maintype() != "multipart":
            part.get_filename()
            part.get_content_charset()
            part.get_content()


def _make_substitute(raw):
    """:return: a mail with the headers that can be read and no content, in the place of one that cannot be parsed"""
    message = Message()
    for name in ("From", "To", "Cc", "Subject", "Date", "Message-Id", "References", "In-Reply-To"):
        found = re.search(rb"^%s:[ \t]*([^\r\n]*)" % name.encode(), raw[:100_000], re.I | re.M)
        if not found:
            continue
        value = found.group(1).decode("ascii", "surrogateescape")
        try:
            message[name] = _rewrite_header(name.lower(), value, Rewriting())
        except Exception:  # noqa: BLE001 - the mail itself is attached
            continue
    message["Content-Type"] = 'text/plain; charset="utf-8"'
    return message.as_bytes(policy=compat32.clone(max_line_length=0))
