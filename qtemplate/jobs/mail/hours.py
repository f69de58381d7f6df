"""When mail may leave: outsiders are written to in working hours, and somebody is told where nothing sends it then."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np

from ...config import Config
from ...journal import Journal
from ...mailer.deliver import Opens
from ...mailer.outbox.entry import OutboxEntry, State
from ...mailer.outbox.queue import Outbox
from ...plan import Finding, Severity
from ...rules.rulebook import RuleBook
from ...rules.workdays import WorkCalendar

HOURS = "hours"
"""Setting of the journal: the calendar as it was read last, for who must not read the workbook to know it."""

SOON = dt.timedelta(hours=1)
"""Of working time: so long mail whose moment has come may wait for the schedule that sends it."""


def outsiders_hours(rulebook: RuleBook, config: Config) -> Opens:
    """When a mail may leave: outsiders are written to in working hours only, colleagues at any hour.

    In test mode everything goes to the tester, and without a calendar nobody's hours are known: then all may leave.
    """
    calendar = rulebook.calendar

    def ask(entry: OutboxEntry, now: dt.datetime) -> dt.datetime | None:
        if calendar is None or config.mail.redirect_to or all(map(rulebook.is_inside, entry.envelope)):
            return None
        opens = calendar.opens(now.replace(tzinfo=None))
        return None if opens is None or opens == now.replace(tzinfo=None) else opens.replace(tzinfo=now.tzinfo)

    return ask


def remember_hours(journal: Journal, calendar: WorkCalendar | None) -> None:
    """Keeps when people work, for `recall_hours`."""
    kept = None
    if calendar is not None:
        days = {f"{day:%Y-%m-%d}": worked for day, worked in calendar.days.items()}
        kept = {"segments": {str(weekday): spans for weekday, spans in calendar.segments.items()}, "days": days}
    text = json.dumps(kept)
    if text != journal.setting(HOURS):
        journal.set_setting(HOURS, text)


def recall_hours(journal: Journal) -> WorkCalendar | None:
    """The calendar that the last run saw; None where it saw none, or no run has noted it yet."""
    kept = json.loads(journal.setting(HOURS) or "null")
    if kept is None:
        return None
    segments = {int(weekday): tuple((start, to) for start, to in spans) for weekday, spans in kept["segments"].items()}
    return WorkCalendar(segments, {dt.date.fromisoformat(day): worked for day, worked in kept["days"].items()})


def overdue_findings(outbox: Outbox, calendar: WorkCalendar | None, now: dt.datetime) -> tuple[Finding, ...]:
    """Says that mail was put off to a moment that has passed, and nothing sent it for an hour of working time.

    To be asked before a run puts it off again.
    """
    if calendar is None:
        return ()
    until = [
        entry.not_before.astimezone(now.tzinfo).replace(tzinfo=None)
        for entry in outbox.entries((State.APPROVED,))
        if entry.not_before is not None
    ]
    spent = calendar.working_between(np.array(until, "M8[s]"), np.datetime64(now.replace(tzinfo=None), "s"))
    late = [at for at, seconds in zip(until, spent, strict=True) if seconds >= SOON.total_seconds()]
    if not late:
        return ()
    facts = (("n", len(late)), ("since", f"{min(late):%Y-%m-%d %H:%M}"))
    return (Finding("QT525", Severity.WARNING, facts=facts),)
