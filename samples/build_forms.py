"""Make the form templates: `python samples/build_forms.py` writes templates/forms/KIND.zh.xlsx and .en.xlsx.

Every kind is drawn from its contract in `plan/form_kinds.py`. A template is an ordinary workbook that a team may
restyle. What the program relies on:
- a cell whose whole text is `{{key}}` is filled with that field of the row (a field key; unknown ones become empty);
- answer cells carry the names of the contract (`f_decision`), the columns of tables `t_TABLE_COLUMN`; none is locked;
- cells that are filled by name: `m_missing_1` and so on, what each line of 补充信息表 asks for, and `s_similar_id` and so on,
  the earlier cases that an 8D shows;
- the very hidden sheet `_qt` holds `{{token}}` in A1 and the values of drop-downs; its columns `l_…` are filled with the
  lists of 数据字典 and 人员;
- the document property `qtemplate_form` is filled with a second mark.
"""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parent))

from openpyxl import Workbook  # noqa: E402  # after the path is set
from openpyxl.formatting.rule import FormulaRule  # noqa: E402
from openpyxl.packaging.custom import StringProperty  # noqa: E402
from openpyxl.styles import Alignment, Font, PatternFill, Protection  # noqa: E402
from openpyxl.utils import get_column_letter  # noqa: E402
from openpyxl.workbook.defined_name import DefinedName  # noqa: E402
from openpyxl.worksheet.datavalidation import DataValidation  # noqa: E402
from openpyxl.worksheet.worksheet import Worksheet  # noqa: E402

from qtemplate.choices import Level, Safety  # noqa: E402
from qtemplate.fields import Field, Kind  # noqa: E402
from qtemplate.plan.form_kinds import FORMS, FormKind  # noqa: E402
from qtemplate.plan.form_parts import MOST_SIMILAR, SIMILAR, AnswerType, FormAnswer, FormPart, FormTable  # noqa: E402
from qtemplate.sheets.standard import look  # noqa: E402
from qtemplate.sheets.standard.finish import MADE_AT, finished_bytes  # noqa: E402
from qtemplate.texts.form_words import FORM_WORDS, answer_label, form_word  # noqa: E402
from samples.form_pages import set_pages, sizes_of  # noqa: E402

F, A = Field, AnswerType
FOLDER = HERE.parent / "templates" / "forms"
SECRET_SHEET = "_qt"
GRID = 12
"""Columns of the grid on which everything stands."""

LIST_ROOM = 500
"""Rows of a list that drop-downs look at."""

_FORMATS = {Kind.DATE: look.DATE, Kind.DATETIME: look.DATETIME, Kind.INT: "0", Kind.SCALE: "0"}
_CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)


