"""数据字典: what each column must hold (tblFields), and the lists behind the drop-downs, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ...fields import REQUIRED, Field, Filler, Kind
from ..layout import BY_KEY, HEADER_ROW, word
from . import look
from .block_sheets import write_block_sheet
from .inputs import OwnColumn, Row
from .ranges import FIRST_ROW, Ranges

_CONDITIONS: dict[Field, tuple[str, str]] = {
    Field.ORGANISATION: ("经销商和内部员工必填", "required for dealers and staff"),
    Field.PHONE: ("电话、邮箱、其他联系方式至少一项", "one of phone, e-mail, other contact"),
    Field.EMAIL: ("电话、邮箱、其他联系方式至少一项", "one of phone, e-mail, other contact"),
    Field.CONTACT_OTHER: ("电话、邮箱、其他联系方式至少一项", "one of phone, e-mail, other contact"),
    Field.VERSION: ("软件产品必填", "required for software"),
    Field.BATCH: ("硬件产品必填，可填“未知”", "required for hardware; “Unknown” is accepted"),
    Field.SCENE: ("软件、硬件、设计问题：环境四项至少一项", "software, hardware, design: one of the four environments"),
    Field.OVERRIDE_REASON: ("等级与建议等级不同时必填", "required when the level differs from the suggestion"),
    Field.CONTAINMENT: ("紧急、重要必填（关闭前）", "urgent, major: before closing"),
    Field.PREVENTION: ("紧急、重要必填（关闭前）", "urgent, major: before closing"),
    Field.VERIFIER: ("不能是责任人本人", "not the owner"),
    Field.ID: ("由程序编号，不重复使用", "numbered by the program, never used again"),
}
_FILLER_WORDS = {
    Filler.PERSON: ("人工填写", "people"),
    Filler.PROGRAM: ("程序填写", "program"),
    Filler.SUGGESTED: ("程序建议，可改", "suggested, may be changed"),
    Filler.LEARNED: ("程序或人工", "program or people"),
}
_BOUNDS = {
    Kind.SCALE: ("1 至 5", "1 to 5"),
    Kind.CODE: ("按文本保存", "kept as text"),
    Kind.EMAIL: ("邮箱格式", "an e-mail address"),
    Kind.PERSON: ("《人员》中的姓名", "a name of the sheet People"),
}
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
    for field in Field:
        parts = [_FILLER_WORDS[field.filler][side]]
        parts += [("必填", "required")[side]] if field in REQUIRED else []
        parts += [_CONDITIONS[field][side]] if field in _CONDITIONS else []
        parts += [_BOUNDS[field.kind][side]] if field.kind in _BOUNDS else []
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
            "note": "团队自己的列" if language == "zh" else "the team's own column",
        }


def write_dictionary(ws: Worksheet, ranges: Ranges, own_columns: Iterable[OwnColumn]) -> None:
    """Write both blocks."""
    language = ranges.language
    drop_downs = {
        ("fields", "required"): ranges.formula("yes_no"),
        ("fields", "unique"): ranges.formula("yes_no"),
        ("fields", "type"): ranges.formula("type"),
        ("fields", "severity"): ranges.formula("check_severity"),
    }
    write_block_sheet(
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
