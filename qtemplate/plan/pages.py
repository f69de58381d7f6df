"""A page for people who have no workbook: what it tells, what it asks, what was answered. Data only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct, convert, json

from .keys import MessageKey
from .mail_kinds import MailKind

SCHEMA = 1


class PageKind(StrEnum):
    """What a page asks."""

    CONFIRM = "confirm"  # is it solved, and how satisfied (M18, M19)
    MISSING = "missing"  # just what a row lacks (M02)
    TASK = "task"  # accept a transfer or hand it back (M03)


class Asks(StrEnum):
    """How a question is put."""

    CHOICE = "choice"
    RATING = "rating"  # 1 to 5
    TEXT = "text"
    LONG = "long"
    DATE = "date"
    NUMBER = "number"
    LIST = "list"  # one of many, to be chosen from
    NAME = "name"  # a few words that a mail may repeat
    EMAIL = "email"
    PHONE = "phone"
    TICK = "tick"  # agreed to, or not


class Question(Struct, frozen=True):
    """One question of a page.

    Attributes:
        name: What the answer is called in what comes back.
        asks: How it is put.
        label: The question, in the reader's language.
        hint: What helps to answer it.
        choices: (code, label) of each answer there is.
        required: Whether the page is taken without it.
        required_for: The decision that needs this answer, or "".
        least, most: Characters of an answer; 0 = what any answer of its sort may have.
    """

    name: str
    asks: Asks
    label: str
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    required: bool = False
    required_for: str = ""
    least: int = 0
    most: int = 0


class PageRecord(Struct, frozen=True, cache_hash=True):
    """One open link.

    Attributes:
        kind, id, cycle: As of the link.
        language: The reader's.
        until: When the link expires; ISO, aware.
        last_day: The same as the reader reads it.
        team: Who asks.
        contact: Name and address of whom to ask; "" where there is none.
        shown: (label, value) of what the page tells about the feedback.
        questions: In order.
        photos: How many pictures may come with the answer.
        answered: (label, answer) of what was answered, once it was.
        answered_at: When; ISO, or "".
    """

    kind: PageKind
    id: str
    cycle: int
    language: str
    until: str
    last_day: str = ""
    team: str = ""
    contact: tuple[str, str] = ("", "")
    shown: tuple[tuple[str, str], ...] = ()
    questions: tuple[Question, ...] = ()
    photos: int = 0
    answered: tuple[tuple[str, str], ...] = ()
    answered_at: str = ""

    def is_over(self, now: dt.datetime) -> bool:
        """Whether the link has expired."""
        return dt.datetime.fromisoformat(self.until) < now

    def to_json(self) -> dict[str, Any]:
        """As it stands in the file and in the journal."""
        return {"schema": SCHEMA, **json.decode(json.encode(self))}  # lists, as they are read again

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> PageRecord:
        """Read it back.

        Raises:
            ValueError: It is none.
        """
        return convert(said, cls)


def page_kind(key: MessageKey) -> PageKind | None:
    """What the page behind a mail asks; None for mails that have none."""
    match key.kind:
        case MailKind.CONFIRMATION | MailKind.REMINDER:
            return PageKind.CONFIRM
        case MailKind.MISSING:
            return PageKind.MISSING
        case MailKind.TRANSFER:
            return PageKind.TASK
        case _:
            return None


def page_subject(key: MessageKey) -> str:
    """What tells the pages of one feedback apart: a request to confirm and its reminder lead to the same one."""
    kind = page_kind(key)
    return f"{kind}/{key.cycle}" if kind is PageKind.CONFIRM else f"{kind}/{key.base}"
