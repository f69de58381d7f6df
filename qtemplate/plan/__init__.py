"""What is to be done: the frozen nouns that flow from the rules to the one place that acts.

Data only. A `Plan` says everything a run would do; `+` joins two. Texts are `Phrase`s, put into words by `texts.say`
in the language of whoever reads them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import pandas as pd

from ..register import CellRef
from .form_kinds import FormKind
from .keys import FormKey, MessageKey
from .mail_kinds import MailKind


@dataclass(frozen=True, slots=True)
class Phrase:
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


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a person should know: stable code, severity, where, what was found; its words are in `texts.findings`.

    Attributes:
        code: Such as `QT103`; docs/findings.md lists them.
        severity: error | warning | info.
        where: The cell, or None when no single cell is meant.
        found: What the cell shows, short.
        facts: What the sentences of this code need besides.
        id, field: Feedback id and field key or own header, where there are such.
    """

    code: str
    severity: Severity
    where: CellRef | None = None
    found: str = ""
    facts: tuple[tuple[str, Any], ...] = ()
    id: str | None = None
    field: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "facts", settled(self.facts))


@dataclass(frozen=True, slots=True)
class CellEdit:
    """One register cell to be written. `before`, `after` are frame values (codes, not labels); None is empty.

    `row` is the worksheet row in the register that was read; `id` is None only for a row that gets its id in this plan.
    """

    row: int
    id: str | None
    field: str
    before: Any
    after: Any
    because: Phrase


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row appended to a sheet that both people and the program write. `sheet` is a layout key such as `contacts`."""

    sheet: str
    id: str
    key: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell of a sheet that both write (`sheet` is a layout key), for example the end of a pause."""

    sheet: str
    row: int
    column: str
    before: Any
    after: Any
    because: Phrase


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets a mail. `insider` decides what may be rendered."""

    name: str
    mail: str
    insider: bool


@dataclass(frozen=True, slots=True)
class Message:
    """A mail to be made: kind, who, about what; its words come from templates/mail, its key from *what*, never a row.

    Attributes:
        key: What it is about; nothing is sent twice under one key.
        kind: What sort of mail it is.
        id: Feedback id, or None for digests.
        facts: What the template may use, JSON-like; for outsiders only public fields.
        forms: Keys of `FormRequest`s to attach.
        approved: Whether it may leave without a person's approval in the outbox.
        urgent: Leaves in quiet hours too.
        thread: Key of the first mail of the conversation, for In-Reply-To/References; None starts one.
        because: Why it is sent, for the plan and the log.
    """

    key: MessageKey
    kind: MailKind
    id: str | None
    to: tuple[Recipient, ...]
    language: str
    facts: Mapping[str, Any]
    cc: tuple[Recipient, ...] = ()
    forms: tuple[str, ...] = ()
    approved: bool = True
    urgent: bool = False
    thread: MessageKey | None = None
    because: Phrase | None = None


@dataclass(frozen=True, slots=True)
class FormRequest:
    """A follow-up form to be made: its kind, the feedback, and the facts its cells show."""

    key: FormKey
    kind: FormKind
    id: str
    language: str
    facts: Mapping[str, Any]


class FactName(StrEnum):
    """The facts that the journal keeps beside the cells. Those that end in `:` or `/` are kept for one thing each."""

    CYCLE = "cycle"  # 1-based; a row never reopened has none
    REOPENED_AT = "reopened_at"
    CLOSING_LOST = "closing_lost"  # a closing that is gone and must not reopen the row once more
    ACCEPTED_AT = "accepted_at"
    RETURNED = "returned"  # how often a transfer came back
    RETURNED_TRANSFERS = "returned_transfers"  # [key, reason] of each
    FORM_ANSWERS = "form_answers"  # of forms collected since the last run
    STATUS_TYPED = "status_typed"  # [word, what the facts carried then]
    PAUSED = "paused"
    PAUSE_OVER = "pause_over"  # its end, until the sheet shows it
    NUMBERED = "numbered"  # what tells a new row that has lost its id
    COPIED = "copied"
    GONE = "gone"
    APPROVAL = "approval"  # fingerprint of the approved reply
    APPROVAL_TO = "approval_to"  # ids of the merged rows it covers
    TURN = "turn:"  # department -> who had the last turn
    LOGGED = "logged:"  # message key -> the reply stands in the contact log
    OWED = "owed:"  # row key -> a row that its log sheet did not take
    FORM = "form:"  # digest of a collected file -> key of the form
    RULES = "rules/"  # name of a rule table -> what the last run saw of it

    def of(self, what: str) -> str:
        """The name of the fact about `what`: `turn:研发部`."""
        return f"{self}{what}"

    def about(self, name: str) -> str | None:
        """What the fact of that name is about; None when it is one of another kind."""
        return name.removeprefix(self) if name.startswith(self) else None


@dataclass(frozen=True, slots=True)
class Remember:
    """Something the journal shall keep that is no cell: whose turn it is, which cycle a row is in, what was approved.

    `name` is a `FactName` or what its `of` makes. `value` is JSON-like; None forgets. `id` is "" for facts that belong
    to no feedback.
    """

    id: str
    name: str
    value: Any


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a run would do; order within each tuple is the order of making."""

    findings: tuple[Finding, ...] = ()
    edits: tuple[CellEdit, ...] = ()
    rows: tuple[NewRow, ...] = ()
    messages: tuple[Message, ...] = ()
    forms: tuple[FormRequest, ...] = ()
    facts: tuple[Remember, ...] = ()
    cells: tuple[SheetCell, ...] = ()

    def __add__(self, other: Plan) -> Plan:
        return Plan(
            self.findings + other.findings,
            self.edits + other.edits,
            self.rows + other.rows,
            self.messages + other.messages,
            self.forms + other.forms,
            self.facts + other.facts,
            self.cells + other.cells,
        )

    @classmethod
    def join(cls, plans: Iterable[Plan]) -> Plan:
        """Many plans as one, in order; linear where repeated `+` would copy again and again."""
        parts = list(plans)
        return cls(
            tuple(item for part in parts for item in part.findings),
            tuple(item for part in parts for item in part.edits),
            tuple(item for part in parts for item in part.rows),
            tuple(item for part in parts for item in part.messages),
            tuple(item for part in parts for item in part.forms),
            tuple(item for part in parts for item in part.facts),
            tuple(item for part in parts for item in part.cells),
        )

    @property
    def acts(self) -> bool:
        """Whether applying it would do anything (findings alone do not)."""
        return bool(self.edits or self.rows or self.cells or self.messages or self.forms or self.facts)


