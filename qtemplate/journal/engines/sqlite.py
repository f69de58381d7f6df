"""The state in a file of the workspace, or in memory: SQLite. Needs nothing but Python."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from ...errors import NotWritten
from ...texts import make_error
from ...texts.world import in_the_way
from ..database import Database, StateUnusable, Values

T = TypeVar("T")

IN_THE_WAY = {
    "SQLITE_FULL": errno.ENOSPC,
    "SQLITE_READONLY": errno.EACCES,
    "SQLITE_PERM": errno.EACCES,
    "SQLITE_CANTOPEN": errno.EACCES,
    "SQLITE_IOERR": errno.EIO,
}
"""Beginning of SQLite's name of an error -> what the system calls it."""


class SqliteDatabase(Database):
    """A state file.

    Args:
        path: The file, made with its folder where there is none; None = an empty database in memory.
    """

    def __init__(self, path: Path | None) -> None:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._connection = self._run(
            partial(sqlite3.connect, timeout=30, detect_types=0, isolation_level=None), path or ":memory:"
        )
        try:
            self.execute("pragma journal_mode=wal")
            # FULL: the last commit must survive a power cut, or a mail could go twice
            self.execute("pragma synchronous=full")
            # what is deleted is gone from the file too: mail text with people's data is kept no longer than configured
            self.execute("pragma secure_delete=on")
        except BaseException:
            self.close()
            raise

    @property
    def where(self) -> str:
        return str(self.path or ":memory:")

    def close(self) -> None:
        self._connection.close()

    def execute(self, sql: str, values: Values = ()) -> sqlite3.Cursor:
        return self._run(self._connection.execute, sql, values)

    def executemany(self, sql: str, values: Iterable[Values]) -> None:
        self._run(self._connection.executemany, sql, values)

    def define(self, sql: str) -> None:
        self.execute(sql)

    def rows(self, sql: str, values: Values = ()) -> list[tuple[Any, ...]]:
        return self._run(self.execute(sql, values).fetchall)

    def one(self, sql: str, values: Values = ()) -> tuple[Any, ...] | None:
        found: tuple[Any, ...] | None = self._run(self.execute(sql, values).fetchone)
        return found

    @contextmanager
    def stream(self, sql: str) -> Iterator[Iterator[tuple[Any, ...]]]:
        yield self.execute(sql)

    def in_transaction(self) -> bool:
        return self._connection.in_transaction

    def begin(self) -> None:
        self.execute("begin immediate")

    def make_place(self, schema: str = "") -> None:
        """The file was made with the connection."""

    def columns(self) -> dict[str, tuple[str, ...]]:
        tables = self.rows("select name from sqlite_master where type = 'table' order by name")
        return {
            name: tuple(str(row[1]) for row in self.rows(f"pragma table_info({name})"))
            for (name,) in tables
            if not name.startswith("sqlite_")
        }

    def has_table(self, name: str, schema: str = "") -> bool:
        return self.one("select 1 from sqlite_master where type='table' and name=?", (name,)) is not None

    def count_on(self, table: str) -> None:
        """SQLite goes on after the highest number by itself."""

    def copy(self) -> SqliteDatabase:
        """The same content in memory: what is changed there stays out of the file."""
        copied = SqliteDatabase(None)
        try:
            self._run(self._connection.backup, copied._connection)
        except BaseException:  # the file is damaged further on
            copied.close()
            raise
        return copied

    def fault(self) -> str:
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
            raise make_error(StateUnusable, "state.damaged", path=self.where, problem=error) from error


def why_blocked(error: sqlite3.DatabaseError, path: Path | None) -> NotWritten | None:
    """What of the system kept SQLite from its work; None where it is something else."""
    name = getattr(error, "sqlite_errorname", "")  # there are errors that Python raises itself
    number = next((number for begins, number in IN_THE_WAY.items() if name.startswith(begins)), None)
    return None if number is None else in_the_way(OSError(number, str(error), str(path)))
