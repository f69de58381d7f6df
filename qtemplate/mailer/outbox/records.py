"""What the outbox holds and the one way to change a state: reading, and a move together with its event.

`Outbox` decides which move; this module makes sure that no move goes unrecorded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from qtemplate.journal.database import Database
from qtemplate.mailer.outbox.entry import OutboxEntry, OutboxRefused, State
from qtemplate.mailer.outbox.limits import SendLimits
from qtemplate.mailer.outbox.tables import AHEAD, BRIEF_COLUMNS, ENTRY_COLUMNS, to_entry, to_moment, to_text
from qtemplate.plan.keys import MessageKey
from qtemplate.texts import either, make_error

TAKEN_BACK = "taken back: "
"""How the detail of a mail begins that was cancelled, before it went, because what it says no longer held."""

_MOVED = "(select at from outbox_event where key = outbox.key order by number desc limit 1)"


class OutboxEvent(Struct, frozen=True):
    """One move of one mail."""

    key: str
    at: datetime
    from_state: str
    to_state: str
    actor: str
    detail: str


class OutboxRecords:
    """The mails and their events, in the state database, and the limits of the account that they go by.

    Args:
        database: The state of the workspace.
        limits: Those of an account that others share; None = the account is the workspace's own.
    """

    def __init__(self, database: Database, limits: SendLimits | None = None) -> None:
        self.database = database
        self.limits = limits or SendLimits(database)

    def show(self, key: str) -> OutboxEntry:
        """Return one entry with its bytes.

        Raises:
            OutboxRefused: There is none with this key; names the nearest.
        """
        row = self.one(f"select {ENTRY_COLUMNS} from outbox where key = ?", (key,))
        if row is None:
            import difflib

            near = difflib.get_close_matches(key, [each for (each,) in self.rows("select key from outbox")], 1)
            if near:
                raise make_error(OutboxRefused, "outbox.no_mail_near", key=key, near=near[0])
            raise make_error(OutboxRefused, "outbox.no_mail", key=key)
        return to_entry(row)

    def entries(self, states: Collection[State] = ()) -> list[OutboxEntry]:
        """Return entries in the order they were put, without their bytes; all of them if no state is given."""
        marks = ", ".join("?" for _ in states)
        where = f" where state in ({marks})" if states else ""
        return [
            to_entry(row) for row in self.rows(f"select {BRIEF_COLUMNS} from outbox{where} order by number", states)
        ]

    def events(self, key: str) -> list[OutboxEvent]:
        """Return every move of one mail, oldest first."""
        return self.events_of((key,)).get(key, [])

    def events_of(self, keys: Iterable[str]) -> dict[str, list[OutboxEvent]]:
        """Return the same of many mails, asked at once."""
        query = "select key, at, from_state, to_state, actor, detail from outbox_event where key in ({keys})"
        found: dict[str, list[OutboxEvent]] = {}
        for key, at, *rest in self.database.rows_of(f"{query} order by number", map(str, keys)):
            found.setdefault(key, []).append(OutboxEvent(key, datetime.fromisoformat(at), *rest))
        return found

    def approved_by_person(self, key: str, events: Sequence[OutboxEvent] = ()) -> bool:
        """Whether a person has approved the mail as it stands; `events`: its own, if they are at hand."""
        moved = [
            each for each in events or self.events(key) if each.actor == "person" or each.to_state == State.DRAFTED
        ]
        return bool(moved) and moved[-1].actor == "person" and moved[-1].to_state == State.APPROVED

    def was_unknown(self, key: str) -> bool:
        """Whether it may have arrived already."""
        return any(each.to_state == State.UNKNOWN for each in self.events(key))

    def message_ids(self) -> dict[str, MessageKey]:
        """Say what each mail was about, by its Message-ID without brackets."""
        rows = self.rows("select message_id, key from outbox")
        return {str(id).strip("<>"): MessageKey.parse(key).base for id, key in rows}

    def states(self) -> Mapping[MessageKey, tuple[State, datetime | None]]:
        """Say for every key, all its generations together, what became of it and when it was first sent.

        A mail that was taken back before it went is as if it had never been.
        """
        found: dict[MessageKey, tuple[State, datetime | None]] = {}
        query = "select base, state, sent_at, detail from outbox order by base, generation"
        for text, state, sent_at, detail in self.rows(query):
            base = MessageKey.parse(text)
            if state == State.CANCELLED and detail.startswith(TAKEN_BACK):
                continue
            before = found.get(base)
            if before is None or before[0] not in (State.SENT, State.PARTIAL):
                found[base] = (State(state), to_moment(sent_at))
            elif state == State.SENT:
                found[base] = (State.SENT, before[1])
        return found

    def generation_after_void(self, key: str, *, live: bool) -> int:
        """Say which generation a mail gets whose last one was taken back, or diverted before a `live` one; else 0."""
        row = self.one(
            "select generation, state, detail from outbox where base = ? order by generation desc limit 1", (key,)
        )
        taken = row is not None and row[1] == State.CANCELLED and str(row[2]).startswith(TAKEN_BACK)
        diverted = row is not None and row[1] == State.DIVERTED and live
        return int(row[0]) + 1 if row is not None and (taken or diverted) else 0

    def due(self, now: datetime) -> list[str]:
        """Return the keys of approved mails whose time has come: first those never tried, oldest first.

        What a clock that was ahead has put off is due now.
        """
        rows = self.rows(
            "select key from outbox where state = 'approved' and (coalesce(not_before, '') <= :now "
            f"and coalesce(next_try, '') <= :now or {_MOVED} > :ahead) "
            "order by attempts > 0, number",
            {"now": to_text(now), "ahead": to_text(now + AHEAD)},
        )
        return [key for (key,) in rows]

    def moved_ahead(self, now: datetime) -> set[str]:
        """Return the keys of approved mails that a clock which was ahead of this moment has moved last."""
        rows = self.rows(f"select key from outbox where state = 'approved' and {_MOVED} > ?", (to_text(now + AHEAD),))
        return {key for (key,) in rows}

    def move(
        self, key: str, allowed: Collection[State], to: State, now: datetime, actor: str, detail: str, **columns: str
    ) -> OutboxEntry:
        """Change a state and write the event; the caller holds the transaction. A reason that is not given is over."""
        entry = self.show(key)
        if entry.state not in allowed:
            states = either(sorted(allowed))
            raise make_error(OutboxRefused, "outbox.not_now", key=key, state=entry.state, allowed=states, to=to)
        columns = {"reason": "", **columns}
        sets = "".join(f", {name} = :{name}" for name in columns)
        self.database.note(
            f"update outbox set state = :state, detail = :detail{sets} where key = :key",
            {"state": str(to), "detail": detail, "key": key, **columns},
        )
        self.log(key, now, entry.state, to, actor, detail)
        return entry

    def log(self, key: str, at: datetime, before: str, after: str, actor: str, detail: str) -> None:
        self.database.note(
            "insert into outbox_event(key, at, from_state, to_state, actor, detail) values(?, ?, ?, ?, ?, ?)",
            (key, to_text(at), str(before), str(after), actor, detail),
        )

    def rows(self, sql: str, values: Iterable[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
        if isinstance(values, Mapping):
            return self.database.rows(sql, values)
        return self.database.rows(sql, [str(each) if isinstance(each, State) else each for each in values])

    def one(self, sql: str, values: Iterable[Any] | Mapping[str, Any] = ()) -> tuple[Any, ...] | None:
        rows = self.rows(sql, values)
        return rows[0] if rows else None
