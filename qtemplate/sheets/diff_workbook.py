"""What two rule workbooks make of one register, as a workbook of its own to hand around."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ..fields import FIELDS, Field

COMPARED = (Field.SUGGESTED_LEVEL, Field.LEVEL, Field.PRIORITY, Field.DEPARTMENT)
HEAD = PatternFill("solid", fgColor="FFDCE6F1")
CHANGED = PatternFill("solid", fgColor="FFFFF2CC")
WORDS = {
    "zh": ("有变化的反馈", "等级对照", "负荷", "旧", "新", "部门", "旧 ＼ 新", "超时", "依据", "排队位置"),
    "en": ("Changed", "Levels", "Load", "old", "new", "Department", "old \\ new", "Overdue", "Reason", "Queue"),
}


@dataclass(frozen=True, slots=True)
class DiffRow:
    """A row that comes out differently: field key -> (before, after) as labels, and the reasons of both levels."""

    id: str
    title: str
    cells: Mapping[str, tuple[str, str]]
    reasons: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Moved:
    """A feedback with another place in its department's queue; None = it does not wait."""

    id: str
    department: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Differences:
    """Everything that differs.

    Attributes:
        rows: In sheet order.
        levels: Labels of the matrix, the last for "no level".
        matrix: Suggested levels: old down, new across.
        load: Department, open feedback by the old rules, by the new ones.
        overdue: Open and overdue feedback, old and new.
        mails: Mails only the old rules would send, only the new ones.
        places: Feedback that moved in its queue, by department and new place.
    """

    rows: tuple[DiffRow, ...]
    levels: tuple[str, ...]
    matrix: tuple[tuple[int, ...], ...]
    load: tuple[tuple[str, int, int], ...]
    overdue: tuple[int, int]
    mails: tuple[int, int]
    places: tuple[Moved, ...]


def write_diff(path: Path, found: Differences, language: str) -> None:
    """Writes the differences to a new workbook.

    Args:
        path: Replaced if it is there.
        found: What differs.
        language: Of headers.
    """
    words = WORDS[language]
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = words[0]
    head = [Field.ID.header(language), Field.TITLE.header(language)]
    for field in COMPARED:
        head += [f"{FIELDS[field].header(language)} {words[3]}", f"{FIELDS[field].header(language)} {words[4]}"]
    head += [f"{words[8]} {words[3]}", f"{words[8]} {words[4]}"]
    rows: list[list[Any]] = []
    for row in found.rows:
        cells = [part for field in COMPARED for part in row.cells.get(field.value, ("", ""))]
        rows.append([row.id, row.title, *cells, *row.reasons])
    _fill(sheet, head, rows, [16, 40, *[12] * 8, 40, 40])
    for number, row in enumerate(found.rows, start=2):
        for place, field in enumerate(COMPARED):
            if field.value in row.cells:
                sheet.cell(number, 4 + 2 * place).fill = CHANGED
    _fill(
        book.create_sheet(words[1]),
        [words[6], *found.levels],
        [[name, *counts] for name, counts in zip(found.levels, found.matrix, strict=True)],
        [14, *[10] * len(found.levels)],
    )
    totals = [*found.load, (words[7], *found.overdue)]
    _fill(book.create_sheet(words[2]), [words[5], words[3], words[4]], [list(line) for line in totals], [24, 10, 10])
    _fill(
        book.create_sheet(words[9]),
        [words[5], head[0], words[3], words[4]],
        [[one.department, one.id, one.before, one.after] for one in found.places],
        [24, 16, 10, 10],
    )
    saved = io.BytesIO()
    book.save(saved)
    part = path.with_name(f".qt-tmp-{path.name}")
    part.write_bytes(saved.getvalue())
    part.replace(path)


def _fill(sheet: Worksheet, head: Sequence[str], rows: Sequence[Sequence[Any]], widths: Sequence[int]) -> None:
    for column, name in enumerate(head, start=1):
        cell = sheet.cell(1, column, name)
        cell.font, cell.fill = Font(bold=True), HEAD
        sheet.column_dimensions[get_column_letter(column)].width = widths[column - 1]
    for number, row in enumerate(rows, start=2):
        for column, value in enumerate(row, start=1):
            written = sheet.cell(number, column, value)
            if isinstance(value, str):
                written.data_type = "s"  # a reporter's text that begins with = is text
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
