"""How a draft becomes an entry of the outbox: its bytes are built once and leave as they are."""

from __future__ import annotations

import hashlib
from datetime import datetime

from qtemplate.mailer.cleaning import clean_line
from qtemplate.mailer.message import Draft, build_message
from qtemplate.mailer.outbox.entry import OutboxEntry, State
from qtemplate.plan.keys import MessageKey
from qtemplate.plan.message_ids import make_message_id


def make_entry(draft: Draft, *, kind: str, id: str | None, approved: bool, now: datetime) -> OutboxEntry:
    """Build a draft's bytes and put them into an entry.

    Args:
        draft: The mail, redirected already where that is configured.
        kind: The number of a `MailKind`.
        id: The feedback id, None for digests.
        approved: Whether it may go without a person.
        now: The run's moment; aware.

    Raises:
        MessageRefused: The draft cannot be built.
    """
    raw = build_message(draft)
    return OutboxEntry(
        key=MessageKey.parse(draft.key),
        kind=kind,
        id=id,
        message_id=make_message_id(draft.key, draft.sender.domain, draft.apart),
        envelope_from=draft.sender.mail,
        recipients=tuple(each.mail for each in draft.to),
        cc=tuple(each.mail for each in draft.cc),
        subject=clean_line(draft.subject),
        raw=raw,
        sha256=hashlib.sha256(raw).hexdigest(),
        state=State.APPROVED if approved else State.DRAFTED,
        created_at=now,
    )
