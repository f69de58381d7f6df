"""`adopt.xlsx` read back: which field a person chose for each column, and what each value means."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from msgspec import Struct

from ...choices import Choice
from ...errors import ConfigError
from ...fields import Field
from ...ooxml.reading.book import Book, open_book
from ...ooxml.references import column_name
from ...texts import make_error
from ...texts.workbook.adopt import ADOPT
from ..headers import field_of, fold
from ..reading.cell_values import shown
from ..reading.column_map import ColumnMap, MappedColumn, Use
from .proposal_workbook import FIRST, can_be_handed_over


class Answers(Struct, frozen=True):
    """What a person has looked through.

    Attributes:
        letters: Header -> letters of its column.
        header_row: Where the header stood.
    """

    map: ColumnMap
    letters: dict[str, str]
    header_row: int


def read_answers(path: Path) -> Answers:
    """The proposal as it is now.

    Raises:
        ConfigError: It is no proposal of ours, a field or value in it is none, or two columns are one field.
        RegisterUnreadable: It cannot be opened.
    """
    book = open_book(path)
    language = next((name for name, words in ADOPT.items() if words["columns"] in book.sheet_names), "")
    words = ADOPT.get(language, {})
    if not words or any(words[page] not in book.sheet_names for page in ("values", "stays")):
        raise make_error(ConfigError, "adopt.no_proposal", path=path)
    facts = dict(line.partition(": ")[::2] for row in _rows(book, words["stays"]) for line in row[:1] if ": " in line)
    sheet, header_row = facts.get(words["sheet"], ""), facts.get(words["header_row"], "")
    if not sheet or not header_row.isdecimal():
        raise make_error(ConfigError, "adopt.no_proposal", path=path)
    columns: list[MappedColumn] = []
    letters: dict[str, str] = {}
    values = _values(path, book, words, language)
    lines = _rows(book, words["columns"])
    asked = [fold(cell) for cell in lines[FIRST - 2]] if len(lines) >= FIRST - 1 else []
    given = asked.index(fold(words["hand_over"])) if fold(words["hand_over"]) in asked else None
    for number, row in enumerate(lines[FIRST - 1 :], FIRST):
        column, header, _, label, *_ = [*row, "", "", "", ""]
        if not column:
            continue
        field = _field(label, words)
        if field is None and label and label != words["leave"]:
            raise make_error(ConfigError, "adopt.no_field", path=path, cell=f"D{number}", label=label)
        twin = next((each.header for each in columns if field is not None and each.key == field), None)
        if twin is not None:
            raise make_error(ConfigError, "adopt.twice", path=path, label=label, first=twin, second=header)
        handed = given is not None and given < len(row) and fold(row[given]) == fold(words["yes"])
        if handed and not can_be_handed_over(field):
            cell = f"{column_name((given or 0) + 1)}{number}"
            raise make_error(ConfigError, "adopt.not_given", path=path, cell=cell, label=label)
        letters[header] = column
        use = Use.HANDED_OVER if handed else _use(field)
        columns.append(MappedColumn(header, field, use, values.get(header, {}) if field else {}))
    return Answers(ColumnMap(sheet, language, tuple(columns)), letters, int(header_row))


def _rows(book: Book, sheet: str) -> list[list[str]]:
    return [[shown(cell).strip() for cell in row] for row in book.sheet(sheet).to_python(skip_empty_area=False)]


def _field(label: str, words: dict[str, str]) -> str | None:
    if fold(label) == fold(words["own_number"]):
        return Field.OWN_NUMBER.value
    field = field_of(label)
    return None if field is None or field is Field.ID else field.value


def _use(field: str | None) -> Use:
    if field is None:
        return Use.NONE
    return Use.READ_ONLY if can_be_handed_over(field) else Use.THEIRS


def _values(path: Path, book: Book, words: dict[str, str], language: str) -> dict[str, dict[str, str]]:
    """Header -> what a cell shows -> code, "" for what is to be disregarded."""
    found: dict[str, dict[str, str]] = {}
    for number, row in enumerate(_rows(book, words["values"])[FIRST - 1 :], FIRST):
        header, label, text, _, means, *_ = [*row, "", "", "", "", ""]
        field = field_of(label)
        if not header or field is None or not text:
            continue
        code = _code(field, means)
        if code is None:
            raise make_error(ConfigError, "adopt.no_value", path=path, cell=f"E{number}", label=means)
        found.setdefault(header, {})[text] = code
    return found


def _code(field: Field, means: str) -> str | None:
    if not means:
        return ""
    if field.choices is None:
        number = means.removesuffix(".0")
        return number if number.isdecimal() else None
    members: list[Any] = list(field.choices)
    meant = (member for member in members if isinstance(member, Choice))
    return next((str(m) for m in meant if fold(means) in map(fold, (m.zh, m.en, str(m)))), None)