@dataclass
class Drawing:
    """A template being drawn, from top to bottom."""

    kind: FormKind
    language: str
    book: Workbook
    ws: Worksheet
    secret: Worksheet
    row: int = 1
    lists: dict[str, str] = field(default_factory=dict)
    choices: int = 0
    blocks: list[int] = field(default_factory=list)  # rows with which a printed page may begin

    def word(self, key: str) -> str:
        return form_word(key, self.language)

    # ---- single cells ------------------------------------------------------------------------------------------------

    def box(self, first: int, span: int, *, answer: bool = False, centred: bool = False, form: str = look.TEXT) -> str:
        """Style and join the cells of a value; its address."""
        for column in range(first, first + span):
            cell = look.cell_at(self.ws, self.row, column)
            if answer:
                look.style(cell, fill=look.solid(look.ANSWER), protection=Protection(locked=False))
            look.style(
                cell,
                font=self.font(10),
                alignment=_CENTRE if centred else _LEFT,
                border=look.hairline(),
                number_format=form,
            )
        self.join(first, span)
        return f"{get_column_letter(first)}{self.row}"

    def label(self, first: int, span: int, text: str, *, bold: bool = False) -> None:
        for column in range(first, first + span):
            look.style(
                look.cell_at(self.ws, self.row, column, text if column == first else None),
                font=self.font(9, look.INK if bold else look.QUIET, bold=bold),
                fill=look.solid(look.PAPER),
                alignment=_LEFT,
                border=look.hairline(),
            )
        self.join(first, span)

    def font(self, points: float, colour: str = look.INK, bold: bool = False) -> Font:
        return look.font(self.language, points + sizes_of(self.kind).more, colour, bold)

    def join(self, first: int, span: int) -> None:
        if span > 1:
            row, last = self.row, first + span - 1
            self.ws.merge_cells(start_row=row, start_column=first, end_row=row, end_column=last)

    def name(self, name: str, first: str, last: str = "") -> None:
        where = ":".join(
            f"${''.join(filter(str.isalpha, at))}${''.join(filter(str.isdigit, at))}" for at in (first, last) if at
        )
        self.book.defined_names[name] = DefinedName(name, attr_text=f"'{self.ws.title}'!{where}")

    def next(self, height: float) -> None:
        self.ws.row_dimensions[self.row].height = height
        self.row += 1

    # ---- what stands above and between -------------------------------------------------------------------------------

    def heading(self) -> None:
        ws = self.ws
        look.style(
            look.cell_at(ws, 1, 1, self.word(f"title.{self.kind}")),
            font=self.font(18, look.ACCENT, bold=True),
            alignment=Alignment(vertical="center"),
        )
        self.join(1, 8)
        look.style(
            look.cell_at(ws, 1, 9, "{{id}}"),
            font=self.font(14, look.INK, bold=True),
            alignment=Alignment(horizontal="right", vertical="center"),
            number_format=look.TEXT,
        )
        self.join(9, 4)
        self.next(34)
        look.style(
            look.cell_at(ws, 2, 1, self.word(f"lead.{self.kind}")),
            font=self.font(9.5, look.QUIET),
            alignment=Alignment(vertical="center", wrap_text=True),
        )
        self.join(1, GRID)
        self.next(30)
        self.next(4)

    def title(self, text: str) -> None:
        self.blocks.append(self.row)
        for column in range(1, GRID + 1):
            look.cell_at(self.ws, self.row, column).fill = look.solid(look.ACCENT)
        look.style(
            look.cell_at(self.ws, self.row, 1, text),
            font=self.font(10.5, "FFFFFF", bold=True),
            alignment=Alignment(horizontal="left", vertical="center", indent=1),
        )
        self.join(1, GRID)
        self.next(18)

    # ---- facts -------------------------------------------------------------------------------------------------------

    def facts(self, lines: tuple[tuple[Field, ...], ...]) -> None:
        for line in lines:
            width = GRID // (3 if len(line) > 1 else 1)
            for place, key in enumerate(line):
                first = 1 + place * width
                self.label(first, 2, key.header(self.language))
                address = self.box(first + 2, width - 2, form=_FORMATS.get(key.kind, look.TEXT))
                cell = look.cell_at(self.ws, self.row, first + 2, "{{" + key.value + "}}")
                if key is F.DESCRIPTION:
                    cell.alignment = Alignment(horizontal="left", vertical="top", wrap_text=True, indent=1)
                elif key in (F.EMAIL, F.CHANNEL_REF, F.SERIAL):  # long and without a place to break
                    cell.alignment = Alignment(horizontal="left", vertical="center", shrink_to_fit=True, indent=1)
                if key is F.TITLE:
                    cell.font = self.font(11, bold=True)
                self.colour(key, address)
            usual = sizes_of(self.kind).fact[self.language == "en"]
            self.next(max(sizes_of(self.kind).facts.get(key, usual) for key in line))

    def colour(self, key: Field, address: str) -> None:
        """The level in its colour; a safety hazard in red."""
        if key is F.LEVEL:
            for level, pair in look.LEVEL_COLOURS.items():
                rule = look.equals(address, level.label(self.language), pair, bold=level is Level.URGENT)
                self.ws.conditional_formatting.add(address, rule)
        elif key is F.SAFETY:
            rule = look.equals(address, Safety.YES.label(self.language), look.BAD, bold=True)
            self.ws.conditional_formatting.add(address, rule)

    def similar(self) -> None:
        """Room for the earlier cases that tell much the same."""
        self.title(self.word("part.similar"))
        spans = dict(zip(SIMILAR, (2, 2, 4, 4), strict=True))
        at = 1
        for name, span in spans.items():
            self.label(at, span, self.word(f"similar.{name}"))
            letter = get_column_letter(at)
            self.name(f"s_similar_{name}", f"{letter}{self.row + 1}", f"{letter}{self.row + MOST_SIMILAR}")
            at += span
        self.next(18)
        for _ in range(MOST_SIMILAR):
            at = 1
            for span in spans.values():
                self.box(at, span)
                look.cell_at(self.ws, self.row, at).font = self.font(9)
                at += span
            self.next(sizes_of(self.kind).similar)
        self.next(6)

    # ---- what people fill in -----------------------------------------------------------------------------------------

    def part(self, part: FormPart) -> None:
        self.title(self.word(f"part.{part.title}"))
        for line in part.lines:
            if self.kind is FormKind.MISSING:
                self.missing_line(line[0])
                continue
            width = GRID // len(line)
            label = 4 if self.kind is FormKind.FOLLOW_UP and not line[0].tall else 2
            for place, answer in enumerate(line):
                first = 1 + place * width
                self.label(first, label, answer_label(answer.name, answer.field, self.language))
                narrow = len(line) > 1 or answer.type in (A.DATE, A.LISTED, A.NUMBER, A.CHOICE, A.PERSON)
                span = width - label if len(line) > 1 or not narrow else 6 - label if label == 4 else 4
                address = self.box(first + label, span, answer=True, form=self.form(answer.type))
                self.name(answer.cell, address)
                self.offer(answer.type, address, answer.field.value if answer.field else answer.name, answer.choices)
            self.next(sizes_of(self.kind).answer[any(answer.tall for answer in line)])
        for table in part.tables:
            self.table(table, captioned=len(part.tables) > 1 or bool(part.lines))
        self.next(6)

    def missing_line(self, answer: FormAnswer) -> None:
        """A line that is seen only where it asks for something."""
        for first, span, locked in ((1, 4, True), (5, 8, False)):
            for column in range(first, first + span):
                look.style(
                    look.cell_at(self.ws, self.row, column),
                    font=self.font(10),
                    alignment=_LEFT,
                    number_format=look.TEXT,
                    protection=Protection(locked=locked),
                )
            self.join(first, span)
        label, value = f"A{self.row}", f"E{self.row}"
        for area, colour in ((f"A{self.row}:D{self.row}", look.PAPER), (f"E{self.row}:L{self.row}", look.ANSWER)):
            rule = FormulaRule(  # type: ignore[no-untyped-call] # as openpyxl has it
                [f'$A${self.row}<>""'], fill=PatternFill(bgColor=colour, fill_type="solid"), border=look.hairline()
            )
            self.ws.conditional_formatting.add(area, rule)
        self.name(f"m_{answer.name}", label)
        self.name(answer.cell, value)
        self.offer(A.LISTED, value, answer.name, {}, strict=False)
        self.next(26)

    def table(self, table: FormTable, *, captioned: bool) -> None:
        if captioned:
            self.blocks += [self.row] * (self.row > self.blocks[-1] + 1)  # a part's title stays with its first table
            self.label(1, GRID, self.word(f"table.{table.name}"), bold=True)
            self.next(17)
        at = 1
        for column in table.columns:
            for cell in range(at, at + column.span):
                look.style(
                    look.cell_at(self.ws, self.row, cell, self.word(f"column.{column.key}") if cell == at else None),
                    font=self.font(9, look.QUIET),
                    fill=look.solid(look.PAPER),
                    alignment=_CENTRE,
                    border=look.hairline(),
                )
            self.join(at, column.span)
            at += column.span
        self.next(17)
        first = self.row
        for line in range(table.rows):
            at = 1
            for column in table.columns:
                if column.type is A.LABEL:
                    name = table.labels[line]
                    key = f"label.{table.name}.{name}"
                    self.label(at, column.span, self.word(key) if key in FORM_WORDS else name)
                else:
                    centred = column.type in (A.NUMBER, A.DATE, A.CHOICE)
                    self.box(at, column.span, answer=True, centred=centred, form=self.form(column.type))
                    look.cell_at(self.ws, self.row, at).font = self.font(9)
                at += column.span
            self.next(sizes_of(self.kind).line)
        at = 1
        for column in table.columns:
            letter = get_column_letter(at)
            self.name(table.cell(column), f"{letter}{first}", f"{letter}{self.row - 1}")
            if column.type is not A.LABEL:
                area = f"{letter}{first}:{letter}{self.row - 1}"
                self.offer(column.type, area, column.key, column.choices, of_table=True)
            at += column.span

    def form(self, type: AnswerType) -> str:
        return {A.DATE: look.DATE, A.MOMENT: look.DATETIME}.get(type, look.TEXT if type is not A.NUMBER else "General")

    # ---- what cells offer --------------------------------------------------------------------------------------------

    def offer(
        self, type: AnswerType, area: str, name: str, choices: object, *, of_table: bool = False, strict: bool = True
    ) -> None:
        if type in (A.DATE, A.MOMENT):
            rule = DataValidation(type="date", operator="greaterThan", formula1="DATE(2015,1,1)", allow_blank=True)
            said = self.word("date")
        elif type is A.CHOICE:
            assert isinstance(choices, dict)
            rule, said = (
                DataValidation(type="list", formula1=self.closed(choices, of_table), allow_blank=True),
                self.word("pick"),
            )
        elif type in (A.LISTED, A.PERSON):
            source = self.listed("people" if type is A.PERSON else name)
            rule = DataValidation(type="list", formula1=source, allow_blank=True)
            rule.errorStyle = "warning" if type is A.PERSON or not strict else "stop"
            said = self.word("pick_person" if type is A.PERSON else "pick")
        else:
            return
        rule.error = said
        rule.showErrorMessage = strict
        if strict and not of_table:
            rule.prompt, rule.showInputMessage = said, True
        rule.add(area)
        self.ws.add_data_validation(rule)

    def closed(self, choices: dict[str, object], of_table: bool) -> str:
        """The cells of `_qt` that hold the words of closed choices: in column B those of single answers."""
        key = f"{'t' if of_table else 'a'}/{'/'.join(choices)}"
        if key not in self.lists:
            column = 2 if not of_table else 3
            filled = [cell.row for cell in self.secret[get_column_letter(column)] if cell.value is not None]
            first = max(filled, default=0) + 1
            for at, code in enumerate(choices):
                look.cell_at(self.secret, first + at, column, self.word(code))
            letter = get_column_letter(column)
            self.lists[key] = f"'{SECRET_SHEET}'!${letter}${first}:${letter}${first + len(choices) - 1}"
        return self.lists[key]

    def listed(self, name: str) -> str:
        """As many cells of a list as are filled; `_qt` has a column of its own for each, filled when a form is made."""
        if name not in self.lists:
            letter = get_column_letter(5 + sum(1 for key in self.lists if "/" not in key))
            area = f"'{SECRET_SHEET}'!${letter}$1:${letter}${LIST_ROOM}"
            self.book.defined_names[f"l_{name}"] = DefinedName(f"l_{name}", attr_text=area)
            self.lists[name] = f"OFFSET('{SECRET_SHEET}'!${letter}$1,0,0,MAX(1,COUNTA({area})),1)"
        return self.lists[name]


