"""The sheet 列对照 / Column map of an adopted workbook: which of a team's columns is which field, what its words mean.

It is kept beside the headers, never in them, and travels with the workbook. One line a column, or a value of one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from msgspec import Struct, field

from ...choices import Choice
from ...fields import FIELDS, Field, Tongue
from ...ooxml.reading.book import Book
from ..headers import fold
from .cell_values import NOTHING, Convert, Format, Read, shown

TITLES = {"zh": "列对照", "en": "Column map"}
HEADERS = {
    "zh": ("列名", "我们的字段", "字段名", "用法", "取值", "含义", "代码"),
    "en": ("Header", "Our field", "Key", "Use", "Value", "Meaning", "Code"),
}
REGISTER = {"zh": "登记表", "en": "Register"}
BELOW = {"zh": "下方另一张表", "en": "Table below"}
JOINED = " | "


class Use(StrEnum):
    """What the program does with a column."""

    THEIRS = "theirs"  # the team's column is the field
    READ_ONLY = "read_only"  # the team's column tells what is over, and nothing else
    HANDED_OVER = "handed_over"  # the team's column, which the program fills from now on, in the team's words
    OURS = "ours"  # the program added it
    NONE = "none"  # it stays a column of theirs


IS_FIELD = frozenset({Use.THEIRS, Use.HANDED_OVER, Use.OURS})
"""Columns that are a field of the register."""


class MappedColumn(Struct, frozen=True):
    """One column.

    Attributes:
        header: Its header as it is written.
        key: Of the field; None for a column without one.
        values: What its cells show -> code, "" for a value to be disregarded; the words that come first are written.
    """

    header: str
    key: str | None
    use: Use
    values: Mapping[str, str] = field(default_factory=dict)


class ColumnMap(Struct, frozen=True):
    """The map of one register.

    Attributes:
        below: What the header of another table below it says, joined; "" where none is.
    """

    sheet: str
    language: str
    columns: tuple[MappedColumn, ...]
    below: str = ""

    def by_header(self) -> dict[str, MappedColumn]:
        """Folded header -> column."""
        return {fold(column.header): column for column in self.columns}


def read_map(book: Book) -> ColumnMap | None:
    """The map of a workbook, None for one that was not adopted."""
    if "column map" not in book.known:
        book.known["column map"] = _look(book)
    found: ColumnMap | None = book.known["column map"]
    return found


def _look(book: Book) -> ColumnMap | None:
    for language, title in TITLES.items():
        if title not in book.sheet_names:
            continue
        rows = [[shown(cell).strip() for cell in row] for row in book.sheet(title).to_python(skip_empty_area=False)]
        at = next((at for at, row in enumerate(rows) if tuple(row[:7]) == HEADERS[language]), None)
        if at is not None:
            facts = {row[0]: row[1] for row in rows[:at] if len(row) > 1}
            columns = _columns([(row + [""] * 7)[:7] for row in rows[at + 1 :]])
            return ColumnMap(facts.get(REGISTER[language], ""), language, columns, facts.get(BELOW[language], ""))
    return None


def _columns(rows: Sequence[Sequence[str]]) -> tuple[MappedColumn, ...]:
    values: dict[str, dict[str, str]] = {}
    for header, _, key, _, value, meaning, code in rows:
        if value:  # a person writes the meaning, and no code
            values.setdefault(header, {})[value] = code or _code_of(key, meaning)
    return tuple(
        MappedColumn(header, key if key in FIELDS else None, Use(use), values.get(header, {}))
        for header, _, key, use, value, _, _ in rows
        if header and not value and use in list(Use)
    )


def _code_of(key: str, meaning: str) -> str:
    """The code of what a value means by its label, "" where it is none."""
    choices = FIELDS[key].choices if key in FIELDS else None
    if choices is None:
        return meaning.removesuffix(".0") if meaning.removesuffix(".0").isdecimal() else ""
    labels = {fold(name): str(one) for one in choices if isinstance(one, Choice) for name in (one.zh, one.en, str(one))}
    return labels.get(fold(meaning), "")


def disregarded(known: ColumnMap) -> dict[str, tuple[str, ...]]:
    """Header of theirs -> its words that nobody gave a meaning: cells with them count as empty."""
    found = {
        " ".join(column.header.split()): tuple(text for text, code in column.values.items() if not code)
        for column in known.columns
        if column.use in IS_FIELD
    }
    return {header: words for header, words in found.items() if words}


def translated(convert: Convert, column: MappedColumn) -> Convert:
    """A reader that knows the team's words before ours."""
    meant = {fold(text): code for text, code in column.values.items()}

    def read(value: Any, form: Format = None) -> Read:
        code = meant.get(fold(shown(value)))
        if code is None:
            return convert(value, form)
        return Read(int(code) if code.isdecimal() else code) if code else NOTHING

    return read


