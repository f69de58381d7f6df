"""Many lists become one register: monthly files, sheets by month, exports. What is there already is not added twice.

Rows are known again by the team's own number, without one by all that they say. Nothing is guessed: a row that says
something else than the one with its number is left to a person, and so is a list whose headers do not fit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from ...ooxml.reading.book import Book
from ...plan import Phrase as P
from ...rules.incoming.mirrored import number_text
from ..headers import fold
from ..reading.cell_values import shown
from ..reading.column_map import Use, read_map
from ..reading.find_register import find_register
from ..reading.text_dates import date_in_text
from .grid import rows_below
from .header_row import Reader, rows_of_table
from .listing import columns_of_people, plain_cell, read_listing
from .look import SheetLook, look_at_sheets
from .proposal import OWN_NUMBER, Confidence
from .vocabulary import OwnWords, read_vocabulary

LONGEST_DATE = 24
"""Characters of a text that may be a date."""


class ListPart(Struct, frozen=True):
    """One list: a sheet of a file.

    Attributes:
        file: Its name.
        header_row: Worksheet row.
        columns: Header -> 1-based worksheet column.
        rows: Worksheet row -> cells, as many as columns.
        number: Header of the team's own number; "" where there is none for sure.
        table: Name of the Excel table over it, "" for none.
    """

    file: str
    sheet: str
    header_row: int
    columns: Mapping[str, int]
    rows: Mapping[int, Sequence[Any]]
    number: str = ""
    table: str = ""


class Difference(Struct, frozen=True):
    """A row that is there already and says something else."""

    number: str
    file: str
    sheet: str
    row: int
    header: str
    here: Any
    there: Any


class Taken(Struct):
    """What became of a list: rows that are new, that are there already, that differ; or why none was taken."""

    part: ListPart
    new: int = 0
    same: int = 0
    differing: int = 0
    aside: P | None = None


class Growth(Struct):
    """What the register gets.

    Attributes:
        headers: Of the register.
        number: Header of the team's own number, "" for none.
        rows: To be added, as wide as the headers.
    """

    headers: list[str]
    number: str
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)


def parts_of(book: Book, file: str, own_words: OwnWords = ()) -> tuple[list[ListPart], P]:
    """The lists of a workbook: its register, and the other sheets with most of its headers; else why there is none."""
    known = read_map(book)
    if known is not None:
        return [_adopted(book, file)], P("adopt.none.no_header")
    looks = look_at_sheets(book, own_words)
    registers = [look for look in looks if look.reason is None]
    if not registers:
        reasons = (look.reason for look in sorted(looks, key=lambda look: -look.worth))
        return [], next((reason for reason in reasons if reason is not None), P("adopt.none.no_header"))
    main = max(registers, key=lambda look: look.worth)
    reader = Reader(read_vocabulary(own_words))
    headers = _folded(main.header.headers.values())
    found = [look for look in looks if 2 * len(headers & _folded(look.header.headers.values())) > len(headers)]
    return [_part(book, file, look, reader) for look in found], P("adopt.none.no_header")


def _adopted(book: Book, file: str) -> ListPart:
    """The people's columns of a workbook that was adopted."""
    known = read_map(book)
    assert known is not None
    listing, found = read_listing(book, known, file), find_register(book)
    columns = {found.header.texts[at].strip(): at for at in columns_of_people(found.header, known)}
    number = next((c.header for c in known.columns if c.key == OWN_NUMBER and c.use is Use.THEIRS), "")
    table = found.table.name if found.table is not None else ""
    return ListPart(file, listing.sheet, found.header.row, columns, listing.rows, number, table)


def _part(book: Book, file: str, look: SheetLook, reader: Reader) -> ListPart:
    header, numbers = look.header, list[int]()
    columns: dict[str, int] = {}
    for column, text in header.headers.items():
        if fold(text) not in _folded(columns):
            columns[text.strip()] = column

    def counted() -> Iterator[Sequence[Any]]:
        for number, row in enumerate(rows_below(book, header.sheet, header.first_data), header.first_data):
            numbers.append(number)
            yield row

    cells = rows_of_table(counted(), list(columns.values()), look.grid.left, reader)
    rows: dict[int, Sequence[Any]] = {}
    for row in cells:
        rows[numbers[-1]] = tuple(map(plain_cell, row))
    own = [each for each in look.columns if each.field == OWN_NUMBER and each.confidence is not Confidence.NONE]
    number = own[0].header.strip() if len(own) == 1 else ""
    table = next((each.name for each in book.tables(header.sheet) if each.area.first_row == header.row), "")
    return ListPart(file, header.sheet, header.row, columns, rows, number if number in columns else "", table)


