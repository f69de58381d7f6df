"""A sheet with openings: cells that are filled in by putting other bytes in their place.

The editor itself shows where they stand: it writes a number of its own into each of them. If the sheet is the old one
again, byte for byte, once the old cells are put back, any of them can be filled in without the others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import count, pairwise
from typing import Final, NoReturn

from msgspec import Struct

from qtemplate.ooxml.cells import CellWriter, Serial, Settled
from qtemplate.ooxml.references import parse_cell
from qtemplate.ooxml.sheet.editor import SheetEditor
from qtemplate.ooxml.sheet.sheet_task import SheetTask
from qtemplate.ooxml.sheet.stream import stream_sheet
from qtemplate.ooxml.styles import Styles

_FIRST_PROBE: Final = 7_000_000_001
"""The first of the numbers by which openings are found; all have as many digits."""


class Opening(Struct, frozen=True):
    """A cell that may be filled in.

    Attributes:
        place: Which of the stencil's pieces it is.
        start: Its start tag up to its address.
        style: Its format.
    """

    place: int
    start: bytes
    style: int | None


class Layout(Struct, frozen=True):
    """A sheet in which certain cells stand open.

    Attributes:
        head, tail: What stands before and behind its rows.
        pieces: The rows, cut before and behind every opening; in its place stands the cell that is there now, if any.
        stretches: How many of the pieces there are up to the end of each stretch that is deflated by itself.
        openings: By address.
        same: Put together, it is the sheet as it is.
    """

    head: bytes
    tail: bytes
    pieces: Sequence[bytes]
    stretches: Sequence[int]
    openings: Mapping[str, Opening]
    same: bool


class Stencil:
    """A small sheet to be filled in many times.

    Args:
        xml: Its bytes.
        name, part: The sheet and its part, for messages.
        cells: Those that will be asked for; where they stand in the sheet, any of them can be filled in by itself. For
            others every set of cells has a layout of its own.

    Raises:
        WorkbookRefused: A cell cannot be written.
    """

    def __init__(self, xml: bytes, name: str, part: str, cells: Iterable[str]) -> None:
        self._xml, self._name, self._part = xml, name, part
        editor = self._editor({})
        head, *rows, tail = stream_sheet([xml], editor, part)
        self._plain = head, b"".join(rows), tail
        self._prefix = tail[2 : tail.index(b"sheetData")]
        self.formulas = editor.has_formula
        there = [each for each in cells if b'<%sc r="%s"' % (self._prefix, each.encode()) in self._plain[1]]
        self._usual = self._layout(dict.fromkeys(there, 0))
        self._others: dict[frozenset[tuple[str, bool]], Layout] = {}

    def filled(
        self, values: Mapping[str, Settled], strings: dict[str, int] | None, styles: Callable[[], Styles]
    ) -> tuple[Sequence[bytes], int]:
        """The sheet with these values in stretches, none where it stays as it is, and how many texts were written.

        Args:
            values: By address; no formulas.
            strings, styles: As for `SheetEditor`.

        Raises:
            WorkbookRefused: A cell cannot be written.
        """
        layout = self._usual
        if not (layout.same and values.keys() <= layout.openings.keys()):
            which = frozenset((address, value is None) for address, value in values.items())
            layout = self._others.get(which) or self._others.setdefault(which, self._layout(values))
        writer, pieces, texts, changed = CellWriter(self._prefix, strings), [*layout.pieces], 0, not layout.same
        openings = ((layout.openings[at], value) for at, value in values.items() if at in layout.openings)
        for opening, value in sorted(openings, key=_place):
            style = styles().dated(opening.style, value.kind) if isinstance(value, Serial) else opening.style
            new = opening.start + writer.rest(style, value)
            if new != pieces[opening.place]:
                pieces[opening.place], changed = new, True
                texts += isinstance(value, str)
        rows = (b"".join(pieces[start:end]) for start, end in pairwise((0, *layout.stretches)))
        return ((layout.head, *rows, layout.tail) if changed else ()), texts

    def _layout(self, values: Mapping[str, Settled]) -> Layout:
        """The sheet with openings where these values are; what is None is emptied."""
        probes = zip(values.items(), count(_FIRST_PROBE), strict=False)
        editor = self._editor({at: None if value is None else probe for (at, value), probe in probes})
        head, *rows, tail = stream_sheet([self._xml], editor, self._part)
        pieces: list[bytes] = []
        stretches: list[int] = []
        openings: dict[str, Opening] = {}
        for stretch in rows:
            self._cut(stretch, pieces, openings)
            stretches.append(len(pieces))
        return Layout(head, tail, pieces, stretches, openings, (head, b"".join(pieces), tail) == self._plain)

    def _cut(self, probed: bytes, pieces: list[bytes], openings: dict[str, Opening]) -> None:
        """Adds the pieces of some rows, every second one the cell of an opening as it stands in the sheet now."""
        p = self._prefix
        end = 0
        for found in _probe(p).finditer(probed):
            at = self._plain[1].find(found[1])
            old = _cell(p).match(self._plain[1], at) if at >= 0 else None
            openings[found[2].decode()] = Opening(len(pieces) + 1, found[1], int(found[3]) if found[3] else None)
            pieces += [probed[end : found.start()], old[0] if old else b""]
            end = found.end()
        pieces.append(probed[end:])

    def _editor(self, values: Mapping[str, Settled]) -> SheetEditor:
        edits: dict[int, dict[int, Settled]] = {}
        for address, value in values.items():
            row, column = parse_cell(address)
            edits.setdefault(row, {})[column] = value
        return SheetEditor(SheetTask(self._name, edits), None, _no_styles, replace_formulas=False, locked_cells=True)


def _place(filled: tuple[Opening, Settled]) -> int:
    return filled[0].place


@lru_cache(maxsize=8)
def _probe(prefix: bytes) -> re.Pattern[bytes]:
    """A cell with a number of ours: its start tag up to the address, the address, and its format."""
    p = re.escape(prefix)
    return re.compile(rb'(<%sc r="([A-Z]+[0-9]+)")(?: s="([0-9]+)")?><%sv>70000[0-9]{5}</%sv></%sc>' % (p, p, p, p))


@lru_cache(maxsize=8)
def _cell(prefix: bytes) -> re.Pattern[bytes]:
    p = re.escape(prefix)
    return re.compile(rb"<%sc [^<>]*(?:/>|(?<!/)>.*?</%sc>)" % (p, p), re.S)


def _no_styles() -> NoReturn:
    raise AssertionError("numbers need no format of their own")
