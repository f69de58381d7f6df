"""`status`: one line for a monitor, from what the workspace remembers; the register is not read."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from functools import reduce
from typing import Any

from msgspec import Struct

from ..config import Config
from ..mailer.outbox.entry import Kept, OutboxEntry, State
from ..plan import ABOUT_MAILS, Finding, Phrase, Severity
from ..report.answer import Answer, Section
from ..texts import Quoted
from .idle.places import looked_since
from .mail.banners import untold_monitor
from .moment import local_now
from .state import State as Workspace
from .state import reading_state

RUNS = ("run", "watch")
"""Kinds of runs that go through the whole process."""

NOT_WRITTEN = "unwritten"
WHY = "why"
NEEDS_PEOPLE = "people"
"""What a run notes in its summary for `status`: what was not written, why (in zh and en), whether people are needed."""

HOUR = 3600
NEVER, FINE, PEOPLE, LATE = 4, 0, 3, 5


class Run(Struct, frozen=True):
    """The last run that went through: name, aware moment, its exit code, and what it noted; `why` in zh and en."""

    name: str
    at: dt.datetime
    exit: int
    unwritten: int
    people: bool
    why: tuple[Quoted, ...] = ()


def tell_status(config: Config, moment: dt.datetime | None = None) -> Answer:
    """When the last run was, and what waits.

    Returns:
        Exit code 0 fine · 3 people are needed · 5 the last run is too old, or something waits · 4 never ran.

    Raises:
        StateUnusable: The journal cannot be read.
    """
    with reading_state(config) as state:
        return status_of(config, state, local_now(config, moment))


def status_of(config: Config, state: Workspace, now: dt.datetime) -> Answer:
    """The same of a state that is open already."""
    run = _last_run(state)
    if run is None:
        return _never()
    looked = looked_since(config.workspace, run.name)
    mails = state.outbox.entries((State.DRAFTED, State.APPROVED, State.HELD, State.UNKNOWN, State.FAILED))
    waits = tuple(_waits(run, mails, _overdue(state, mails, now), now))
    people = (*_people(run, mails), *untold_monitor(config, state.journal))
    # a look that found nothing to do is as good as the run that it made needless
    hours = max((now - max(run.at, looked or run.at)).total_seconds() / HOUR, 0.0)
    late = hours > config.status.max_age_hours
    code = LATE if late or waits else PEOPLE if people else FINE
    verdict = Phrase("status.late" if late else _verdict(code))
    at = f"{run.at.astimezone(now.tzinfo):%Y-%m-%d %H:%M}"
    last = Phrase.of("status.last" if looked is None else "status.looked", at=at, hours=round(hours, 1))
    limit = (Phrase.of("status.too_old", hours=config.status.max_age_hours),) if late else ()
    said = reduce(lambda one, other: Phrase.of("status.and", one=one, other=other), (*limit, *waits, *people), last)
    line = Phrase.of("status.line", verdict=verdict, said=said)
    counts = {each.value: sum(entry.state is each for entry in mails) for each in State}
    data: dict[str, Any] = {
        "state": verdict.key.removeprefix("status."),
        "exit": code,
        "run": run.name,
        "at": run.at,
        "looked": looked,
        "age_hours": round(hours, 2),
        "max_age_hours": config.status.max_age_hours,
        "waits": waits,
        "people": people,
        "mails": {name: n for name, n in counts.items() if n},
    }
    return Answer(data, (Section(None, (line,)),), code)


def needs_people(findings: Iterable[Finding]) -> bool:
    """Whether findings need a person; what they say of mails is asked of the outbox when somebody looks."""
    return any(item.severity is not Severity.INFO and item.code not in ABOUT_MAILS for item in findings)


def _never() -> Answer:
    line = Phrase.of("status.line", verdict=Phrase("status.never"), said=Phrase("status.never_said"))
    return Answer({"state": "never", "exit": NEVER}, (Section(None, (line,)),), NEVER)


def _verdict(code: int) -> str:
    return {FINE: "status.fine", PEOPLE: "status.people", LATE: "status.waiting"}[code]


def _last_run(state: Workspace) -> Run | None:
    last = state.journal.last_run(*RUNS)
    if last is None:
        return None
    name, at, summary = last
    noted: dict[str, Any] = json.loads(summary or "{}")
    code = int(noted.get("exit", 0))
    # what a run of an earlier version noted says only how it ended
    return Run(
        name,
        dt.datetime.fromisoformat(at),
        code,
        noted.get(NOT_WRITTEN, 0),
        bool(noted.get(NEEDS_PEOPLE, code == 3)),
        tuple(Quoted(zh.rstrip("。"), en.rstrip(".")) for zh, en in noted.get(WHY, ())),
    )


def _overdue(state: Workspace, mails: list[OutboxEntry], now: dt.datetime) -> tuple[Finding, ...]:
    """What working hours have passed by; asked only where a mail's moment has, for arithmetic loads libraries."""
    if not any(mail.state is State.APPROVED and mail.not_before and mail.not_before <= now for mail in mails):
        return ()
    from .mail.hours import overdue_findings, recall_hours

    return overdue_findings(state.outbox, recall_hours(state.journal), now)


def _waits(run: Run, mails: list[OutboxEntry], overdue: tuple[Finding, ...], now: dt.datetime) -> Iterator[Phrase]:
    """What was not done and will be tried again."""
    if run.unwritten:
        yield Phrase.of("status.unwritten", n=run.unwritten)
    yield from (Phrase.of("quoted", problem=why) for why in run.why)
    # a mail that a person has approved since, or that is put off to its hours, goes in its time
    unsent = [mail for mail in mails if mail.state is State.APPROVED and _was_refused(mail, run, now)]
    if unsent:
        yield Phrase.of("status.unsent", n=len(unsent))
    if capped := sum(mail.state is State.HELD and mail.reason == Kept.OVER_CAP for mail in mails):
        yield Phrase.of("status.capped", n=capped)
    for finding in overdue:
        yield Phrase("status.overdue", finding.facts)


def _was_refused(mail: OutboxEntry, run: Run, now: dt.datetime) -> bool:
    """Whether a run had the chance to send a mail and could not."""
    put_off = mail.not_before is not None
    return mail.next_try is not None or (run.exit == LATE and not put_off and mail.created_at <= run.at)


def _people(run: Run, mails: list[OutboxEntry]) -> Iterator[Phrase]:
    """What waits for a person."""
    for state, key in (
        (State.DRAFTED, "status.drafted"),
        (State.HELD, "status.held"),
        (State.UNKNOWN, "status.unknown"),
        (State.FAILED, "status.failed"),
    ):
        if n := sum(mail.state is state and mail.reason != Kept.OVER_CAP for mail in mails):
            yield Phrase.of(key, n=n)
    if run.people:
        yield Phrase("status.findings")
