"""Decision tables as sheets, in the layout that `read_decision_tables` reads by its labels."""

from __future__ import annotations

from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

from . import look
from .cells import put
from .default_tables import NOTE, Table, cell_text, column_name, output_text

_WORDS = {
    "zh": ("决策表", "输入", "输出", "备注", "编号", "允许值", "缺省"),
    "en": ("decision table", "input", "output", "note", "rule", "allowed", "default"),
}
_KIND_COLOURS = ("1F4E79", "2E7D5B", "6B7280")
_KIND_TINTS = ("DCE6F2", "E1F3E6", "E7EAEE")
FIRST_RULE = 6


def write_rule_sheet(ws: Worksheet, table: Table, language: str) -> None:
    """Write `table` from A1 on, rules from row 6; the help stands below, after the blank row that ends the table."""
    marker, *kind_words, rule_word, allowed, default = _WORDS[language]
    side = 0 if language == "zh" else 1
    _write_marker(ws, table, language, marker)
    columns = [(0, column_name(c, language)) for c in table.inputs]
    columns += [(1, column_name(c, language)) for c in table.outputs]
    columns.append((2, NOTE[side]))
    _label(ws, 2, "#", language)
    look.write_header(look.cell_at(ws, 3, 1), language, rule_word, look.QUIET)
    _label(ws, 4, allowed, language)
    _label(ws, 5, default, language)
    for at, (kind, name) in enumerate(columns, start=2):
        top = look.cell_at(ws, 2, at, kind_words[kind])
        look.style(
            top,
            font=look.font(language, 9, look.QUIET),
            fill=look.solid(_KIND_TINTS[kind]),
            alignment=look.aligned("center"),
            border=look.hairline(),
        )
        look.write_header(look.cell_at(ws, 3, at), language, name, _KIND_COLOURS[kind])
        for row in (4, 5):
            look.style(look.cell_at(ws, row, at), font=look.font(language, 9, look.QUIET), border=look.hairline())
    rows: list[list[Any]] = []
    for index, (conditions, outcomes, remark) in enumerate(table.rules):
        cells: list[Any] = [index + 1]
        cells += [cell_text(c, value, language) for c, value in zip(table.inputs, conditions, strict=True)]
        cells += [output_text(c, value, language) for c, value in zip(table.outputs, outcomes, strict=True)]
        cells.append(remark[side] or None)
        rows.append(cells)
    outputs = range(len(table.inputs) + 1, len(table.inputs) + len(table.outputs) + 1)
    wordy = {at for at in outputs if any(isinstance(row[at], str) and len(row[at]) > 16 for row in rows)}
    for number, cells in enumerate(rows, start=FIRST_RULE):
        _write_rule(ws, number, cells, outputs, wordy, language)
    _write_help(ws, FIRST_RULE + len(table.rules) + 2, table.help[side], min(len(columns) + 1, 9), language)
    extra = 2.0 if language == "en" else 0.0
    widths = [9 if language == "zh" else 14, *(width + extra for width in table.widths)]
    look.set_widths(ws, widths)
    for row in range(FIRST_RULE, FIRST_RULE + len(rows)):
        ws.row_dimensions[row].height = max(20, look.height_of(ws, row, widths) or 0)
    ws.row_dimensions[3].height = 30
    ws.freeze_panes = f"B{FIRST_RULE}"
    look.set_page(ws, repeat_rows="1:3", across=sum(widths))


def _write_marker(ws: Worksheet, table: Table, language: str, marker: str) -> None:
    side = 0 if language == "zh" else 1
    words = (marker, table.name[side], table.hit[side], table.aggregation[side])
    for column, text in enumerate([each for each in words if each], start=1):
        cell = look.cell_at(ws, 1, column, text)
        look.style(
            cell,
            font=look.font(language, 10 if column != 2 else 12, look.ACCENT, bold=column == 2),
            alignment=look.aligned(),
        )
    ws.row_dimensions[1].height = 24


def _write_help(ws: Worksheet, row: int, text: str, width: int, language: str) -> None:
    cell = look.cell_at(ws, row, 1, text)
    look.style(cell, font=look.font(language, 9.5, look.QUIET), alignment=look.aligned(vertical="top", wrap=True))
    ws.merge_cells(start_row=row, start_column=1, end_row=row, end_column=width)
    ws.row_dimensions[row].height = 48


def _label(ws: Worksheet, row: int, text: str, language: str) -> None:
    look.style(
        look.cell_at(ws, row, 1, text),
        font=look.font(language, 9, look.QUIET),
        alignment=look.aligned("center"),
        border=look.hairline(),
    )


def _write_rule(ws: Worksheet, row: int, cells: list[Any], outputs: range, wordy: set[int], language: str) -> None:
    """One rule; `outputs` and `wordy`, the outputs that hold sentences, count columns from 0."""
    for at, content in enumerate(cells, start=1):
        cell = look.cell_at(ws, row, at)
        put(cell, content)
        is_output = at - 1 in outputs
        long = at > outputs.stop or at - 1 in wordy
        idle = content == "-"
        look.style(
            cell,
            font=look.font(language, 10, "B6BEC8" if idle else look.INK, bold=is_output and not long),
            alignment=look.aligned(None if long else "center", wrap=True),
            border=look.hairline(),
        )
        if is_output:
            cell.fill = look.solid("F3FAF5")
