"""Sheets made of blocks: title, one line of help, headers in row 3, rows below, drop-downs where there is a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ...ooxml.sheet.row_heights import height_for
from ...texts.workbook.sheet_help import HELP
from ..layout import HEADER_ROW, BlockSpec, Column, SheetSpec
from . import look
from .cells import put
from .inputs import Row
from .ranges import FIRST_ROW

_FORMATS = {
    "date": look.DATE,
    "away_from": look.DATE,
    "away_to": look.DATE,
    "since": look.DATE,
    "at": look.DATETIME,
    "due": look.DATE,
    "done": look.DATE,
    "settled": look.DATETIME,
    "no": look.TEXT,
    "id": look.TEXT,
    "model": look.TEXT,
    "month": look.TEXT,
    "batch_pattern": look.TEXT,
}
"""Number formats of block columns by key; `from`/`to` differ by sheet and are passed in."""

_CENTRED = {
    "number", "unit", "level", "date", "type", "weekday", "from", "to", "year", "confirmed", "capacity", "active", "monthly", "month",
    "kind", "away_from", "away_to", "when", "required", "unique", "minimum", "maximum", "severity", "code", "cell",
    "direction", "at", "final", "since",
    "urgent", "major", "normal", "minor",
    "no", "due", "done", "chain", "step", "cost", "time", "feasibility", "risk", "total", "chosen", "samples", "pass",
    "confirmation", "satisfaction", "speed", "clarity", "attitude", "result", "agrees", "decide", "settled", "round",
    "received_at", "planned_at", "suggested_level", "reply_state",
}  # fmt: skip


def write_block_sheet(
    ws: Worksheet,
    spec: SheetSpec,
    language: str,
    rows: Mapping[str, Sequence[Row]],
    drop_downs: Mapping[tuple[str, str], str] | None = None,
    formats: Mapping[str, str] | None = None,
) -> list[int]:
    """Write a sheet's blocks side by side.

    Args:
        ws: Its empty sheet.
        spec: Its declaration.
        language: `"zh"` or `"en"`.
        rows: Block key -> rows; a block without rows gets one empty row.
        drop_downs: (block key, column key) -> list formula.
        formats: Column key -> number format, beside those every sheet shares.

    Returns:
        The rows that are as high as their texts need, which no person has chosen.
    """
    formats = {**_FORMATS, **(formats or {})}
    at = 1
    widths: list[float] = []
    for block in spec.blocks:
        if not block.columns:
            continue
        if widths:
            widths.append(3)
            at += 1
        _write_block(ws, block, language, at, rows.get(block.key, ()), formats)
        for offset, column in enumerate(block.columns):
            source = (drop_downs or {}).get((block.key, column.key))
            if source:
                _add_list(ws, get_column_letter(at + offset), source)
        widths += [column.width + (2 if language == "en" else 0) for column in block.columns]
        at += len(block.columns)
    look.set_widths(ws, widths)
    title = spec.title(language)
    said, across = HELP[spec.key][0 if language == "zh" else 1], sum(widths)
    look.write_title(ws, language, title, said, max(len(widths), 4))
    ws.row_dimensions[2].height = max(32 if across > 80 else 48, height_for([(said, across, 9.5)]) or 0)
    ws.row_dimensions[HEADER_ROW].height = max(24, look.height_of(ws, HEADER_ROW, widths) or 0)
    ws.freeze_panes = f"A{FIRST_ROW}"
    look.set_page(
        ws,
        landscape=across > 95,
        repeat_rows=f"{HEADER_ROW}:{HEADER_ROW}",
        across=across,
        repeat_columns=f"A:{get_column_letter(_named_by(spec))}",
    )
    return look.fit_rows(ws, widths, FIRST_ROW)


def _named_by(spec: SheetSpec) -> int:
    """The column, counted from 1, up to which a row says what it is about: the ID where it stands among the first two."""
    first = [column.key for column in spec.blocks[0].columns[:2]]
    return first.index("id") + 1 if "id" in first else 1


def _write_block(
    ws: Worksheet, block: BlockSpec, language: str, at: int, rows: Sequence[Row], formats: Mapping[str, str]
) -> None:
    for offset, column in enumerate(block.columns):
        look.write_header(look.cell_at(ws, HEADER_ROW, at + offset), language, column.header(language))
        letter = get_column_letter(at + offset)
        _style_column(ws.column_dimensions[letter], column, language, formats)
    for offset, column in enumerate(block.columns):
        model = look.cell_at(ws, FIRST_ROW, at + offset)
        _style_column(model, column, language, formats)
        model.border = look.hairline()
        for index in range(1, len(rows)):
            look.style_like(look.cell_at(ws, FIRST_ROW + index, at + offset), model)
        for index, row in enumerate(rows):
            if row.get(column.key) is not None:
                put(look.cell_at(ws, FIRST_ROW + index, at + offset), row[column.key])
    if block.table:
        last = FIRST_ROW + max(len(rows), 1) - 1
        first_letter, last_letter = get_column_letter(at), get_column_letter(at + len(block.columns) - 1)
        look.add_table(ws, block.table, f"{first_letter}{HEADER_ROW}:{last_letter}{last}")


def _style_column(target: Any, column: Column, language: str, formats: Mapping[str, str]) -> None:
    target.font = look.font(language)
    centred = column.key in _CENTRED
    target.alignment = Alignment(horizontal="center" if centred else None, vertical="center", wrap_text=True)
    if column.key in formats:
        target.number_format = formats[column.key]


def _add_list(ws: Worksheet, letter: str, source: str) -> None:
    rule = DataValidation(type="list", formula1=source, allow_blank=True, errorStyle="warning")
    rule.showErrorMessage = True
    rule.add(f"{letter}{FIRST_ROW}:{letter}{look.LAST_ROW}")
    ws.add_data_validation(rule)
