"""One mail in the outbox, as data: its states and its finished bytes.

This module knows no database and no server.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from qtemplate.config import QuietHours
from qtemplate.errors import QtemplateError
from qtemplate.plan.keys import MessageKey


class State(StrEnum):
    """Where a mail stands; `queue` draws the moves between them."""

    DRAFTED = "drafted"
    APPROVED = "approved"
    SENDING = "sending"
    SENT = "sent"
    DIVERTED = "diverted"
    PARTIAL = "partial"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"
    HELD = "held"


class Kept(StrEnum):
    """Why a mail is kept back. All but the cap and a change are looked at again each time anything is sent."""

    OVER_CAP = "over_cap"
    NOT_ALLOWED = "not_allowed"
    NOT_REDIRECTED = "not_redirected"
    SUPPRESSED = "suppressed"
    CHANGED = "changed"  # drafted: no longer what a person approved


ORIGINAL_TO = "X-Qtemplate-Original-To"
"""Header of a mail that goes to the tester: whom it would go to."""

FOR_A_PERSON = (Kept.OVER_CAP, Kept.CHANGED)
"""Reasons that end only when a person approves."""

URGENT = ("Importance", "high")
"""Header and value of a mail that cannot wait (RFC 2156, section 5.3.4); mail programs mark it too."""

FINISHED = frozenset({State.SENT, State.DIVERTED, State.PARTIAL, State.FAILED, State.CANCELLED})


NOT_GONE = (State.DRAFTED, State.APPROVED, State.HELD)
"""States of a mail that waits."""


class OutboxRefused(QtemplateError):
    """Something was asked of the outbox that the entry's state, or its absence, does not allow."""


class OutboxEntry(Struct, frozen=True):
    """A mail as the outbox keeps it.

    Args:
        key: What it is about; unique, with its generation.
        kind: The number of a `MailKind`, or of one that another version of the program knows.
        id: The feedback it is about, None for digests.
        recipients: Addresses of To. `cc`: those of Cc. Together they are the envelope.
        raw: The finished bytes, exactly as they go out; empty once the text was forgotten.
        sha256: Of the bytes, hexadecimal; stays when they are forgotten.
        not_before: The end of the quiet hours, or the beginning of the working hours, it waits for.
        next_try: Set while a temporary refusal waits.
        attempts: How often it was handed to a transport.
        detail: What is to be known about the state, for a person.
        sent_via: `folder` or `smtp`.
        cleared: It has passed the cap of a run, or a person approved it.
        reason: Why it is held or drafted, where that is to be known later: a `Kept`.
    """

    key: MessageKey
    kind: str
    id: str | None
    message_id: str
    envelope_from: str
    recipients: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    raw: bytes
    sha256: str
    state: State
    created_at: datetime
    not_before: datetime | None = None
    next_try: datetime | None = None
    attempts: int = 0
    detail: str = ""
    sent_at: datetime | None = None
    sent_via: str = ""
    cleared: bool = False
    reason: str = ""

    @property
    def envelope(self) -> tuple[str, ...]:
        """Every address it goes to, once each: somebody who is both owner and manager gets one mail."""
        seen: dict[str, str] = {}
        for address in (*self.recipients, *self.cc):
            seen.setdefault(address.lower(), address)
        return tuple(seen.values())

    @property
    def readers(self) -> tuple[str, ...]:
        """Whom it is for: the envelope, or in test mode whom it would go to; asks the finished bytes."""
        original = self.header(ORIGINAL_TO)
        return tuple(each.strip() for each in original.split(",")) if original else self.envelope

    @property
    def urgent(self) -> bool:
        """Whether it leaves at any hour; its bytes say so, which every later generation shares."""
        return self.header(URGENT[0]).lower() == URGENT[1]

    def header(self, name: str) -> str:
        """One header of the finished bytes, as it stands there; empty if there is none."""
        head, _, _ = self.raw.partition(b"\r\n\r\n")  # `headersonly` leaves out no work
        if f"\n{name}:".lower().encode("ascii") not in b"\n" + head.lower():
            return ""  # no need to take apart what most mails have not
        from email.parser import BytesParser
        from email.policy import compat32

        return str(BytesParser(policy=compat32).parsebytes(head, headersonly=True)[name] or "")


def end_of_quiet(quiet: QuietHours | None, now: datetime) -> datetime | None:
    """Say when mail may go again.

    Args:
        quiet: The daily span, or None.
        now: Aware, in the time zone the span is meant in.

    Returns:
        The end of the span `now` lies in, in the same zone; None when mail may go at once.
    """
    if quiet is None or not quiet.covers(now.time()):
        return None
    end = now.replace(hour=quiet.end.hour, minute=quiet.end.minute, second=quiet.end.second, microsecond=0)
    return end if end > now else end + timedelta(days=1)
