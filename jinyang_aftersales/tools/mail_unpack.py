"""Parts of mail that hold several: winmail.dat of Outlook, and pictures written into the text.

Each function replaces a part by several when it can; see :func:`.mail_rewrite.rewrite_mail`.
"""

import base64
import binascii
import re

from .files import clean_file_name
from .mail_rewrite import MAX_PARTS, make_container, make_file, make_text
from .tnef import BEGIN, read_tnef

TNEF_TYPES = frozenset(("application/ms-tnef", "application/vnd.ms-tnef"))
TNEF_NAME = "winmail.dat"
# limits as for archives: what one winmail.dat may hold
MAX_BYTES, MAX_FILES, MAX_LEVELS = 100 * 1024**2, 100, 3
PICTURE = re.compile(
    r"""(<img\b[^<>]{0,2000}?\bsrc\s*+=\s*+)(["'])data:image/(png|jpe?g|gif|bmp|webp);base64,([^"']+)\2""",
    re.IGNORECASE,
)


def unpack_tnef(kind, name, get_content, work):
    """Unpack winmail.dat, in which Outlook keeps the files of a mail.

    :param str kind: type of the part
    :param str name: name of the file
    :param get_content: function that returns the content
    :param work: the rewriting, which notes what could not be read
    :return: the parts in it, empty where the part is something else or holds nothing
    :rtype: list
    """
    if kind not in TNEF_TYPES and name.lower() != TNEF_NAME:
        return []
    content = get_content()
    if not content.startswith(BEGIN):
        return []
    return _read_parts(content, work, 0)


def _read_parts(content, work, level):
    found = read_tnef(content)
    work.readable = work.readable and found.complete
    parts, size = [], 0
    # Outlook sends the text beside it, too, as a rule.
    if (found.html or found.text) and not work.texts:
        kind = "text/html" if found.html else "text/plain"
        parts.append(make_text(found.html or found.text, kind))
        work.texts += 1
    for file in found.files:
        size += len(file.content)
        work.parts += 1
        if size > MAX_BYTES or len(parts) >= MAX_FILES or work.parts > MAX_PARTS:
            work.readable = False
            break
        if file.content.startswith(BEGIN) and level < MAX_LEVELS:
            # an enclosed message; its text is no text of this mail
            work.texts += 1
            parts += _read_parts(file.content, work, level + 1)
            continue
        name = clean_file_name(file.name or "attachment")
        parts.append(make_file(name, file.content, cid=file.cid and f"<{file.cid}>"))
    return parts


def take_pictures(html):
    """Take pictures out of a text into which a program has written them, several megabytes at times.

    :param str html: the text
    :return: the part of the text, in a container with its pictures where there are any
    """
    pictures = []

    def replace(match):
        before, quote, kind, content = match.groups()
        try:
            raw = base64.b64decode(re.sub(r"(?:\s|%0[AaDd])+", "", content), validate=True)
        except (binascii.Error, ValueError):
            return f"{before}{quote}{quote}"
        number = len(pictures) + 1
        kind = kind.lower().replace("jpg", "jpeg")
        cid = f"picture-{number}@jinyang.invalid"
        pictures.append(make_file(f"picture-{number}.{kind}", raw, f"image/{kind}", cid=f"<{cid}>"))
        return f"{before}{quote}cid:{cid}{quote}"

    text = PICTURE.sub(replace, html)
    if not pictures:
        return make_text(html, "text/html")
    return make_container([make_text(text, "text/html"), *pictures], "multipart/related")
