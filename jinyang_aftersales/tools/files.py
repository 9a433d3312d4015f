"""Checks of files from forms of the portal, messages, dialogues, imports and RPC.

A file is decoded once, and its type is found out once from its content: :class:`SentFile` keeps both together.
``aftersales.file.mixin`` and ``ir.attachment`` use these checks for the fields that hold scans.
"""

import base64
import binascii
import codecs
import io
import os
import re
import warnings
import zipfile
from functools import cached_property

from PIL import Image

from odoo.tools.mimetypes import guess_mimetype

from .text import clean_line

# types of scans, which every printer and viewer can read
SCAN_TYPES = frozenset(("application/pdf", "image/jpeg", "image/png"))
MAX_SCAN_BYTES = 10 * 1024 * 1024
# limits of the files a customer sends with a form or a message
MAX_FILES = 10
MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_NAME_LENGTH = 100
# most pixels of a picture: a small file may declare a huge picture, to fill the memory of its reader
MAX_PIXELS = 50_000_000
# most bytes of the part of an archive that declares its type
MAX_MIMETYPE_LENGTH = 255

ACCEPTED_TYPES = frozenset(
    (
        "application/pdf",
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/bmp",
        "image/x-ms-bmp",
        "image/webp",
        "image/tiff",
        "application/msword",
        "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint",
        "application/vnd.ms-outlook",
        "application/x-ole-storage",
        "application/CDFV2",
        "application/zip",
        "application/x-zip-compressed",
        "application/vnd.rar",
        "application/x-rar",
        "application/x-rar-compressed",
        "application/x-7z-compressed",
        "application/gzip",
        "application/x-gzip",
        "application/json",
        "message/rfc822",
        "video/mp4",
        "video/quicktime",
    )
)
ACCEPTED_FAMILIES = (
    "application/vnd.openxmlformats-officedocument.",
    "application/vnd.oasis.opendocument.",
)
# endings of files that a double click would run
REFUSED_SUFFIXES = frozenset(
    [
        ".bat",
        ".cmd",
        ".com",
        ".cpl",
        ".dll",
        ".exe",
        ".hta",
        ".jar",
        ".js",
        ".jse",
        ".lnk",
        ".msi",
        ".pif",
        ".ps1",
        ".reg",
        ".scr",
        ".sh",
        ".htm",
        ".html",
        ".shtml",
        ".svg",
        ".svgz",
        ".vbe",
        ".vbs",
        ".wsf",
        ".xht",
        ".xhtml",
    ]
)
# markup of pages and drawings whose scripts a browser would run
ACTIVE_MARKUP = re.compile(
    rb"<\s*(?:!doctype\s+html|html|head|body|script|iframe|svg|img)\b", re.IGNORECASE
)


def clean_file_name(name):
    """Return a file name without folders, control characters and characters that file systems refuse.

    :param str name: the name the client gave
    :rtype: str
    """
    name = clean_line(re.split(r"[/\\]", name)[-1], limit=1000)
    stem, suffix = os.path.splitext(re.sub(r'[<>:"|?*]', "_", name).lstrip(". "))
    suffix = suffix[:10]
    return f"{stem[: MAX_NAME_LENGTH - len(suffix)].strip() or 'file'}{suffix}"


def is_program(name):
    """Whether a double click on a file of this name would run something.

    :param str name: the name, see :func:`clean_file_name`
    :rtype: bool
    """
    return os.path.splitext(name)[1].lower() in REFUSED_SUFFIXES


def content_type(raw):
    """Return the type of a file by its content, None when files of that type are not accepted.

    All kinds of text become plain text, so that no browser runs scripts in them.

    :param bytes raw: the content
    :rtype: str | None
    """
    if _unfolds(raw):
        return None
    mimetype = guess_mimetype(raw, default="application/octet-stream")
    if mimetype in ACCEPTED_TYPES or mimetype.startswith(ACCEPTED_FAMILIES):
        return mimetype
    if mimetype.startswith("text/") or mimetype in ("application/xml", "application/octet-stream"):
        return "text/plain" if _is_plain_text(raw[:4096]) else None
    return None


class SentFile(bytes):
    """Base64 of a file, as Odoo's fields take it, together with the content and its type.

    The base64 is made from the content, so that both always agree; clients cannot send such an object. Written to
    several documents, the file is still decoded and checked once.
    """

    def __new__(cls, raw):
        """Wrap a content.

        :param bytes raw: the content
        """
        file = super().__new__(cls, base64.b64encode(raw))
        file.raw = raw
        return file

    @classmethod
    def from_base64(cls, value, strict=False):
        """Decode the value of a field.

        :param value: base64 as text or bytes, or a file that has been read
        :param bool strict: whether characters that are no base64 are refused instead of ignored
        :rtype: SentFile
        :raises ValueError: when it is no base64
        """
        if isinstance(value, cls):
            return value
        try:
            return cls(base64.b64decode(value, validate=strict))
        except (binascii.Error, TypeError) as error:
            raise ValueError(str(error)) from error

    @cached_property
    def content_type(self):
        """:return: see :func:`content_type`"""
        return content_type(self.raw)


