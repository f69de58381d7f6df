"""What is wrong with a decision table or with a case put to it: a code, its facts, and where.

Pure. The words are in `table_texts`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from msgspec import Struct

from ..errors import RuleTableError
from .feel_values import Kind, spell
from .table_texts import ANY_OTHER, CASES, EXPECTED_NAMES, KIND_NAMES, TABLES, WHATS, WRITE_LIKE
from .unary_tests import Literal

Facts = tuple[tuple[str, Any], ...]


class Severity(StrEnum):
    """How much a problem weighs: an error forbids using the table, a warning asks for a look, an info is a remark."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


OTHER_TEXT = "…"
"""Stands for any text that a table does not name."""


def _choose(entry: tuple[str, str], language: str) -> str:
    return entry[0] if language == "zh" else entry[1]


def plain(value: Any) -> str:
    """A value of a cell as its sheet shows it: text without quotes, a date as digits."""
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "minutes" if not value.second else "seconds")
    return value if isinstance(value, str) else value.isoformat() if isinstance(value, dt.date) else spell(value)


def _show_case(case: Iterable[tuple[str, Any]], language: str) -> str:
    """`column = value` of an example; a value is as the sheet shows it, or a literal of the table."""
    shown = []
    for title, value in case:
        if value is None:
            value = _choose(KIND_NAMES["null"], language)
        elif value == OTHER_TEXT:
            value = _choose(ANY_OTHER, language)
        shown.append(f"{title} = {value}")
    return ("，" if language == "zh" else ", ").join(shown)


def _show(name: str, value: Any, language: str) -> str:
    """One fact as a person reads it."""
    if name == "example":
        return _show_case(value, language)
    if name == "like":
        return _choose(WRITE_LIKE[next((kind for kind in WRITE_LIKE if kind in value), "date")], language)
    if isinstance(value, Kind):
        return _choose(KIND_NAMES[value.value], language)
    if value is None and name == "kind":
        return _choose(KIND_NAMES["null"], language)
    if name == "expected" and value in EXPECTED_NAMES:
        return _choose(EXPECTED_NAMES[value], language)
    if name == "found" and value == "":
        return _choose(KIND_NAMES["null"], language)
    if name == "what":
        return _choose(WHATS[value], language)
    if name == "meant":
        return _show("suggestion", _choose(value, language), language)
    if name == "suggestion":
        if not value:
            return ""
        return f"（是否为“{value}”？）" if language == "zh" else f' (did you mean "{value}"?)'
    if isinstance(value, Literal):
        return spell(value.value)
    if isinstance(value, (tuple, list, frozenset)):
        shown = [_show(name, item, language) for item in (sorted(value) if isinstance(value, frozenset) else value)]
        return (" / " if name == "expected" else "、" if language == "zh" else ", ").join(shown)
    return str(value)


def _sentence(entry: tuple[str, str], facts: Facts, language: str) -> str:
    return _choose(entry, language).format_map({name: _show(name, value, language) for name, value in facts})


class Problem(Struct, frozen=True):
    """Why a case has no result.

    Attributes:
        code: `no_rule`, `not_unique`, `any_disagrees`, `type_mismatch` or `not_aggregable`.
        facts: What its sentence names.
    """

    code: str
    facts: Facts = ()

    def sentence(self, language: str) -> str:
        """The sentence for a person; `language` is `"zh"` or `"en"`."""
        return _sentence(CASES[self.code], self.facts, language)


class TableProblem(Struct, frozen=True):
    """Something a person should know about a decision table, at one of its cells.

    Attributes:
        sheet: The sheet's name.
        cell: Address such as `C7`; empty when the whole table is meant.
        severity: With an error the table is not used.
        code: A key of `table_texts.TABLES`.
        facts: What its sentence names.
    """

    sheet: str
    cell: str
    severity: Severity
    code: str
    facts: Facts = ()

    @property
    def forbids(self) -> bool:
        """Whether the table is not used because of it."""
        return self.severity is Severity.ERROR

    def sentence(self, language: str) -> str:
        """The sentence for a person, without the address; `language` is `"zh"` or `"en"`."""
        return _sentence(TABLES[self.code], self.facts, language)

    def error(self) -> RuleTableError:
        """The problem as the exception that stops a program."""
        return RuleTableError(self.sheet, self.cell, self.code, zh=self.sentence("zh"), en=self.sentence("en"))


def has_errors(problems: list[TableProblem]) -> bool:
    """Whether any problem forbids using its table."""
    return any(problem.forbids for problem in problems)
