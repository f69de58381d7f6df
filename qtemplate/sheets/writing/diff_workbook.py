"""What two rule workbooks make of one register, as a workbook of its own to hand around."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from ...fields import FIELDS, Field
from ...texts.workbook.rules_diff import DIFF

COMPARED = (Field.SUGGESTED_LEVEL, Field.LEVEL, Field.PRIORITY, Field.DEPARTMENT)
HEAD = PatternFill("solid", fgColor="FFDCE6F1")
CHANGED = PatternFill("solid", fgColor="FFFFF2CC")
SAME = PatternFill("solid", fgColor="FFF2F2F2")


class DiffRow(Struct, frozen=True):
    """A row that comes out differently: field key -> (before, after) as labels, and the reasons of both levels."""

    id: str
    title: str
    cells: Mapping[str, tuple[str, str]]
    reasons: tuple[str, str]

    @property
    def settled(self) -> bool:
        """Whether only the suggestion differs: a person settled the level, and nothing else follows."""
        return set(self.cells) == {Field.SUGGESTED_LEVEL.value}


class Moved(Struct, frozen=True):
    """A feedback with another place in its department's queue; None = it does not wait."""

    id: str
    department: str
    before: int | None
    after: int | None


class Differences(Struct, frozen=True):
    """Everything that differs.

    Attributes:
        rows: In sheet order.
        levels: Labels of the matrix, the last for "no level".
        matrix: Suggested levels: old down, new across.
        load: Department, open feedback by the old rules, by the new ones.
        overdue: Open and overdue feedback, old and new.
        mails: Kind -> number of mails only the old rules would send, only the new ones.
        places: Feedback that moved in its queue, by department and new place.
    """

    rows: tuple[DiffRow, ...]
    levels: tuple[str, ...]
    matrix: tuple[tuple[int, ...], ...]
    load: tuple[tuple[str, int, int], ...]
    overdue: tuple[int, int]
    mails: tuple[Mapping[str, int], Mapping[str, int]]
    places: tuple[Moved, ...]


def write_diff(path: Path, found: Differences, language: str) -> None:
    """Writes the differences to a new workbook.

    Args:
        path: Replaced if it is there.
        found: What differs.
        language: Of headers.
    """
    words = DIFF[language]
    book = Workbook()
    summary = book.active
    assert isinstance(summary, Worksheet)
    summary.title = words["summary"]
    _summarise(summary, found, words)
    _list_rows(book.create_sheet(words["changed"]), found, words, language)
    head = [words["department"], Field.ID.header(language), words["old"], words["new"]]
    queue = book.create_sheet(words["queue"])
    _head(queue, 1, head)
    _rows(queue, 2, [[one.department, one.id, one.before, one.after] for one in found.places])
    _finish(queue, [24, 16, 10, 10])
    saved = io.BytesIO()
    book.save(saved)
    part = path.with_name(f".qt-tmp-{path.name}")
    part.write_bytes(saved.getvalue())
    part.replace(path)


def _summarise(sheet: Worksheet, found: Differences, words: Mapping[str, str]) -> None:
    """One page: how many, the matrix of levels, the load, overdue, mails."""
    effective = sum(not row.settled for row in found.rows)
    _rows(sheet, 1, [[words["rows"], len(found.rows)], [words["effect"], effective]])
    _head(sheet, 4, [words["matrix"], *found.levels])
    lines = zip(found.levels, found.matrix, strict=True)
    _rows(sheet, 5, [[name, *(count or None for count in counts)] for name, counts in lines])
    for old, counts in enumerate(found.matrix):
        for new, count in enumerate(counts):
            if old == new or count:
                sheet.cell(5 + old, 2 + new).fill = SAME if old == new else CHANGED
    at = 6 + len(found.levels)
    _head(sheet, at, [words["load"], words["old"], words["new"]])
    _rows(sheet, at + 1, [*found.load, (words["overdue"], *found.overdue)])
    at += 3 + len(found.load)
    kinds = sorted({*found.mails[0], *found.mails[1]})
    _head(sheet, at, [words["mails"], words["old"], words["new"]])
    totals = [words["total"], *(sum(side.values()) for side in found.mails)]
    _rows(sheet, at + 1, [*([kind, *(side.get(kind, 0) for side in found.mails)] for kind in kinds), totals])
    _finish(sheet, [44, *[10] * len(found.levels)], table=False)


def _list_rows(sheet: Worksheet, found: Differences, words: Mapping[str, str], language: str) -> None:
    """Feedback that comes out differently, those first for which more than the suggestion changes."""
    head = [Field.ID.header(language), Field.TITLE.header(language)]
    for name in (*(FIELDS[field].header(language) for field in COMPARED), words["reason"]):
        head += [f"{name} {words['old']}", f"{name} {words['new']}"]
    _head(sheet, 1, head)
    ordered = sorted(found.rows, key=lambda row: row.settled)
    cells = [[part for field in COMPARED for part in row.cells.get(field.value, ("", ""))] for row in ordered]
    _rows(sheet, 2, [[row.id, row.title, *parts, *row.reasons] for row, parts in zip(ordered, cells, strict=True)])
    for number, row in enumerate(ordered, start=2):
        for place, field in enumerate(COMPARED):
            if field.value in row.cells:
                sheet.cell(number, 4 + 2 * place).fill = CHANGED
    _finish(sheet, [15, 30, *[9] * 8, 30, 30])


def _head(sheet: Worksheet, row: int, names: Sequence[str]) -> None:
    for column, name in enumerate(names, start=1):
        cell = sheet.cell(row, column, name)
        cell.font, cell.fill, cell.alignment = Font(bold=True), HEAD, Alignment(wrap_text=True, vertical="top")


def _rows(sheet: Worksheet, first: int, rows: Iterable[Sequence[Any]]) -> None:
    for number, row in enumerate(rows, start=first):
        for column, value in enumerate(row, start=1):
            written = sheet.cell(number, column, value)
            written.alignment = Alignment(wrap_text=True, vertical="top")
            if isinstance(value, str):
                written.data_type = "s"  # a reporter's text that begins with = is text


def _finish(sheet: Worksheet, widths: Sequence[int], table: bool = True) -> None:
    """Widths, and a print on landscape pages as wide as the sheet."""
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    if table:
        sheet.freeze_panes, sheet.print_title_rows = "A2", "1:1"
        sheet.auto_filter.ref = sheet.dimensions
