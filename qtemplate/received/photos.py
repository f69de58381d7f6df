"""What a photo may be that people send by a page, with a network or without: how many, how big, of which kinds."""

from __future__ import annotations

MOST_PHOTOS, PHOTO_MB = 5, 8

_FIRST_BYTES = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG", b"RIFF": "WEBP"}


def picture_format(data: bytes) -> str | None:
    """`JPEG`, `PNG` or `WEBP`, by the first bytes; None where it is none of them."""
    return next((name for first, name in _FIRST_BYTES.items() if data.startswith(first)), None)
