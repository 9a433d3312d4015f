"""Drawn signatures: whether a browser sent a picture, and whether it is not empty."""

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
