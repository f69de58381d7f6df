"""The narrow pass over a sheet's XML: what calamine hides, and how far the sheet reaches.

Works on bytes and looks only at row ends, error cells and asked-for cells; parsing 100,000 x 90 cells with an XML
parser would cost more than reading them. Knows nothing of fields.
Source: ECMA-376 part 1, 18.3.1.4 (c), 18.3.1.73 (row), 18.18.11 (cell types).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

from ..register import column_letters
from .workbook_parts import split_reference

Pieces = Callable[[], Iterator[tuple[int, bytes]]]

REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,3}[0-9]{1,7}|[0-9]{1,7})["']""")
STYLE = re.compile(rb"""\ss\s*=\s*["']([0-9]{1,6})["']""")
IS_ERROR = re.compile(rb"""\st\s*=\s*["']e["']""")
VALUE = re.compile(rb"<(?:\w+:)?v[^>]*>([^<]*)<")
ROOT = re.compile(rb"<(?:(\w+):)?worksheet[\s>]")


@dataclass(frozen=True, slots=True)
class Scan:
    """What the pass found.

    Attributes:
        errors: (row, column, text such as `#N/A`) of cells that hold an error, in sheet order.
        rows, columns: Extent of the cells, 1-based; 0 for an empty sheet.
        first_row: First row that has a cell.
    """

    errors: list[tuple[int, int, str]]
    first_row: int
    rows: int
    columns: int
    pieces: Pieces = field(repr=False)

    @property
    def area(self) -> int:
        """Cells of the rectangle that a reader has to keep."""
        return self.columns * max(self.rows - self.first_row + 1, self.rows if self.rows < self.first_row else 0)

    @property
    def last_cell(self) -> str:
        """Address of the lower right corner."""
        return f"{column_letters(self.columns)}{self.rows}"

    def styles(self, cells: Collection[tuple[int, int]]) -> dict[tuple[int, int], int]:
        """The style index of each asked cell, (row, column) -> `s`; cells without one are absent."""
        wanted: dict[int, set[int]] = {}
        for row, column in cells:
            wanted.setdefault(row, set()).add(column)
        found: dict[tuple[int, int], int] = {}
        if not wanted:
            return found
        last = max(wanted)
        for number, _, start, row in rows_of(self.pieces()):
            if number in wanted:
                columns = wanted[number]
                for column, tag, _ in cells_of(row, start):
                    if column in columns and (style := STYLE.search(tag)):
                        found[number, column] = int(style[1])
            if number >= last:
                break
        return found


def scan_sheet(pieces: Pieces) -> Scan:
    """Go once over a sheet's XML.

    Args:
        pieces: Gives the unpacked part from its beginning, as (offset, bytes).
    """
    errors: list[tuple[int, int, str]] = []
    first = last = columns = 0
    for number, column, start, row in rows_of(pieces()):
        if column:
            first, last = first or number, number
            columns = max(columns, column)
            if b't="e"' in row or b"t='e'" in row:
                errors += [
                    (number, at, error_text(row, end)) for at, tag, end in cells_of(row, start) if IS_ERROR.search(tag)
                ]
    return Scan(errors, first, last, columns, pieces)


def rows_of(pieces: Iterator[tuple[int, bytes]]) -> Iterator[tuple[int, int, bytes, bytes]]:
    """The rows of a sheet in document order, as (row, last column, what a cell starts with, bytes up to the row's end).

    The bytes of the first row also hold what stands before it. Rows and cells without `r` are counted.
    """
    rest = b""
    number = 0
    opening = ending = start = b""
    for _, piece in pieces:
        piece = rest + piece
        if not start:
            root = ROOT.search(piece)
            if root is None:
                rest = piece
                continue
            prefix = root[1] + b":" if root[1] else b""
            opening, ending, start = b"<" + prefix + b"row", b"</" + prefix + b"row>", b"<" + prefix + b"c"
        *rows, rest = piece.split(ending)
        for row in rows:
            begin = row.rfind(opening)
            last = row.rfind(start + b" ", begin)
            reference = REFERENCE.match(row, last + len(start)) if last >= 0 else None
            where = split_reference(reference[1].decode()) if reference else None
            if where:
                number, column = where
            else:
                column = 0
                number = row_number(row, begin, opening, number)
                for column, _, _ in cells_of(row, start):
                    pass
            yield number, column, start, row


def row_number(row: bytes, begin: int, opening: bytes, before: int) -> int:
    """The `r` of a row's tag, else one more than the row before it."""
    tag = row[begin + len(opening) : row.find(b">", begin)]
    reference = REFERENCE.search(tag)
    return int(reference[1]) if reference and reference[1].isdigit() else before + 1


def cells_of(row: bytes, start: bytes) -> Iterator[tuple[int, bytes, int]]:
    """The cells of a row, as (column, attributes of the tag, where the tag ends)."""
    column = 0
    at = row.find(start)
    while at >= 0:
        after = at + len(start)
        end = row.find(b">", after)
        if end < 0:
            return
        if row[after : after + 1] in b" \t\r\n/>":
            tag = row[after:end]
            reference = REFERENCE.search(tag)
            where = split_reference(reference[1].decode()) if reference else None
            column = where[1] if where else column + 1
            yield column, tag, end + 1
        at = row.find(start, end)


def error_text(row: bytes, after: int) -> str:
    """The value of an error cell whose tag ends at `after`."""
    value = VALUE.search(row, after)
    return value[1].decode("utf-8", "replace").strip() if value else "#ERROR!"
