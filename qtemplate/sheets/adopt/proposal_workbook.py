"""`adopt.xlsx`: the proposal as a workbook that a person looks through: columns, values, what stays as it is.

It carries a digest of what it says, so that one that a person changed is never replaced.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from ...errors import ConfigError, QtemplateError
from ...fields import FIELDS, Field, Filler
from ...ooxml.reading.book import open_book
from ...register import label_of
from ...texts import make_error, say
from ...texts.workbook.adopt import ADOPT
from .proposal import OWN_NUMBER, ColumnProposal, Confidence, Proposal, ours_beside

HEAD = PatternFill("solid", fgColor="FFDCE6F1")
ANSWER = PatternFill("solid", fgColor="FFFFF7D6")
FILLS = {
    Confidence.SURE: PatternFill("solid", fgColor="FFE1F3E6"),
    Confidence.ASK: PatternFill("solid", fgColor="FFFFEBB8"),
    Confidence.NONE: PatternFill("solid", fgColor="FFF2F2F2"),
}
FIRST = 5
"""Worksheet row of the first line below title, lead and header."""

TOLD = frozenset({Field.STATUS, Field.LEVEL})
"""Suggested fields whose column stays read only, as the program's do: it works with a column of its own."""

LINE_HEIGHT = 15
SCALE = tuple(str(step) for step in range(1, 6))
IDENTIFIER = re.compile(rb"<dc:identifier[^>]*>([0-9a-f]{64})</dc:identifier>")


def write_proposal(path: Path, proposal: Proposal, language: str) -> None:
    """Writes the workbook.

    Args:
        path: An earlier proposal there is replaced as long as nobody changed it.
        proposal: Of a register.
        language: Of every word of ours.

    Raises:
        ConfigError: A person changed what is there, or it is another file.
    """
    if path.exists() and not _is_untouched(path):
        raise make_error(ConfigError, "adopt.changed", path=path)
    book = _make(proposal, ADOPT[language], language)
    book.properties.identifier = _digest(_bytes(book))
    part = path.with_name(f".qt-tmp-{path.name}")
    part.write_bytes(_bytes(book))
    part.replace(path)


def _bytes(book: Workbook) -> bytes:
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def _digest(data: bytes) -> str:
    """Of everything the cells say, however another program saved it."""
    book = open_book(data)
    said = {name: book.sheet(name).to_python() for name in book.sheet_names}
    return hashlib.sha256(json.dumps(said, default=str, ensure_ascii=False).encode()).hexdigest()


def _is_untouched(path: Path) -> bool:
    try:
        data = path.read_bytes()
        found = IDENTIFIER.search(open_book(data).part("docProps/core.xml"))
        return found is not None and found[1].decode() == _digest(data)
    except QtemplateError:
        return False


def _make(proposal: Proposal, words: Mapping[str, str], language: str) -> Workbook:
    book = Workbook()
    columns = book.active
    assert isinstance(columns, Worksheet)
    columns.title = words["columns"]
    values, stays, fields = (book.create_sheet(words[name]) for name in ("values", "stays", "fields"))
    labels, lists = _list_fields(fields, proposal, words, language)
    _list_columns(columns, proposal, words, language, labels)
    _list_values(values, proposal, words, language, lists)
    _say_what_stays(stays, proposal, words, language)
    return book


def _list_fields(
    sheet: Worksheet, proposal: Proposal, words: Mapping[str, str], language: str
) -> tuple[str, dict[str, str]]:
    """The fields with who fills them, and beside them the values of each; returns where the drop-downs find them."""
    _head(sheet, 1, [words["field"], words["key"], words["filled_by"]])
    lines = [(words["leave"], "", ""), (words["own_number"], OWN_NUMBER, words["P"])]
    lines += [
        (field.header(language), field.value, words[field.filler.value])
        for field in Field
        if field not in (Field.ID, OWN_NUMBER)
    ]
    for row, line in enumerate(lines, 2):
        _write(sheet, row, line)
    lists: dict[str, str] = {}
    for at, key in enumerate(dict.fromkeys(value.field for value in proposal.values), 5):
        field = FIELDS[key]
        options = [choice.label(language) for choice in field.choices] if field.choices else list(SCALE)
        _write(sheet, 1, [field.header(language)], at)
        sheet.cell(1, at).font, sheet.cell(1, at).fill = Font(bold=True), HEAD
        for row, option in enumerate(options, 2):
            _write(sheet, row, [option], at)
        letter = get_column_letter(at)
        lists[key] = f"'{sheet.title}'!${letter}$2:${letter}${len(options) + 1}"
    _finish(sheet, [30, 22, 40, 4, *[20] * len(lists)], "A2")
    return f"'{sheet.title}'!$A$2:$A${len(lines) + 1}", lists


def _list_columns(sheet: Worksheet, proposal: Proposal, words: Mapping[str, str], language: str, labels: str) -> None:
    """One line a column of theirs, in their order."""
    _lead(sheet, words["title"].format(book=Path(proposal.book).name),
          words["lead"].format(sheet=proposal.sheet, row=proposal.header_row, leave=words["leave"]))  # fmt: skip
    names = ("column", "header", "samples", "field", "hand_over", "confidence", "why", "happens", "rivals")
    _head(sheet, FIRST - 1, [words[name] for name in names])
    joiner = "；" if language == "zh" else "; "
    for row, column in enumerate(proposal.columns, FIRST):
        why = joiner.join(say(phrase, language) for phrase in column.why)
        handed = words["no"] if can_be_handed_over(column.field) else ""
        line = (
            column.column, column.header, "\n".join(column.samples), _label(column, words, language), handed,
            words[column.confidence.value], why, words[f"happens_{_happens(column)}"], joiner.join(column.rivals),
        )  # fmt: skip
        _write(sheet, row, line)
        sheet.cell(row, 4).fill = ANSWER
        if handed:
            sheet.cell(row, 5).fill = ANSWER
        sheet.cell(row, 6).fill = FILLS[column.confidence]
    last = FIRST + len(proposal.columns) - 1
    _offer(sheet, labels, f"D{FIRST}:D{last}")
    _offer(sheet, f'"{words["yes"]},{words["no"]}"', f"E{FIRST}:E{last}")
    _finish(sheet, [9, 24, 34, 26, 14, 12, 44, 44, 24], f"C{FIRST}")


