"""What every step of applying a plan works with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from ..plan import Finding, Outcome, Phrase, Result

if TYPE_CHECKING:
    from ..config import Config
    from ..journal import Journal
    from ..mailer.outbox.queue import Outbox
    from .ends import Ends


class Workspace(Struct, frozen=True):
    """What a run works with: configuration, journal, outbox, and the ends at which it meets the world."""

    config: Config
    journal: Journal
    outbox: Outbox
    ends: Ends


class Log(Struct):
    """Outcomes and findings of one plan, as they arise."""

    outcomes: list[Outcome] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def add(self, action: str, key: str, result: Result, reason: Phrase | None = None) -> None:
        self.outcomes.append(Outcome(action, key, result, reason))
