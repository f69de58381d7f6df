"""The register: one Excel table, a band of stages above it, groups that fold, colours that follow the content."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import Outline
from openpyxl.worksheet.worksheet import Worksheet

from ...choices import ClockState, Level, Priority, Status
from ...fields import STANDARD, Field, Filler, Kind, Stage
from ...plan import Phrase
from ...texts import say
from ...texts.workbook.guide import FOLDS
from ..layout import REGISTER_TABLE, word
from . import look
from .cells import put, put_field
from .inputs import OwnColumn, Row
from .ranges import Ranges
from .register_checks import column_check, header_messages, own_check

BAND_ROW, HEADER_ROW, FIRST_ROW = 1, 2, 3
ROW_HEIGHT = 21
SEEN = 24
"""Rows that a usual screen shows."""

STAGE_NAMES: dict[Stage, tuple[str, str]] = {
    Stage.OVERVIEW: ("总览", "Overview"),
    Stage.INTAKE: ("一 登记", "1 Intake"),
    Stage.EVALUATION: ("二 评估", "2 Evaluation"),
    Stage.ASSIGNMENT: ("三 转交", "3 Transfer"),
    Stage.SOLUTION: ("三 解决与验证", "3 Solution"),
    Stage.REPLY: ("四 答复", "4 Reply"),
    Stage.CONFIRMATION: ("五 确认", "5 Confirm"),
    Stage.CLOSING: ("六 关闭", "6 Closing"),
}
OWN_BAND = ("自有列", "Own columns")

_WIDTHS: dict[Field, float] = {
    Field.ID: 15, Field.STATUS: 11, Field.CHECK: 22, Field.TITLE: 32, Field.LEVEL: 9, Field.MODEL: 13,
    Field.PRODUCT: 15, Field.REPORTER: 11, Field.DEPARTMENT: 12, Field.OWNER: 10, Field.CLOCK: 19,
    Field.PRIORITY: 9, Field.QUEUE: 9, Field.QUANTITY: 9, Field.SEVERITY: 9, Field.SATISFACTION: 9,
    Field.EMAIL: 24, Field.CHANNEL_REF: 18, Field.SERIAL: 18, Field.ORGANISATION: 18,
}  # fmt: skip
_WIDTHS_EN: dict[Field, float] = {
    Field.STATUS: 18, Field.CHECK: 20, Field.REPORTER: 15, Field.PRODUCT: 17, Field.TITLE: 36, Field.DEPARTMENT: 14,
    Field.OWNER: 15, Field.CLOCK: 25,
}  # fmt: skip
"""English words and names are longer; the clock has to stand on the first screen, 1920 pixels wide."""
_KIND_WIDTHS = {Kind.DATETIME: 17, Kind.DATE: 13, Kind.LONG: 36, Kind.CODE: 14, Kind.IDS: 18, Kind.TEXT: 16}
_FORMATS = {
    Kind.CODE: look.TEXT, Kind.TEXT: look.TEXT, Kind.LONG: look.TEXT, Kind.EMAIL: look.TEXT, Kind.PERSON: look.TEXT,
    Kind.IDS: look.TEXT, Kind.ENUM: look.TEXT, Kind.DATE: look.DATE, Kind.DATETIME: look.DATETIME, Kind.SCALE: "0",
    Kind.INT: "0", Kind.SNOOZE: look.DATE,
}  # fmt: skip
CENTRED = {Kind.ENUM, Kind.SCALE, Kind.INT, Kind.DATE, Kind.DATETIME, Kind.SNOOZE}


def write_register(
    ws: Worksheet, language: str, rows: Sequence[Row], own_columns: Sequence[OwnColumn], ranges: Ranges
) -> None:
    """Write headers, rows, validations, colours and page of the register; without rows one blank row stays."""
    fields = list(STANDARD)
    styles = _write_headers(ws, language, fields, own_columns)
    last = FIRST_ROW + max(len(rows), 1) - 1
    columns = [field.value for field in fields] + [own.header for own in own_columns]
    for index, row in enumerate(rows or ({},)):
        ws.row_dimensions[FIRST_ROW + index].height = ROW_HEIGHT
        for at, key in enumerate(columns, start=1):
            cell = look.cell_at(ws, FIRST_ROW + index, at)
            look.style_like(cell, styles[at - 1])
            if row.get(key) is not None:
                put_field(cell, key, row[key], language) if at <= len(fields) else put(cell, row[key])
    look.add_table(ws, REGISTER_TABLE, f"A{HEADER_ROW}:{get_column_letter(len(columns))}{last}")
    _add_checks(ws, fields, own_columns, ranges)
    _add_colours(ws.conditional_formatting, language, fields)
    _write_band(ws, language, fields, own_columns)
    _fold(ws, fields)
    ws.sheet_format.defaultRowHeight = ROW_HEIGHT
    ws.sheet_format.customHeight = True
    ws.freeze_panes = f"B{FIRST_ROW}"
    _open_at(ws, last)
    look.set_page(ws, repeat_rows=f"{BAND_ROW}:{HEADER_ROW}")
    visible = [at for at, field in enumerate(fields, start=1) if field.visible]
    ws.print_area = f"A1:{get_column_letter(max(visible))}{look.LAST_ROW}"


def _open_at(ws: Worksheet, last: int) -> None:
    """The sheet opens on its newest rows, where the work is, not on those that were closed long ago."""
    top = max(FIRST_ROW, last - SEEN + 1)
    if ws.sheet_view.pane is not None:
        ws.sheet_view.pane.topLeftCell = f"B{top}"
    for selection in ws.sheet_view.selection:
        selection.activeCell = selection.sqref = f"B{top}" if selection.pane == "bottomRight" else f"A{top}"


def _write_headers(
    ws: Worksheet, language: str, fields: Sequence[Field], own_columns: Sequence[OwnColumn]
) -> list[Any]:
    """Header cells and column styles; returns one styled object a column to copy from."""
    styled: list[Any] = []
    for at, field in enumerate(fields, start=1):
        header = look.cell_at(ws, HEADER_ROW, at)
        if field.public:
            look.write_public_header(header, language, field.header(language), field.filler)
        else:
            look.write_header(header, language, field.header(language), look.FILLER_COLOURS[field.filler])
        column = ws.column_dimensions[get_column_letter(at)]
        column.width = _width(field, language)
        column.font = look.font(language, 10, look.INK, bold=field is Field.ID)
        column.number_format = _FORMATS[field.kind]
        column.border = look.hairline()
        column.alignment = Alignment(
            horizontal="center" if field.kind in CENTRED else None,
            vertical="center" if field.kind is not Kind.LONG else "top",
            wrap_text=False,  # rows are one line high: of a text that wraps only its top would be seen
        )
        if field.filler is Filler.PROGRAM:
            column.fill = look.solid(look.PAPER)
        styled.append(column)
    for at, own in enumerate(own_columns, start=len(fields) + 1):
        look.write_header(look.cell_at(ws, HEADER_ROW, at), language, own.header, look.FILLER_COLOURS[Filler.PERSON])
        column = ws.column_dimensions[get_column_letter(at)]
        column.width = own.width
        column.font = look.font(language)
        column.number_format = own.number_format
        column.border = look.hairline()
        column.alignment = Alignment(horizontal="center" if own.type != "text" else None, vertical="center")
        styled.append(column)
    ws.row_dimensions[HEADER_ROW].height = 30
    return styled


def _width(field: Field, language: str) -> float:
    width = float(_WIDTHS.get(field, _KIND_WIDTHS.get(field.kind, 12)))
    if language == "zh":
        return width
    return _WIDTHS_EN.get(field, max(width, min(len(field.en) * 0.75 + 4, 18)))


def _add_checks(ws: Worksheet, fields: Sequence[Field], own_columns: Sequence[OwnColumn], ranges: Ranges) -> None:
    product_cell = f"${get_column_letter(fields.index(Field.PRODUCT) + 1)}{FIRST_ROW}"
    checks = [
        column_check(field, get_column_letter(at), FIRST_ROW, ranges, product_cell)
        for at, field in enumerate(fields, start=1)
    ]
    checks += [
        own_check(own, get_column_letter(at), FIRST_ROW, ranges)
        for at, own in enumerate(own_columns, start=len(fields) + 1)
    ]
    checks += header_messages(fields, HEADER_ROW, ranges.language)
    for check in checks:
        if check is not None:
            ws.add_data_validation(check)


def _add_colours(formatting: ConditionalFormattingList, language: str, fields: Sequence[Field]) -> None:
    def span(field: Field) -> tuple[str, str]:
        letter = get_column_letter(fields.index(field) + 1)
        return f"{letter}{FIRST_ROW}:{letter}{look.LAST_ROW}", f"{letter}{FIRST_ROW}"

    status_letter = get_column_letter(fields.index(Field.STATUS) + 1)
    for status in (Status.CLOSED, Status.MERGED):
        rule = look.equals(f"${status_letter}{FIRST_ROW}", status.label(language), look.DONE)
        formatting.add(f"A{FIRST_ROW}:{get_column_letter(len(fields))}{look.LAST_ROW}", rule)
    for field in (Field.LEVEL, Field.SUGGESTED_LEVEL):
        area, cell = span(field)
        for level, pair in look.LEVEL_COLOURS.items():
            formatting.add(area, look.equals(cell, level.label(language), pair, bold=level is Level.URGENT))
    area, cell = span(Field.CLOCK)
    for state, pair in (
        (ClockState.OVERDUE, look.BAD), (ClockState.DUE_SOON, look.WARN), (ClockState.PAUSED, look.CALM),
        (ClockState.DONE_LATE, ("", "8A5A00")), (ClockState.DONE_ON_TIME, ("", look.GOOD[1])),
    ):  # fmt: skip
        formatting.add(area, look.begins(cell, state.label(language), pair, bold=state is ClockState.OVERDUE))
    area, cell = span(Field.CHECK)
    for text, pair in (
        (word("error", language), look.BAD),
        (Status.INCOMPLETE.label(language), look.WARN),
        (say(Phrase("check.passed"), language), ("", look.GOOD[1])),
    ):
        formatting.add(area, look.begins(cell, text, pair))
    area, cell = span(Field.STATUS)
    for status, pair in (
        (Status.INCOMPLETE, look.WARN), (Status.WAITING, look.CALM), (Status.TO_ASSESS, ("DCE6F2", "1F4E79")),
        (Status.CLOSED, look.DONE), (Status.MERGED, look.DONE),
    ):  # fmt: skip
        formatting.add(area, look.equals(cell, status.label(language), pair))
    area, cell = span(Field.PRIORITY)
    formatting.add(area, look.equals(cell, Priority.P1.label(language), look.LEVEL_COLOURS[Level.URGENT], bold=True))


def _write_band(ws: Worksheet, language: str, fields: Sequence[Field], own_columns: Sequence[OwnColumn]) -> None:
    """Row 1: one tinted stretch a stage; its name stands in the stage's first column, which is never folded."""
    side = 0 if language == "zh" else 1
    stretches = [(STAGE_NAMES[stage][side], look.STAGE_COLOURS[stage], len(list(group)))
                 for stage, group in groupby(fields, key=lambda field: field.stage)]  # fmt: skip
    if own_columns:
        stretches.append((OWN_BAND[side], look.PAPER, len(own_columns)))
    at = 1
    for name, colour, length in stretches:
        for column in range(at, at + length):
            look.cell_at(ws, BAND_ROW, column).fill = look.solid(colour)
        look.style(
            look.cell_at(ws, BAND_ROW, at, name),
            font=look.font(language, 9, look.INK, bold=True),
            alignment=Alignment(vertical="center"),
        )
        at += length
    look.style(
        look.cell_at(ws, BAND_ROW, 2, FOLDS[language]),
        font=look.font(language, 9, look.QUIET),
        alignment=Alignment(vertical="center"),
    )
    ws.row_dimensions[BAND_ROW].height = 18


def _fold(ws: Worksheet, fields: Sequence[Field]) -> None:
    """Fold each stage behind its first column: adjacent groups would otherwise be one, and could not open alone."""
    ws.sheet_properties.outlinePr = Outline(summaryRight=False)
    for previous, field, at in zip([None, *fields], fields, range(1, len(fields) + 1), strict=False):
        column = ws.column_dimensions[get_column_letter(at)]
        opens_stage = previous is None or previous.stage is not field.stage
        if not field.visible and not opens_stage:
            column.outlineLevel = 1
            column.hidden = True
        elif opens_stage and not field.visible:
            column.collapsed = True
