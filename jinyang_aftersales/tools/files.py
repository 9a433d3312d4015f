"""Checks of files from forms of the portal, messages, mail, dialogues, imports and RPC.

A file is decoded once, and its type is found out once from its content: :class:`SentFile` keeps both together.
``aftersales.file.mixin`` and ``ir.attachment`` use these checks for the fields that hold scans.
"""

import base64
import binascii
import codecs
import io
import os
import re
import unicodedata
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
# Most bytes of a form with its files. More than is accepted, because a form that is read can tell what is too large
# and come back with its texts; above, Odoo answers with an error page.
MAX_FORM_BYTES = 512 * 1024 * 1024
MAX_NAME_LENGTH = 100
# most pixels of a picture: a small file may declare a huge picture, to fill the memory of its reader
MAX_PIXELS = 50_000_000
# most bytes of the part of an archive that declares its type
MAX_MIMETYPE_LENGTH = 255

# photos of phones and voice notes, which libraries of today know in part
PHOTO_TYPES = frozenset(("image/heic", "image/heif", "image/avif"))
SNIFFED_TYPES = PHOTO_TYPES | {
    "audio/amr",
    "audio/aac",
    "audio/mpeg",
    "audio/mp4",
    "audio/ogg",
    "audio/silk",
    "audio/wav",
}
# beginnings of voice notes
SOUNDS = (
    (re.compile(rb"#!AMR"), "audio/amr"),
    (re.compile(rb"\x02?#!SILK"), "audio/silk"),
    (re.compile(rb"RIFF.{4}WAVE", re.DOTALL), "audio/wav"),
    (re.compile(rb"OggS"), "audio/ogg"),
    (re.compile(rb"ID3[\x02-\x04]|\xff[\xfa\xfb\xf2\xf3][\x10-\xef]"), "audio/mpeg"),
    (re.compile(rb"\xff[\xf0\xf1\xf8\xf9][\x40-\xbf]"), "audio/aac"),
)
# brands in files of the family of MP4
BRANDS = (
    (
        frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")),
        "image/heic",
    ),
    (frozenset((b"avif", b"avis")), "image/avif"),
    (frozenset((b"M4A ", b"M4B ")), "audio/mp4"),
)
# byte order marks that Notepad writes, and what follows them
UTF16_MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
# characters that stand in no text
CONTROL_TEXT = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# what the gateway appends to the name of a file that forms refuse
BLOCKED_SUFFIX = ".blocked"

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
        "video/3gpp",
        *SNIFFED_TYPES,
    )
)
ACCEPTED_FAMILIES = (
    "application/vnd.openxmlformats-officedocument.",
    "application/vnd.oasis.opendocument.",
)
# endings of files that a double click, an office program or a web server would run
_REFUSED = """
.ade .adp .apk .app .application .appref-ms .appx .appxbundle .asa .asp .aspx .asx .bash .bat .cgi .chm
.cmd .com .command .cpl .csh .deb .desktop .diagcab .dll .dmg .dqy .drv .elf .exe .fxp .gadget .gms .hlp
.hta .htm .html .htt .img .inf .ins .iqy .iso .isp .its .jar .jnlp .job .jqy .js .jse .jsp .jspx .ksh
.library-ms .lnk .mad .maf .mag .mam .maq .mar .mas .mat .mau .mav .maw .mcf .mda .mde .mdt .mdw .mdz
.mht .mhtml .mjs .msc .msh .msh1 .msh2 .msi .msix .msixbundle .msp .mst .ocx .ops .oqy .osd .pcd .phar
.php .php3 .php4 .php5 .php7 .php8 .phps .pht .phtml .pif .pkg .pl .plg .prf .prg .ps1 .ps1xml .ps2
.ps2xml .psc1 .psc2 .psd1 .psm1 .py .pyc .pyo .pyw .pyz .pyzw .rb .reg .rpm .rqy .run .scf .scr .sct
.search-ms .settingcontent-ms .sh .shb .shs .shtml .slk .svg .svgz .sys .theme .themepack .tsp .url .vb
.vba .vbe .vbp .vbs .vhd .vhdx .vsmacros .vxd .webpnp .website .wll .wpk .ws .wsb .wsc .wsf .wsh .xbap
.xht .xhtml .xlam .xll .xnk .xsl .xslt .zsh
"""
REFUSED_SUFFIXES = frozenset(_REFUSED.split())
# endings of files that are no text: text under such a name is another file than it says
_NO_TEXT = """
.7z .aac .amr .avif .bmp .doc .docx .gif .gz .heic .heif .jpeg .jpg .m4a .mov .mp3 .mp4 .ods .odt .pdf .png .ppt .pptx
.rar .tif .tiff .wav .webp .xlsx .zip
"""
NO_TEXT_SUFFIXES = frozenset(_NO_TEXT.split())


