"""Messages to groups that were handed over, or were about to be: none goes a second time."""

from __future__ import annotations

import datetime as dt

from .database import Database


class GroupLog:
    """At most once: a message is marked before it goes, and what became of it afterwards."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def claim(self, key: str, now: dt.datetime) -> bool:
        """Whether the message may go now: it never was on its way, or was surely not taken."""
        with self.database.transaction():
            row = self.database.one("select state from group_message where key = ?", (key,))
            if row is not None and row[0] != "retry":
                return False
            self.database.execute(
                "insert into group_message(key, state, at, detail) values(?, 'sending', ?, '') "
                "on conflict(key) do update set state = excluded.state, at = excluded.at, detail = excluded.detail",
                (key, now.isoformat()),
            )
        return True

    def record(self, key: str, state: str, detail: str) -> None:
        """What became of it: `sent`, `retry`, `failed` or `unknown`."""
        self.database.execute("update group_message set state = ?, detail = ? where key = ?", (state, detail, key))