def tell_too_many(env, max_files=MAX_FILES):
    """Message for clients who send more files than a form or message takes.

    :param env: environment, for the language of the message
    :param int max_files: number of files allowed
    :rtype: str
    """
    return env._("At most %s files can be sent at a time.", max_files)


def read_uploads(env, files, max_files=MAX_FILES, max_bytes=MAX_FILE_BYTES):
    """Read the files of a form or a message of a customer.

    :param env: environment, for the language of the reasons
    :param files: the uploaded files (``werkzeug.datastructures.FileStorage``)
    :param int max_files: how many files one form may carry
    :param int max_bytes: how large one file may be
    :return: values for ``ir.attachment`` (name, raw, mimetype), and the reasons why files were
        refused
    :rtype: tuple[list[dict], list[str]]
    """
    files = [upload for upload in files if upload.filename]
    if len(files) > max_files:
        return [], [tell_too_many(env, max_files)]
    accepted, reasons = [], []
    for upload in files:
        name, raw = _read_upload(upload, max_bytes)
        mimetype = content_type(raw) if 0 < len(raw) <= max_bytes else None
        if mimetype and not is_program(name):
            accepted.append({"name": name, "raw": raw, "mimetype": mimetype})
        else:
            reasons.append(_get_refusal(env, name, raw, max_bytes))
    return accepted, reasons


def read_scan(upload):
    """Read the scan of a form.

    :param upload: the uploaded file (``werkzeug.datastructures.FileStorage``)
    :return: its name, and the file, None when it is no scan
    :rtype: tuple[str, SentFile | None]
    """
    name, raw = _read_upload(upload, MAX_SCAN_BYTES)
    if len(raw) > MAX_SCAN_BYTES:
        return name, None
    file = SentFile(raw)
    return name, file if is_scan(file) and not is_program(name) else None


def is_scan(file):
    """Whether a file is a scan: PDF, JPEG or PNG by its content, not by its name, and not too large.

    :param SentFile file: the file
    :rtype: bool
    """
    return len(file.raw) <= MAX_SCAN_BYTES and file.content_type in SCAN_TYPES


def get_scan_obstacle(env, file):
    """Why a file is not kept as a scan.

    :param env: environment, for the language of the reason
    :param SentFile file: the file
    :return: the reason, False when nothing is in the way
    :rtype: str | bool
    """
    if is_scan(file):
        return False
    if len(file.raw) > MAX_SCAN_BYTES:
        return env._("The scan is larger than %s MB.", MAX_SCAN_BYTES // 1024**2)
    return env._("The scan has to be a PDF, JPEG or PNG file; this one is not.")


def _read_upload(upload, max_bytes):
    """:return: the cleaned name of an uploaded file, and its content"""
    # one byte more than allowed, to notice a file that is too large without reading all of it
    return clean_file_name(upload.filename), upload.stream.read(max_bytes + 1)


def _get_refusal(env, name, raw, max_bytes):
    """:return: why a customer's file is not taken"""
    if not raw:
        return env._("The file %s is empty.", name)
    if len(raw) > max_bytes:
        return env._(
            "The file %(name)s is larger than %(size)s MB.", name=name, size=max_bytes // 1024**2
        )
    return env._(
        "The file %s is of a kind that is not accepted. Pack other files into a ZIP archive.", name
    )


def _unfolds(raw):
    """Whether a picture or archive would fill the memory of its reader, although the file is small.

    :param bytes raw: the content
    :rtype: bool
    """
    if raw.startswith(b"PK"):
        try:
            with zipfile.ZipFile(io.BytesIO(raw)) as archive:
                parts = archive.infolist()
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
            return False
        return any(
            part.filename == "mimetype" and part.file_size > MAX_MIMETYPE_LENGTH for part in parts
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            # reads the header only
            with Image.open(io.BytesIO(raw)) as image:
                return image.width * image.height > MAX_PIXELS
    except Image.DecompressionBombError:
        return True
    except Exception:  # noqa: BLE001 - broken files raise many kinds of errors: they are no pictures
        return False


def _is_plain_text(head):
    if not head or ACTIVE_MARKUP.search(head) or re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", head):
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            # not final, since the last character of the head may be cut in two
            codecs.getincrementaldecoder(encoding)().decode(head, final=False)
        except UnicodeDecodeError:
            continue
        return True
    return False
