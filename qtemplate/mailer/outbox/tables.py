"""The outbox's tables in SQLite, and how a row becomes an entry and back. No decisions here.

Moments are kept as UTC text of one width, so that comparing text compares moments.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from qtemplate.mailer.outbox.entry import OutboxEntry, State
from qtemplate.plan.keys import MessageKey

# `base` is the key without its generation. `recipients_hash` is what stays of the addresses when the text is forgotten.
# `cleared_at` is the moment of the run whose cap a mail passed; empty for those a person approved.
SCHEMA = """
create table if not exists outbox(
  number integer primary key,
  key text not null unique,
  base text not null,
  generation integer not null,
  kind text not null,
  id text,
  message_id text not null,
  envelope_from text not null,
  recipients text not null,
  cc text not null,
  recipients_hash text not null,
  subject text not null,
  raw blob not null,
  sha256 text not null,
  state text not null check(state in
    ('drafted','approved','sending','sent','partial','failed','unknown','cancelled','held')),
  created_at text not null,
  not_before text,
  next_try text,
  first_try text,
  attempts integer not null,
  detail text not null,
  sent_at text,
  sent_via text not null,
  cleared integer not null,
  cleared_at text,
  unique(base, generation)
) strict;
create index if not exists outbox_by_state on outbox(state, number);
create table if not exists outbox_event(
  number integer primary key,
  key text not null,
  at text not null,
  from_state text not null,
  to_state text not null,
  actor text not null,
  detail text not null
) strict;
create index if not exists outbox_event_by_key on outbox_event(key, number);
create index if not exists outbox_event_by_time on outbox_event(to_state, at);
create table if not exists suppressed(
  address text primary key,
  reason text not null,
  since text not null
) strict;
create table if not exists outbox_pause(
  only_one integer primary key check(only_one = 1),
  until text not null,
  why text not null
) strict;
"""

_COLUMNS = (
    "key kind id message_id envelope_from recipients cc subject raw sha256 state created_at not_before next_try "
    "attempts detail sent_at sent_via cleared"
)
ENTRY_COLUMNS = ", ".join(_COLUMNS.split())
BRIEF_COLUMNS = ENTRY_COLUMNS.replace(" raw,", " x'',")


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Run a block as one transaction, or as a part of the caller's when there is one already.

    The write lock is taken at the beginning: two processes that both read first would end in "database is locked".
    """
    nested = connection.in_transaction
    connection.execute("savepoint outbox" if nested else "begin immediate")
    try:
        yield
    except BaseException:
        connection.execute("rollback to outbox" if nested else "rollback")
        if nested:
            connection.execute("release outbox")
        raise
    connection.execute("release outbox" if nested else "commit")


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
    not_before, next_try, attempts, detail, sent_at, sent_via, cleared = rest
    return OutboxEntry(
        key=MessageKey.parse(key),
        kind=kind,
        id=id_,
        message_id=message_id,
        envelope_from=sender,
        recipients=tuple(json.loads(recipients)),
        cc=tuple(json.loads(cc)),
        subject=subject,
        raw=raw,
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
    )


def insert_entry(connection: sqlite3.Connection, entry: OutboxEntry, base: str, generation: int) -> bool:
    """Insert an entry unless its key is there; says whether it was new."""
    values: dict[str, Any] = {
        "key": entry.key,
        "base": base,
        "generation": generation,
        "kind": entry.kind,
        "id": entry.id,
        "message_id": entry.message_id,
        "envelope_from": entry.envelope_from,
        "recipients": json.dumps(entry.recipients),
        "cc": json.dumps(entry.cc),
        "recipients_hash": hash_recipients(entry),
        "subject": entry.subject,
        "raw": entry.raw,
        "sha256": entry.sha256,
        "state": str(entry.state),
        "created_at": to_text(entry.created_at),
        "not_before": entry.not_before and to_text(entry.not_before),
        "next_try": entry.next_try and to_text(entry.next_try),
        "attempts": entry.attempts,
        "detail": entry.detail,
        "sent_at": entry.sent_at and to_text(entry.sent_at),
        "sent_via": entry.sent_via,
        "cleared": int(entry.cleared),
    }
    # Not "insert or ignore", which would also swallow a broken row.
    names, places = ", ".join(values), ", ".join(f":{name}" for name in values)
    done = connection.execute(f"insert into outbox({names}) values({places}) on conflict(key) do nothing", values)
    return done.rowcount == 1


def hash_recipients(entry: OutboxEntry) -> str:
    """Digest whom a mail goes to, so that it can be compared when the addresses are gone."""
    return hashlib.sha256("\n".join(sorted(each.lower() for each in entry.envelope)).encode()).hexdigest()
