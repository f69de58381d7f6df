"""Mails that wait in the outbox, compared with what the rules would send now: what no longer holds is taken back.

A mail may wait for days: for approval, for the end of quiet hours, for a server. Meanwhile a reply is rewritten, an
address corrected, a row handed to somebody else. The rules are asked as if the waiting mails had never been made; what
they make again may go, anything else is cancelled, and made anew as soon as the rules want it again.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Collection, Mapping
from dataclasses import replace

from ...config import Config
from ...fields import Field
from ...mailer.deliver import StillWanted
from ...mailer.message import MessageRefused, parse_address
from ...mailer.outbox.entry import OutboxEntry, OutboxRefused, State
from ...mailer.outbox.queue import Outbox
from ...plan import Finding, Message, Phrase, Plan, Severity
from ...plan.mail_kinds import REPLIES, MailKind
from ...rules.situation import Situation
from ...rules.standing import quiet

DAILY = (MailKind.DIGEST, MailKind.NIGHTLY)
GO_AFTER_CLOSING = (
    MailKind.EXPLAINED,
    MailKind.SOLVED,
    MailKind.DECLINED,
    MailKind.REOPENED,
    MailKind.CLOSED,
    MailKind.RECURRENCE,
)
NOT_GONE = (State.DRAFTED, State.APPROVED, State.HELD)
REFUSED_FOR_GOOD = re.compile(r": 5\d\d ")


def waiting_mails(outbox: Outbox) -> dict[str, OutboxEntry]:
    """Message key -> the mail about one feedback that has not gone, in the order they were made.

    Digests say what was true on their day, and what a person asked for goes because they asked: neither is here. A mail
    that every server refused waits too, for an address it can go to.
    """
    gone = {key for key, (state, _) in outbox.states().items() if state not in (*NOT_GONE, State.FAILED)}
    return {
        entry.key.base: entry
        for entry in outbox.entries((*NOT_GONE, State.FAILED))
        if entry.id is not None
        # a reply's key holds the address: a corrected one asks for another approval and is another mail
        and not (entry.state is State.FAILED and (entry.kind in REPLIES or not entry.recipients))
        and entry.key.base not in gone
        and outbox.events(entry.key)[0].actor != "person"
    }


def outdated_mails(waiting: Mapping[str, OutboxEntry], plan: Plan, after: Situation, config: Config) -> dict[str, str]:
    """Entry key -> why it must not go as it is.

    Args:
        waiting: From `waiting_mails`.
        plan: Made as if they did not exist.
        after: With the plan in force; rows that rest in this run and closed ones are left alone.
        config: In test mode every envelope is the tester's and says nothing.
    """
    if not waiting or after.memory.unknown:  # steps rest: that they do not ask for a mail says nothing
        return {}
    made: dict[str, Message] = {message.key: message for message in plan.messages}
    frame = after.frame
    resting = frame[Field.CLOSED_AT].notna() | quiet(after)
    left_alone = frozenset(frame.loc[resting, Field.ID].dropna())
    outdated: dict[str, str] = {}
    for key, entry in waiting.items():
        message = made.get(key)
        if message is None:
            if entry.id not in left_alone and entry.state is not State.FAILED:
                outdated[entry.key] = "the register no longer asks for it"
        elif not config.mail.redirect_to and _addresses(message) != {each.lower() for each in entry.envelope}:
            outdated[entry.key] = f"it is for {', '.join(sorted(_addresses(message)))} now"
    return outdated


def without_waiting(plan: Plan, waiting: Mapping[str, OutboxEntry], outdated: Collection[str]) -> Plan:
    """The plan without the mails that are in the outbox already and may go as they are."""
    kept = {key for key, entry in waiting.items() if entry.key not in outdated}
    return replace(plan, messages=tuple(message for message in plan.messages if message.key not in kept))


def _addresses(message: Message) -> set[str]:
    found = set()
    for person in (*message.to, *message.cc):
        try:
            found.add(parse_address(person.mail).mail.lower())
        except MessageRefused:
            found.add(person.mail.lower())
    return found


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


def superseded_digests(outbox: Outbox, plan: Plan, night: dt.date | None = None) -> dict[str, str]:
    """Entry key -> why: digests and nightly results that never went, where a later one for the same person is there.

    Args:
        outbox: What waits.
        plan: Its digests count as there.
        night: The day of a nightly run, whose result is still to be made; None in other runs.
    """
    latest: dict[tuple[MailKind | None, str | None], dt.date] = {}
    kept = [entry.key for entry in outbox.entries() if entry.state is not State.CANCELLED]
    for key in (*kept, *(message.key for message in plan.messages)):
        if key.day is not None:
            whose = key.kind, key.address
            latest[whose] = max(key.day, latest.get(whose, key.day))
    superseded: dict[str, str] = {}
    for entry in outbox.entries(NOT_GONE):
        key = entry.key
        if key.kind in DAILY and key.day is not None:
            newest = night if night and key.kind is MailKind.NIGHTLY else latest.get((key.kind, key.address), key.day)
            if key.day < newest:
                superseded[key] = f"the one of {newest} says how things stand"
    return superseded


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
