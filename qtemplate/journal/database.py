"""The state database as a connection: what is asked in SQL, in transactions that may lie inside one another.

The journal and the outbox share one database and are each handed this object. It knows no table of theirs, and it is
the only module that knows which engine keeps them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from ..errors import ConfigError
from ..texts import make_error

T = TypeVar("T")
Values = Sequence[Any] | Mapping[str, Any]


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
        self._connection = sqlite3.connect(path or ":memory:", isolation_level=None, timeout=30)
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
            self.execute("rollback to inner_part" if nested else "rollback")
            if nested:
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
            if type(error) is not sqlite3.DatabaseError:  # its subclasses speak of the statement, or of a lock
                raise
            where = self.path or ":memory:"
            raise make_error(StateUnusable, "state.damaged", path=where, problem=error) from error
