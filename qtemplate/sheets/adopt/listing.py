"""The people's columns of an adopted workbook as they stand there, cell by cell; nothing is converted."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ...ooxml.reading.book import Book
from ...rules.incoming.mirrored import Listing
from ..headers import fold
from ..reading.adopted import PEOPLES, records_only
from ..reading.column_map import ColumnMap, Use
from ..reading.columns import stream_cells
from ..reading.find_register import Header, field_meant, find_register, own_name


def theirs_only(known: ColumnMap) -> ColumnMap:
    """The map without our columns, as the team's own workbook has it."""
    columns = tuple(column for column in known.columns if column.use is not Use.OURS)
    return ColumnMap(known.sheet, known.language, columns, known.below)


def columns_of_people(header: Header, known: ColumnMap) -> dict[int, str]:
    """Worksheet column -> what it is called in the register; of two with one header the first."""
    mapped, found = known.by_header(), dict[int, str]()
    for at, text in header.texts.items():
        column = mapped.get(fold(text))
        if column is None or column.use not in PEOPLES:
            continue
        field = field_meant(column)
        key = own_name(text.strip()) if field is None else field.value
        if key not in found.values():
            found[at] = key
    return found


def read_listing(book: Book, known: ColumnMap, name: str) -> Listing:
    """The rows of a register that a map describes.

    Args:
        book: The workbook.
        known: Its map; the workbook need not hold it.
        name: What the workbook is called where it is spoken of.

    Raises:
        RegisterUnreadable: The sheet of the map is not there, or no row of it has half of its headers.
    """
    book.known["column map"] = known
    found = find_register(book)
    header, table = found.header, found.table
    columns = columns_of_people(header, known)
    wanted = [at for at, text in header.texts.items() if fold(text) in known.by_header()]
    last = table.last_data_row + 1 if table is not None else None
    cells = records_only(stream_cells(book.sheet(header.sheet), header.row, wanted, last), header, known)
    rows = {row: tuple(plain_cell(cells.columns[at][place]) for at in columns) for place, row in enumerate(cells.rows)}
    return Listing(name, header.sheet, tuple(columns.values()), rows)


def plain_cell(cell: Any) -> Any:
    """A cell as it can be written again: whole numbers as such, a span of time as text, nothing as None."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return int(cell)
    if isinstance(cell, dt.timedelta):
        return str(cell)
    return None if cell == "" else cell


def headers_of(book: Book, listing: Listing) -> tuple[str, ...]:
    """The headers of a listing's columns, as they are written in the workbook it was read from."""
    header, known = find_register(book).header, book.known["column map"]
    keys = columns_of_people(header, known)
    texts = {key: header.texts[at].strip() for at, key in keys.items()}
    return tuple(texts[key] for key in listing.keys)
