"""数据字典: what each column must hold (tblFields), and the lists behind the drop-downs, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ...fields import REQUIRED, STANDARD, Field, Kind
from ...texts.workbook.notes import BOUNDS, CONDITIONS, FILLED_BY, OWN_NOTE, REQUIRED_NOTE
from ..layout import BY_KEY, HEADER_ROW, word
from . import look
from .block_sheets import write_block_sheet
from .inputs import OwnColumn, Row
from .ranges import FIRST_ROW, Ranges

_TYPES = {
    Kind.INT: "number",
    Kind.SCALE: "number",
    Kind.DATE: "date",
    Kind.DATETIME: "date",
    Kind.ENUM: "list",
}


def field_rows(language: str, own_columns: Iterable[OwnColumn]) -> Iterator[Row]:
    """Rows of tblFields: every field of the register, then the team's own columns.

    What the program requires by itself, always or under the conditions above, stands in the note; the sheet's own
    columns (required, pattern, …) stay free for what a team asks beyond that.
    """
    side = 0 if language == "zh" else 1
    separator = "；" if language == "zh" else "; "
    for field in STANDARD:
        parts = [FILLED_BY[field.filler][side]]
        parts += [REQUIRED_NOTE[side]] if field in REQUIRED else []
        parts += [CONDITIONS[field][side]] if field in CONDITIONS else []
        parts += [BOUNDS[field.kind][side]] if field.kind in BOUNDS else []
        listed = Field.LEVEL if field is Field.SUGGESTED_LEVEL else field
        yield {
            "field": field.header(language),
            "type": word(_TYPES.get(field.kind, "text"), language),
            "allowed": listed.header(language) if field.choices or field in (Field.DEPARTMENT, Field.PRODUCT) else None,
            "note": separator.join(parts),
        }
    for own in own_columns:
        yield {
            "field": own.header,
            "type": word(own.type, language),
            "allowed": own.header if own.type == "list" else None,
            "severity": word("warning", language),
            "note": OWN_NOTE[side],
        }


def write_dictionary(ws: Worksheet, ranges: Ranges, own_columns: Iterable[OwnColumn]) -> list[int]:
    """Write both blocks; gives the rows that are as high as their texts."""
    language = ranges.language
    drop_downs = {
        ("fields", "required"): ranges.formula("yes_no"),
        ("fields", "unique"): ranges.formula("yes_no"),
        ("fields", "type"): ranges.formula("type"),
        ("fields", "severity"): ranges.formula("check_severity"),
    }
    fitted = write_block_sheet(
        ws, BY_KEY["dictionary"], language, {"fields": list(field_rows(language, own_columns))}, drop_downs
    )
    ws.column_dimensions[get_column_letter(ranges.first_column - 1)].width = 3
    model = look.style(
        look.cell_at(ws, FIRST_ROW, ranges.first_column),
        font=look.font(language),
        number_format=look.TEXT,
        border=look.hairline(),
        alignment=Alignment(vertical="center"),
    )
    for at, values in enumerate(ranges.lists, start=ranges.first_column):
        look.write_header(
            look.cell_at(ws, HEADER_ROW, at), language, values.name, "2E7D5B" if values.open else look.QUIET
        )
        letter = get_column_letter(at)
        longest = max((len(text) for text in (values.name, *values.values)), default=8)
        ws.column_dimensions[letter].width = min(max(10.0, longest * (2.0 if language == "zh" else 1.1) + 2), 30)
        ws.column_dimensions[letter].number_format = look.TEXT
        ws.column_dimensions[letter].font = look.font(language)
        for row, text in enumerate(values.values, start=FIRST_ROW):
            look.style_like(look.cell_at(ws, row, at, text), model)
    ws.freeze_panes = f"B{FIRST_ROW}"
    ws.print_area = f"A1:{get_column_letter(ranges.first_column - 2)}{look.LAST_ROW}"
    return fitted