def _list_values(
    sheet: Worksheet, proposal: Proposal, words: Mapping[str, str], language: str, lists: Mapping[str, str]
) -> None:
    """One line a value of their columns with closed sets, the frequent ones first."""
    _lead(sheet, words["values_title"], words["values_lead"])
    _head(sheet, FIRST - 1, [words[name] for name in ("header", "field", "found", "count", "means", "confidence")])
    for row, value in enumerate(proposal.values, FIRST):
        field = FIELDS[value.field]
        means = "" if value.means is None else str(label_of(value.field, value.means, language))
        line = (value.header, field.header(language), value.found, value.count, means, words[value.confidence.value])
        _write(sheet, row, line)
        sheet.cell(row, 4).alignment = Alignment(horizontal="center", vertical="top")
        sheet.cell(row, 5).fill = ANSWER
        sheet.cell(row, 6).fill = FILLS[value.confidence]
        _offer(sheet, lists[value.field], f"E{row}")
    _finish(sheet, [24, 24, 34, 8, 24, 12], f"A{FIRST}")


def _say_what_stays(sheet: Worksheet, proposal: Proposal, words: Mapping[str, str], language: str) -> None:
    left = [column.header.replace("\n", " ") for column in proposal.columns if column.field is None]
    _write(sheet, 1, [words["stays_title"]])
    sheet.cell(1, 1).font = Font(bold=True, size=14)
    joiner = "、" if language == "zh" else ", "
    first = words["stays_columns"].format(names=joiner.join(left)) if left else words["stays_no_columns"]
    rest = ("stays_cells", "stays_names", "stays_number", "stays_read_only", "stays_now")
    theirs = {str(column.field) for column in proposal.columns if not can_be_handed_over(column.field)}
    added = words["added"].format(names=joiner.join(field.header(language) for field in ours_beside(theirs)))
    then = words["next"].format(book=Path(proposal.book).name)
    for row, text in enumerate([first, *(words[name] for name in rest), added, then], 3):
        _write(sheet, row, [text])
    facts = (
        ("source", proposal.book), ("sheet", proposal.sheet), ("header_row", proposal.header_row),
        ("sha256", proposal.sha256),
    )  # fmt: skip
    for row, (name, fact) in enumerate(facts, 12):
        _write(sheet, row, [f"{words[name]}: {fact}"])
    _finish(sheet, [110], None)


def _label(column: ColumnProposal, words: Mapping[str, str], language: str) -> str:
    if column.field is None:
        return words["leave"]
    return words["own_number"] if column.field == OWN_NUMBER else FIELDS[column.field].header(language)


def can_be_handed_over(field: str | None) -> bool:
    """Whether the program may be given a column of theirs to fill: one that it would fill itself, never a number."""
    return field in FIELDS and field != Field.ID and (FIELDS[str(field)].filler is Filler.PROGRAM or field in TOLD)


def _happens(column: ColumnProposal) -> str:
    if column.field is None:
        return "none"
    if can_be_handed_over(column.field):  # the program works with a column of its own
        return Filler.PROGRAM.value
    return OWN_NUMBER if column.field == OWN_NUMBER else FIELDS[column.field].filler.value


def _offer(sheet: Worksheet, area: str, cells: str) -> None:
    drop_down = DataValidation(type="list", formula1=area, allow_blank=True)
    sheet.add_data_validation(drop_down)
    drop_down.add(cells)


def _lead(sheet: Worksheet, title: str, lead: str) -> None:
    _write(sheet, 1, [title])
    sheet.cell(1, 1).font = Font(bold=True, size=14)
    _write(sheet, 2, [lead])
    for row in (1, 2):
        sheet.cell(row, 1).alignment = Alignment(wrap_text=False)


def _head(sheet: Worksheet, row: int, names: Sequence[str]) -> None:
    _write(sheet, row, names)
    for column in range(1, len(names) + 1):
        sheet.cell(row, column).font, sheet.cell(row, column).fill = Font(bold=True), HEAD


def _write(sheet: Worksheet, row: int, line: Sequence[str | int | None], first: int = 1) -> None:
    for column, value in enumerate(line, first):
        cell = sheet.cell(row, column, value)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if isinstance(value, str):
            cell.data_type = "s"  # a header or sample of theirs that begins with = is text


def _lines(text: str, width: int) -> int:
    """Lines that a text takes in a column; a Chinese character is two wide."""
    return sum(-(-max(sum(2 if sign > "\u2e7f" else 1 for sign in part), 1) // width) for part in text.split("\n"))


def _finish(sheet: Worksheet, widths: Sequence[int], frozen: str | None) -> None:
    """Widths, heights of rows whose text takes several lines, and a print on landscape pages as wide as the sheet."""
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    for row, cells in enumerate(sheet.iter_rows(min_row=FIRST - 2), FIRST - 2):
        lines = max(_lines(str(cell.value or ""), width) for cell, width in zip(cells, widths, strict=False))
        if lines > 1:
            sheet.row_dimensions[row].height = LINE_HEIGHT * lines
    sheet.freeze_panes = frozen
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