def _folded(headers: Any) -> set[str]:
    return {fold(text) for text in headers}


def grow(base: ListPart | None, parts: Sequence[ListPart]) -> Growth:
    """What a register gets of lists.

    Args:
        base: The register that is there; None makes one with the headers of all that fit the first list.
        parts: The lists, in the order in which they are taken.
    """
    fitting = parts
    if base is None:
        fitting = [part for part in parts if _fits(part, parts[0])]
        headers = list(dict.fromkeys(header for part in fitting for header in _like(part, fitting)))
    else:
        headers = list(base.columns)
    number = (base or parts[0]).number
    made, known = Growth(headers, number), _Known(headers, number)
    for row in () if base is None else base.rows.values():
        known.add(_laid(base, row, headers))
    for part in parts:
        strange = [text for text in part.columns if fold(text) not in _folded(headers)]
        taken = Taken(part)
        made.taken.append(taken)
        if strange or part not in fitting:
            taken.aside = P.of("adopt.grow.strange", headers=tuple(strange))
            continue
        for at, row in part.rows.items():
            cells = _laid(part, row, headers)
            there = known.like(cells)
            if there is None:
                known.add(cells)
                made.rows.append(cells)
                taken.new += 1
                continue
            differs = [
                Difference(known.number_of(cells), part.file, part.sheet, at, header, there[place], cells[place])
                for place, header in enumerate(headers)
                if _meant(there[place]) != _meant(cells[place]) and cells[place] is not None
            ]
            made.differences += differs
            taken.differing += bool(differs)
            taken.same += not differs
    return made


def _fits(part: ListPart, first: ListPart) -> bool:
    headers = _folded(first.columns)
    return 2 * len(headers & _folded(part.columns)) > len(headers)


def _like(part: ListPart, parts: Sequence[ListPart]) -> Iterator[str]:
    """Headers of a list as the first list that has them spells them."""
    spelt = {fold(text): text for each in reversed(parts) for text in each.columns}
    return (spelt[fold(text)] for text in part.columns)


def _laid(part: ListPart | None, row: Sequence[Any], headers: Sequence[str]) -> tuple[Any, ...]:
    """The cells of a row in the order of the register."""
    assert part is not None
    cells = {fold(text): cell for text, cell in zip(part.columns, row, strict=True)}
    return tuple(cells.get(fold(header)) for header in headers)


class _Known:
    """The rows that are there, by their number, or by what they say."""

    def __init__(self, headers: Sequence[str], number: str) -> None:
        self._at = next((at for at, text in enumerate(headers) if number and fold(text) == fold(number)), None)
        self._rows: dict[Any, tuple[Any, ...]] = {}

    def number_of(self, cells: Sequence[Any]) -> str:
        return "" if self._at is None else number_text(cells[self._at])

    def like(self, cells: tuple[Any, ...]) -> tuple[Any, ...] | None:
        return self._rows.get(self._key(cells))

    def add(self, cells: tuple[Any, ...]) -> None:
        self._rows.setdefault(self._key(cells), cells)

    def _key(self, cells: Sequence[Any]) -> Any:
        return self.number_of(cells) or tuple(map(_meant, cells))


def _meant(cell: Any) -> str:
    """What a cell says, however it is written: 12 and "12", a date and its text are one."""
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        cell = cell.date()
    if isinstance(cell, str):
        text = " ".join(cell.split())
        moment = date_in_text(text) if text[:1].isdigit() and len(text) <= LONGEST_DATE else None
        return text if moment is None else _meant(moment)
    return "" if cell is None else cell.isoformat() if isinstance(cell, dt.date) else " ".join(shown(cell).split())
