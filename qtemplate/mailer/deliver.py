"""Delivery: the mails that are due go through one transport, one connection a batch, each at most once.

This module decides who may get mail, how much may go, and when a batch stops. The transport interprets what a server
says, and the outbox records it. It reads no clock: when it has to wait, it asks its caller to.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from qtemplate.config import MailConfig, WhenUnknown
from qtemplate.mailer.addresses import parse_address
from qtemplate.mailer.allowed import is_allowed
from qtemplate.mailer.outbox.entry import FOR_A_PERSON, Kept, OutboxEntry, OutboxRefused, State, end_of_quiet
from qtemplate.mailer.outbox.queue import Outbox, Refusal
from qtemplate.mailer.transports.base import Detail, Failed, Misconfigured, Retry, SendResult, Sent, Transport, Unknown
from qtemplate.plan import Phrase
from qtemplate.plan.mail_kinds import MailKind
from qtemplate.plan.progress import Progress, silent
from qtemplate.texts import say, say_error, show

# How long the account rests after 421, 432, 451, 452, 454 or no answer. Exchange Online counts by the minute.
ACCOUNT_PAUSE = timedelta(seconds=60)
# A server that takes bodies and never answers costs a time-out each; after this many the batch stops.
UNKNOWNS_BEFORE_STOP = 3
# A server that asks for a rest again and again is left alone until the next run.
RESTS_IN_A_BATCH = 3

# The nightly result and a failure tell the keepers what is held: the cap must not silence them.
TELLS_OF_IT = (MailKind.NIGHTLY, MailKind.FAILURE)

StillWanted = Callable[[OutboxEntry], str | None]
Wait = Callable[[timedelta], datetime]
Opens = Callable[[OutboxEntry, datetime], datetime | None]


class Reason(StrEnum):
    """Why a mail is where it is after a batch."""

    DELIVERED = "delivered"
    REFUSED = "refused"
    TEMPORARY = "temporary"
    LOST_LINE = "lost_line"
    NOT_WANTED = "not_wanted"
    SUPPRESSED = "suppressed"
    NOT_ALLOWED = "not_allowed"
    NOT_REDIRECTED = "not_redirected"
    OVER_CAP = "over_cap"
    QUIET = "quiet"
    HOURS = "working_hours"
    RATE = "rate"
    SERVER = "server"
    SETUP = "setup"
    WAITS = "waits"


class Delivery(Struct, frozen=True):
    """What became of one due mail.

    Args:
        state: Its state now; `approved` means it is still to go.
        reason: Why. `setup` stands on one mail of a batch only, the others behind it are `waits`.
        detail: What to know or to do, for a person.
    """

    key: str
    kind: str
    id: str | None
    state: State
    reason: Reason
    detail: str = ""


def deliver(
    outbox: Outbox,
    transport: Transport,
    mail: MailConfig,
    now: datetime,
    *,
    still_wanted: StillWanted = lambda entry: None,
    opens: Opens = lambda entry, now: None,
    only: Collection[str] | None = None,
    not_yet: Collection[str] = (),
    wait: Wait | None = None,
    language: str = "en",
    progress: Progress = silent,
) -> list[Delivery]:
    """Send what is due.

    Args:
        outbox: Its caller holds the workspace: a mail found `sending` is taken for one of a crashed run.
        transport: Closed at the end.
        mail: The limits, the allow-list, the quiet hours, `when_unknown`.
        now: The run's moment; aware, in the zone that the quiet hours are meant in.
        still_wanted: Asked just before each mail goes, with the entry without its bytes; a sentence cancels it.
        opens: Asked of each mail that is not urgent, when its recipients may be written to; None = now.
        only: Keys of mails to send now, because a person named them: at any hour, and without waiting for the next try.
            None = all that are due.
        not_yet: Keys of mails that stay where they are.
        wait: Waits so long and returns the new moment, for `max_per_minute` and a resting account; without it the rest
            stays for the next run.
        language: Of the sentences that say what keeps a mail back, `"zh"` or `"en"`.
        progress: Told how many have gone.

    Returns:
        One delivery for every due mail, and for each that a crash had left, in the outbox's order. One that is put off
        is not due before the moment it is put off to.
    """
    batch = _Batch(outbox, transport, mail, now, still_wanted, opens, only, not_yet, wait, language, progress)
    try:
        return [*batch.recover(), *batch.run()]
    finally:
        transport.close()


class _Batch:
    """One delivery run; `now` moves on only where the caller waited."""

    def __init__(
        self,
        outbox: Outbox,
        transport: Transport,
        mail: MailConfig,
        now: datetime,
        still_wanted: StillWanted,
        opens: Opens,
        only: Collection[str] | None,
        not_yet: Collection[str],
        wait: Wait | None,
        language: str,
        progress: Progress,
    ) -> None:
        self._outbox = outbox
        self._progress = progress
        self._limits = outbox.limits
        self._transport = transport
        self._mail = mail
        self._now = self._began = now
        self._still_wanted = still_wanted
        self._opens = opens
        self._only = only
        self._not_yet = not_yet
        self._wait = wait
        self._language = language
        self._resend = mail.when_unknown is WhenUnknown.RESEND
        self._unknowns = 0
        self._rests = 0
        self._stopped = ""
        self._listed: dict[str, str] = {}
        """Who must not get mail, of those that are screened, and why; asked once for all."""

    def recover(self) -> Iterator[Delivery]:
        """Settle what a crash left, as far as the transport can tell."""
        keys = self._outbox.recover(self._now, self._transport.was_delivered, self._transport.name, resend=self._resend)
        for key in keys:
            entry = self._outbox.show(key)
            if entry.state is not State.APPROVED or entry.next_try:
                reason = Reason.DELIVERED if entry.state in (State.SENT, State.DIVERTED) else Reason.LOST_LINE
                yield _delivery(entry, entry.state, reason, entry.detail)

    def run(self) -> list[Delivery]:
        """Screen everything that is due, then send what passed."""
        self._release()
        approved: dict[str, OutboxEntry] = {entry.key: entry for entry in self._outbox.entries((State.APPROVED,))}
        wanted = self._outbox.due(self._now) if self._only is None else [key for key in approved if key in self._only]
        ahead = self._outbox.moved_ahead(self._now)
        wanted = [key for key in wanted if key not in self._not_yet]
        due = [replace(entry, not_before=None) if (entry := approved[key]).key in ahead else entry for key in wanted]
        self._listed = self._limits.suppressed({address for entry in due for address in entry.recipients})
        done: dict[str, Delivery] = {entry.key: kept for entry in due if (kept := self._attempt(self._screen, entry))}
        done |= self._hold_over_cap([entry for entry in due if entry.key not in done])
        for number, entry in enumerate(due):
            self._progress("send", number, len(due))
            if entry.key not in done and (sent := self._attempt(self._send, entry)):
                done[entry.key] = sent
        return [done[entry.key] for entry in due]

    def _attempt(self, step: Callable[[OutboxEntry], Delivery | None], entry: OutboxEntry) -> Delivery | None:
        """Take one step with one mail, which a person may have moved with an outbox command at this very moment."""
        try:
            return step(entry)
        except OutboxRefused as refused:
            why = say_error(refused, self._language)
            return _delivery(entry, self._outbox.show(entry.key).state, Reason.WAITS, why)

    def _screen(self, entry: OutboxEntry) -> Delivery | None:
        """Hold back what its recipients must not get. No server is asked, so this is reported even without one."""
        if why := self._still_wanted(entry):
            self._outbox.cancel(entry.key, self._now, why)
            return _delivery(entry, State.CANCELLED, Reason.NOT_WANTED, why)
        if barred := self._barred(entry):
            return self._hold(entry, *barred)
        return self._put_off(entry)

    def _release(self) -> None:
        """Look again at what is held for a reason that may be over; where another one has come, that is kept."""
        held = self._outbox.entries((State.HELD,)) if self._only is None else []
        self._listed = self._limits.suppressed({address for entry in held for address in entry.recipients})
        for entry in held:
            if entry.reason not in FOR_A_PERSON and entry.key not in self._not_yet:
                if barred := self._barred(entry):
                    self._hold(entry, *barred)
                else:
                    self._outbox.release(entry.key, self._now)

    def _barred(self, entry: OutboxEntry) -> tuple[Kept, Phrase] | None:
        """Say why its recipients must not get a mail."""
        refused = [each for each in entry.envelope if not is_allowed(each, self._mail.allow_domains)]
        if refused:
            listed = self._mail.allow_domains or Phrase("kept.nobody")
            return Kept.NOT_ALLOWED, Phrase.of("kept.not_allowed", to=refused, listed=listed)
        tester = parse_address(self._mail.redirect_to).mail if self._mail.redirect_to else ""
        if tester and any(each.lower() != tester.lower() for each in entry.envelope):
            return Kept.NOT_REDIRECTED, Phrase.of("kept.not_redirected", to=entry.envelope)
        suppressed = {each: self._listed[each] for each in entry.recipients if each in self._listed}
        if suppressed and len(suppressed) == len(set(entry.recipients)):  # a copy alone would look as if it had gone
            who = tuple(Phrase.of("kept.who", to=each, reason=reason) for each, reason in suppressed.items())
            return Kept.SUPPRESSED, Phrase.of("kept.suppressed", who=who)
        return None

    def _put_off(self, entry: OutboxEntry) -> Delivery | None:
        """Leave what is not urgent for the end of the quiet hours, and for its recipients' hours.

        For the quiet hours a mail is put off only once a try; else a workspace that only ever runs in them would never
        send it.
        """
        if self._only is not None:
            return None
        quiet = end_of_quiet(self._mail.quiet_hours, self._now) if entry.not_before is None else None
        hours = self._opens(entry, quiet or self._now)
        end = hours or quiet
        if end is None or self._outbox.show(entry.key).urgent:
            return None
        why = Phrase.of("kept.quiet", until=f"{end:%H:%M}")
        if hours:
            why = Phrase.of("kept.hours", until=f"{end:%Y-%m-%d %H:%M}")
        words = say(why, self._language)
        self._outbox.put_off(entry.key, self._now, end, words)
        return _delivery(entry, State.APPROVED, Reason.HOURS if hours else Reason.QUIET, words)

    def _hold_over_cap(self, entries: list[OutboxEntry]) -> dict[str, Delivery]:
        """Let as many new mails pass as the cap allows; hold the rest for a person."""
        new = [entry for entry in entries if not entry.cleared and entry.kind not in TELLS_OF_IT]
        room = max(0, self._mail.max_per_run - self._outbox.count_cleared(self._now))
        self._outbox.clear((entry.key for entry in new[:room]), self._now)

        def hold(entry: OutboxEntry) -> Delivery:
            return self._hold(entry, Kept.OVER_CAP, Phrase.of("kept.over_cap", most=self._mail.max_per_run))

        return {entry.key: kept for entry in new[room:] if (kept := self._attempt(hold, entry))}

    def _hold(self, entry: OutboxEntry, reason: Kept, why: Phrase) -> Delivery:
        words = say(why, self._language)
        self._outbox.hold(entry.key, self._now, words, reason)
        return _delivery(entry, State.HELD, Reason(reason.value), words)

    def _send(self, entry: OutboxEntry) -> Delivery:
        if not self._stopped and self._transport.limited:
            self._stopped = self._rest_out()
        if self._stopped:
            return _delivery(entry, State.APPROVED, Reason.WAITS, self._stopped)
        if self._transport.limited and not self._may_start():
            self._stopped = self._words(Phrase.of("batch.rate", most=self._mail.max_per_minute))
            return _delivery(entry, State.APPROVED, Reason.RATE, self._stopped)
        not_ready = self._transport.ready()
        if not_ready:
            return self._stop(entry, not_ready)
        # Asked again: since the screening many mails may have gone, and a person may have closed the row.
        if unwanted := self._still_wanted(entry):
            self._outbox.cancel(entry.key, self._now, unwanted)
            return _delivery(entry, State.CANCELLED, Reason.NOT_WANTED, unwanted)
        if quiet := self._put_off(entry):  # a batch that waits for the server may last into the quiet hours
            return quiet
        claimed, suppressed = self._outbox.claim_for(entry.key, entry.envelope, self._now)
        if claimed is None:
            entry = self._outbox.show(entry.key)
            return _delivery(entry, entry.state, Reason.WAITS, self._words(Phrase("batch.taken")))
        if claimed.envelope != entry.envelope:  # a person gave it other readers in the meantime
            suppressed = self._limits.suppressed(claimed.envelope)
        wanted = replace(
            claimed,
            recipients=tuple(each for each in claimed.recipients if each not in suppressed),
            cc=tuple(each for each in claimed.cc if each not in suppressed),
        )
        result = self._transport.send(wanted)
        if isinstance(result, Sent):  # who is on the list is written down with those the server refused
            left_out = (
                Refusal(each, 550, say(Phrase.of("kept.listed", reason=reason), self._language))
                for each, reason in suppressed.items()
            )
            result = Sent((*result.refused, *left_out))
        return self._settle(claimed, result)

    def _rest_out(self) -> str:
        """Say why the account rests, after waiting where the caller can wait and it was not in vain before."""
        why = self._limits.paused(self._now)
        if why and self._wait and self._rests < RESTS_IN_A_BATCH:
            self._rests += 1
            self._transport.close()
            self._now = self._wait(ACCOUNT_PAUSE)
            why = self._limits.paused(self._now)
        return why

    def _may_start(self) -> bool:
        """Look at the sliding window, waiting where the caller can wait."""
        # what a clock that was ahead sent may have gone just before this batch; who cannot wait must not wait for it
        ahead = self._began if self._wait else None
        pause = self._limits.wait_before_next(self._now, self._mail.max_per_minute, ahead)
        while pause and self._wait:
            self._transport.close()  # servers drop an idle line, and the next mail would find it broken
            before, self._now = self._now, self._wait(pause)
            if self._now <= before:
                break
            pause = self._limits.wait_before_next(self._now, self._mail.max_per_minute, ahead)
        return not pause

    def _settle(self, entry: OutboxEntry, result: SendResult) -> Delivery:
        """Record what the transport reported."""
        if not isinstance(result, Unknown):
            self._unknowns = 0
        match result:
            case Sent(refused):
                if refused:
                    state = self._outbox.record_sent(entry.key, self._now, self._transport.name, refused)
                else:
                    state = self._outbox.record_taken(entry, self._now, self._transport.name)
                detail = "; ".join(f"{each.address}: {each.code} {each.text}" for each in refused)
                return _delivery(entry, state, Reason.DELIVERED, detail)
            case Failed():
                detail = self._words(result.detail)
                self._outbox.record_failed(entry.key, self._now, detail)
                return _delivery(entry, State.FAILED, Reason.REFUSED, detail)
            case Unknown():
                detail = self._words(result.detail)
                self._unknowns += 1
                if self._unknowns >= UNKNOWNS_BEFORE_STOP:
                    self._stopped = self._words(Phrase.of("batch.unanswered", n=self._unknowns))
                state = self._outbox.record_unknown(entry.key, self._now, detail, resend=self._resend)
                return _delivery(entry, state, Reason.LOST_LINE, detail)
            case Retry(reached=True):
                detail = self._words(result.detail)
                if result.whole_account:
                    why = self._rest(detail)
                    self._stopped = "" if self._transport.limited else why
                state = self._outbox.record_retry(entry.key, self._now, detail)
                return _delivery(entry, state, Reason.TEMPORARY, detail)
            case Retry() | Misconfigured():
                self._outbox.give_back(entry.key, self._now, self._words(result.detail))
                return self._stop(entry, result)

    def _stop(self, entry: OutboxEntry, cause: Retry | Misconfigured) -> Delivery:
        """End the batch: nothing can go now. The mail stays approved and its 24 hours do not run."""
        detail = self._words(cause.detail)
        if isinstance(cause, Misconfigured):
            self._stopped = self._words(Phrase("batch.set_up"))
            return _delivery(entry, State.APPROVED, Reason.SETUP, detail)
        self._stopped = self._rest(detail)
        return _delivery(entry, State.APPROVED, Reason.SERVER, detail)

    def _rest(self, detail: str) -> str:
        why = self._words(Phrase.of("batch.rests", detail=detail))
        self._limits.pause(self._now + ACCOUNT_PAUSE, why)
        return why

    def _words(self, detail: Detail) -> str:
        """What a person is told, in the language of the batch."""
        return show(detail, self._language)


def _delivery(entry: OutboxEntry, state: State, reason: Reason, detail: str = "") -> Delivery:
    return Delivery(entry.key, entry.kind, entry.id, state, reason, detail)
