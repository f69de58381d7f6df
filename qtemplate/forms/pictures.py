"""Pictures that somebody pasted into a form: known by their first bytes, and freed of what says where and by whom.

A picture that the form was made with, such as a team's logo, is none of these.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Collection

from msgspec import Struct

MEDIA = re.compile(r"xl/media/[^/]+\Z")
LARGEST = 15 << 20
"""Bytes of one picture."""
MOST = 20
"""So many pictures of one form are kept."""

_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
_TELLING_SEGMENTS = frozenset({0xE1, 0xED, 0xFE})
"""APP1 (Exif, XMP), APP13 (IPTC) and comments; JPEG, ITU-T T.81, table B.1."""
_TELLING_CHUNKS = frozenset({b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"})
"""PNG, ISO/IEC 15948, clause 11.3."""


class Picture(Struct, frozen=True):
    """A picture without its metadata; `digest` is of the bytes as they came."""

    data: bytes
    suffix: str
    digest: str

    @property
    def name(self) -> str:
        """A name that depends on nothing but what it shows."""
        return f"{self.digest[:12]}{self.suffix}"


def digests_of_pictures(data: bytes) -> frozenset[str]:
    """The digests of all pictures of a workbook."""
    return frozenset(hashlib.sha256(part).hexdigest() for part in _media(data))


def pasted_pictures(data: bytes, known: Collection[str]) -> tuple[Picture, ...]:
    """The pictures of a returned form, each once, in the order of the package.

    Args:
        data: The workbook.
        known: Digests of those it was made with.
    """
    found: dict[str, Picture] = {}
    for part in _media(data):
        digest = hashlib.sha256(part).hexdigest()
        if digest in known or digest in found or len(found) >= MOST:
            continue
        if part.startswith(_JPEG):
            found[digest] = Picture(_bare_jpeg(part), ".jpg", digest)
        elif part.startswith(_PNG):
            found[digest] = Picture(_bare_png(part), ".png", digest)
    return tuple(found.values())


def _media(data: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = [item for item in package.infolist() if MEDIA.match(item.filename) and item.file_size <= LARGEST]
        return [package.read(item) for item in parts]


def _bare_jpeg(data: bytes) -> bytes:
    """The picture without the segments that tell; from the first scan on, and where it is damaged, as it is."""
    out, at = bytearray(data[:2]), 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] not in (0xDA, 0xD9):
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if data[at + 1] not in _TELLING_SEGMENTS:
            out += data[at:end]
        at = end
    return bytes(out + data[at:])


def _bare_png(data: bytes) -> bytes:
    """The picture without the chunks that tell; where it is damaged, as it is."""
    out, at = bytearray(data[:8]), 8
    while at + 12 <= len(data):
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        if data[at + 4 : at + 8] not in _TELLING_CHUNKS:
            out += data[at:end]
        at = end
    return bytes(out + data[at:])
