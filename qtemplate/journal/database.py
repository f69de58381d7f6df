"""The state database as a connection: what is asked in SQL, in transactions that may lie inside one another.

The journal and the outbox share one database and are each handed this object. It knows no table of theirs and no
engine; `engines` has one module for each. Statements are written in what SQLite and PostgreSQL have in common, with `?`
or `:name` where a value stands, and in SQLite's words where they make tables.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import islice
from typing import Any, Protocol

from ..errors import ConfigError, NotWritten

Values = Sequence[Any] | Mapping[str, Any]
Statement = tuple[str, Values]

KEYS_AT_ONCE = 500
"""Keys named in one query; SQLite takes only so many values."""


class StateUnusable(ConfigError):
    """The state database cannot be used: it is damaged, or a newer version of the program made it. Exit code 4."""


class StateLost(NotWritten):
    """The server of the state does not answer, or ended the session: nothing more is done in this run. Exit code 5."""


class Found(Protocol):
    """What a statement found or changed."""

    @property
    def rowcount(self) -> int: ...

    def fetchone(self) -> Any: ...

    def fetchall(self) -> list[Any]: ...

    def __iter__(self) -> Iterator[Any]: ...


class Database(ABC):
    """One open state database."""

    @property
    @abstractmethod
    def where(self) -> str:
        """Which one, for messages."""

    @abstractmethod
    def close(self) -> None: ...

    @abstractmethod
    def execute(self, sql: str, values: Values = ()) -> Found:
        """Runs one statement.

        Raises:
            StateUnusable: It is no database of ours, or it is damaged where it was read.
            StateLost: The server is gone.
            NotWritten: The disk is full, or there is no right to read or write.
        """

    @abstractmethod
    def executemany(self, sql: str, values: Iterable[Values]) -> None:
        """Runs one statement for each set of values."""

    @abstractmethod
    def define(self, sql: str) -> None:
        """Makes or changes a table, said in SQLite's words."""

    @abstractmethod
    def rows(self, sql: str, values: Values = ()) -> list[tuple[Any, ...]]:
        """Everything a query finds."""

    @abstractmethod
    def one(self, sql: str, values: Values = ()) -> tuple[Any, ...] | None:
        """The first row a query finds, or None."""

    def rows_of(self, sql: str, keys: Iterable[str]) -> list[tuple[Any, ...]]:
        """What a query finds for many keys; `{keys}` stands in it where their marks go, as in `key in ({keys})`."""
        found, rest = [], iter(keys)
        while part := list(islice(rest, KEYS_AT_ONCE)):
            found += self.rows(sql.format(keys=",".join("?" * len(part))), part)
        return found

    def note(self, sql: str, values: Values = ()) -> None:
        """Runs a statement that has no answer; within a transaction it may wait for the next one that has, or its end.

        What it raises is raised there.
        """
        self.execute(sql, values)

    def together(self, statements: Sequence[Statement]) -> list[list[tuple[Any, ...]]]:
        """Runs statements one after the other as one transaction, or as a part of the caller's; what each found.

        Afterwards a transaction of their own is kept, as after `commit`. On a server it is one round trip.
        """
        with self.transaction():
            return [self.rows(sql, values) for sql, values in statements]

    @abstractmethod
    def stream(self, sql: str) -> AbstractContextManager[Iterator[tuple[Any, ...]]]:
        """What a query finds, more than fits into memory."""

    @abstractmethod
    def in_transaction(self) -> bool: ...

    @abstractmethod
    def begin(self) -> None:
        """Begins a transaction with the right to write: two that both read first would stand in each other's way."""

    def mark(self) -> None:
        """Begins a part of a transaction that may be taken back alone."""
        self.execute("savepoint inner_part")

    def drop_mark(self) -> None:
        """Ends the part; what was done in it belongs to the transaction."""
        self.execute("release inner_part")

    def back_to_mark(self) -> None:
        """Takes back what was done in the part, and ends it."""
        self.execute("rollback to inner_part")
        self.execute("release inner_part")

    def commit(self) -> None:
        """Keeps what was done; afterwards it is kept."""
        self.execute("commit")

    def rollback(self) -> None:
        """Takes back what was done."""
        self.execute("rollback")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Runs a block as one transaction, or as part of the caller's when there is one already."""
        nested = self.in_transaction()
        if nested:
            self.mark()
        else:
            self.begin()
        try:
            yield
            if not nested:
                self.commit()  # may bring what was noted to the server, and what is wrong with it back
        except BaseException:
            if self.in_transaction():  # a full disk or a lost server has ended it already
                (self.back_to_mark if nested else self.rollback)()
            raise
        if nested:
            self.drop_mark()

    @abstractmethod
    def make_place(self, schema: str = "") -> None:
        """Makes what the tables lie in, where there is none; `schema`: another one than the workspace's."""

    @abstractmethod
    def columns(self) -> dict[str, tuple[str, ...]]:
        """Table -> the names of its columns, in their order."""

    @abstractmethod
    def has_table(self, name: str, schema: str = "") -> bool:
        """Whether there is such a table, in the place of the workspace or in another schema."""

    @abstractmethod
    def count_on(self, table: str) -> None:
        """The next row of a table is numbered after those that were put there with their numbers."""

    @abstractmethod
    def fault(self) -> str:
        """What a check of the whole database finds wrong; "" when it is sound."""
