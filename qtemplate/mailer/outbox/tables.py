"""How a row of the outbox becomes an entry and back. It decides nothing; `journal.migrations` makes the tables.

Moments are kept as UTC text of one width, so that comparing text compares moments.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from qtemplate.journal.database import Database, Statement
from qtemplate.mailer.outbox.entry import OutboxEntry, State
from qtemplate.plan.keys import MessageKey

_COLUMNS = (
    "key kind id message_id envelope_from recipients cc subject raw sha256 state created_at not_before next_try "
    "attempts detail sent_at sent_via cleared reason"
)
_NAMED = ", ".join(_COLUMNS.split())
ENTRY_COLUMNS = _NAMED.replace(" raw,", " (select raw from outbox_bytes where outbox_bytes.key = outbox.key),")
BRIEF_COLUMNS = _NAMED.replace(" raw,", " null,")

AHEAD = timedelta(hours=1)
"""A run that waits for its server writes moments after its own; later ones than this are of a clock that was ahead."""


def to_text(moment: datetime) -> str:
    """Write an aware moment as UTC text of one width."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def to_moment(text: str | None) -> datetime | None:
    """Read what `to_text` wrote."""
    return None if text is None else datetime.fromisoformat(text)


def to_entry(row: tuple[Any, ...]) -> OutboxEntry:
    """Make an entry of a row of `ENTRY_COLUMNS`."""
    key, kind, id_, message_id, sender, recipients, cc, subject, raw, sha256, state, created, *rest = row
    not_before, next_try, attempts, detail, sent_at, sent_via, cleared, reason = rest
    return OutboxEntry(
        key=MessageKey.parse(key),
        kind=kind,
        id=id_,
        message_id=message_id,
        envelope_from=sender,
        recipients=tuple(json.loads(recipients)),
        cc=tuple(json.loads(cc)),
        subject=subject,
        raw=raw or b"",
        sha256=sha256,
        state=State(state),
        created_at=datetime.fromisoformat(created),
        not_before=to_moment(not_before),
        next_try=to_moment(next_try),
        attempts=attempts,
        detail=detail,
        sent_at=to_moment(sent_at),
        sent_via=sent_via,
        cleared=bool(cleared),
        reason=reason,
    )


def insert_entry(database: Database, entry: OutboxEntry, base: str, generation: int) -> bool:
    """Insert an entry unless its key is there; says whether it was new."""
    # Not "insert or ignore", which would also swallow a broken row.
    done = database.execute(*_inserting(entry, base, generation, " on conflict(key) do nothing"))
    new = done.rowcount == 1
    if new and entry.raw:
        database.note(*_bytes(entry))
    return new


def note_entry(database: Database, entry: OutboxEntry, base: str, generation: int) -> None:
    """Insert an entry whose key is not there; the caller has asked, in this transaction."""
    database.note(*_inserting(entry, base, generation))
    if entry.raw:
        database.note(*_bytes(entry))


def _inserting(entry: OutboxEntry, base: str, generation: int, ending: str = "") -> Statement:
    values: dict[str, Any] = {
        "key": entry.key,
        "base": base,
        "generation": generation,
        "kind": entry.kind,
        "id": entry.id,
        **_words(entry),
        "state": str(entry.state),
        "created_at": to_text(entry.created_at),
        "not_before": entry.not_before and to_text(entry.not_before),
        "next_try": entry.next_try and to_text(entry.next_try),
        "attempts": entry.attempts,
        "detail": entry.detail,
        "sent_at": entry.sent_at and to_text(entry.sent_at),
        "sent_via": entry.sent_via,
        "cleared": int(entry.cleared),
        "reason": entry.reason,
    }
    names, places = ", ".join(values), ", ".join(f":{name}" for name in values)
    return f"insert into outbox({names}) values({places}){ending}", values


def _bytes(entry: OutboxEntry) -> Statement:
    return "insert into outbox_bytes(key, raw) values(?, ?)", (entry.key, entry.raw)


def replace_words(database: Database, key: str, entry: OutboxEntry) -> None:
    """Put the bytes and the envelope of an entry in place of those that are kept under a key, unless it has gone."""
    words = _words(entry)
    sets = ", ".join(f"{name} = :{name}" for name in words)
    waits = "key = :key and state in ('drafted', 'approved', 'held')"
    database.note(f"update outbox set {sets} where {waits}", {**words, "key": key})
    database.note(
        f"update outbox_bytes set raw = :raw where key = :key and exists (select 1 from outbox where {waits})",
        {"raw": entry.raw, "key": key},
    )


def _words(entry: OutboxEntry) -> dict[str, Any]:
    return {
        "message_id": entry.message_id,
        "envelope_from": entry.envelope_from,
        "recipients": json.dumps(entry.recipients),
        "cc": json.dumps(entry.cc),
        "recipients_hash": hash_recipients(entry),
        "subject": entry.subject,
        "sha256": entry.sha256,
    }


def hash_recipients(entry: OutboxEntry) -> str:
    """Digest whom a mail goes to, so that it can be compared when the addresses are gone."""
    import hashlib  # of no use to who only reads

    return hashlib.sha256("\n".join(sorted(each.lower() for each in entry.envelope)).encode()).hexdigest()
