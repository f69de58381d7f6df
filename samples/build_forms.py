"""Make the form templates: `python samples/build_forms.py` writes templates/forms/transfer.zh.xlsx and .en.xlsx.

A template is an ordinary workbook that a team may restyle. What the program relies on:
- a cell whose whole text is `{{key}}` is filled with that field of the row (a field key; unknown ones become empty);
- the answer cells carry the names `f_decision`, `f_planned_at`, `f_reason`, `f_owner_note` and are not locked;
- the very hidden sheet `_qt` holds `{{token}}` in A1 and the values of drop-downs in column B.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parent))

from openpyxl import Workbook  # noqa: E402  # after the path is set
from openpyxl.styles import Alignment, Protection  # noqa: E402
from openpyxl.utils import get_column_letter  # noqa: E402
from openpyxl.workbook.defined_name import DefinedName  # noqa: E402
from openpyxl.worksheet.datavalidation import DataValidation  # noqa: E402
from openpyxl.worksheet.worksheet import Worksheet  # noqa: E402

from qtemplate.choices import Level, Safety  # noqa: E402
from qtemplate.fields import Field  # noqa: E402
from qtemplate.sheets.standard import look  # noqa: E402
from qtemplate.sheets.standard.finish import MADE_AT, finished_bytes  # noqa: E402

F = Field
FOLDER = HERE.parent / "templates" / "forms"
SECRET_SHEET = "_qt"
LAST = 6
"""The grid: three pairs of a label and a value."""

_WORDS = {
    "title": ("质量反馈转交单", "Transfer of quality feedback"),
    "sheet": ("转交单", "Transfer"),
    "lead": (
        "请责任人在黄色格内填写接受或退回，保存后回复原邮件并附上本表。其余内容由登记表生成，不必改动。",
        "Please accept or return in the yellow cells, save, and reply to the mail with this file attached. "
        "All other cells come from the register and need no change.",
    ),
    "answer": ("责任部门回执", "Answer of the department"),
    "decision": ("接受或退回", "Accept or return"),
    "planned": ("计划完成日期", "Planned date"),
    "reason": ("退回理由（退回必填）", "Reason (if returned)"),
    "note": ("责任人说明", "Note of the owner"),
    "accept": ("接受", "Accept"),
    "return": ("退回", "Return"),
    "pick": ("请从列表选择“接受”或“退回”。", "Choose Accept or Return from the list."),
    "date": ("请填写日期，例如 2026-07-20。", "Please enter a date such as 2026-07-20."),
}
_SECTIONS: tuple[tuple[tuple[str, str], tuple[tuple[Field, ...], ...]], ...] = (
    (
        ("转交", "Transfer"),
        (
            (F.LEVEL, F.PRIORITY, F.STATUS),
            (F.DEPARTMENT, F.OWNER, F.ASSESSOR),
            (F.RESPOND_BY, F.RESOLVE_BY, F.CLOCK),
            (F.LEVEL_REASON,),
            (F.ASSIGN_REASON,),
        ),
    ),
    (
        ("来源与联系方式", "Source and contact"),
        (
            (F.RECEIVED_AT, F.CHANNEL, F.CHANNEL_REF),
            (F.REPORTER, F.REPORTER_TYPE, F.ORGANISATION),
            (F.PHONE, F.EMAIL, F.CONTACT_OTHER),
            (F.RECORDER, F.LANGUAGE, F.CONTACT),
        ),
    ),
    (
        ("产品", "Product"),
        ((F.PRODUCT, F.MODEL, F.QUANTITY), (F.VERSION, F.BATCH, F.SERIAL)),
    ),
    (
        ("问题与发生环境", "Problem and environment"),
        (
            (F.TITLE,),
            (F.DESCRIPTION,),
            (F.CATEGORY, F.FAULT, F.SCENE),
            (F.ENV_HARDWARE, F.ENV_SOFTWARE, F.ENV_NETWORK),
            (F.ATTACHMENTS,),
        ),
    ),
    (
        ("初步评估", "Preliminary evaluation"),
        (
            (F.AUTHENTICITY, F.SEVERITY, F.SAFETY),
            (F.SCOPE, F.FREQUENCY, F.WORKAROUND),
            (F.FIRST_GUESS,),
            (F.CONTAINMENT,),
        ),
    ),
)
_TALL = {F.DESCRIPTION: 110, F.LEVEL_REASON: 34, F.ASSIGN_REASON: 34, F.FIRST_GUESS: 32, F.CONTAINMENT: 32,
         F.ATTACHMENTS: 32}  # fmt: skip


def build_transfer(language: str) -> bytes:
    """The transfer form template in `language`; the same bytes on every call."""
    at = 0 if language == "zh" else 1
    words = {key: pair[at] for key, pair in _WORDS.items()}
    wb = Workbook()
    wb.properties.creator = "qtemplate"
    wb.properties.title = words["title"]
    wb.properties.created = wb.properties.modified = MADE_AT
    ws = wb.active
    assert isinstance(ws, Worksheet)
    ws.title = words["sheet"]
    _write_secret(wb.create_sheet(SECRET_SHEET), words)
    ws.sheet_view.showGridLines = False
    look.set_widths(ws, [14, 19, 12, 21, 12, 21] if language == "zh" else [15, 18, 15, 21, 15, 20])
    _write_heading(ws, words, language)
    row = 4
    for name, lines in _SECTIONS:
        _write_section(ws, row, name[at], language)
        row += 1
        for fields in lines:
            _write_fields(ws, row, fields, language)
            row += 1
    row = _write_answers(ws, row, words, language)
    _add_colours(ws, language)
    look.set_page(ws, landscape=False)
    ws.page_setup.fitToHeight = 1
    ws.print_area = f"A1:F{row}"
    ws.protection.sheet = True
    ws.protection.formatRows = False
    ws.protection.formatColumns = False
    saved = io.BytesIO()
    wb.save(saved)
    return finished_bytes(saved.getvalue())


def _write_secret(ws: Worksheet, words: dict[str, str]) -> None:
    ws["A1"] = "{{token}}"
    ws["B1"], ws["B2"] = words["accept"], words["return"]
    ws.sheet_state = "veryHidden"


def _write_heading(ws: Worksheet, words: dict[str, str], language: str) -> None:
    look.style(
        look.cell_at(ws, 1, 1, words["title"]),
        font=look.font(language, 18, look.ACCENT, bold=True),
        alignment=Alignment(vertical="center"),
    )
    ws.merge_cells(start_row=1, start_column=1, end_row=1, end_column=4)
    look.style(
        look.cell_at(ws, 1, 5, "{{id}}"),
        font=look.font(language, 14, look.INK, bold=True),
        alignment=Alignment(horizontal="right", vertical="center"),
        number_format=look.TEXT,
    )
    ws.merge_cells(start_row=1, start_column=5, end_row=1, end_column=LAST)
    ws.row_dimensions[1].height = 36
    look.style(
        look.cell_at(ws, 2, 1, words["lead"]),
        font=look.font(language, 9.5, look.QUIET),
        alignment=Alignment(vertical="center", wrap_text=True),
    )
    ws.merge_cells(start_row=2, start_column=1, end_row=2, end_column=LAST)
    ws.row_dimensions[2].height = 30
    ws.row_dimensions[3].height = 6


def _write_section(ws: Worksheet, row: int, name: str, language: str) -> None:
    for column in range(1, LAST + 1):
        look.cell_at(ws, row, column).fill = look.solid(look.ACCENT)
    look.style(
        look.cell_at(ws, row, 1, name),
        font=look.font(language, 10.5, "FFFFFF", bold=True),
        alignment=Alignment(vertical="center", indent=1),
    )
    ws.merge_cells(start_row=row, start_column=1, end_row=row, end_column=LAST)
    ws.row_dimensions[row].height = 20


def _label(ws: Worksheet, row: int, column: int, text: str, language: str) -> None:
    look.style(
        look.cell_at(ws, row, column, text),
        font=look.font(language, 9, look.QUIET),
        fill=look.solid(look.PAPER),
        alignment=Alignment(vertical="center", wrap_text=True),
        border=look.hairline(),
    )


def _value(ws: Worksheet, row: int, first: int, last: int, language: str, answer: bool = False) -> None:
    """Style the cells of a value, or of an answer, and join them."""
    for column in range(first, last + 1):
        cell = look.cell_at(ws, row, column)
        if answer:
            look.style(cell, fill=look.solid(look.ANSWER), protection=Protection(locked=False))
        look.style(
            cell,
            font=look.font(language, 10),
            alignment=Alignment(vertical="center", wrap_text=True, indent=1),
            border=look.hairline(),
            number_format=look.TEXT,
        )
    if last > first:
        ws.merge_cells(start_row=row, start_column=first, end_row=row, end_column=last)


def _write_fields(ws: Worksheet, row: int, fields: tuple[Field, ...], language: str) -> None:
    """One field over the whole width, or three side by side."""
    for place, field in enumerate(fields):
        column = 1 + 2 * place
        _label(ws, row, column, field.header(language), language)
        _value(ws, row, column + 1, LAST if len(fields) == 1 else column + 1, language)
        look.cell_at(ws, row, column + 1, "{{" + field.value + "}}")
        if field is Field.DESCRIPTION:
            look.cell_at(ws, row, column + 1).alignment = Alignment(vertical="top", wrap_text=True, indent=1)
        if field in (Field.EMAIL, Field.CHANNEL_REF, Field.SERIAL):  # long and without a place to break
            look.cell_at(ws, row, column + 1).alignment = Alignment(vertical="center", shrink_to_fit=True)
        if field is Field.TITLE:
            look.cell_at(ws, row, column + 1).font = look.font(language, 11, bold=True)
    ws.row_dimensions[row].height = max(_TALL.get(field, 30 if language == "en" else 24) for field in fields)


def _write_answers(ws: Worksheet, row: int, words: dict[str, str], language: str) -> int:
    """The yellow cells; returns the last row."""
    row += 1
    ws.row_dimensions[row - 1].height = 8
    _write_section(ws, row, words["answer"], language)
    _answer(ws, row + 1, 1, 3, words["decision"], "f_decision", language)
    _answer(ws, row + 1, 4, LAST, words["planned"], "f_planned_at", language)
    _answer(ws, row + 2, 1, LAST, words["reason"], "f_reason", language)
    _answer(ws, row + 3, 1, LAST, words["note"], "f_owner_note", language)
    ws.row_dimensions[row + 1].height = 26
    ws.row_dimensions[row + 2].height = ws.row_dimensions[row + 3].height = 52
    decision, planned = f"B{row + 1}", f"E{row + 1}"
    look.cell_at(ws, row + 1, 5).number_format = look.DATE
    choice = DataValidation(type="list", formula1=f"'{SECRET_SHEET}'!$B$1:$B$2", allow_blank=True)
    choice.error, choice.prompt = words["pick"], words["pick"]
    date = DataValidation(type="date", operator="greaterThan", formula1="DATE(2015,1,1)", allow_blank=True)
    date.error, date.prompt = words["date"], words["date"]
    for rule, cell in ((choice, decision), (date, planned)):
        rule.showErrorMessage = rule.showInputMessage = True
        rule.add(cell)
        ws.add_data_validation(rule)
    return row + 3


def _answer(ws: Worksheet, row: int, first: int, last: int, text: str, name: str, language: str) -> None:
    _label(ws, row, first, text, language)
    _value(ws, row, first + 1, last, language, answer=True)
    address = f"${get_column_letter(first + 1)}${row}"
    assert ws.parent is not None
    ws.parent.defined_names[name] = DefinedName(name, attr_text=f"'{ws.title}'!{address}")


def _add_colours(ws: Worksheet, language: str) -> None:
    """The level in its colour; a safety risk in red."""
    for cells in ws.iter_rows():
        for cell in cells:
            if cell.value == "{{level}}":
                for level, pair in look.LEVEL_COLOURS.items():
                    rule = look.equals(cell.coordinate, level.label(language), pair, bold=level is Level.URGENT)
                    ws.conditional_formatting.add(cell.coordinate, rule)
            elif cell.value == "{{safety}}":
                rule = look.equals(cell.coordinate, Safety.YES.label(language), look.BAD, bold=True)
                ws.conditional_formatting.add(cell.coordinate, rule)


def build_forms() -> dict[str, bytes]:
    """File name -> content of every form template."""
    return {f"transfer.{language}.xlsx": build_transfer(language) for language in ("zh", "en")}


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for file_name, content in build_forms().items():
        (FOLDER / file_name).write_bytes(content)
        sys.stdout.write(f"{file_name}: {len(content):,} bytes\n")
