"""Which sheet and row are the register: found by the headers, in whatever order and language they stand.

Knows sheets and fields; converts nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

from msgspec import Struct

from ...errors import RegisterUnreadable
from ...fields import FIELDS, Field
from ...ooxml.package.tables import Table
from ...ooxml.reading.book import Book
from ...plan import Phrase
from ...register import CellRef
from ...texts import make_error
from ..headers import field_of, fold, nearest
from ..layout import BY_KEY, REGISTER_EN, REGISTER_TABLE, REGISTER_ZH, VIEWS
from .column_map import IS_FIELD, ColumnMap, MappedColumn, read_map

LOOK_ROWS = 40
"""Rows from the top in which the header is looked for."""

CORE = (Field.ID, Field.RECEIVED_AT, Field.REPORTER, Field.TITLE, Field.DESCRIPTION, Field.PRODUCT)
"""Headers that tell a register from the other sheets, which share some of its columns."""

FEWEST, FEWEST_CORE = 4, 2


class Header(Struct, frozen=True):
    """The header row of a sheet.

    Attributes:
        row: 1-based worksheet row.
        fields: Field -> 1-based columns it heads (more than one is an error).
        own: Own header -> 1-based columns.
        texts: 1-based column -> header as it stands.
        map: Of an adopted workbook.
    """

    sheet: str
    row: int
    fields: dict[Field, list[int]]
    own: dict[str, list[int]]
    texts: dict[int, str]
    map: ColumnMap | None = None

    @property
    def core(self) -> int:
        return sum(field in self.fields for field in CORE)

    @property
    def fits(self) -> bool:
        return len(self.fields) >= FEWEST and self.core >= FEWEST_CORE

    @property
    def language(self) -> str:
        """Language of most headers, or of the map."""
        if self.map is not None:
            return self.map.language
        chinese = sum(fold(self.texts[at[0]]) == fold(field.zh) for field, at in self.fields.items())
        return "zh" if chinese * 2 >= len(self.fields) else "en"


class Found(Struct, frozen=True):
    """The register's place: its header, the Excel table over it, and other sheets that look like registers."""

    header: Header
    table: Table | None
    others: tuple[str, ...]


def find_register(book: Book) -> Found:
    """Find the register sheet.

    Raises:
        RegisterUnreadable: No sheet has enough of the headers, or a known header stands twice.
    """
    if "register" not in book.known:
        book.known["register"] = look_for_register(book)
    found: Found = book.known["register"]
    return found


def look_for_register(book: Book) -> Found:
    """As `find_register`, without remembering."""
    best = mapped_register(book) or named_register(book)
    others: tuple[str, ...] = ()
    if best is None:
        names = [name for name in book.sheet_names if not is_view(book, name)]
        headers = [header for name in names if (header := header_of(book, name)) is not None]
        fitting = sorted((h for h in headers if h.fits), key=lambda h: (h.core, len(h.fields)), reverse=True)
        if not fitting:
            raise no_register(book, headers)
        best = fitting[0]
        equal = [h for h in fitting[1:] if (h.core, len(h.fields)) == (best.core, len(best.fields))]
        others = tuple(h.sheet for h in equal)
    refuse_twins(book, best)
    tables = [
        table
        for table in book.tables(best.sheet)
        if table.area.first_row == best.row and any(table.area.holds(best.row, at) for at in best.texts)
    ]
    return Found(best, tables[0] if tables else None, others)


def mapped_register(book: Book) -> Header | None:
    """The register of an adopted workbook: the sheet its map names, and the row with most of the map's headers.

    Raises:
        RegisterUnreadable: No row of it has half of them.
    """
    known = read_map(book)
    if known is None:
        return None
    headers = known.by_header()
    best: Header | None = None
    if known.sheet in book.sheet_names and (cells := book.sheet(known.sheet)).start is not None:
        for number, row in enumerate(islice(cells.iter_rows(), cells.start[0] + LOOK_ROWS), 1):
            if 2 * len({fold(cell) for cell in row if isinstance(cell, str)} & headers.keys()) >= len(headers):
                best = header_in(known.sheet, number, cells.start[1], row, known)
                break
    if best is None:
        names = ", ".join(column.header for column in known.columns[:8])
        raise make_error(RegisterUnreadable, "register.map", book=book.name, sheet=known.sheet, names=names)
    return best


