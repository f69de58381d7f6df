"""Files that people send, made harmless: known by their first bytes, pictures written anew without metadata.

A video cannot be written anew here: what tells of place and device is blanked in it. Names are ours.
"""

from __future__ import annotations

import io
import threading
import warnings
from collections.abc import Sequence

from msgspec import Struct
from werkzeug.datastructures import FileStorage

from ..received.photos import PHOTO_MB, picture_format
from .films import Malformed, strip_film
from .site import VIDEO_MB
from .webm import strip_webm

MOST_PIXELS = 50_000_000
LONGEST_SIDE = 2_560
BRANDS = {b"qt  ": "mov"}
"""Of files that begin as MP4 does; any other is taken for MP4."""

_DECODING = threading.Lock()
"""One picture at a time: decoded, a large one takes 200 MB."""


class Upload(Struct, frozen=True):
    """A file as it is kept: a name of ours, its type, its bytes."""

    name: str
    media_type: str
    data: bytes


class Refused(Struct, frozen=True):
    """Why a file is not taken: a phrase of the catalogue, without `web.`."""

    why: str


def clean_files(sent: Sequence[FileStorage], photos: int, *, video: bool = False) -> Sequence[Upload] | Refused:
    """The files that were sent, made harmless; why one of them is not taken.

    Args:
        sent: As they came, empty ones left out.
        photos: So many pictures may come.
        video: Whether one video may come instead.
    """
    if len(sent) > photos:
        return Refused("photos_many")
    cleaned: list[Upload] = []
    for number, each in enumerate(sent, 1):
        most = VIDEO_MB if video else PHOTO_MB
        data = each.stream.read((most << 20) + 1)
        kind = video_kind(data) if video else None
        found = clean_upload(data) if kind is None else _clean_video(kind, data)
        if isinstance(found, Refused):
            return Refused("file_type") if video and found.why == "photo_type" else found
        if kind is not None and len(sent) > 1:
            return Refused("video_alone")
        stem, _, suffix = found.name.rpartition(".")
        cleaned.append(Upload(f"{stem}-{number}.{suffix}", found.media_type, found.data))
    return cleaned


def video_kind(data: bytes) -> str | None:
    """The suffix of a video; None where it is none that can be taken."""
    if data[4:8] == b"ftyp":
        still = data[8:12] in (b"avif", b"avis", b"heic", b"heix", b"mif1", b"msf1")  # pictures in the same wrapping
        return None if still else BRANDS.get(data[8:12], "mp4")
    return "webm" if data.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in data[:64] else None


def _clean_video(kind: str, data: bytes) -> Upload | Refused:
    if len(data) > VIDEO_MB << 20:
        return Refused("video_big")
    try:
        with _DECODING:
            stripped = strip_webm(data) if kind == "webm" else strip_film(data)
    except Malformed:
        return Refused("video_broken")
    return Upload(f"video.{kind}", "video/quicktime" if kind == "mov" else f"video/{kind}", stripped)


def clean_upload(data: bytes) -> Upload | Refused:
    """A picture as it may be kept."""
    if len(data) > PHOTO_MB << 20:
        return Refused("photo_big")
    kind = picture_format(data)
    if kind is None:
        return Refused("photo_type")
    from PIL import Image, ImageOps  # loaded with the first picture

    try:
        with _DECODING, warnings.catch_warnings(), Image.open(io.BytesIO(data), formats=(kind,)) as picture:
            warnings.simplefilter("ignore")
            if picture.width * picture.height > MOST_PIXELS:
                return Refused("photo_big")
            picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))  # first: to turn a large one would take as much again
            upright = ImageOps.exif_transpose(picture)
            written = io.BytesIO()
            upright.convert("RGB").save(written, "JPEG", quality=85)
    except Exception:  # whatever a decoder meets, it is no picture for us
        return Refused("photo_type")
    return Upload("photo.jpg", "image/jpeg", written.getvalue())
