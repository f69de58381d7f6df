"""What a command answers, as data: sections of sentences for a terminal, one object for scripts; worded at the end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Any
from unicodedata import east_asian_width

from msgspec import Struct, field

from ..fields import in_tongue_of
from ..plan import Finding, Phrase
from ..register import plain
from ..texts import say
from .json_report import SCHEMA, finding_json

Line = Phrase | str
"""A sentence of the catalogue, or text that needs no words of ours."""


class Section(Struct, frozen=True):
    """Lines under a title; no title for the first words of an answer. Empty ones are not printed."""

    title: Line | None
    lines: tuple[Line, ...]

    @classmethod
    def of(cls, title: Line | None, lines: Iterable[Line]) -> Section:
        return cls(title, tuple(lines))


class Answer(Struct, frozen=True):
    """An answer.

    Attributes:
        data: What `--json` shows; phrases and findings in it are put into words.
        sections: What a terminal shows.
        exit_code: Of the command.
        tongue: Language of the register that it speaks of, where that has headers of its own.
    """

    data: Mapping[str, Any]
    sections: tuple[Section, ...] = ()
    exit_code: int = field(default=0)
    tongue: str = ""


def to_text(answer: Answer, language: str) -> str:
    """The answer for a terminal, lines of titled sections indented."""
    lines: list[str] = []
    language = in_tongue_of(answer.tongue, language)
    for section in answer.sections:
        if not section.lines:
            continue
        if lines:
            lines.append("")
        if section.title is not None:
            lines.append(_say(section.title, language))
        indent = "" if section.title is None else "  "
        for line in section.lines:
            lines += [f"{indent}{part}" for part in _say(line, language).split("\n")]
    return "\n".join(lines) + "\n"


def to_json(answer: Answer, language: str) -> dict[str, Any]:
    """The object of `--json`: `schema` first, then the answer's own keys."""
    language = in_tongue_of(answer.tongue, language)
    return {"schema": SCHEMA, **{name: _worded(value, language) for name, value in answer.data.items()}}


def _say(line: Line, language: str) -> str:
    return say(line, language) if isinstance(line, Phrase) else line


def _worded(value: Any, language: str) -> Any:
    if isinstance(value, Phrase):
        return say(value, language)
    if isinstance(value, Finding):
        return finding_json(value, language)
    if isinstance(value, Mapping):
        return {str(name): _worded(item, language) for name, item in value.items()}
    if isinstance(value, (list, tuple, frozenset)):
        return [_worded(item, language) for item in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return value
    value = plain(value)
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return value.isoformat()
    return value if value is None or isinstance(value, (int, float, bool)) else str(value)


def columns(rows: Sequence[Sequence[str]], gap: str = "  ") -> list[str]:
    """Rows of texts as aligned lines; a Chinese character is two columns wide."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return [
        gap.join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