def clean_file_name(name):
    """Return a file name without folders, control characters and characters that file systems refuse.

    :param str name: the name the client gave
    :rtype: str
    """
    name = clean_line(re.split(r"[/\\]", name)[-1], limit=1000)
    # Windows ignores dots and blanks at the end.
    stem, suffix = os.path.splitext(re.sub(r'[<>:"|?*]', "_", name).lstrip(". ").rstrip(". "))
    suffix = suffix[:20]
    return f"{stem[: MAX_NAME_LENGTH - len(suffix)].strip() or 'file'}{suffix}"


def is_program(name):
    """Whether a double click on a file of this name would run something.

    :param str name: the name, see :func:`clean_file_name`
    :rtype: bool
    """
    name = unicodedata.normalize("NFKC", name).rstrip(". ")
    return os.path.splitext(name)[1].strip().lower() in REFUSED_SUFFIXES


def content_type(raw):
    """Return the type of a file by its content, None when files of that type are not accepted.

    All kinds of text become plain text, so that no browser runs scripts in them; it is sent as a file to be saved.

    :param bytes raw: the content
    :rtype: str | None
    """
    if _unfolds(raw):
        return None
    mimetype = _sniff(raw) or guess_mimetype(raw, default="application/octet-stream")
    if mimetype in ACCEPTED_TYPES or mimetype.startswith(ACCEPTED_FAMILIES):
        return mimetype
    if mimetype.startswith("text/") or mimetype in ("application/xml", "application/octet-stream"):
        return "text/plain" if _is_plain_text(raw[:4096]) else None
    return None


def get_file_type(name, raw):
    """The one rule for files of strangers, whatever way they come: by content and name.

    :param str name: the name, see :func:`clean_file_name`
    :param bytes raw: the content
    :return: the type of the file, None when it is refused
    :rtype: str | None
    """
    mimetype = None if is_program(name) else content_type(raw)
    if mimetype == "text/plain" and os.path.splitext(name)[1].lower() in NO_TEXT_SUFFIXES:
        return None
    # Photos of phones are files: programs that show pictures cannot show these.
    return "application/octet-stream" if mimetype in PHOTO_TYPES else mimetype


def _sniff(raw):
    """:return: the type of a photo of a phone or a voice note, None for other files"""
    if raw[4:8] == b"ftyp":
        brands = {raw[8:12]} | {raw[at : at + 4] for at in range(16, 64, 4)}
        for known, mimetype in BRANDS:
            if raw[8:12] in known or (mimetype != "audio/mp4" and brands & known):
                return mimetype
        return "video/3gpp" if raw[8:10] == b"3g" else None
    return next((mimetype for begin, mimetype in SOUNDS if begin.match(raw)), None)


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
        mimetype = get_file_type(name, raw) if 0 < len(raw) <= max_bytes else None
        if mimetype:
            accepted.append({"name": name, "raw": raw, "mimetype": mimetype})
        else:
            reasons.append(_get_refusal(env, name, raw, max_bytes))
    return accepted, reasons


def read_scan(env, upload):
    """Read the scan of a form.

    :param env: environment, for the language of the reason
    :param upload: the uploaded file (``werkzeug.datastructures.FileStorage``)
    :return: its name, the file, and the reason why it is refused, empty when it is accepted
    :rtype: tuple[str, SentFile, str]
    """
    name, raw = _read_upload(upload, MAX_SCAN_BYTES)
    file = SentFile(raw)
    if is_program(name):
        return name, file, _get_refusal(env, name, raw, MAX_SCAN_BYTES)
    return name, file, get_scan_obstacle(env, file) or ""


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
    if file.content_type in PHOTO_TYPES:
        return env._(
            "This photo is in the format of the phone (HEIC), which other programs cannot show. Send it as JPEG:"
            " choose “Most Compatible” in the settings of the phone's camera, or take a screenshot of the photo."
        )
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
    """:return: whether a file that begins so is text; markup in it makes no difference, since it is never shown"""
    encodings = ("utf-8", "gb18030")
    if head[:2] in UTF16_MARKS:
        encodings, head = (UTF16_MARKS[head[:2]],), head[2:]
    for encoding in encodings:
        try:
            # not final, since the last character of the head may be cut in two
            text = codecs.getincrementaldecoder(encoding)().decode(head, final=False)
        except UnicodeDecodeError:
            continue
        return bool(text) and not CONTROL_TEXT.search(text)
    return False
