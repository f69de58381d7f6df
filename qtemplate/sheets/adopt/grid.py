"""The upper part of a sheet as rows of cells, with what is merged. Knows the workbook reader, nothing of fields."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from msgspec import Struct

from ...ooxml.reading.book import Book
from ..reading.cell_values import shown

LOOK_ROWS = 40
"""Rows from the top in which the header is looked for."""

SAMPLE_ROWS = 300
"""Rows below it that are looked at; more tell nothing new about what a column holds."""

MOST_COLUMNS = 200


class Grid(Struct, frozen=True):
    """The first rows of a sheet.

    Attributes:
        rows: From worksheet row 1; a row is as wide as the sheet, from column `left`.
        left: 1-based worksheet column of the first cell of a row.
        across: (row, first column) -> last column of cells merged over several columns, all 1-based.
        tall: (row, column), 1-based, of cells merged over several rows.
    """

    sheet: str
    rows: Sequence[Sequence[Any]]
    left: int
    across: dict[tuple[int, int], int]
    tall: frozenset[tuple[int, int]]

    def row(self, number: int) -> Sequence[Any]:
        """A worksheet row; empty below the end."""
        return self.rows[number - 1] if 0 < number <= len(self.rows) else ()

    def texts(self, number: int) -> dict[int, str]:
        """1-based column -> text of the cells of a row that hold text."""
        return {
            column: cell
            for column, cell in enumerate(self.row(number), self.left)
            if isinstance(cell, str) and cell.strip()
        }

    def filled(self, number: int) -> int:
        return sum(not is_blank(cell) for cell in self.row(number))


def read_grid(book: Book, sheet: str) -> Grid | None:
    """The upper part of a sheet, None for an empty one."""
    cells = book.sheet(sheet)
    if cells.start is None:
        return None
    top = cells.start[0]
    rows = [list(row[:MOST_COLUMNS]) for row in islice(cells.iter_rows(), top + LOOK_ROWS + SAMPLE_ROWS)]
    across: dict[tuple[int, int], int] = {}
    tall: set[tuple[int, int]] = set()
    for (row, column), (last_row, last_column) in book.merged(sheet):
        if last_column > column:
            across[row + 1, column + 1] = last_column + 1
        if last_row > row:
            places = range(column + 1, min(last_column, column + MOST_COLUMNS) + 2)
            tall |= {(at, place) for at in range(row + 1, min(last_row, row + LOOK_ROWS) + 2) for place in places}
    return Grid(sheet, rows, cells.start[1] + 1, across, frozenset(tall))


def rows_below(book: Book, sheet: str, first: int) -> Iterator[Sequence[Any]]:
    """All rows of a sheet from a worksheet row on."""
    return islice(book.sheet(sheet).iter_rows(), first - 1, None)


def is_blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def text_of(cell: Any) -> str:
    """The cell as it is shown, on one line."""
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    return " ".join(shown(cell).split())
