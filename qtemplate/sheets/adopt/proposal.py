"""What is proposed about a team's own workbook. Data only."""

from __future__ import annotations

from collections.abc import Container
from enum import StrEnum

from msgspec import Struct

from ...fields import FIELDS, Field, Filler
from ...plan import Phrase

OWN_NUMBER = Field.OWN_NUMBER.value
"""The team's own number: read, shown in mails beside the id, never written."""

OURS = (
    Field.ID, Field.STATUS, Field.CHECK, Field.LEVEL, Field.LEVEL_REASON, Field.DEPARTMENT, Field.OWNER,
    Field.RESPOND_BY, Field.RESOLVE_BY, Field.CLOCK, Field.SEVERITY, Field.SAFETY, Field.TRANSFERRED_AT,
    Field.CLOSE_TYPE, Field.CLOSED_AT,
)  # fmt: skip
"""What the process needs to show something, and to begin and end: added where no column of theirs is it."""

STARTS = Field.RECEIVED_AT
"""What clocks start from."""

WHOSE = (Field.CATEGORY, Field.DEPARTMENT, Field.OWNER)
"""One of them has to be theirs, or nothing could be assigned: the first is added where none is."""


def ours_beside(theirs: Container[str]) -> tuple[Field, ...]:
    """The columns that a workbook gets, in the order in which they come; `theirs` are the keys that it has."""
    lacking = (STARTS, *(WHOSE[:1] if not any(field in theirs for field in WHOSE) else ()))
    at = OURS.index(Field.SEVERITY)  # beside what else people fill
    return tuple(field for field in (*OURS[:at], *lacking, *OURS[at:]) if field not in theirs)


class Confidence(StrEnum):
    """How far a person has to look: not at all, at this one, or there is nothing to look at."""

    SURE = "sure"
    ASK = "ask"
    NONE = "none"


class Verdict(StrEnum):
    REGISTER = "register"
    NONE = "none"


class ColumnProposal(Struct, frozen=True):
    """One column of theirs.

    Attributes:
        header: The header cell's text as it is written.
        column: Its letters.
        field: A field's key, `OWN_NUMBER`, or None: the column stays a column of theirs.
        why: What speaks for it and against it.
        rivals: Headers of other columns that could be the same field.
        samples: A few different values, as they are shown.
    """

    header: str
    column: str
    field: str | None
    confidence: Confidence
    why: tuple[Phrase, ...]
    rivals: tuple[str, ...]
    samples: tuple[str, ...]


class ValueProposal(Struct, frozen=True):
    """One value of a column whose field has a closed set.

    Attributes:
        found: As it is shown in the cell.
        count: Rows that hold it.
        means: Code of the choice, or the number of a scale as text; None = nothing is proposed.
    """

    header: str
    field: str
    found: str
    count: int
    means: str | None
    confidence: Confidence


class Proposal(Struct, frozen=True):
    """What was seen in a book.

    Attributes:
        reason: Of the verdict.
        sheet, header_row: Where the register stands, rows from 1; empty and None without one.
        rows: Rows of the register that hold anything.
        sha256: Of the book's bytes; empty where it could not be read.
    """

    book: str
    verdict: Verdict
    reason: Phrase
    sheet: str | None = None
    header_row: int | None = None
    rows: int = 0
    sha256: str = ""
    columns: tuple[ColumnProposal, ...] = ()
    values: tuple[ValueProposal, ...] = ()


def is_programs(field: str) -> bool:
    """Whether the program fills the field, so that taking a column for it would end what people wrote there."""
    return field in FIELDS and FIELDS[field].filler is Filler.PROGRAM


def sort_key(field: str) -> int:
    """Fields in the order of the register; the own number first."""
    return -1 if field == OWN_NUMBER else list(Field).index(FIELDS[field])
