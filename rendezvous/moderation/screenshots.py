"""Pictures that come with a report: decoded, bounded and written anew, so that only pixels stay."""

from __future__ import annotations

import base64
import binascii
from io import BytesIO

from rendezvous.refusals import Refused

FORMATS = ("PNG", "JPEG", "WEBP")
MOST_PIXELS = 3_840 * 2_160  # a screen; 25 MB when decoded
SIDE = 1_280  # of what is kept: enough to see what somebody did
QUALITY = 80
NO_IMAGE = "The screenshot is not a PNG, JPEG or WebP image that we can read."
TOO_MANY = "The screenshot has too many pixels."


def decoded(text: str, most_bytes: int) -> bytes:
    """The bytes of a screenshot, sent as base64 or as a data: URL. Raises Refused."""
    payload = text.rpartition(",")[2] if text.startswith("data:") else text
    if len(payload) > text_size(most_bytes):
        raise Refused("too_large", f"A screenshot has at most {most_bytes} bytes.")
    try:
        data = base64.b64decode(payload, validate=True)
    except (binascii.Error, ValueError):
        raise Refused("invalid_request", "The screenshot is not base64.") from None
    if len(data) > most_bytes:
        raise Refused("too_large", f"A screenshot has at most {most_bytes} bytes.")
    return data


def text_size(size: int) -> int:
    """How many characters of base64 so many bytes are, at most."""
    return size * 4 // 3 + 4


def rewritten(data: bytes) -> bytes:
    """The picture as a new JPEG, without what else was in the file. Raises Refused; takes a while.

    Size is judged by the header, before a pixel is decoded.
    """
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - on the thread that waits for it

    try:
        with Image.open(BytesIO(data), formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Refused("too_large", TOO_MANY)
            picture.thumbnail((SIDE, SIDE))
            kept = BytesIO()
            picture.convert("RGB").save(kept, "JPEG", quality=QUALITY)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused("too_large", TOO_MANY) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):  # Pillow's, of broken files
        raise Refused("invalid_request", NO_IMAGE) from None
    return kept.getvalue()
