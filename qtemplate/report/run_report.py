"""What a run says of itself, as data: the same object for the terminal and for scripts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..plan import CellEdit, Finding, NewRow, Result, Severity
from ..register import Register


@dataclass(frozen=True, slots=True)
class MailLine:
    """A mail of the run: state is the outbox's, or what it would be."""

    key: str
    kind: str
    id: str | None
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    state: str


@dataclass(frozen=True, slots=True)
class FormLine:
    """A form of the run; path is "" while it is only planned."""

    key: str
    kind: str
    id: str
    path: str


@dataclass(frozen=True, slots=True)
class RunReport:
    """Everything a check, plan or run found and did. `applied` tells a run from a plan.

    `listed` tells whether 校验结果 shows these findings.
    """

    run: str
    now: dt.datetime
    register: Register
    findings: tuple[Finding, ...] = ()
    edits: tuple[CellEdit, ...] = ()
    rows: tuple[NewRow, ...] = ()
    messages: tuple[MailLine, ...] = ()
    forms: tuple[FormLine, ...] = ()
    outcomes: Mapping[Result, int] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    held_by_cap: int = 0
    applied: bool = False
    notes: tuple[str, ...] = ()
    listed: bool = False

    @property
    def exit_code(self) -> int:
        """0 nothing needs a person · 3 findings do · 5 not everything could be applied."""
        left = self.outcomes.get(Result.DEFERRED, 0) + self.outcomes.get(Result.FAILED, 0) + self.held_by_cap
        if self.applied and left:
            return 5
        return 3 if any(item.severity is not Severity.INFO for item in self.findings) else 0
