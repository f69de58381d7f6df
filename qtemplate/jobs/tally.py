"""What the rounds of a run did, or would do, added up, and the report that says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from ..files.digest import digest_file
from ..mailer.deliver import Delivery, Reason
from ..mailer.outbox.entry import OutboxEntry, State
from ..mailer.words.kinds import contract_of
from ..plan import UNLISTED, CellEdit, Finding, Message, NewRow, Outcome, Phrase, Result, Severity
from ..plan.keys import MessageKey
from ..report.kept_back import kept_back
from ..report.run_report import Deeds, FormLine, MailLine, RunReport
from ..sheets.reading.column_map import read_map
from ..sheets.writing.left_out import without_cells
from .adopting.first_plan import first_words, is_first
from .mail.banners import mail_banners, new_history
from .mail.waiting import facts_of_mail, queue_findings

if TYPE_CHECKING:
    from ..apply import Applied
    from ..journal import Journal
    from ..register import Register
    from .round import Errand, Round

HAPPENED = frozenset({"QT140", "QT141", "QT142", "QT341", "QT622", "QT623", "QT624"})
"""Findings about what the run itself did; the next round no longer sees them. All others are the last round's."""

RESULTS = {
    State.SENT: Result.DONE,
    State.DIVERTED: Result.DONE,
    State.PARTIAL: Result.DONE,
    State.FAILED: Result.FAILED,
    State.UNKNOWN: Result.UNKNOWN,
    State.CANCELLED: Result.SKIPPED,
    State.DRAFTED: Result.SKIPPED,
    State.HELD: Result.SKIPPED,
}
"""How a mail counts by what became of it; any other waits for the next run."""


class Pile(Struct):
    """What was done; messages and forms by key."""

    edits: list[CellEdit] = field(default_factory=list)
    rows: list[NewRow] = field(default_factory=list)
    messages: dict[str, Message] = field(default_factory=dict)
    forms: dict[str, FormLine] = field(default_factory=dict)


class Tally(Struct):
    """What the rounds of one run did together.

    Attributes:
        planned: Whether all of it is imagined. Edits that are only proposed count then, too.
        direct, following: What was done before anything had been delivered, and afterwards.
        delivered: Whether a mail has gone.
        kept_back: Whether a plan could not be written.
        stale: Keys of waiting mails that could not get the words of today.
        first: The register as it was read first; of a plan only.
    """

    planned: bool = False
    findings: dict[Finding, None] = field(default_factory=dict)
    direct: Pile = field(default_factory=Pile)
    following: Pile = field(default_factory=Pile)
    outcomes: Counter[Result] = field(default_factory=Counter)
    not_done: list[Outcome] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    delivered: bool = False
    kept_back: bool = False
    stale: set[str] = field(default_factory=set)
    first: Register | None = None

    def tell(self, findings: Iterable[Finding]) -> None:
        """Takes up findings; each counts once."""
        self.findings.update(dict.fromkeys(findings))

    def look(self, this: Round) -> None:
        """Takes up what a round is about to do."""
        if self.planned and self.first is None:  # at 20,000 rows a run that kept it would need 5 % more memory
            self.first = this.world.register
        self.tell(item for item in this.plan.findings if item.code in HAPPENED)
        self.tell(this.problems)

    def add(self, this: Round, applied: Applied, journal: Journal, *, follows: bool) -> None:
        """Takes up a round that was carried out.

        Args:
            this: The round.
            applied: What became of it.
            journal: Knows where the forms are.
            follows: Whether it exists only because mail has gone, if any has.
        """
        pile = self.following if follows and self.delivered else self.direct
        if self.planned or not applied.deferred:
            written = without_cells(this.plan, applied.refused)
            pile.edits += written.edits
            pile.rows += written.rows
        self.kept_back |= applied.deferred
        self.stale |= applied.stale
        self.tell(applied.findings)
        self.outcomes.update(outcome.result for outcome in applied.outcomes)
        self.not_done += (outcome for outcome in applied.outcomes if outcome.result is not Result.DONE)
        self.deliveries += applied.deliveries
        for message in this.plan.messages:
            if message.key in this.rendered:
                (self.direct if message.key in self.direct.messages else pile).messages[message.key] = message
        went = {
            MessageKey.parse(item.key).base for item in applied.deliveries if RESULTS.get(item.state) is Result.DONE
        }
        for message in this.anew:  # it waited, and goes now
            if message.key in went:
                (self.direct if message.key in self.direct.messages else pile).messages[message.key] = message
        paths = journal.form_paths(form.key for form in this.plan.forms)
        for form in this.plan.forms:
            path = paths.get(form.key)
            if path is not None and form.key not in self.direct.forms:
                pile.forms[form.key] = FormLine(form.key, form.kind, form.id, path)
        self.delivered |= applied.delivered

    @property
    def for_keepers(self) -> tuple[Finding, ...]:
        """Findings of the way that the nightly result tells: of the sheet of findings, and of late or unfit mail."""
        return tuple(item for item in self.findings if item.code in {*UNLISTED, "QT520", "QT525", "QT526"})

    def count_mails(self) -> None:
        """Adds what became of the mails and forms to the outcomes."""
        firsts: dict[Reason, Phrase] = {}
        for delivery in self.deliveries:
            # what is put off to its hours waits as it was asked to
            waits = Result.SKIPPED if delivery.reason in (Reason.QUIET, Reason.HOURS) else Result.DEFERRED
            result = RESULTS.get(delivery.state, waits)
            self.outcomes[result] += 1
            # addresses differ from mail to mail; the reason is the first one's
            why = firsts.setdefault(delivery.reason, Phrase.of(f"mails.{delivery.reason}", detail=delivery.detail))
            if result is not Result.DONE:
                self.not_done.append(Outcome("message", delivery.key, result, why))
        self.outcomes[Result.DONE] += len(self.direct.forms) + len(self.following.forms)


