"""Pictures of a case for a mail to colleagues: shrunk copies, the originals stay beside the register.

They are strangers' files: only formats of photos are opened, by their content; how many pixels a file claims is looked
at before anything is decoded; what is damaged is left out. A copy has no metadata of its own: no place, no device.
Without Pillow (extra `pictures`) only those go that are small as they are.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..files.attachments import NAMES, exists_below
from .message import Attachment

MOST, LONGEST_SIDE, QUALITY = 4, 1_280, 78
SMALL = 200 << 10
"""Bytes of a picture that goes as it is."""

ALL_TOGETHER = 1 << 20
"""Bytes of all pictures of a mail: the queue keeps finished mails for a year."""

MOST_READ = 40 << 20
MOST_PIXELS = {"JPEG": 120_000_000, "PNG": 25_000_000, "WEBP": 25_000_000, "BMP": 25_000_000, "GIF": 25_000_000}
"""A JPEG is decoded at an eighth of its size where it is large; of the others every pixel takes four bytes."""

KINDS = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif", ".webp": "image/webp"}


def shrunk_pictures(base: Path, listed: str) -> Iterator[Attachment]:
    """The pictures that 附件 names and that can be had, as many as a mail takes.

    Args:
        base: Folder of the register; what leads out of it is none of ours.
        listed: What the cell says: paths relative to the folder, and whatever else stands there.
    """
    left, base = ALL_TOGETHER, base.resolve()
    taken = 0
    for name in filter(None, map(str.strip, NAMES.split(listed))):
        made = _made(base, name) if taken < MOST else None
        if made is not None and len(made.data) <= left:
            taken, left = taken + 1, left - len(made.data)
            yield made


def _made(base: Path, name: str) -> Attachment | None:
    if not exists_below(base, name):
        return None
    path = (base / name.replace("\\", "/")).resolve()
    try:
        if not path.is_file() or path.stat().st_size > MOST_READ:
            return None
        data = path.read_bytes()
    except OSError:
        return None
    kind = KINDS.get(path.suffix.lower(), "")
    if len(data) <= SMALL and kind:
        return Attachment(path.name, data, kind)
    small = _shrink(data)
    return None if small is None else Attachment(f"{path.stem}.jpg", small, "image/jpeg")


def _shrink(data: bytes) -> bytes | None:
    """A JPEG that a screen shows well; None where there is no Pillow, or what is there is no picture."""
    try:
        from PIL import Image, ImageOps
    except ImportError:  # the extra is not installed
        return None
    try:
        with Image.open(io.BytesIO(data), formats=tuple(MOST_PIXELS)) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS[str(picture.format)]:
                return None
            picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            whole: Any = ImageOps.exif_transpose(picture)
            whole.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            if whole.mode in ("RGBA", "LA", "PA") or "transparency" in whole.info:
                paper = Image.new("RGB", whole.size, "white")
                paper.paste(whole, mask=whole.convert("RGBA").getchannel("A"))
                whole = paper
            out = io.BytesIO()
            clean = Image.new("RGB", whole.size)
            clean.paste(whole.convert("RGB"))
            clean.save(out, "JPEG", quality=QUALITY, optimize=True)
    except Exception:  # damage of every kind: the case goes without this picture
        return None
    return out.getvalue()
