"""Drawn signatures: whether a browser sent a picture, and whether it is not empty."""

import base64
import io

from PIL import Image, UnidentifiedImageError

from .files import SentFile

# a drawing made on a phone has about 20 KB
MAX_SIGNATURE_BYTES = 1024 * 1024
MAX_SIGNATURE_PIXELS = 4000 * 4000


def read_signature(value):
    """A drawn signature as a browser sends it.

    :param object value: value the client sent
    :return: the drawing; None when it is no picture, too large, or nothing was drawn
    :rtype: SentFile | None
    """
    if not isinstance(value, str) or len(value) > MAX_SIGNATURE_BYTES * 4 // 3:
        return None
    try:
        drawing = SentFile.from_base64(value, strict=True)
        with Image.open(io.BytesIO(drawing.raw), formats=("PNG", "JPEG")) as image:
            if image.width * image.height > MAX_SIGNATURE_PIXELS:
                return None
            extremes = image.convert("RGBA").getextrema()
    except (
        ValueError,
        OSError,
        UnidentifiedImageError,
        SyntaxError,
        Image.DecompressionBombError,
    ):
        return None
    # a picture of one colour is empty
    if all(low == high for low, high in extremes):
        return None
    return drawing


def drawing_uri(drawing):
    """A drawing as the pad of a form takes it, so that a form that comes back keeps it.

    :param SentFile drawing: result of :func:`read_signature`, may be None
    :return: a data URI, empty without a drawing
    :rtype: str
    """
    if not drawing:
        return ""
    kind = "jpeg" if drawing.raw.startswith(b"\xff\xd8") else "png"
    return f"data:image/{kind};base64,{base64.b64encode(drawing.raw).decode()}"
