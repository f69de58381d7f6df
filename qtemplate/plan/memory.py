"""What the journal keeps beside the cells, and the frozen view of it that the steps may see. Data only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from ..choices import Level
from .keys import FormKey, MessageKey
from .mail_kinds import MailKind

if TYPE_CHECKING:
    import pandas as pd


class FactName(StrEnum):
    """The facts that the journal keeps beside the cells. Those that end in `:` or `/` are kept for one thing each."""

    CYCLE = "cycle"  # 1-based; a row never reopened has none
    REOPENED_AT = "reopened_at"
    CLOSING_LOST = "closing_lost"  # a closing that is gone and must not reopen the row once more
    EARLIER = "earlier"  # field key -> what people had typed when the row was reopened
    LEVELS = "levels"  # [moment of the run that saw it first, "" = before that, level], oldest first
    LEVELS_SINCE = "levels_since"  # [since when levels are noted, {id: level that was not the program's then}]; once
    SIGNALS = "signals"  # each signal that was told, see rules/month/once.py; kept once
    VERIFIED = "verified"  # [result last seen, whether a verification has failed in this cycle]
    UNTIMED = "untimed"  # ids of rows that said what was done, not when, before the program noted it; kept once for all
    ACCEPTED_AT = "accepted_at"
    CONFIRMED_AT = "confirmed_at"  # [cycle, moment] of the run that saw the confirmation first
    CONFIRMED_BEFORE = "confirmed_before"  # [id, cycle] of what was confirmed before the program noted it; kept once
    RETURNED = "returned"  # how often a transfer came back
    RETURNED_TRANSFERS = "returned_transfers"  # [key, reason] of each
    EIGHT_D = "8d"  # what the last 8D says that no log takes as it is: {cycle, tables, conclusion}
    FORM_ANSWERS = "form_answers"  # of forms collected since the last run
    FORM_SAID = "form_said:"  # key of a form that came by mail -> [from whom, {field key: what it put there}]
    MEETINGS = "meetings"  # each meeting that people were invited to, see rules/meetings/known.py
    STATUS_TYPED = "status_typed"  # [word, what the facts carried then]
    PAUSED = "paused"
    PAUSE_OVER = "pause_over"  # its end, until the sheet shows it
    NUMBERED = "numbered"  # what tells a new row that has lost its id
    COPIED = "copied"
    GONE = "gone"
    APPROVAL = "approval"  # fingerprint of the approved reply
    APPROVAL_WORD = "approval_word"  # the word by which it was approved, where that is another than 批准
    APPROVAL_TO = "approval_to"  # ids of the merged rows it covers
    TURN = "turn:"  # department -> who had the last turn
    LOGGED = "logged:"  # message key -> the reply stands in the contact log
    OWED = "owed:"  # row key -> a row that its log sheet did not take
    FORM_TOLD = "form_told:"  # digest of a collected file -> what its sender is owed to be told
    FORM_ASIDE = "form_aside:"  # digest of what was set aside together -> what the keeper is owed to be told
    FORM = "form:"  # digest of a collected file -> key of the form
    CAME_IN = "came_in"  # [number, what it became, feedback, files] of what came in and is settled; kept once
    FILES_OWED = "files_owed"  # [source, digest, path] of files of mails that could not be written yet; kept once
    PAGE = "page:"  # what a link is about -> {record, key, form, was, who}; see `rules.pages`
    HEARD = "heard"  # [when, from whom, what, cycle, what 确认结果 held] of an answer that a person has to read
    CAME_BACK = "came_back:"  # address -> [when, status] of a mail that did not reach it
    GUESSED = "guessed"  # field key -> what it probably is, of a row that came in without it
    APPROVED_BY = "approved_by"  # evidence of every decision about a reply, see `rules.approving.evidence`
    RETURNED_REPLY = "returned_reply"  # fingerprint of the reply that 退回 is about
    OWN_WORDS = "own_words"  # fingerprints of title, description and address, where the words are the reporter's own
    SENDERS = "senders"  # [day, {address: mails}]; kept once
    KEPT = "kept:"  # field key -> the program's own value beside a kept cell
    FINAL_SINCE = "final_since"  # when 沟通记录 was first seen with 是否最终答复
    MIRRORED = "mirrored:"  # own number -> digests of its cells in a team's workbook that is only read, by key
    TYPED_ON_VIEWS = "typed_on_views"  # [day, sheet, row, column, id, field, text] of each such cell; kept once
    RULES = "rules/"  # name of a rule table -> what the last run saw of it

    def of(self, what: str) -> str:
        """The name of the fact about `what`: `turn:研发部`."""
        return f"{self}{what}"

    def about(self, name: str) -> str | None:
        """What the fact of that name is about; None when it is one of another kind."""
        return name.removeprefix(self) if name.startswith(self) else None


class Remember(Struct, frozen=True):
    """Something the journal shall keep that is no cell: whose turn it is, which cycle a row is in, what was approved.

    `name` is a `FactName` or what its `of` makes. `value` is JSON-like; None forgets. `id` is "" for facts that belong
    to no feedback.
    """

    id: str
    name: str
    value: Any


WENT = ("sent", "partial")
"""States of a mail that reached somebody."""


class Sent(Struct, frozen=True):
    """What the outbox knows of a message key."""

    state: str
    at: dt.datetime | None = None  # naive, the register's zone; when it was sent


def _nothing() -> pd.DataFrame:
    import pandas as pd  # here alone: what only looks at facts and keys does without it

    return pd.DataFrame()


class Memory(Struct, frozen=True):
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
        lead_approves: Codes of the levels whose replies the quality lead approves.
        author_approves: Whether a reply may be approved by whoever wrote it.
        digests: Whether this run sends digests (`run` does, `watch` does not).
        fresh: There is no journal yet (first run, or it was lost).
        unknown: Columns that the register had at an earlier run and has no more: key -> the header that it most likely
            bears now, "" where none comes near. What they held is not known; they are not empty.
        kept: Key of a program column -> names of the rows whose cell there is a person's; see `around.kept_cells`.
        handed_over: Keys of program columns that are people's as a whole.
        given: Key of a column that the program was given to fill -> worksheet row -> what it held then, as text; see
            `propose.was_ours`.
        answerable: Whether a mailbox is read, so that people can answer by mail.
    """

    written: pd.DataFrame = field(default_factory=_nothing)
    former: Mapping[str, tuple[Mapping[str, Any], ...]] = field(default_factory=dict)
    sent: Mapping[MessageKey, Sent] = field(default_factory=dict)
    made: frozenset[FormKey] = frozenset()
    serials: Mapping[int, int] = field(default_factory=dict)
    facts: Mapping[tuple[str, str], Any] = field(default_factory=dict)
    since: dt.datetime | None = None
    auto_approve: frozenset[MailKind] = frozenset()
    lead_approves: frozenset[str] = frozenset((Level.URGENT, Level.MAJOR))
    author_approves: bool = False
    digests: bool = True
    fresh: bool = True
    unknown: Mapping[str, str] = field(default_factory=dict)
    kept: Mapping[str, frozenset[str]] = field(default_factory=dict)
    handed_over: frozenset[str] = frozenset()
    given: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    answerable: bool = False

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
