"""The look of the view sheets: protected, links in the first column, clocks and levels in their colours."""

from __future__ import annotations

from collections.abc import Iterator

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ...choices import ClockState, Level
from ..layout import BY_KEY, VIEWS
from ..views.seal import KEY
from . import look
from .block_sheets import write_block_sheet
from .ranges import FIRST_ROW

_FORMATS = {"received_at": look.DATETIME, "due": look.DATETIME, "planned_at": look.DATE}


def write_views(sheets: dict[str, Worksheet], language: str) -> None:
    """Lay out all of them, without rows."""
    for key in VIEWS:
        _write_view(sheets[key], key, language)


def _write_view(ws: Worksheet, key: str, language: str) -> None:
    spec = BY_KEY[key]
    write_block_sheet(ws, spec, language, {}, formats=_FORMATS)
    for at, column in enumerate(spec.blocks[0].columns, 1):
        letter = get_column_letter(at)
        if column.key == KEY:
            ws.column_dimensions[letter].hidden = True
            # what nobody sees must not make the rows high
            ws.column_dimensions[letter].alignment = look.cell_at(ws, FIRST_ROW, at).alignment = look.aligned()
        elif column.key == "id":
            link = Font(name=look.face(language), size=10, color=look.ACCENT, underline="single")
            ws.column_dimensions[letter].font = look.cell_at(ws, FIRST_ROW, at).font = link
        for rule in _colours(column.key, f"{letter}{FIRST_ROW}", language):
            ws.conditional_formatting.add(f"{letter}{FIRST_ROW}:{letter}{look.LAST_ROW}", rule)
    ws.freeze_panes = f"B{FIRST_ROW}"
    # no password: it keeps people from typing where nothing counts, and hides nothing from them
    ws.protection.sheet = True
    ws.protection.autoFilter = ws.protection.formatColumns = ws.protection.formatRows = False


def _colours(key: str, cell: str, language: str) -> Iterator[Rule]:
    if key == "clock":
        yield look.begins(cell, ClockState.OVERDUE.label(language), look.BAD, bold=True)
        yield look.begins(cell, ClockState.DUE_SOON.label(language), look.WARN)
    elif key in ("level", "suggested_level"):
        for level in Level:
            yield look.equals(cell, level.label(language), look.LEVEL_COLOURS[level])
