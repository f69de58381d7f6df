"""The limits of a mail account that several workspaces share: in a schema of its own beside theirs.

Who must not get mail, the pace and the rest of the account hold for all of them: a server that limits an account counts
what every machine sends. A start is reserved before the mail is claimed, one workspace at a time, so that two of them
never take the same last place of a minute.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from qtemplate.journal.database import Database
from qtemplate.mailer.outbox.limits import WINDOW, SendLimits
from qtemplate.mailer.outbox.tables import to_moment, to_text

HEARD = timedelta(seconds=75)
"""So long a workspace that had to wait counts as waiting: as long as it sleeps before it asks again, and a bit."""

LOOK_AGAIN = timedelta(seconds=5)
"""Who waits only so that others get their share asks again after this: they may be through."""

TABLES = (
    "create table if not exists {account}.suppressed("
    "address text primary key, reason text not null, since text not null)",
    "create table if not exists {account}.outbox_pause("
    "only_one integer primary key check(only_one = 1), until text not null, why text not null)",
    "create table if not exists {account}.started(number integer primary key, plant text not null, at text not null)",
    "create table if not exists {account}.waits(plant text primary key, at text not null)",
    "create table if not exists {account}.turn("
    "only_one integer primary key check(only_one = 1), taken integer not null)",
    "insert into {account}.turn(only_one, taken) values(1, 0) on conflict(only_one) do nothing",
)


def account_schema(username: str, host: str) -> str:
    """The schema of an account: readable, and another one for every account."""
    import hashlib  # of no use to who only reads

    name = f"{username.lower()}@{host.lower()}"
    readable = re.sub(r"[^a-z0-9]+", "_", username.lower()).strip("_")[:24]

    return f"mail_{readable}_{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def make_account(database: Database, account: str) -> None:
    """Makes the tables of an account where there are none."""
    for statement in TABLES:
        database.define(statement.format(account=account))


class AccountLimits(SendLimits):
    """The limits of one account, asked by one of the workspaces that share it.

    Args:
        database: The session of the workspace; the schema lies in the same database.
        account: The schema of the account.
        plant: The name of the workspace there.
    """

    def __init__(self, database: Database, account: str, plant: str) -> None:
        super().__init__(database, f"{account}.")
        self._account, self._plant = account, plant

    def wait_before_next(self, now: datetime, most: int, ahead: datetime | None = None) -> timedelta:
        """Takes one of the `most` places of a minute, or says how long to wait for one.

        While others wait a workspace takes no more than its share, so that a long queue keeps nobody's short one back.

        Args:
            now: The moment to be judged.
            most: Mails in any 60 seconds, of the whole account.
            ahead: Of no use here: what a clock that was ahead put into the future counts as started now.
        """
        account, plant, at = self._account, self._plant, to_text(now)
        with self._database.transaction():
            self._database.note(f"update {account}.turn set taken = taken + 1")  # one after the other
            self._database.note(f"delete from {account}.started where at <= ?", (to_text(now - WINDOW),))
            waiting = f"select plant from {account}.waits where plant != ? and at > ?"
            rows, others = self._database.together(
                [
                    (f"select plant, at from {account}.started order by at", ()),
                    (waiting, (plant, to_text(now - HEARD))),
                ]
            )
            pause = self._pause(now, most, [(each, to_moment(text) or now) for each, text in rows], len(others))
            if pause:
                self._database.note(
                    f"insert into {account}.waits(plant, at) values(?, ?) "
                    "on conflict(plant) do update set at = excluded.at",
                    (plant, at),
                )
            else:
                self._database.note(f"delete from {account}.waits where plant = ?", (plant,))
                self._database.note(f"insert into {account}.started(plant, at) values(?, ?)", (plant, at))
        return pause

    def _pause(self, now: datetime, most: int, started: list[tuple[str, datetime]], others: int) -> timedelta:
        """Zero where a mail may start now."""
        if len(started) >= most:
            return max(min(started[-most][1], now) + WINDOW - now, timedelta(milliseconds=1))
        mine = [at for plant, at in started if plant == self._plant]
        if others and len(mine) >= max(1, most // (others + 1)):
            return max(min(min(mine[0], now) + WINDOW - now, LOOK_AGAIN), timedelta(milliseconds=1))
        return timedelta()
