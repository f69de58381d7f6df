"""What the rounds of a run did, added up, and the report that says so."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from ..apply import Applied, Workspace
from ..files.digest import digest_file
from ..journal import Journal
from ..mailer.deliver import Delivery, Reason
from ..mailer.outbox.entry import OutboxEntry
from ..plan import UNLISTED, CellEdit, Finding, Message, NewRow, Plan, Result, Severity
from ..register import Register
from ..report.run_report import FormLine, MailLine, RunReport
from ..sheets.writing.refused_cells import without_cells
from .waiting import facts_of_mail, queue_findings


@dataclass(slots=True)
class Stopwatch:
    """Seconds per phase."""

    seconds: dict[str, float] = field(default_factory=dict)
    timer: Callable[[], float] = time.perf_counter

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        start = self.timer()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + self.timer() - start


@dataclass(slots=True)
class Tally:
    """What the rounds of one run did together."""

    findings: dict[Finding, None] = field(default_factory=dict)
    edits: list[CellEdit] = field(default_factory=list)
    rows: list[NewRow] = field(default_factory=list)
    messages: dict[str, Message] = field(default_factory=dict)
    forms: list[FormLine] = field(default_factory=list)
    outcomes: Counter[Result] = field(default_factory=Counter)
    deliveries: list[Delivery] = field(default_factory=list)
    kept_back: bool = False

    def add(self, plan: Plan, applied: Applied, rendered: Collection[str], journal: Journal) -> None:
        """Takes up one applied round; `rendered` are the keys of the messages that could be put into words."""
        if not applied.deferred:
            written = without_cells(plan, applied.refused)
            self.edits += written.edits
            self.rows += written.rows
        self.kept_back |= applied.deferred
        self.findings.update(dict.fromkeys(applied.findings))
        self.outcomes.update(outcome.result for outcome in applied.outcomes)
        self.deliveries += applied.deliveries
        self.messages.update({message.key: message for message in plan.messages if message.key in rendered})
        for form in plan.forms:
            path = journal.form_path(form.key)
            if path is not None:
                self.forms.append(FormLine(form.key, form.kind, form.id, path))


def mail_line(message: Message, subject: str, state: str) -> MailLine:
    """A mail as the report lists it."""
    return MailLine(
        message.key,
        message.kind,
        message.id,
        tuple(person.mail for person in message.to),
        tuple(person.mail for person in message.cc),
        subject,
        state,
    )


def make_report(
    workspace: Workspace,
    tally: Tally,
    register: Register,
    findings: tuple[Finding, ...],
    name: str,
    now: dt.datetime,
    watch: Stopwatch,
) -> RunReport:
    """What the run did, and what waits for a person after it."""
    entries: dict[str, OutboxEntry] = {entry.key.base: entry for entry in workspace.outbox.entries()}
    mails = []
    for key, message in tally.messages.items():
        entry = entries.get(key)
        if entry is not None:
            mails.append(mail_line(message, entry.subject, entry.state.value))
    known = dict(tally.findings)
    known.update(dict.fromkeys(findings))
    results = {
        "sent": Result.DONE,
        "partial": Result.DONE,
        "failed": Result.FAILED,
        "unknown": Result.UNKNOWN,
        "cancelled": Result.SKIPPED,
        "drafted": Result.SKIPPED,
        "held": Result.SKIPPED,
    }
    for delivery in tally.deliveries:
        # what waits for the end of the quiet hours does so as it was asked to
        waits = Result.SKIPPED if delivery.reason is Reason.QUIET else Result.DEFERRED
        tally.outcomes[results.get(delivery.state.value, waits)] += 1
        if delivery.reason is Reason.SETUP:
            facts = facts_of_mail(delivery.key, delivery.state, delivery.detail)
            known[Finding("QT523", Severity.WARNING, id=delivery.id, facts=facts)] = None
    known.update(dict.fromkeys(queue_findings(workspace.outbox, now)))
    tally.outcomes[Result.DONE] += len({form.key for form in tally.forms})
    capped = sum(delivery.reason is Reason.OVER_CAP for delivery in tally.deliveries)
    return RunReport(
        name,
        now,
        replace(register, sha256=digest_file(workspace.config.register.path)),
        tuple(known),
        tuple(tally.edits),
        tuple(tally.rows),
        tuple(mails),
        tuple({form.key: form for form in tally.forms}.values()),
        tally.outcomes,
        watch.seconds,
        capped,
        True,
        listed=not (tally.kept_back or any(item.code in UNLISTED for item in known)),
    )