def named_register(book: Book) -> Header | None:
    """The sheet that has the register's name or table, if it fits clearly: then the others need not be read."""
    names = [name for name in book.sheet_names if name.strip() in (REGISTER_ZH, REGISTER_EN)]
    if not names:
        names = [n for n in book.sheet_names if any(t.name == REGISTER_TABLE for t in book.tables(n))]
    for name in names:
        header = header_of(book, name)
        if header is not None and header.fits and header.core >= len(CORE) - 1:
            return header
    return None


def is_view(book: Book, sheet: str) -> bool:
    """Whether a sheet is a view: it shows rows of a register under the same headers, and is none."""
    known = [BY_KEY[key] for key in VIEWS]
    tables = {block.table for spec in known for block in spec.blocks}
    return any(sheet.strip() in (spec.zh, spec.en) for spec in known) or any(
        table.name in tables for table in book.tables(sheet)
    )


def header_of(book: Book, sheet: str) -> Header | None:
    """The row of a sheet that looks most like a register's header, or None for an empty sheet."""
    cells = book.sheet(sheet)
    if cells.start is None:
        return None
    offset = cells.start[1]
    best: Header | None = None
    for number, row in enumerate(cells.iter_rows(), 1):
        if number > cells.start[0] + LOOK_ROWS:
            break
        most = sum(isinstance(cell, str) for cell in row)  # no row has more headers than texts
        if best is not None and (min(most, len(CORE)), most) <= (best.core, len(best.fields)):
            continue
        header = header_in(sheet, number, offset, row)
        if header.fields and (best is None or (header.core, len(header.fields)) > (best.core, len(best.fields))):
            best = header
    return best


def header_in(sheet: str, number: int, offset: int, row: Sequence[Any], known: ColumnMap | None = None) -> Header:
    """A row read as headers, through the map of an adopted workbook; cells that are not text head nothing."""
    mapped = known.by_header() if known is not None else {}
    fields: dict[Field, list[int]] = {}
    own: dict[str, list[int]] = {}
    texts: dict[int, str] = {}
    for column, cell in enumerate(row, offset + 1):
        if isinstance(cell, str) and cell.strip():
            texts[column] = cell
            column_known = mapped.get(fold(cell))
            field = field_of(cell) if column_known is None else field_meant(column_known)
            if field is not None:
                fields.setdefault(field, []).append(column)
            else:
                own.setdefault(own_name(cell.strip()), []).append(column)
    return Header(sheet, number, fields, own, texts, known)


def field_meant(column: MappedColumn) -> Field | None:
    """The field that a column of an adopted workbook is; one that is read only is none."""
    return FIELDS[column.key] if column.key is not None and column.use in IS_FIELD else None


def own_name(header: str) -> str:
    """What a column of theirs is called; one that bears the key of a field must not be taken for it."""
    return f"{header} *" if header in FIELDS else header


def refuse_twins(book: Book, header: Header) -> None:
    """Refuse two columns that head the same field: which one counts cannot be guessed."""
    for columns in header.fields.values():
        if len(columns) > 1:
            first, second = (CellRef(header.sheet, header.row, at) for at in columns[:2])
            names = dict.fromkeys(header.texts[at].strip() for at in columns[:2])
            raise make_error(
                RegisterUnreadable,
                "register.twins",
                book=book.name,
                names=" = ".join(names),
                first=first,
                second=second.address,
            )


def no_register(book: Book, headers: Sequence[Header]) -> RegisterUnreadable:
    """The error for a workbook without a register; names the sheet that comes nearest."""
    asked = "、".join(field.zh for field in CORE) + " / " + ", ".join(field.en for field in CORE)
    near = max(headers, key=lambda h: (h.core, len(h.fields)), default=None)
    if near is not None:
        nearest_sheet = Phrase.of("register.nearest", sheet=near.sheet, row=near.row, count=len(near.fields))
    elif similar := [name for name in book.sheet_names if nearest(name, (REGISTER_ZH, REGISTER_EN))]:
        nearest_sheet = Phrase.of("register.similar", sheet=similar[0])
    else:
        nearest_sheet = Phrase("register.nowhere")
    return make_error(RegisterUnreadable, "register.none", book=book.name, asked=asked, nearest=nearest_sheet)
