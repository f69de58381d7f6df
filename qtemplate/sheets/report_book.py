"""A workbook made afresh of plain tables, each with a native chart if it asks for one. It knows no register."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from openpyxl import Workbook
from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from .standard import look
from .standard.cells import Shown, put
from .standard.finish import MADE_AT, finished_bytes

HEAD = 3
"""Row of the headers, as in the standard workbook."""

WIDEST = 60


class Chart(Struct, frozen=True):
    """A native chart below its table; columns count from 1.

    Attributes:
        bars: Columns shown as bars.
        lines: Columns shown as lines; without bars the chart is of lines alone.
        size: Width and height in cm.
    """

    bars: tuple[int, ...] = ()
    lines: tuple[int, ...] = ()
    size: tuple[float, float] = (24, 9)


class Table(Struct, frozen=True):
    """A sheet: its name, one line of help, headers and rows; the first column names the points of the chart."""

    name: str
    help: str
    headers: tuple[str, ...]
    rows: Sequence[Sequence[Any]]
    chart: Chart | None = None


def write_book(tables: Sequence[Table], language: str, title: str) -> bytes:
    """The .xlsx file; equal tables give equal bytes. Text is text, whatever it begins with."""
    book = Workbook()
    book.properties.creator, book.properties.title = "qtemplate", title
    book.properties.created = book.properties.modified = MADE_AT
    for at, table in enumerate(tables):
        ws = book.active if at == 0 else book.create_sheet()
        assert isinstance(ws, Worksheet)
        ws.title = table.name
        _write(ws, table, language)
    saved = io.BytesIO()
    book.save(saved)
    return finished_bytes(saved.getvalue())


def _write(ws: Worksheet, table: Table, language: str) -> None:
    look.write_title(ws, language, table.name, table.help, max(len(table.headers), 4))
    for at, header in enumerate(table.headers, 1):
        look.write_header(look.cell_at(ws, HEAD, at), language, header)
    for down, row in enumerate(table.rows, HEAD + 1):
        for at, value in enumerate(row, 1):
            if value is not None:
                cell = look.cell_at(ws, down, at)
                put(cell, value)
                cell.font = look.font(language)
                # a long text must not run over the edge of the page
                long = isinstance(value, str) and len(value) > WIDEST
                cell.alignment = look.aligned("fill" if long else None, "top")
                if isinstance(value, float):
                    cell.number_format = "0.##"
    for at, header in enumerate(table.headers, 1):
        texts = [header, *(_text(row[at - 1]) for row in table.rows)]
        width = max(sum(2 if ord(character) > 0x2E7F else 1 for character in text) for text in texts)
        ws.column_dimensions[get_column_letter(at)].width = min(max(width + 2, 9), WIDEST)
    ws.freeze_panes = f"B{HEAD + 1}"
    look.set_page(ws, landscape=True, repeat_rows=f"{HEAD}:{HEAD}")
    if table.chart is not None and table.rows:
        ws.page_setup.fitToHeight = 1
        _add_chart(ws, table, table.chart)


def _text(value: Any) -> str:
    """About what a cell shows, for the width of its column."""
    if isinstance(value, Shown):
        return "100 %"
    return "" if value is None else f"{value:.2f}" if isinstance(value, float) else str(value)


def _add_chart(ws: Worksheet, table: Table, wanted: Chart) -> None:
    last = HEAD + len(table.rows)
    names = Reference(ws, min_col=1, min_row=HEAD + 1, max_row=last)
    made: list[Any] = []
    for kind, columns in ((BarChart, wanted.bars), (LineChart, wanted.lines)):
        if not columns:
            continue
        chart: Any = kind()
        for column in columns:
            data = Reference(ws, min_col=column, min_row=HEAD, max_row=last)
            chart.add_data(data, titles_from_data=True)
            chart.series[-1].smooth = False
        chart.set_categories(names)
        made.append(chart)
    whole, *others = made
    for other in others:
        whole += other
    whole.title, whole.legend.position = table.help, "b"
    whole.width, whole.height = wanted.size
    for axis in (whole.x_axis, whole.y_axis):
        axis.delete = False  # else LibreOffice and newer Excel show none
    ws.add_chart(whole, f"A{last + 3}")
