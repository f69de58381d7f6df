"""Who must not get mail, how much went out lately, and whether the account rests: kept in the database, not in memory.

A run that starts seconds after another one sees the same limits. This module knows no server.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from msgspec import Struct

from qtemplate.journal.database import Database, Statement
from qtemplate.mailer.outbox.tables import AHEAD, to_moment, to_text

WINDOW = timedelta(seconds=60)
LONGEST_PAUSE = timedelta(seconds=60)


class Suppressed(Struct, frozen=True):
    """An address that gets nothing, why and since when."""

    address: str
    reason: str
    since: datetime


class SendLimits:
    """Suppressed addresses, the sliding window and the account's pause, in the outbox's tables.

    Args:
        database: The state of the workspace.
        schema: With a full stop: where the tables of an account lie that several workspaces share.
    """

    def __init__(self, database: Database, schema: str = "") -> None:
        self._database = database
        self._suppressed, self._pauses = f"{schema}suppressed", f"{schema}outbox_pause"

    def suppress(self, address: str, reason: str, now: datetime) -> None:
        """Send nothing to an address any more, for example after a hard bounce."""
        with self._database.transaction():
            self._database.execute(
                f"insert into {self._suppressed}(address, reason, since) values(?, ?, ?) "
                "on conflict(address) do update set reason = excluded.reason, since = excluded.since",
                (address.lower(), reason, to_text(now)),
            )

    def release(self, address: str) -> bool:
        """Take an address off the list; says whether it was on it."""
        with self._database.transaction():
            done = self._database.execute(f"delete from {self._suppressed} where address = ?", (address.lower(),))
        return done.rowcount == 1

    def suppressed(self, addresses: Iterable[str]) -> dict[str, str]:
        """Return those of the addresses that are on the list, each with its reason."""
        named = {address: address.lower() for address in addresses}
        query = f"select address, reason from {self._suppressed} where address in ({{keys}})"
        reasons = dict(self._database.rows_of(query, sorted({*named.values()})))
        return {address: reasons[name] for address, name in named.items() if name in reasons}

    def asking(self, addresses: Collection[str]) -> Statement:
        """The question that `suppressed` asks, for who asks it together with others: address in lower case, reason."""
        named = sorted({address.lower() for address in addresses}) or [""]
        marks = ", ".join("?" for _ in named)
        return f"select address, reason from {self._suppressed} where address in ({marks})", named

    def all_suppressed(self) -> list[Suppressed]:
        """Return the whole list, by address."""
        rows = self._database.rows(f"select address, reason, since from {self._suppressed} order by address")
        return [Suppressed(address, reason, datetime.fromisoformat(since)) for address, reason, since in rows]

    def wait_before_next(self, now: datetime, most: int, ahead: datetime | None = None) -> timedelta:
        """Say how long to wait so that at most `most` mails start in any 60 seconds; zero when one may start now.

        Args:
            now: The moment to be judged.
            most: Mails in any 60 seconds.
            ahead: When a mail counts as started that a clock which was ahead put into the future; None = it does not
                count. Not after `now`.

        Returns:
            No more than 60 seconds.
        """
        moments = {"now": to_text(now), "since": to_text(now - WINDOW), "ahead": to_text(ahead) if ahead else ""}
        rows = self._database.rows(
            "select started from (select case when at > :now then :ahead else at end as started from outbox_event "
            "where to_state = 'sending' and at > :since) as lately where started > :since "
            "order by started desc limit :most",
            {**moments, "most": most},
        )
        if len(rows) < most:
            return timedelta()
        return (to_moment(rows[-1][0]) or now) + WINDOW - now

    def pause(self, until: datetime, why: str) -> None:
        """Let the whole account rest, as a server asked for it."""
        with self._database.transaction():
            self._database.execute(
                f"insert into {self._pauses}(only_one, until, why) values(1, ?, ?) "
                "on conflict(only_one) do update set until = excluded.until, why = excluded.why",
                (to_text(until), why),
            )

    def paused(self, now: datetime) -> str:
        """Say why the account rests at this moment; empty when it does not.

        A rest that would last longer than any does is one of a clock that was ahead, and over.
        """
        latest = to_text(now + LONGEST_PAUSE + AHEAD)
        row = self._database.one(
            f"select why from {self._pauses} where until > ? and until <= ?", (to_text(now), latest)
        )
        return str(row[0]) if row else ""
