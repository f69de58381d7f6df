"""The state in a schema of a PostgreSQL server. Needs psycopg, of the extra `fleet`.

One session holds a workspace: what it writes and the lock that keeps others off hang on the same connection, so a
session that the server ended, because its machine was gone or somebody asked for it, can write nothing more. It is
never opened anew within a run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

import psycopg
from msgspec import Struct
from psycopg.pq import TransactionStatus

from ...texts import make_error
from ...texts.world import in_the_way
from ..database import Database, Found, StateLost, Statement, StateUnusable, Values
from ..server import Server
from .spelling import table_words, with_marks

T = TypeVar("T")

CONNECT_SECONDS = 10
LOCK_SECONDS = 30
"""As long as SQLite waits for another writer."""

SESSION = {
    "lock_timeout": f"{LOCK_SECONDS}s",
    # a machine that is gone loses its session, and with it the lock, a minute later
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}
CLIENT: Any = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": 60_000}

OWED_BYTES = 1_000_000
"""Of values that wait for the next round trip: they lie in memory."""

NO_NUL = "\N{SYMBOL FOR NULL}"
"""PostgreSQL keeps no NUL in a text; it is shown, not dropped."""

BEGIN, MARK, DROP_MARK = "begin", "savepoint inner_part", "release inner_part"

LOST = ("08", "57P")
"""Beginnings of the codes that say that the session is over (PostgreSQL 15, appendix A)."""

FULL, FORBIDDEN, BUSY = ("53100", "42501", "55P03")


class Holder(Struct, frozen=True):
    """A session that holds a workspace.

    Attributes:
        pid: Of the server's process.
        address: Of the machine it came from; "" for the server's own.
        since: When it began; aware.
        heard: When it asked for something last; aware. A run that works in the workbook asks for nothing for minutes.
    """

    pid: int
    address: str
    since: datetime
    heard: datetime


class PostgresDatabase(Database):
    """One session of a workspace.

    Raises:
        StateLost: The server cannot be reached, or does not let us in.
    """

    def __init__(self, server: Server) -> None:
        self.server = server
        self._owed: list[tuple[str, Values | None]] = []
        """What the next statement takes along: it needs no answer of its own, and a round trip is all that it costs."""
        self._owed_bytes = self._rollbacks = 0
        options = " ".join(f"-c {name}={value}" for name, value in (*SESSION.items(), ("search_path", server.schema)))
        try:
            self._connection = psycopg.connect(
                secured(server.url),
                password=server.password,
                autocommit=True,
                options=options,
                application_name=f"qtemplate {server.schema}",
                client_encoding="utf-8",
                **CLIENT,
            )
        except psycopg.Error as error:
            problem = " ".join(str(error).split())
            raise make_error(StateLost, "state.unreachable", where=server.shown, problem=problem) from error

    @property
    def where(self) -> str:
        return self.server.shown

    def close(self) -> None:
        self._connection.close()

    def execute(self, sql: str, values: Values = ()) -> Found:
        return self._run(self._take_along, with_marks(sql), _plain(values))

    def executemany(self, sql: str, values: Iterable[Values]) -> None:
        rows = [_plain(each) for each in values]
        if rows:
            self._run(self._many, with_marks(sql), rows)

    def note(self, sql: str, values: Values = ()) -> None:
        if not self.in_transaction():
            self.execute(sql, values)
            return
        plain = _plain(values)
        self._owe(with_marks(sql), plain)
        self._owed_bytes += _size(plain)
        if self._owed_bytes > OWED_BYTES:
            self._run(self._pay)

    def together(self, statements: Sequence[Statement]) -> list[list[tuple[Any, ...]]]:
        alone = not self.in_transaction()
        if alone:
            self.begin()
        asked = [(with_marks(sql), _plain(values)) for sql, values in statements]
        try:
            return self._run(self._all, asked, alone)
        except BaseException:
            if alone and self.in_transaction():
                self.rollback()
            raise

    def define(self, sql: str) -> None:
        self._run(self._take_along, table_words(sql))

    def rows(self, sql: str, values: Values = ()) -> list[tuple[Any, ...]]:
        found = self.execute(sql, values)
        return found.fetchall()

    def one(self, sql: str, values: Values = ()) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self.execute(sql, values).fetchone()
        return row

    @contextmanager
    def stream(self, sql: str) -> Iterator[Iterator[tuple[Any, ...]]]:
        with self._connection.cursor("stream", withhold=True) as cursor:
            self._run(self._pay)
            self._run(cursor.execute, sql)
            yield iter(cursor)

    def in_transaction(self) -> bool:
        status = self._connection.info.transaction_status
        known = status in (TransactionStatus.INTRANS, TransactionStatus.INERROR, TransactionStatus.ACTIVE)
        return known or self._begin_is_owed()

    def begin(self) -> None:
        """One writer of a schema at a time, as with a file: numbers are given in the order of the commits."""
        self._forget_owed()
        self._owe(BEGIN)
        self._owe(f"select pg_advisory_xact_lock({lock_number(self.server, 'write')})")

    def mark(self) -> None:
        self._owe(MARK)

    def drop_mark(self) -> None:
        if self._owed[-1:] == [(MARK, None)]:
            self._owed.pop()  # nothing was done since
        else:
            self._owe(DROP_MARK)

    def back_to_mark(self) -> None:
        ended = 0  # marks within the one that is taken back
        while self._owed:
            sql, _ = self._owed.pop()
            if sql == MARK and not ended:
                return  # nothing reached the server since
            ended += (sql == DROP_MARK) - (sql == MARK)
        for _ in range(ended):  # they reached it, and their ends did not
            self._owe(DROP_MARK)
        self.execute(self._anew("rollback to inner_part"))
        self._owe(DROP_MARK)

    def commit(self) -> None:
        if self._begin_is_owed() and len(self._owed) == len(("begin", "lock")):  # nothing was asked of the server
            self._forget_owed()
        else:
            self.execute("commit")

    def rollback(self) -> None:
        only_owed = self._begin_is_owed()
        self._forget_owed()
        if not only_owed:
            self.execute(self._anew("rollback"))

    def hold_alone(self) -> bool:
        """Takes the workspace for this session, until it ends; False where another one has it."""
        row = self.one("select pg_try_advisory_lock(?)", (lock_number(self.server, "run"),))
        return row is not None and bool(row[0])

    def holder(self) -> Holder | None:
        """Who holds the workspace, as the server knows it."""
        number = lock_number(self.server, "run") & 0xFFFFFFFFFFFFFFFF
        row = self.one(
            "select activity.pid, coalesce(host(client_addr), ''), backend_start, state_change "
            "from pg_locks join pg_stat_activity as activity on activity.pid = pg_locks.pid "
            "where locktype = 'advisory' and granted and classid = ? and objid = ? and objsubid = 1 "
            "and pg_locks.database = (select oid from pg_database where datname = current_database())",
            (number >> 32, number & 0xFFFFFFFF),
        )
        return None if row is None else Holder(*row)

    def end_holder(self, holder: Holder) -> bool:
        """Ends the session that holds the workspace, if it still is that one: whoever it was can write nothing more."""
        if self.holder() != holder:
            return False
        row = self.one("select pg_terminate_backend(?, 5000)", (holder.pid,))
        return row is not None and bool(row[0])

    def make_place(self, schema: str = "") -> None:
        """Makes the schema; who has made it beforehand need not give the right to."""
        name = schema or self.server.schema
        if self.one("select 1 from pg_namespace where nspname = ?", (name,)) is None:
            self._run(self._connection.execute, f"create schema if not exists {name}")

    def columns(self) -> dict[str, tuple[str, ...]]:
        found = self.rows(
            "select table_name, column_name from information_schema.columns where table_schema = ? "
            "order by table_name, ordinal_position",
            (self.server.schema,),
        )
        return {
            table: tuple(str(row[1]) for row in rows) for table, rows in groupby(found, key=lambda row: str(row[0]))
        }

    def has_table(self, name: str, schema: str = "") -> bool:
        return self.one("select to_regclass(?)", (f"{schema or self.server.schema}.{name}",)) != (None,)

    def count_on(self, table: str) -> None:
        row = self.one("select pg_get_serial_sequence(?, 'number')", (f"{self.server.schema}.{table}",))
        if row is not None and row[0] is not None:
            self.execute(f"select setval('{row[0]}', coalesce(max(number), 0) + 1, false) from {table}")

    def fault(self) -> str:
        """What would make moments and texts compare otherwise than they were written."""
        [(encoding,)] = self.rows("show server_encoding")
        if encoding != "UTF8":
            return f"server_encoding {encoding}"
        odd = self.rows(
            "select table_name, column_name from information_schema.columns where table_schema = ? "
            "and data_type = 'text' and collation_name is distinct from 'C'",
            (self.server.schema,),
        )
        return "; ".join(f'{table}.{column}: collation is not "C"' for table, column in odd)

    def version(self) -> int:
        """Of the server, such as 150018."""
        return self._connection.info.server_version

    def clock(self) -> datetime:
        """What time it is on the server; aware."""
        row = self.one("select clock_timestamp()")
        assert row is not None
        moment: datetime = row[0]
        return moment

    def may_make_tables(self) -> bool:
        """Whether the schema, or one to be made, is ours to write."""
        row = self.one(
            "select case when exists(select 1 from pg_namespace where nspname = :schema) "
            "then has_schema_privilege(cast(:schema as text), 'create') "
            "else has_database_privilege(current_database(), 'create') end",
            {"schema": self.server.schema},
        )
        return row is not None and bool(row[0])

    def _take_along(self, sql: str, values: Values | None = None) -> psycopg.Cursor[Any]:
        """A statement, and what is owed before it, in one round trip."""
        if not self._owed:
            return self._connection.execute(sql, values)
        with self._connection.pipeline():
            self._send_owed()
            return self._connection.execute(sql, values)

    def _many(self, sql: str, rows: Sequence[Values]) -> None:
        with self._connection.pipeline(), self._connection.cursor() as cursor:
            self._send_owed()
            cursor.executemany(sql, rows)

    def _all(self, statements: Sequence[Statement], alone: bool) -> list[list[tuple[Any, ...]]]:
        with self._connection.pipeline():
            self._send_owed()
            asked = [self._connection.execute(sql, values) for sql, values in statements]
            if alone:
                self._connection.execute("commit")
        return [each.fetchall() if each.description else [] for each in asked]

    def _pay(self) -> None:
        with self._connection.pipeline():
            self._send_owed()

    def _send_owed(self) -> None:
        owed = self._owed
        self._forget_owed()
        for sql, values in owed:
            self._connection.execute(sql, values)

    def _anew(self, sql: str) -> str:
        """A statement as the driver has not seen it before.

        Seeing a rollback it forgets which statements it has prepared, and those that an error kept from being prepared
        are among them; of one that it knows it does not look at what became of it (psycopg 3.3, `PrepareManager`).
        """
        self._rollbacks += 1
        return f"{sql} -- {self._rollbacks}"

    def _owe(self, sql: str, values: Values | None = None) -> None:
        self._owed.append((sql, values))

    def _forget_owed(self) -> None:
        self._owed, self._owed_bytes = [], 0

    def _begin_is_owed(self) -> bool:
        return self._owed[:1] == [(BEGIN, None)]

    def _run(self, call: Callable[..., T], *arguments: Any) -> T:
        try:
            return call(*arguments)
        except psycopg.Error as error:
            state = error.sqlstate or ""
            problem = " ".join(str(error).split())
            if self._connection.closed or state.startswith(LOST):
                raise make_error(StateLost, "state.lost", where=self.where, problem=problem) from error
            if state == FULL:
                raise in_the_way(OSError(28, problem, self.where)) from error
            if state == FORBIDDEN:
                raise make_error(StateUnusable, "state.forbidden", where=self.where, problem=problem) from error
            if state == BUSY:
                raise make_error(StateLost, "state.busy", where=self.where, seconds=LOCK_SECONDS) from error
            raise


def lock_number(server: Server, what: str) -> int:
    """The number of a lock of a workspace; advisory locks are those of one database."""
    digest = hashlib.sha256(f"qtemplate {what} {server.schema}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def secured(url: str) -> str:
    """The address, encrypted unless it leads to this machine or says otherwise; not waiting for ever."""
    parts = urlsplit(url)
    said = parse_qs(parts.query)
    host = said.get("host", [parts.hostname or ""])[0]
    more = {} if "connect_timeout" in said else {"connect_timeout": str(CONNECT_SECONDS)}
    if "sslmode" not in said and host and not host.startswith("/") and host not in ("localhost", "127.0.0.1", "::1"):
        more["sslmode"] = "require"
    query = "&".join([*filter(None, [parts.query]), *(f"{name}={value}" for name, value in more.items())])
    return parts._replace(query=query).geturl()


def _plain(values: Values) -> Values:
    """Values as PostgreSQL takes them: what SQLite takes for a text or a number is one here, too."""
    if isinstance(values, Mapping):
        return {name: _one(value) for name, value in values.items()}
    return [_one(value) for value in values]


def _size(values: Values) -> int:
    each = values.values() if isinstance(values, Mapping) else values
    return sum(len(value) for value in each if isinstance(value, str | bytes))


def _one(value: Any) -> Any:
    if isinstance(value, str):
        return str(value).replace("\0", NO_NUL)
    return int(value) if isinstance(value, bool) else value
