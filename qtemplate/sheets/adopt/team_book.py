"""A new workbook with a team's own headers and rows, for where theirs is not to be written into. Plain, no formulas."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ...ooxml.cells import keepable

HEAD = PatternFill("solid", fgColor="FFD9E2EC")
LINE = Side(style="hair", color="FFB0B7BF")
FRAME = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
WIDEST, NARROWEST = 42, 9
LONGEST_LIST = 255
"""Characters that a list of Excel's holds in itself."""

MOST_ROWS = 1_048_576
LOOKED_AT = 200
"""Rows from which the width of a column is taken."""


def build_team_book(
    sheet: str, headers: Sequence[str], rows: Iterable[Sequence[Any]], words: Mapping[str, Sequence[str]] | None = None
) -> bytes:
    """Make the workbook.

    Args:
        sheet: Name of its only sheet.
        headers: Of row 1.
        rows: Below them, as wide as the headers: text, numbers, dates, truth values, None.
        words: Header -> words that its column offers to choose from; others may be typed all the same.

    Returns:
        The .xlsx file.
    """
    book = Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    page.title = sheet
    widths = [_width(header) for header in headers]
    page.append(list(headers))
    formats: dict[int, str] = {}
    for number, row in enumerate(rows, 2):
        for at, cell in enumerate(row, 1):
            _put(page, number, at, cell)
            if isinstance(cell, dt.date):
                formats[at] = max(formats.get(at, ""), page.cell(number, at).number_format)
            if number < LOOKED_AT:
                widths[at - 1] = max(widths[at - 1], _width(cell))
    for at, (cell, width) in enumerate(zip(page[1], widths, strict=True), 1):
        cell.data_type, cell.fill, cell.font, cell.border = "s", HEAD, Font(bold=True), FRAME
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        page.column_dimensions[get_column_letter(at)].width = min(max(width + 3, NARROWEST), WIDEST)
    for at, form in formats.items():  # a date that comes later is shown as one
        for (cell,) in page.iter_rows(min_row=2, min_col=at, max_col=at):
            if cell.value is None:
                cell.number_format = form
    for at, header in enumerate(headers, 1):
        _offer(page, get_column_letter(at), (words or {}).get(header, ()))
    page.freeze_panes = "A2"
    page.auto_filter.ref = f"A1:{get_column_letter(len(headers))}{page.max_row}"
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def _put(page: Worksheet, row: int, column: int, value: Any) -> None:
    cell = page.cell(row, column)
    cell.border = FRAME
    cell.alignment = Alignment(vertical="top", wrap_text=isinstance(value, str) and len(value) > WIDEST)
    if isinstance(value, str):
        cell.value = keepable(value)
        cell.data_type, cell.number_format = "s", "@"  # whatever it begins with it is no formula
        return
    cell.value = value
    if isinstance(value, dt.datetime):
        cell.number_format = "yyyy-mm-dd" if value.time() == dt.time() else "yyyy-mm-dd hh:mm"
    elif isinstance(value, dt.date):
        cell.number_format = "yyyy-mm-dd"


def _offer(page: Worksheet, letter: str, words: Sequence[str]) -> None:
    """A drop-down, where the words can stand in one."""
    listed = ",".join(words)
    if listed and len(listed) <= LONGEST_LIST and not any("," in word or '"' in word for word in words):
        offered = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True, showErrorMessage=False)
        page.add_data_validation(offered)
        offered.add(f"{letter}2:{letter}{MOST_ROWS}")


def _width(cell: Any) -> int:
    """Characters of its longest line; a Chinese one counts twice."""
    if isinstance(cell, dt.date):
        return 16 if isinstance(cell, dt.datetime) and cell.time() != dt.time() else 10
    lines = str("" if cell is None else cell).splitlines() or [""]
    return max(sum(2 if ord(char) > 0x2E80 else 1 for char in line) for line in lines)
