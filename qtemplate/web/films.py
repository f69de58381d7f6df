"""MP4 and MOV without where and by what they were taken: what no film needs is blanked in place, nothing is coded anew.

A film is a tree of boxes, each with its length and four letters (ISO/IEC 14496-12; QuickTime File Format). Boxes that
players need stay; any other (`udta`, `meta`, `uuid`, a maker's own) becomes `free` and its bytes nought, so that no
offset moves. Tracks of anything but picture and sound, as of positions while it was taken, go with their samples.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from struct import unpack_from

from msgspec import Struct

KEPT: dict[str, frozenset[str]] = {
    "": frozenset({"ftyp", "styp", "moov", "mdat", "moof", "mfra", "sidx"}),
    "moov": frozenset({"mvhd", "trak", "mvex", "iods"}),
    "trak": frozenset({"tkhd", "mdia", "edts", "tref", "tapt"}),
    "mdia": frozenset({"mdhd", "hdlr", "minf", "elng"}),
    "minf": frozenset({"vmhd", "smhd", "hdlr", "dinf", "stbl"}),
    "stbl": frozenset(
        {"stsd", "stts", "ctts", "cslg", "stsc", "stsz", "stz2", "stco", "co64", "stss", "stps", "sdtp", "sbgp", "sgpd"}
    ),
    "moof": frozenset({"mfhd", "traf"}),
    "traf": frozenset({"tfhd", "tfdt", "trun", "sdtp", "sbgp", "sgpd"}),
}
"""Box -> those in it that players need; a box that is none of these keys is kept as it is."""

SEEN, HEARD = b"vide", b"soun"
MOST_BOXES, MOST_SAMPLES = 20_000, 500_000


class Malformed(ValueError):
    """Its lengths do not fit, or it is of a sort that cannot be looked through."""


class Box(Struct, frozen=True):
    """A box: its kind, where it begins, where its content begins, where it ends."""

    kind: str
    start: int
    content: int
    end: int


def strip_film(data: bytes) -> bytes:
    """The film without what tells of place and device, each byte at its place.

    Raises:
        Malformed: It cannot be looked through; nothing is known of what it tells then.
    """
    return _Film(data).stripped()


class _Film:
    def __init__(self, data: bytes) -> None:
        self._data, self._left = bytearray(data), MOST_BOXES
        self._media: list[Box] = []
        self._dropped: list[Box] = []
        self._in_parts = False
        self._kept = 0

    def stripped(self) -> bytes:
        top = list(self._boxes(0, len(self._data), top=True))
        del self._data[top[-1].end if top else 0 :]
        self._media = [box for box in top if box.kind == "mdat"]
        self._in_parts = any(box.kind == "moof" for box in top)
        if [box.kind for box in top].count("moov") != 1:
            raise Malformed("moov")
        self._look_through("", top)
        for track in self._dropped:
            self._blank(track)
        if not self._kept:
            raise Malformed("trak")
        return bytes(self._data)

    def _look_through(self, inside: str, boxes: list[Box]) -> None:
        for box in boxes:
            if box.kind not in KEPT[inside]:
                self._blank(box)
            elif box.kind == "trak" and self._handler(box) not in (SEEN, HEARD):
                self._forget_samples(box)
                self._dropped.append(box)
            elif box.kind == "hdlr":
                self._clear(box.content + 12, box.end)  # after what the track is of: who made the device
            elif box.kind in KEPT:
                self._kept += box.kind == "trak"
                self._look_through(box.kind, list(self._boxes(box.content, box.end)))

    def _boxes(self, start: int, end: int, *, top: bool = False) -> Iterator[Box]:
        """The boxes between two places, which they fill; QuickTime ends some lists with four noughts.

        What some cameras write behind the last box of a film is none of it.
        """
        while start < end:
            if not top and end - start == 4 and not any(self._data[start:end]):
                return
            self._left -= 1
            if top and end - start < 8:
                return
            if end - start < 8 or self._left < 0:
                raise Malformed("length")
            size, kind, head = self._number(start), self._data[start + 4 : start + 8].decode("latin-1"), 8
            if size == 1:
                if end - start < 16:
                    raise Malformed("length")
                size, head = self._number(start + 8, "Q"), 16
            elif size == 0 and top:
                size = end - start
            if not head <= size <= end - start:
                if top and kind not in KEPT[""]:
                    return
                raise Malformed("length")
            yield Box(kind, start, start + head, start + size)
            start += size

    def _number(self, at: int, code: str = "I") -> int:
        return int(unpack_from(f">{code}", self._data, at)[0])

    def _one(self, box: Box, *path: str) -> Box | None:
        for kind in path:
            found = [each for each in self._boxes(box.content, box.end) if each.kind == kind]
            if len(found) != 1:
                return None
            box = found[0]
        return box

    def _handler(self, track: Box) -> bytes:
        """What the track is of."""
        box = self._one(track, "mdia", "hdlr")
        if box is None or box.end - box.content < 12:
            raise Malformed("hdlr")
        return bytes(self._data[box.content + 8 : box.content + 12])

    def _blank(self, box: Box) -> None:
        self._data[box.start + 4 : box.start + 8] = b"free"
        self._clear(box.content, box.end)

    def _clear(self, start: int, end: int) -> None:
        self._data[start:end] = bytes(max(0, end - start))

    # ---- where the samples of a track lie ----

    def _forget_samples(self, track: Box) -> None:
        if self._in_parts:  # its samples lie somewhere in many parts
            raise Malformed("moof")
        table = self._one(track, "mdia", "minf", "stbl")
        if table is None:
            raise Malformed("stbl")
        for start, end in self._chunks(table):
            if not any(media.content <= start <= end <= media.end for media in self._media):
                raise Malformed("stco")
            self._clear(start, end)

    def _chunks(self, table: Box) -> Iterator[tuple[int, int]]:
        """Where each piece of a track begins and ends."""
        inside = {box.kind: box for box in self._boxes(table.content, table.end)}
        sizes = self._sizes(inside)
        where = inside.get("co64") or inside.get("stco")
        runs = inside.get("stsc")
        if where is None or runs is None:
            raise Malformed("stco")
        starts = self._table(where, "Q" if where.kind == "co64" else "I")
        first = self._table(runs, "III")
        if not first and starts:
            raise Malformed("stsc")
        ends = [*(run[0] for run in first[1:]), len(starts) + 1]
        at, sums = 0, [0, *accumulate(sizes)]
        for (begin, samples, _), until in zip(first, ends, strict=False):
            if not 1 <= begin <= until <= len(starts) + 1:
                raise Malformed("stsc")
            for (start,) in starts[begin - 1 : until - 1]:
                if at + samples >= len(sums):
                    raise Malformed("stsc")
                yield start, start + sums[at + samples] - sums[at]
                at += samples

    def _sizes(self, inside: dict[str, Box]) -> list[int]:
        box = inside.get("stsz")
        if box is None or box.end - box.content < 12:
            raise Malformed("stsz")
        size, count = self._number(box.content + 4), self._number(box.content + 8)
        if count > MOST_SAMPLES:
            raise Malformed("stsz")
        if size:
            return [size] * count
        if box.end - box.content < 12 + 4 * count:
            raise Malformed("stsz")
        return list(unpack_from(f">{count}I", self._data, box.content + 12))

    def _table(self, box: Box, row: str) -> list[tuple[int, ...]]:
        """The rows of a table that begins with their number."""
        wide = 8 if row == "Q" else 4 * len(row)
        if box.end - box.content < 8:
            raise Malformed(box.kind)
        count = self._number(box.content + 4)
        if count > MOST_SAMPLES or box.end - box.content < 8 + count * wide:
            raise Malformed(box.kind)
        return [unpack_from(f">{row}", self._data, box.content + 8 + at * wide) for at in range(count)]