def build_form(kind: FormKind, language: str) -> bytes:
    """The template of a kind in `language`; the same bytes on every call."""
    contract = FORMS[kind]
    book = Workbook()
    book.properties.creator = "qtemplate"
    book.properties.title = form_word(f"title.{kind}", language)
    book.properties.created = book.properties.modified = MADE_AT
    mark = StringProperty(name="qtemplate_form", value="{{token}}")
    book.custom_doc_props.append(mark)  # type: ignore[attr-defined] # the stubs of openpyxl lack it
    ws = book.active
    assert isinstance(ws, Worksheet)
    ws.title = form_word(f"title.{kind}", language)[:31].replace("'", "")
    secret = book.create_sheet(SECRET_SHEET)
    secret["A1"] = "{{token}}"
    secret.sheet_state = "veryHidden"
    ws.sheet_view.showGridLines = False
    look.set_widths(ws, [sizes_of(kind).column] * GRID)
    drawing = Drawing(kind, language, book, ws, secret)
    drawing.heading()
    above, below = contract.facts
    drawing.facts(above)
    drawing.next(6)
    for part in contract.parts:
        if part.title == contract.similar_before:
            drawing.similar()
        drawing.part(part)
    if below:
        drawing.title(form_word("part.facts", language))
        drawing.facts(below)
    set_pages(ws, drawing.blocks, f"L{drawing.row - 1}", kind)
    ws.freeze_panes = "A2"
    ws.protection.sheet = True
    ws.protection.formatRows = ws.protection.formatColumns = ws.protection.insertRows = False
    saved = io.BytesIO()
    book.save(saved)
    return finished_bytes(saved.getvalue())


def build_forms() -> dict[str, bytes]:
    """File name -> content of every form template."""
    return {f"{kind}.{language}.xlsx": build_form(kind, language) for kind in FormKind for language in ("zh", "en")}


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for file_name, content in build_forms().items():
        (FOLDER / file_name).write_bytes(content)
        sys.stdout.write(f"{file_name}: {len(content):,} bytes\n")
