"""Sentences with their facts, and what a person should know: `Phrase` and `Finding`. Data only."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from msgspec import Struct
from msgspec.structs import force_setattr

from ..register import CellRef


class Phrase(Struct, frozen=True):
    """A sentence of the catalogue with its facts; a fact may be a value, a `Field`, a `Choice` or another `Phrase`."""

    key: str
    facts: tuple[tuple[str, Any], ...] = ()

    @classmethod
    def of(cls, key: str, **facts: Any) -> Phrase:
        return cls(key, settled(facts.items()))


def settled(facts: Iterable[tuple[str, Any]]) -> tuple[tuple[str, Any], ...]:
    """Facts as tuples all through, so that what holds them can be compared and counted."""
    return tuple((name, tuple(fact) if isinstance(fact, list) else fact) for name, fact in facts)


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


UNLISTED = frozenset({"QT713", "QT715"})
"""Codes of the findings that say that 校验结果 was not renewed; nobody is sent there to look then."""


ABOUT_MAILS = frozenset({"QT520", "QT521", "QT522", "QT523", "QT524", "QT525", "QT526"})
"""Codes of the findings about mail: they point to no sheet, and are said every night until somebody decides."""


class Finding(Struct, frozen=True):
    """Something a person should know: stable code, severity, where, what was found; its words are in `texts.findings`.

    Attributes:
        code: Such as `QT103`; docs/findings.md lists them.
        severity: error | warning | info.
        where: The cell, or None when no single cell is meant.
        found: What the cell shows, short.
        facts: What the sentences of this code need besides.
        id, field: Feedback id and field key or own header, where there are such.
        also: What else has to be done about the same cell; its sentence says it too.
    """

    code: str
    severity: Severity
    where: CellRef | None = None
    found: str = ""
    facts: tuple[tuple[str, Any], ...] = ()
    id: str | None = None
    field: str | None = None
    also: tuple[Finding, ...] = ()

    def __post_init__(self) -> None:
        force_setattr(self, "facts", settled(self.facts))
