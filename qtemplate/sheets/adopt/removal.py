"""What of an adopted workbook is ours and would go: columns by their headers, sheets by their names."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from msgspec import Struct

from ...fields import Field
from ...ooxml.adding.column_looks import looks_between
from ...ooxml.markup import set_attribute
from ...ooxml.reading.book import Book
from ...ooxml.references import Area
from ...ooxml.take_out import Cut
from ...register import Register
from ..headers import fold
from ..layout import SHEETS
from ..reading.adopted import columns_of
from ..reading.column_map import TITLES, ColumnMap, Use, read_map
from ..reading.find_register import Header, find_register
from .grid import is_blank


class Removal(Struct, frozen=True):
    """What goes.

    Attributes:
        cuts: Our columns, from right to left; one for all that stand together.
        sheets: Our sheets that are there.
        columns: Headers of our columns that are there.
        gone: Those of the map that are not.
        theirs: Keys of the fields that are columns of the team's.
    """

    cuts: tuple[Cut, ...]
    sheets: tuple[str, ...]
    columns: tuple[str, ...]
    gone: tuple[str, ...]
    theirs: frozenset[str]


def plan_removal(
    book: Book, register: Register, ids: Collection[str], added: Collection[str] | None, former: Book | None, first: int
) -> Removal | None:
    """Finds what is ours.

    Args:
        book: The workbook as it is.
        register: Read from it.
        ids: Ids the program ever gave: a row with one is ours to clear, whatever people did to the rest of it.
        added: Names of the sheets that were added; None = as many of ours as the former workbook had not.
        former: The workbook before it was adopted, for how its columns looked; None where that is lost.
        first: Where the first of our columns came to stand, 0 where nobody knows.

    Returns:
        None where no map says what is ours.

    Raises:
        RegisterUnreadable: The register that the map names has not half of its headers.
    """
    known = read_map(book)
    if known is None:
        return None
    header = find_register(book).header
    ours = {at: column.header for at, column in columns_of(header, known, Use.OURS)}
    here = {fold(name) for name in ours.values()}
    gone = [column.header for column in known.columns if column.use is Use.OURS and fold(column.header) not in here]
    titles = {spec.title(known.language) for spec in SHEETS} | {TITLES[known.language]} if added is None else set(added)
    titles -= set() if former is None or added is not None else set(former.sheet_names)
    titles |= {TITLES[known.language]}
    looks = _former_looks(former, header.sheet, first, sorted(ours)) if former is not None and first else {}
    theirs = frozenset(
        str(column.key) for _, column in columns_of(header, known, Use.THEIRS, Use.HANDED_OVER) if column.key
    )
    cuts = _cuts(book, register, header, known, sorted(ours), ids, looks)
    sheets = tuple(name for name in book.sheet_names if name in titles and name != header.sheet)
    return Removal(tuple(cuts), sheets, tuple(ours[at] for at in sorted(ours)), tuple(gone), theirs)


def _cuts(
    book: Book,
    register: Register,
    header: Header,
    known: ColumnMap,
    columns: Sequence[int],
    ids: Collection[str],
    looks: Mapping[int, bytes],
) -> Iterator[Cut]:
    grid = book.sheet(header.sheet).to_python(skip_empty_area=False)
    id_column = next((at for at, column in columns_of(header, known, Use.OURS) if column.key == Field.ID), 0)
    records, spared = set(register.frame.index.tolist()), set()
    for number, row in enumerate(grid[header.row :], header.row + 1):
        if number in records or (0 < id_column <= len(row) and str(row[id_column - 1]) in ids):
            continue
        if any(not is_blank(row[at - 1]) for at in columns if at <= len(row)):
            spared.add(number)  # totals, another table: nothing of ours is there
    tables = [t.area for t in book.tables(header.sheet) if any(t.area.holds(header.row, at) for at in columns)]
    last = max([len(grid), header.row, *(area.last_row for area in tables)])
    for group in reversed(_together(columns)):
        area = Area(header.row, group[0], last, group[-1])
        names = tuple(header.texts[at] for at in group)
        kept = tuple(looks[at] for at in group if at in looks) if looks else None
        yield Cut(header.sheet, area, frozenset(spared), names, kept)


def _together(columns: Sequence[int]) -> list[list[int]]:
    groups: list[list[int]] = []
    for at in columns:
        if groups and groups[-1][-1] == at - 1:
            groups[-1].append(at)
        else:
            groups.append([at])
    return groups


def _former_looks(former: Book, sheet: str, first: int, columns: Sequence[int]) -> dict[int, bytes]:
    """Column of ours -> the `col` element of the column in whose place it came."""
    if sheet not in former.sheet_parts:
        return {}
    head = former.part(former.sheet_parts[sheet]).partition(b"sheetData")[0] + b"sheetData>"
    found = {}
    for at, place in zip(columns, range(first, first + len(columns)), strict=True):
        for look in looks_between(head, place, place):
            found[at] = set_attribute(set_attribute(look, b"min", str(at)), b"max", str(at))
    return found