class Result(StrEnum):
    DONE = "done"
    SKIPPED = "skipped"
    DEFERRED = "deferred"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one action of a plan."""

    action: str  # "edit" | "row" | "form" | "message" | "sheet"
    key: str
    result: Result
    reason: Phrase | None = None


WENT = ("sent", "partial")
"""States of a mail that reached somebody."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What the outbox knows of a message key."""

    state: str
    at: dt.datetime | None = None  # naive, the register's zone; when it was sent


@dataclass(frozen=True, slots=True)
class Memory:
    """The frozen view of the journal that steps may see: what the past knows and the workbook may have lost.

    Attributes:
        written: What the program wrote last: index = feedback id, columns = keys of `PROGRAM_FIELDS`, frame values.
        former: id -> earlier states of the program's cells (key -> value), newest first, for rows that differ from
            `written` only.
        sent: Message key -> what became of it.
        made: Keys of forms that were made.
        serials: Year -> highest serial number ever given.
        facts: (id, name) -> what a `Remember` kept, for example ("QF-2026-0001", FactName.CYCLE).
        since: Rows received before are history; None = all are live.
        auto_approve: Mail kinds to outsiders that need no approval.
        digests: Whether this run sends digests (`run` does, `watch` does not).
        fresh: There is no journal yet (first run, or it was lost).
    """

    written: pd.DataFrame = field(default_factory=pd.DataFrame)
    former: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)
    sent: Mapping[MessageKey, Sent] = field(default_factory=dict)
    made: frozenset[FormKey] = frozenset()
    serials: Mapping[int, int] = field(default_factory=dict)
    facts: Mapping[tuple[str, str], Any] = field(default_factory=dict)
    since: dt.datetime | None = None
    auto_approve: frozenset[MailKind] = frozenset()
    digests: bool = True
    fresh: bool = True

    def went(self, *kinds: MailKind) -> Iterator[tuple[MessageKey, str, dt.datetime]]:
        """The mails of these kinds about one feedback that went out, in the order of `sent`: key, feedback, when."""
        for key, item in self.sent.items():
            if item.at is not None and item.state in WENT and key.kind in kinds and (id := key.id) is not None:
                yield key, id, item.at

    def fact(self, id: str, name: str, default: Any = None) -> Any:
        """The remembered fact, or `default`."""
        return self.facts.get((id, name), default)

    def facts_named(self, name: str) -> dict[str, Any]:
        """Id -> value, of every fact of that name."""
        return {id: value for (id, known), value in self.facts.items() if known == name}

    def with_facts(self, facts: Sequence[Remember]) -> Memory:
        """The memory with facts of this run in force; the same one where there are none."""
        if not facts:
            return self
        known = {**self.facts, **{(fact.id, fact.name): fact.value for fact in facts}}
        return replace(self, facts={at: value for at, value in known.items() if value is not None})
