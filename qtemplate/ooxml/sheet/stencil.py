"""A sheet with openings: cells that can be filled in by putting other bytes in their place.

The editor itself shows where they stand. It writes a number of its own into each of them; only if its sheet is the old
one again, byte for byte, once the old cells are put back, do other values change no more than those cells either.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count
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


class Stencil(Struct, frozen=True):
    """A sheet with openings.

    Attributes:
        name, part: The sheet's, for messages.
        xml: Its bytes.
        head, tail: What stands before and behind its rows.
        prefix: Of its elements.
        pieces: The rows, cut before and behind every opening.
        openings: By address; none where more than the bytes of cells would change.
        formulas: Whether it holds any.
    """

    name: str
    part: str
    xml: bytes
    head: bytes
    tail: bytes
    prefix: bytes
    pieces: Sequence[bytes]
    openings: Mapping[str, Opening]
    formulas: bool

    def filled(
        self, values: Mapping[str, Settled], strings: dict[str, int] | None, styles: Callable[[], Styles]
    ) -> tuple[Sequence[bytes], int]:
        """The sheet with these values in stretches, none where it stays as it is, and how many texts were written.

        Args:
            values: By address; what goes where no opening is takes the editor's way. Ordinary values, no formulas.
            strings, styles: As for `SheetEditor`.

        Raises:
            WorkbookRefused: A cell cannot be written.
        """
        if not values.keys() <= self.openings.keys():
            editor = _editor(self.name, values, strings, styles)
            stretches = list(stream_sheet([self.xml], editor, self.part))
            return (stretches if editor.changed else ()), editor.texts_written
        writer, pieces, texts, changed = CellWriter(self.prefix, strings), [*self.pieces], 0, False
        for opening, value in sorted(((self.openings[at], value) for at, value in values.items()), key=_place):
            style = styles().dated(opening.style, value.kind) if isinstance(value, Serial) else opening.style
            new = opening.start + writer.rest(style, value)
            if new != pieces[opening.place]:
                pieces[opening.place], changed = new, True
                texts += isinstance(value, str)
        return ((self.head, b"".join(pieces), self.tail) if changed else ()), texts


def _place(filled: tuple[Opening, Settled]) -> int:
    return filled[0].place


def cut_stencil(xml: bytes, name: str, part: str, cells: Iterable[str]) -> Stencil:
    """The sheet with openings for these cells, as far as they stand in it.

    Raises:
        WorkbookRefused: One of them cannot be written.
    """
    plain = _editor(name, {}, None, _no_styles)
    stretches = list(stream_sheet([xml], plain, part))
    head, rows, tail = stretches[0], b"".join(stretches[1:-1]), stretches[-1]
    prefix = tail[2 : tail.index(b"sheetData")]
    probes = (address for address in sorted(cells) if b'<%sc r="%s"' % (prefix, address.encode()) in rows)
    prober = _editor(name, dict(zip(probes, count(_FIRST_PROBE), strict=False)), None, _no_styles)
    probed = list(stream_sheet([xml], prober, part))
    cut = _cut(rows, b"".join(probed[1:-1]), prefix) if (probed[0], probed[-1]) == (head, tail) else None
    return Stencil(name, part, xml, head, tail, prefix, *(cut or ([], {})), plain.has_formula)


def _editor(
    name: str, values: Mapping[str, Settled], strings: dict[str, int] | None, styles: Callable[[], Styles]
) -> SheetEditor:
    edits: dict[int, dict[int, Settled]] = {}
    for address, value in values.items():
        row, column = parse_cell(address)
        edits.setdefault(row, {})[column] = value
    return SheetEditor(SheetTask(name, edits), strings, styles, replace_formulas=False, locked_cells=True)


def _cut(rows: bytes, probed: bytes, prefix: bytes) -> tuple[list[bytes], dict[str, Opening]] | None:
    """The rows in pieces, every second one the cell of an opening; None if the probes are not all that differs."""
    p = re.escape(prefix)
    probe = re.compile(rb'(<%sc r="([A-Z]+[0-9]+)")(?: s="([0-9]+)")?><%sv>70000[0-9]{5}</%sv></%sc>' % (p, p, p, p))
    cell = re.compile(rb"<%sc [^<>]*(?:/>|(?<!/)>.*?</%sc>)" % (p, p), re.S)
    pieces: list[bytes] = []
    openings: dict[str, Opening] = {}
    at = seen = 0
    for found in probe.finditer(probed):
        between = probed[seen : found.start()]
        old = cell.match(rows, at + len(between))
        if old is None or not rows.startswith(between, at):
            return None
        openings[found[2].decode()] = Opening(len(pieces) + 1, found[1], int(found[3]) if found[3] else None)
        pieces += [between, old[0]]
        at, seen = old.end(), found.end()
    return ([*pieces, rows[at:]], openings) if rows[at:] == probed[seen:] else None


def _no_styles() -> NoReturn:
    raise AssertionError("numbers need no format of their own")
