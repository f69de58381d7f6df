"""What a run says of itself, as data: the same object for the terminal and for scripts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from msgspec import Struct, field

from ..plan import CellEdit, Finding, NewRow, Phrase, Result, Severity
from ..plan.first_seen import Since
from ..register import Register
from .kept_back import KeptBack
from .stories import Story


class MailLine(Struct, frozen=True):
    """A mail of the run: state is the outbox's, or what it would be; detail says why one is held or drafted."""

    key: str
    kind: str
    id: str | None
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    state: str
    detail: str = ""
    called: tuple[str, str] = ("", "")
    """What mails of its kind are called, in Chinese and in English."""


class FormLine(Struct, frozen=True):
    """A form of the run; path is "" while it is only planned."""

    key: str
    kind: str
    id: str
    path: str


class Deeds(Struct, frozen=True):
    """What a run does, in order."""

    edits: tuple[CellEdit, ...] = ()
    rows: tuple[NewRow, ...] = ()
    messages: tuple[MailLine, ...] = ()
    forms: tuple[FormLine, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.edits or self.rows or self.messages or self.forms)


class RunReport(Struct, frozen=True):
    """Everything a check, plan or run found and did.

    Attributes:
        run: The run's id, or `plan`.
        now: Its moment; aware.
        register: After the run; before it in a plan.
        findings: What a person should know.
        direct: What the run does with what it finds.
        following: What it does once mail has gone, and only because of that.
        outcomes: How many actions ended how; nothing in a plan.
        seconds: Per phase.
        held_by_cap: Mails held because they were too many.
        applied: Tells a run from a plan.
        notes: Lines for the terminal.
        banners: What is to be known of the way mail goes before anything else is read.
        listed: Whether 校验结果 shows these findings.
        kept: What was not done, and why; of a plan what a run would not do now.
        stories: Of a demo, feedbacks that show what was done.
        told: Since when those have stood that an earlier night has told.
    """

    run: str
    now: dt.datetime
    register: Register
    findings: tuple[Finding, ...] = ()
    direct: Deeds = Deeds()
    following: Deeds = Deeds()
    outcomes: Mapping[Result, int] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    held_by_cap: int = 0
    applied: bool = False
    notes: tuple[str, ...] = ()
    banners: tuple[Phrase, ...] = ()
    listed: bool = False
    kept: tuple[KeptBack, ...] = ()
    told: Since = field(default_factory=dict)
    stories: tuple[Story, ...] = ()

    @property
    def edits(self) -> tuple[CellEdit, ...]:
        return self.direct.edits + self.following.edits

    @property
    def rows(self) -> tuple[NewRow, ...]:
        return self.direct.rows + self.following.rows

    @property
    def messages(self) -> tuple[MailLine, ...]:
        return self.direct.messages + self.following.messages

    @property
    def forms(self) -> tuple[FormLine, ...]:
        return self.direct.forms + self.following.forms

    @property
    def exit_code(self) -> int:
        """0 nothing needs a person · 3 findings do · 5 not everything could be applied."""
        left = self.outcomes.get(Result.DEFERRED, 0) + self.outcomes.get(Result.FAILED, 0) + self.held_by_cap
        if self.applied and left:
            return 5
        return 3 if any(item.severity is not Severity.INFO for item in self.findings) else 0