def run_report(errand: Errand, tally: Tally, last: Round) -> RunReport:
    """What a run did, and what waits for a person after it."""
    tally.count_mails()
    direct, following = _deeds(errand, tally)
    findings = tuple(_findings(errand, tally, last))
    return RunReport(
        errand.name,
        errand.now,
        replace(last.after.register, sha256=digest_file(errand.workspace.config.register.path)),
        findings,
        direct,
        following,
        tally.outcomes,
        errand.watch.seconds,
        sum(delivery.reason is Reason.OVER_CAP for delivery in tally.deliveries),
        True,
        banners=(*mail_banners(errand.workspace.config), *new_history(last.after, direct.edits)),
        listed=not (tally.kept_back or any(item.code in UNLISTED for item in findings)),
        kept=kept_back(tally.not_done),
        told=errand.workspace.journal.findings_told(),
    )


def plan_report(errand: Errand, tally: Tally, last: Round) -> RunReport:
    """What a run would do, and what would wait for a person after it."""
    tally.count_mails()
    direct, following = _deeds(errand, tally)
    workspace, known = errand.workspace, read_map(last.world.book)
    before = tally.first or last.world.register
    first: tuple[Phrase, ...] = ()
    if known is not None and is_first(workspace, known):
        mails = (*direct.messages, *following.messages)
        first = tuple(first_words(workspace, known, before, (*direct.edits, *following.edits), mails))
    return RunReport(
        errand.name,
        errand.now,
        before,
        tuple(_findings(errand, tally, last)),
        direct,
        following,
        seconds=errand.watch.seconds,
        banners=(*first, *mail_banners(errand.workspace.config), *new_history(last.after, direct.edits)),
        kept=kept_back(tally.not_done),
    )


def _findings(errand: Errand, tally: Tally, last: Round) -> Iterator[Finding]:
    """Those of the last look, what happened on the way, and what the outbox waits for; each once."""
    known = {**tally.findings, **dict.fromkeys(last.plan.findings)}
    for delivery in tally.deliveries:
        if delivery.reason is Reason.SETUP:
            facts = facts_of_mail(delivery.key, delivery.state, delivery.detail)
            known[Finding("QT523", Severity.WARNING, id=delivery.id, facts=facts)] = None
    yield from {**known, **dict.fromkeys(queue_findings(errand.workspace.outbox, errand.now))}


def _deeds(errand: Errand, tally: Tally) -> tuple[Deeds, Deeds]:
    entries: dict[str, OutboxEntry] = {entry.key.base: entry for entry in errand.workspace.outbox.entries()}
    direct, following = (
        Deeds(
            tuple(pile.edits),
            tuple(pile.rows),
            tuple(_mail_lines(pile, entries, planned=tally.planned)),
            tuple(pile.forms.values()),
        )
        for pile in (tally.direct, tally.following)
    )
    return direct, following


def _mail_lines(pile: Pile, entries: dict[str, OutboxEntry], *, planned: bool) -> Iterator[MailLine]:
    """The mails of a pile as the outbox has them; what a plan imagines as gone is ready to go."""
    for key, message in pile.messages.items():
        entry = entries.get(key)
        if entry is not None:
            gone = planned and entry.state in (State.SENT, State.PARTIAL, State.DIVERTED)
            detail = entry.detail if entry.state in (State.HELD, State.DRAFTED) else ""
            yield mail_line(message, entry.subject, State.APPROVED if gone else entry.state, detail)


def mail_line(message: Message, subject: str, state: State, detail: str = "") -> MailLine:
    """A mail as the report lists it."""
    return MailLine(
        message.key,
        message.kind,
        message.id,
        tuple(person.mail for person in message.to),
        tuple(person.mail for person in message.cc),
        subject,
        state.value,
        detail,
        (contract.zh, contract.en) if (contract := contract_of(message)) else ("", ""),
    )
