"""The state database as a connection: what is asked in SQL, in transactions that may lie inside one another.

The journal and the outbox share one database and are each handed this object. It knows no table of theirs, and it is
the only module that knows which engine keeps them.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from ..errors import ConfigError, NotWritten
from ..texts import make_error
from ..texts.world import in_the_way

T = TypeVar("T")
Values = Sequence[Any] | Mapping[str, Any]


IN_THE_WAY = {
    "SQLITE_FULL": errno.ENOSPC,
    "SQLITE_READONLY": errno.EACCES,
    "SQLITE_PERM": errno.EACCES,
    "SQLITE_CANTOPEN": errno.EACCES,
    "SQLITE_IOERR": errno.EIO,
}
"""Beginning of SQLite's name of an error -> what the system calls it."""


class StateUnusable(ConfigError):
    """The state database cannot be used: it is damaged, or a newer version of the program made it. Exit code 4."""


class Database:
    """One open state database.

    Args:
        path: The file, made with its folder where there is none; None = an empty database in memory.
    """

    def __init__(self, path: Path | None) -> None:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._connection = self._run(sqlite3.connect, path or ":memory:", 30, 0, None)
        try:
            self.execute("pragma journal_mode=wal")
            # FULL: the last commit must survive a power cut, or a mail could go twice
            self.execute("pragma synchronous=full")
            # what is deleted is gone from the file too: mail text with people's data is kept no longer than configured
            self.execute("pragma secure_delete=on")
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._connection.close()

    def execute(self, sql: str, values: Values = ()) -> sqlite3.Cursor:
        """Runs one statement.

        Raises:
            StateUnusable: The file is no database, or it is damaged where it was read.
            NotWritten: The disk is full, or the file or its folder may not be read or written.
        """
        return self._run(self._connection.execute, sql, values)

    def executemany(self, sql: str, values: Iterable[Values]) -> None:
        """Runs one statement for each set of values."""
        self._run(self._connection.executemany, sql, values)

    def rows(self, sql: str, values: Values = ()) -> list[tuple[Any, ...]]:
        """Everything a query finds."""
        return self._run(self.execute(sql, values).fetchall)

    def one(self, sql: str, values: Values = ()) -> tuple[Any, ...] | None:
        """The first row a query finds, or None."""
        found: tuple[Any, ...] | None = self._run(self.execute(sql, values).fetchone)
        return found

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Runs a block as one transaction, or as part of the caller's when there is one already.

        The write lock is taken at the beginning: two processes that both read first would end in "database is locked".
        """
        nested = self._connection.in_transaction
        self.execute("savepoint inner_part" if nested else "begin immediate")
        try:
            yield
        except BaseException:
            if self._connection.in_transaction:  # a full disk has ended it already
                self.execute("rollback to inner_part" if nested else "rollback")
            if nested and self._connection.in_transaction:
                self.execute("release inner_part")
            raise
        self.execute("release inner_part" if nested else "commit")

    def has_table(self, name: str) -> bool:
        return self.one("select 1 from sqlite_master where type='table' and name=?", (name,)) is not None

    def copy(self) -> Database:
        """The same content in memory: what is changed there stays out of the file."""
        copied = Database(None)
        self._run(self._connection.backup, copied._connection)
        return copied

    def fault(self) -> str:
        """What a check of the whole file finds wrong; "" when it is sound."""
        try:
            found = self.rows("pragma quick_check")
        except StateUnusable as unusable:
            return str(unusable.facts["problem"])
        return "" if found == [("ok",)] else "; ".join(line for (line,) in found)

    def _run(self, call: Callable[..., T], *arguments: Any) -> T:
        try:
            return call(*arguments)
        except sqlite3.DatabaseError as error:
            blocked = why_blocked(error, self.path)
            if blocked is not None:
                raise blocked from error
            if type(error) is not sqlite3.DatabaseError:  # its subclasses speak of the statement, or of a lock
                raise
            where = self.path or ":memory:"
            raise make_error(StateUnusable, "state.damaged", path=where, problem=error) from error


def why_blocked(error: sqlite3.DatabaseError, path: Path | None) -> NotWritten | None:
    """What of the system kept SQLite from its work; None where it is something else."""
    name = getattr(error, "sqlite_errorname", "")  # there are errors that Python raises itself
    number = next((number for begins, number in IN_THE_WAY.items() if name.startswith(begins)), None)
    return None if number is None else in_the_way(OSError(number, str(error), str(path)))
