"""Small films made by hand, box by box: with the place, the device and the positions that cameras write into them."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import NamedTuple

PLACE = b"+31.2304+121.4737/"


class Track(NamedTuple):
    """What a track is of, and its samples."""

    handler: bytes
    samples: Sequence[bytes]
    more: bytes = b""


def box(kind: bytes, *content: bytes, wide: bool = False) -> bytes:
    body = b"".join(content)
    if wide:
        return struct.pack(">I4sQ", 1, kind, len(body) + 16) + body
    return struct.pack(">I4s", len(body) + 8, kind) + body


def full(kind: bytes, code: str, *numbers: int) -> bytes:
    return box(kind, bytes(4), struct.pack(f">{code}", *numbers))


def track(handler: bytes, *samples: bytes, more: bytes = b"") -> Track:
    return Track(handler, samples, more)


def place() -> bytes:
    """As Android and Apple write it into `udta` and `meta`."""
    return box(b"udta", box(b"\xa9xyz", struct.pack(">HH", len(PLACE), 0x15C7), PLACE), box(b"\xa9mod", b"Phone X"))


def film_of(*tracks: Track, more: bytes = b"", brand: bytes = b"isom", wide: bool = False, per_chunk: int = 1) -> bytes:
    """A film with its samples behind its tables, `per_chunk` of them side by side.

    Args:
        tracks: Of the film.
        more: Boxes in `moov` besides.
        brand: Of the file.
        wide: Lengths and places of 64 bits.
        per_chunk: Samples of a piece.
    """
    head = box(b"ftyp", brand, bytes(4), brand)
    blank = _moov(tracks, [[0] * len(_chunks(each, per_chunk)) for each in tracks], more, wide, per_chunk)
    at = len(head) + len(blank) + (16 if wide else 8)
    starts: list[list[int]] = []
    media = b""
    for each in tracks:
        starts.append([])
        for chunk in _chunks(each, per_chunk):
            starts[-1].append(at + len(media))
            media += chunk
    return head + _moov(tracks, starts, more, wide, per_chunk) + box(b"mdat", media, wide=wide)


def _chunks(each: Track, per_chunk: int) -> list[bytes]:
    return [b"".join(each.samples[at : at + per_chunk]) for at in range(0, len(each.samples), per_chunk)]


def _moov(tracks: Sequence[Track], starts: list[list[int]], more: bytes, wide: bool, per_chunk: int) -> bytes:
    inside = [_trak(each, at, wide, per_chunk) for each, at in zip(tracks, starts, strict=True)]
    return box(b"moov", box(b"mvhd", bytes(100)), *inside, more)


def _trak(each: Track, starts: list[int], wide: bool, per_chunk: int) -> bytes:
    count = len(each.samples)
    runs = [(1, per_chunk, 1)]
    if count % per_chunk:
        runs = [*([(1, per_chunk, 1)] if count > per_chunk else []), (len(starts), count % per_chunk, 1)]
    sizes = [len(sample) for sample in each.samples]
    table = box(
        b"stbl",
        full(b"stsd", "I", 0),
        full(b"stts", "III", 1, count, 1),
        full(b"stsc", f"I{3 * len(runs)}I", len(runs), *(number for run in runs for number in run)),
        full(b"stsz", f"II{count}I", 0, count, *sizes),
        full(b"co64", f"I{len(starts)}Q", len(starts), *starts)
        if wide
        else full(b"stco", f"I{len(starts)}I", len(starts), *starts),
    )
    media = box(b"mdia", box(b"mdhd", bytes(24)), handler(each.handler), box(b"minf", box(b"vmhd", bytes(12)), table))
    return box(b"trak", box(b"tkhd", bytes(84)), media, each.more)


def handler(kind: bytes, name: bytes = b"") -> bytes:
    return box(b"hdlr", bytes(8), kind, bytes(12), name, b"\0")


def element(kind: int, *content: bytes, open_ended: bool = False) -> bytes:
    """An element of a WebM."""
    body, head = b"".join(content), kind.to_bytes((kind.bit_length() + 7) // 8, "big")
    return head + (b"\x01" + b"\xff" * 7 if open_ended else b"\x01" + len(body).to_bytes(7, "big")) + body


def webm_of(*inside: bytes, open_ended: bool = False) -> bytes:
    return element(0x1A45DFA3, element(0x4282, b"webm")) + element(0x18538067, *inside, open_ended=open_ended)
