"""Where rows and cells of the sheets other than the register are written: 沟通记录, 暂停记录 and the like.

Knows the layout and an opened book; decides nothing. A block is found by its headers, in either language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..choices import ContactWay
from ..plan import NewRow, SheetCell
from ..register import column_letters, is_missing
from .book import Book
from .headers import fold
from .layout import BY_KEY, WORDS, Block, word

MOST_LINES_ABOVE = 30


@dataclass(frozen=True, slots=True)
class Placement:
    """A block in a book: sheet name, header row, column key -> column number, key -> header text, its data rows."""

    sheet: str
    header_row: int
    columns: Mapping[str, int]
    headers: Mapping[str, str]
    table: str
    rows: tuple[tuple[int, tuple[Any, ...]], ...]

    @property
    def blank_row(self) -> int | None:
        """The first row when the block holds nothing at all yet: it is filled before any row is appended."""
        return self.header_row + 1 if not self.rows else None


def place_block(book: Book, key: str) -> Placement | None:
    """Finds the first block of a sheet; None when the sheet or too many of its headers are absent."""
    spec = BY_KEY[key]
    block: Block = spec.blocks[0]
    wanted = {fold(name): column.key for column in block.columns for name in (column.key, column.zh, column.en)}
    names = {fold(spec.zh), fold(spec.en)}
    for name in book.sheet_names:
        if fold(name) not in names:
            continue
        cells = book.sheet(name).to_python(skip_empty_area=False)
        for number, row in enumerate(cells[:MOST_LINES_ABOVE], start=1):
            found = {
                wanted[fold(cell)]: at
                for at, cell in enumerate(row, start=1)
                if isinstance(cell, str) and fold(cell) in wanted
            }
            if len(found) >= max(2, len(block.columns) - 1):
                headers = {column: str(row[at - 1]) for column, at in found.items()}
                data = tuple(
                    (at, tuple(line))
                    for at, line in enumerate(cells[number:], start=number + 1)
                    if any(not is_missing(line[column - 1]) for column in found.values())
                )
                return Placement(name, number, found, headers, block.table, data)
    return None


def shown(value: Any, language: str) -> Any:
    """A value of a log row as its cell shows it: words and ways as labels."""
    if isinstance(value, str) and value in WORDS:
        return word(value, language)
    return next((way.label(language) for way in ContactWay if way == value), value)


def place_rows(
    book: Book, rows: Iterable[NewRow], cells: Iterable[SheetCell], language: str
) -> tuple[dict[str, dict[str, Any]], dict[str, list[dict[str, Any]]], list[NewRow]]:
    """Edits by sheet and address, appends by table, and the rows that found no place."""
    edits: dict[str, dict[str, Any]] = {}
    appends: dict[str, list[dict[str, Any]]] = {}
    homeless: list[NewRow] = []
    placements: dict[str, Placement | None] = {}
    filled: set[str] = set()
    for row in rows:
        if row.sheet not in placements:
            placements[row.sheet] = place_block(book, row.sheet)
        place = placements[row.sheet]
        if place is None:
            homeless.append(row)
            continue
        values = {key: shown(value, language) for key, value in row.values.items() if key in place.columns}
        if place.blank_row is not None and place.sheet not in filled:
            filled.add(place.sheet)
            for key, value in values.items():
                edits.setdefault(place.sheet, {})[f"{column_letters(place.columns[key])}{place.blank_row}"] = value
        else:
            appends.setdefault(place.table, []).append({place.headers[key]: value for key, value in values.items()})
    for cell in cells:
        place = placements.get(cell.sheet) or place_block(book, cell.sheet)
        if place is not None and cell.column in place.columns:
            address = f"{column_letters(place.columns[cell.column])}{cell.row}"
            edits.setdefault(place.sheet, {})[address] = shown(cell.after, language)
    return edits, appends, homeless
