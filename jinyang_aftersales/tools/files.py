"""Files known by their content and renamed, wherever they come from: portal, form, import."""

import codecs
import io
import os
import re
import warnings
import zipfile

from PIL import Image

from odoo.tools.mimetypes import guess_mimetype

from .text import clean_line

# scans of paper: what every printer and viewer knows
SCAN_TYPES = frozenset(("application/pdf", "image/jpeg", "image/png"))
MAX_SCAN_BYTES = 10 * 1024 * 1024
# what a customer may send with a form or a message
MAX_FILES = 10
MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_NAME_LENGTH = 100
# what a picture may unfold to; some bytes can say that they are a picture as large as a house
MAX_PIXELS = 50_000_000
# of the part of an archive that says what it is
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
# what a double click would run, whatever the content looks like
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
# pages and drawings a browser would run scripts of
ACTIVE_MARKUP = re.compile(
    rb"<\s*(?:!doctype\s+html|html|head|body|script|iframe|svg|img)\b", re.IGNORECASE
)


def clean_file_name(name):
    """Return a file name without folders, control characters and signs that file systems or pages
    trip over.

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

    All kinds of text are plain text, so that no browser runs what is written in them.

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


def get_file_obstacle(env, name, raw, max_bytes=MAX_FILE_BYTES):
    """Why a customer's file is not taken.

    :param env: environment whose language the reason is given in
    :param str name: the name, see :func:`clean_file_name`
    :param bytes raw: the content
    :param int max_bytes: how large it may be
    :return: the reason, False when nothing is in the way
    :rtype: str | bool
    """
    if not raw:
        return env._("The file %s is empty.", name)
    if len(raw) > max_bytes:
        return env._(
            "The file %(name)s is larger than %(size)s MB.", name=name, size=max_bytes // 1024**2
        )
    if not content_type(raw) or is_program(name):
        return env._(
            "The file %s is of a kind that is not accepted. Pack other files into a ZIP archive.",
            name,
        )
    return False


def _unfolds(raw):
    """Whether a file is small only as long as nobody opens it: a picture or an archive made to fill the memory.

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
            # reads the head only
            with Image.open(io.BytesIO(raw)) as image:
                return image.width * image.height > MAX_PIXELS
    except Image.DecompressionBombError:
        return True
    except Exception:  # noqa: BLE001 - whatever a broken file makes of its reader, it is no picture
        return False


def _is_plain_text(head):
    if not head or ACTIVE_MARKUP.search(head) or re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", head):
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            # not final: the last character of the head may be cut in two
            codecs.getincrementaldecoder(encoding)().decode(head, final=False)
        except UnicodeDecodeError:
            continue
        return True
    return False


def is_scan(raw):
    """Whether a file is a scan by its content: PDF, JPEG or PNG, whatever its name says.

    :param bytes raw: the content
    :rtype: bool
    """
    return not _unfolds(raw) and guess_mimetype(raw, default="") in SCAN_TYPES
