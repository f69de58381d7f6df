"""Pictures that people send, made harmless: known by their first bytes, decoded, and written anew without metadata."""

from __future__ import annotations

import io
import warnings

from msgspec import Struct

from .site import PHOTO_MB

MOST_PIXELS = 50_000_000
LONGEST_SIDE = 2_560
MAGIC = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG", b"RIFF": "WEBP"}


class Upload(Struct, frozen=True):
    """A file as it is kept: a name of ours, its type, its bytes."""

    name: str
    media_type: str
    data: bytes


class Refused(Struct, frozen=True):
    """Why a file is not taken: a phrase of the catalogue, without `web.`."""

    why: str


def clean_upload(name: str, data: bytes) -> Upload | Refused:
    """A picture as it may be kept.

    Args:
        name: As the browser gives it; nothing of it is used.
        data: Its bytes.
    """
    if len(data) > PHOTO_MB << 20:
        return Refused("photo_big")
    kind = next((kind for magic, kind in MAGIC.items() if data.startswith(magic)), None)
    if kind is None:
        return Refused("photo_type")
    from PIL import Image, ImageOps  # loaded with the first picture

    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(data), formats=(kind,)) as picture:
            warnings.simplefilter("ignore")
            if picture.width * picture.height > MOST_PIXELS:
                return Refused("photo_big")
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            written = io.BytesIO()
            upright.convert("RGB").save(written, "JPEG", quality=85)
    except Exception:  # whatever a decoder meets, it is no picture for us
        return Refused("photo_type")
    return Upload("photo.jpg", "image/jpeg", written.getvalue())
