"""Drawn signatures: whether a browser sent a picture, and whether something was drawn on it at all."""

import base64
import binascii
import io

from PIL import Image, UnidentifiedImageError

# a drawing of a phone is some 20 KB
MAX_SIGNATURE_BYTES = 1024 * 1024
MAX_SIGNATURE_PIXELS = 4000 * 4000


def read_signature(value):
    """A drawn signature as a browser sends it.

    :param object value: what was sent
    :return: the drawing, base64; None when it is no picture, too large, or nothing was drawn
    :rtype: bytes | None
    """
    if not isinstance(value, str) or len(value) > MAX_SIGNATURE_BYTES * 4 // 3:
        return None
    try:
        raw = base64.b64decode(value, validate=True)
        with Image.open(io.BytesIO(raw), formats=("PNG", "JPEG")) as image:
            if image.width * image.height > MAX_SIGNATURE_PIXELS:
                return None
            extremes = image.convert("RGBA").getextrema()
    except (
        binascii.Error,
        ValueError,
        OSError,
        UnidentifiedImageError,
        SyntaxError,
        Image.DecompressionBombError,
    ):
        return None
    # one colour all over is an empty sheet
    if all(low == high for low, high in extremes):
        return None
    return base64.b64encode(raw)
