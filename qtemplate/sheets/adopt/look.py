"""From a file to a proposal: every sheet is looked at, the one that is most of a register is proposed. Only reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from python_calamine import SheetVisibleEnum

from ...errors import RegisterUnreadable
from ...ooxml.reading.book import Book, open_book
from ...ooxml.references import column_number
from ...plan import Phrase as P
from ...texts import quote
from .grid import Grid, is_blank, read_grid, rows_below
from .header_row import HeaderRow, Reader, find_header, rows_of_table
from .match import match_columns
from .meanings import Meanings, count_values, has_closed_set, propose_values, read_meanings
from .proposal import ColumnProposal, Confidence, Proposal, Verdict, is_programs
from .verdict import judge, worth_of
from .vocabulary import OwnWords, read_vocabulary

OTHER_FORMATS = frozenset((".xls", ".et", ".ods", ".csv", ".tsv", ".txt", ".xlsb", ".ett", ".fods", ".numbers"))
"""What office programs open and save as .xlsx."""

ROWS_COUNT, SHEETS_LATER = 0.05, 0.15
"""What a row (of the first twenty) speaks for a sheet, and a place further right against it."""


class SheetLook(Struct, frozen=True):
    """A sheet that has a header."""

    grid: Grid
    header: HeaderRow
    columns: tuple[ColumnProposal, ...]
    reason: P | None
    worth: float


def look_at_book(path: Path, own_words: OwnWords = ()) -> Proposal:
    """What a workbook of a team's own is, and what its columns and values mean.

    Args:
        path: The workbook.
        own_words: Files with the team's own words for headers and values.

    Raises:
        RegisterUnreadable: There is no such file.
        RegisterLocked: On Windows, another program forbids reading.
        ConfigError: The file of words cannot be used.
    """
    reader, meanings = Reader(read_vocabulary(own_words)), read_meanings(own_words)
    if not path.is_file():
        open_book(path)  # says what is wrong
    try:
        book = open_book(path)
        best, reason = _best_sheet(book, reader, meanings)
        if best is None:
            return Proposal(str(path), Verdict.NONE, reason, sha256=book.sha256)
        return _propose(book, str(path), best, reader, meanings)
    except RegisterUnreadable as error:
        if path.suffix.lower() in OTHER_FORMATS:
            reason = P.of("adopt.none.format", suffix=path.suffix.lower())
        else:
            reason = P.of("adopt.none.unreadable", problem=quote(error))
        return Proposal(str(path), Verdict.NONE, reason)


def _best_sheet(book: Book, reader: Reader, meanings: Meanings) -> tuple[SheetLook | None, P]:
    """The sheet that is most of a register, else why the likeliest one is none."""
    best: SheetLook | None = None
    nearest: SheetLook | None = None
    for place, name in enumerate(_shown_sheets(book)):
        seen = _look_at_sheet(book, name, place, reader, meanings)
        if seen is not None and seen.reason is None and (best is None or seen.worth > best.worth):
            if best is not None:
                book.release(best.grid.sheet)
            best = seen
            continue
        book.release(name)
        if seen is not None and (nearest is None or seen.worth > nearest.worth):
            nearest = seen
    if best is not None:
        return best, P.of("adopt.register", sheet=best.grid.sheet, row=best.header.row)
    if nearest is None or nearest.reason is None:
        return None, P("adopt.none.no_header")
    return None, nearest.reason


def _shown_sheets(book: Book) -> list[str]:
    """Sheets that people see; all of them where none is shown."""
    shown = {sheet.name for sheet in book.calamine.sheets_metadata if sheet.visible is SheetVisibleEnum.Visible}
    return [name for name in book.sheet_names if name in shown] or book.sheet_names


def _look_at_sheet(book: Book, name: str, place: int, reader: Reader, meanings: Meanings) -> SheetLook | None:
    try:
        grid = read_grid(book, name)
    except RegisterUnreadable:  # another sheet may be the register
        return None
    header = find_header(grid, reader) if grid is not None else None
    if grid is None or header is None:
        return None
    rows = list(_table(grid.rows[header.first_data - 1 :], grid, header, reader))
    columns = match_columns(header, rows, reader, meanings.words)
    titles = [text for number in range(1, header.row) for text in grid.texts(number).values()]
    reason = judge(header, columns, reader.words, titles)
    worth = worth_of(columns) + ROWS_COUNT * min(len(rows), 20) - SHEETS_LATER * place
    return SheetLook(grid, header, columns, reason, worth)


def _table(rows: Iterable[Sequence[Any]], grid: Grid, header: HeaderRow, reader: Reader) -> Iterable[list[Any]]:
    return rows_of_table(rows, list(header.headers), grid.left, reader)


def _propose(book: Book, name: str, best: SheetLook, reader: Reader, meanings: Meanings) -> Proposal:
    """The proposal, its values counted over all rows."""
    header = best.header
    counted = {
        column.column: list(header.headers).index(column_number(column.column))
        for column in best.columns
        if column.field is not None and has_closed_set(column.field)
    }
    ours = {
        column.column: list(header.headers).index(column_number(column.column))
        for column in best.columns
        if column.confidence is Confidence.SURE and column.field is not None and is_programs(column.field)
    }
    rows = 0
    filled: set[str] = set()
    cells: dict[str, list[Any]] = {letters: [] for letters in counted}
    for row in _table(rows_below(book, header.sheet, header.first_data), best.grid, header, reader):
        rows += 1
        for letters, at in counted.items():
            cells[letters].append(row[at])
        filled |= {letters for letters, at in ours.items() if not is_blank(row[at])}
    counts: dict[str, Counter[str]] = {letters: count_values(values) for letters, values in cells.items()}
    return Proposal(
        book=name,
        verdict=Verdict.REGISTER,
        reason=P.of("adopt.register", sheet=header.sheet, row=header.row),
        sheet=header.sheet,
        header_row=header.row,
        rows=rows,
        sha256=book.sha256,
        columns=tuple(_doubted(column) if column.column in filled else column for column in best.columns),
        values=propose_values(best.columns, counts, meanings),
    )


def _doubted(column: ColumnProposal) -> ColumnProposal:
    """A column of the program's that people filled further down than samples were taken."""
    return replace(column, confidence=Confidence.ASK, why=(*column.why, P("adopt.why.programs")))


def look_at_sheets(book: Book, own_words: OwnWords = ()) -> list[SheetLook]:
    """Every sheet that has a header, in the order of the tabs; one that is no register has a reason."""
    reader, meanings = Reader(read_vocabulary(own_words)), read_meanings(own_words)
    looks = (_look_at_sheet(book, name, place, reader, meanings) for place, name in enumerate(_shown_sheets(book)))
    return [seen for seen in looks if seen is not None]
