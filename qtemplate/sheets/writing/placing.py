"""Where rows and cells of the sheets other than the register are written: 沟通记录, 暂停记录 and the like.

Knows the layout and an opened book; decides nothing. A block is found by its headers, in either language.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...choices import ContactWay
from ...ooxml.reading.book import Book
from ...ooxml.references import column_name
from ...plan import NewRow, SheetCell
from ...register import Register, cell_value, is_missing
from ...rules.around.conflict_copies import REGISTER
from ..headers import fold
from ..layout import BY_KEY, WORDS, Block, SheetSpec, Writer, word
from ..rulebook.blocks import RuleSheets

MOST_LINES_ABOVE = 30


@dataclass(frozen=True, slots=True)
class Placement:
    """A block in a book: sheet name, header row, column key -> column number, key -> header text, its data rows.

    `table` is the name of the Excel table with these headers, whatever people call it; empty if there is none.
    """

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
    for name in _named(book, spec):
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
                left = min(found.values())
                tables = [
                    table.name
                    for table in book.tables(name)
                    if table.area.first_row == number and table.area.holds(number, left)
                ]
                return Placement(name, number, found, headers, tables[0] if tables else "", data)
    return None


def _named(book: Book, spec: SheetSpec) -> list[str]:
    """Where a sheet may be; a log that people renamed is where the reader finds it, lest its rows be lost."""
    if spec.writer is Writer.BOTH:
        found = RuleSheets(book, "zh").name_of(spec)
        return [] if found is None else [found]
    names = {fold(spec.zh), fold(spec.en)}
    return [name for name in book.sheet_names if fold(name) in names]


@dataclass(slots=True)
class Placed:
    """Rows and cells in their places.

    Attributes:
        logs: The sheets that get rows or cells, by layout key.
        edits: Values by sheet name and address.
        appends: Rows by table.
        homeless: Rows whose sheet is absent.
        tableless: Layout keys of the sheets that cannot get rows because their table is gone.
    """

    logs: dict[str, Placement] = field(default_factory=dict)
    edits: dict[str, dict[str, Any]] = field(default_factory=dict)
    appends: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    homeless: list[NewRow] = field(default_factory=list)
    tableless: dict[str, None] = field(default_factory=dict)


def shown(value: Any, language: str) -> Any:
    """A value of a log row as its cell shows it: words and ways as labels."""
    if isinstance(value, str) and value in WORDS:
        return word(value, language)
    return next((way.label(language) for way in ContactWay if way == value), value)


def place_rows(book: Book, rows: Iterable[NewRow], cells: Iterable[SheetCell], register: Register) -> Placed:
    """Finds the place of every row and cell; rows of the register itself hold frame values or what a person typed."""
    placed, language = Placed(), register.language
    placements: dict[str, Placement | None] = {}
    filled: set[str] = set()

    def place_of(key: str) -> Placement | None:
        if key not in placements:
            placements[key] = place_block(book, key)
        place = placements[key]
        if place is not None:
            placed.logs[key] = place
        return place

    for row in rows:
        if row.sheet == REGISTER:
            line = {register.headers[key]: cell_value(key, value, language) for key, value in row.values.items()}
            placed.appends.setdefault(register.table, []).append(line)
            continue
        place = place_of(row.sheet)
        if place is None:
            placed.homeless.append(row)
            continue
        values = {key: shown(value, language) for key, value in row.values.items() if key in place.columns}
        if place.blank_row is not None and place.sheet not in filled:
            filled.add(place.sheet)
            for key, value in values.items():
                address = f"{column_name(place.columns[key])}{place.blank_row}"
                placed.edits.setdefault(place.sheet, {})[address] = value
        elif place.table:
            line = {place.headers[key]: value for key, value in values.items()}
            placed.appends.setdefault(place.table, []).append(line)
        else:
            placed.tableless[row.sheet] = None
    for cell in cells:
        place = place_of(cell.sheet)
        if place is not None and cell.column in place.columns:
            address = f"{column_name(place.columns[cell.column])}{cell.row}"
            placed.edits.setdefault(place.sheet, {})[address] = shown(cell.after, language)
    return placed
