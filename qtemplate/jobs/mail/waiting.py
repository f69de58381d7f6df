"""Mails that wait in the outbox, compared with what the rules would send now: what no longer holds is taken back.

A mail may wait for days: for approval, for the end of quiet hours, for a server. Meanwhile a reply is rewritten, an
address corrected, a row handed to somebody else. The rules are asked as if the waiting mails had never been made; what
they make again may go, anything else is cancelled, and made anew as soon as the rules want it again.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from ...fields import Field
from ...mailer.outbox.entry import NOT_GONE, OutboxEntry, OutboxRefused, State
from ...plan import Finding, Message, Phrase, Plan, Severity
from ...plan.keys import OF_A_MONTH, MessageKey
from ...plan.mail_kinds import REPLIES, MailKind
from ...rules.standing import quiet
from .recipients import addresses_of, not_theirs

if TYPE_CHECKING:
    from ...config import Config
    from ...mailer.deliver import StillWanted
    from ...mailer.outbox.queue import Outbox
    from ...rules.situation import Situation

GO_AFTER_CLOSING = (
    MailKind.EXPLAINED,
    MailKind.SOLVED,
    MailKind.DECLINED,
    MailKind.REOPENED,
    MailKind.CLOSED,
    MailKind.RECURRENCE,
    MailKind.FORM_TAKEN,
)
REFUSED_FOR_GOOD = re.compile(r": 5\d\d ")


class Waiting(Struct, frozen=True):
    """The mails that have not gone, by how they are judged.

    Attributes:
        mails: About a feedback, by the key without generation; the rules are asked as if they had never been made. A
            mail that every server refused waits too, for an address it can go to.
        daily: Of a day, likewise.
        later: By key: later generations of mails that have gone, and what a person asked for.
        by_person: Keys of the latter.
        approved: Keys of the mails that a person has approved: where they are for others now, that person is asked.
    """

    mails: Mapping[MessageKey, OutboxEntry]
    daily: Mapping[MessageKey, OutboxEntry]
    later: Mapping[str, OutboxEntry]
    by_person: frozenset[str]
    approved: frozenset[str]

    @property
    def unmade(self) -> frozenset[MessageKey]:
        """Keys of the mails that count as never made."""
        return frozenset((*self.mails, *self.daily))

    @property
    def has_digest(self) -> bool:
        return any(key.kind is MailKind.DIGEST for key in self.daily)

    @property
    def has_month(self) -> bool:
        return any(key.kind in OF_A_MONTH for key in self.daily)


def waiting_mails(outbox: Outbox) -> Waiting:
    """What waits, in the order it was made."""
    gone = {key for key, (state, _) in outbox.states().items() if state not in (*NOT_GONE, State.FAILED)}
    mails: dict[MessageKey, OutboxEntry] = {}
    daily: dict[MessageKey, OutboxEntry] = {}
    later: dict[str, OutboxEntry] = {}
    by_person, approved = set(), set()
    entries = outbox.entries((*NOT_GONE, State.FAILED))
    events = outbox.events_of(entry.key for entry in entries)
    for entry in entries:
        asked_for = events[entry.key][0].actor == "person"
        if asked_for or entry.key.base in gone:
            if entry.state is not State.FAILED:
                later[entry.key] = entry
                by_person |= {entry.key} if asked_for else set()
        elif entry.id is None:
            if entry.state is not State.FAILED:
                daily[entry.key.base] = entry
        # a reply's key holds the address: a corrected one asks for another approval and is another mail
        elif entry.state is not State.FAILED or (entry.kind not in REPLIES and entry.recipients):
            mails[entry.key.base] = entry
            approved |= {entry.key} if outbox.approved_by_person(entry.key, events[entry.key]) else set()
    return Waiting(mails, daily, later, frozenset(by_person), frozenset(approved))


def outdated_mails(waiting: Waiting, plan: Plan, after: Situation, config: Config) -> dict[str, str]:
    """Entry key -> why it must not go as it is.

    Args:
        waiting: From `waiting_mails`; its `mails` are looked at.
        plan: Made as if they did not exist.
        after: With the plan in force; rows that rest in this run and closed ones are left alone.
        config: In test mode every envelope is the tester's and says nothing.
    """
    if not waiting.mails or after.memory.unknown:  # steps rest: that they do not ask for a mail says nothing
        return {}
    made: dict[str, Message] = {message.key: message for message in plan.messages}
    frame = after.frame
    resting = frame[Field.CLOSED_AT].notna() | quiet(after)
    left_alone = frozenset(frame.loc[resting, Field.ID].dropna())
    outdated: dict[str, str] = {}
    for key, entry in waiting.mails.items():
        message = made.get(key)
        if message is None:
            if entry.state is State.FAILED:
                continue
            if entry.id not in left_alone:
                outdated[entry.key] = "the register no longer asks for it"
            elif not config.mail.redirect_to and (why := not_theirs(entry, after)):
                outdated[entry.key] = why
        elif entry.key in waiting.approved and entry.state is not State.FAILED:
            continue  # drafted again, with the difference shown
        elif not config.mail.redirect_to and addresses_of(message) != {each.lower() for each in entry.envelope}:
            outdated[entry.key] = f"it is for {', '.join(sorted(addresses_of(message)))} now"
    return outdated


def still_wanted(after: Situation) -> StillWanted:
    """Asked just before each mail goes: a closed row needs no reminder and no reply."""

    def look() -> frozenset[str]:
        return frozenset(after.frame.loc[after.frame[Field.CLOSED_AT].notna(), Field.ID].dropna())

    def ask(entry: OutboxEntry) -> str | None:
        closed = after.answers.once("closed", (Field.ID, Field.CLOSED_AT), look)
        if entry.id in closed and entry.kind not in GO_AFTER_CLOSING:
            return "the feedback was closed meanwhile"
        return None

    return ask


def take_back(outbox: Outbox, outdated: Mapping[str, str], now: dt.datetime) -> None:
    """Cancels mails that no longer hold; the rules may ask for the same ones again later."""
    for key, why in outdated.items():
        with contextlib.suppress(OutboxRefused):  # a person was at the outbox commands in this very moment
            outbox.take_back(key, now, why)


def queue_findings(outbox: Outbox, now: dt.datetime) -> tuple[Finding, ...]:
    """What in the outbox waits for a person, the oldest first, said in every run until somebody has decided.

    Who was left out of a mail that went to others is said for a day: there is nothing to decide about that mail.
    """
    codes = {State.HELD: "QT521", State.DRAFTED: "QT522", State.FAILED: "QT523", State.UNKNOWN: "QT523",
             State.PARTIAL: "QT524"}  # fmt: skip
    return tuple(
        Finding(
            codes[entry.state],
            Severity.WARNING,
            id=entry.id,
            facts=facts_of_mail(entry.key, entry.state, entry.detail),
        )
        for entry in sorted(outbox.entries(tuple(codes)), key=lambda entry: (entry.created_at, entry.key))
        if entry.state is not State.PARTIAL or _left_out(entry, now)
    )


def facts_of_mail(key: str, state: State, detail: str) -> tuple[tuple[str, object], ...]:
    """What the sentence of a finding about a mail needs."""
    facts = (("key", key), ("detail", detail.rstrip(".。")))
    if state in (State.FAILED, State.UNKNOWN, State.APPROVED):
        return (*facts, ("state", Phrase(f"mail.{state}")), ("advice", Phrase(f"mail.do_{state}")))
    return facts


def _left_out(entry: OutboxEntry, now: dt.datetime) -> bool:
    """Whether a mail that went out lately was refused for good for some of its recipients."""
    lately = entry.sent_at is not None and entry.sent_at > now - dt.timedelta(days=1)
    return lately and REFUSED_FOR_GOOD.search(entry.detail) is not None