def tongue_of(language: str, known: ColumnMap | None, headers: Mapping[str, str]) -> str:
    """The language in which an adopted workbook is spoken of: a column bears the name that it bears there.

    Args:
        language: Of the book.
        known: Its map, None for one that was not adopted.
        headers: Key or own header -> the header as it stands.
    """
    if known is None:
        return language
    return Tongue(language, {key: " ".join(text.split()) for key, text in headers.items() if key in FIELDS})


def words_of(columns: Sequence[MappedColumn]) -> dict[str, dict[str, str]]:
    """Field key -> code -> the team's word that is written for it."""
    found: dict[str, dict[str, str]] = {}
    for column in columns:
        if column.use in IS_FIELD and column.key is not None and column.values:
            words = found.setdefault(column.key, {})
            for text, code in column.values.items():
                words.setdefault(code, text)
            words |= _told_apart(column, words)
    return {key: words for key, words in found.items() if words}


def _told_apart(column: MappedColumn, words: Mapping[str, str]) -> dict[str, str]:
    """What is written for a code without a word of theirs where our label means something else to them."""
    meant = {fold(text): code for text, code in column.values.items()}
    choices = FIELDS[str(column.key)].choices or ()
    labels = {str(choice): (choice.zh, choice.en) for choice in choices if isinstance(choice, Choice)}
    return {
        code: next((label for label in (zh, en) if fold(label) not in meant), code)
        for code, (zh, en) in labels.items()
        if code not in words and any(meant.get(fold(label), code) != code for label in (zh, en))
    }


def own_words(column: MappedColumn) -> dict[str, str]:
    """Folded word of the team's -> the word as it is written, of those that none of our labels contradicts."""
    choices = FIELDS[str(column.key)].choices if column.key in FIELDS else None
    ours = {
        fold(name): str(choice)
        for choice in choices or ()
        if isinstance(choice, Choice)
        for name in (choice.zh, choice.en, str(choice))
    }
    return {
        fold(text): text
        for text, code in column.values.items()
        if code in ours.values() and ours.get(fold(text), code) == code
    }


def meant_by(known: ColumnMap | None, key: str) -> dict[str, str]:
    """Folded word of the team's -> code of a field."""
    columns = [] if known is None else [column for column in known.columns if column.key == key]
    return {word: column.values[text] for column in columns for word, text in own_words(column).items()}


def handed_over(known: ColumnMap | None) -> frozenset[str]:
    """Keys of the team's columns that the program fills."""
    columns = () if known is None else known.columns
    return frozenset(str(column.key) for column in columns if column.use is Use.HANDED_OVER)


def fields_by_header(known: ColumnMap | None) -> dict[str, Field]:
    """Folded header of theirs -> the field it is: rules may name a column as the team does."""
    columns = known.columns if known is not None else ()
    return {
        fold(column.header): FIELDS[column.key]
        for column in columns
        if column.key is not None and column.use in IS_FIELD
    }


def codes_by_word(known: ColumnMap | None) -> dict[str, dict[str, str]]:
    """Field key -> the team's words -> codes: rules may say a value as the team does."""
    columns = known.columns if known is not None else ()
    return {
        column.key: {text: code for text, code in column.values.items() if code}
        for column in columns
        if column.key is not None and column.use in IS_FIELD and column.values
    }


def is_over(column: MappedColumn, value: Any) -> bool | dt.datetime:
    """Whether a cell of a column that is read only says that its row is over; the moment where it names one."""
    if column.key == "closed_at":
        return value if isinstance(value, dt.datetime) else _midnight(value)
    code = {fold(text): code for text, code in column.values.items()}.get(fold(shown(value)))
    return column.key == "status" and code in ("closed", "merged")


def _midnight(value: Any) -> bool | dt.datetime:
    return dt.datetime.combine(value, dt.time()) if isinstance(value, dt.date) else False
