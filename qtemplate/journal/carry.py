"""A state carried from one database to another, whatever keeps them: every row of every table, and looked at again."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, zip_longest
from typing import Any

from ..texts import make_error
from .database import Database, StateUnusable
from .engines.sqlite import SqliteDatabase
from .migrations import migrate, schema_of

AT_ONCE = 1_000
"""Rows handed over between two reads: mails may be more than fit into memory."""


def in_memory(database: Database) -> SqliteDatabase:
    """The same content in memory: what is changed there stays out of the database."""
    if isinstance(database, SqliteDatabase):
        return database.copy()
    copied = SqliteDatabase(None)
    try:
        migrate(copied, schema_of(database))
        carry(database, copied)
    except BaseException:
        copied.close()
        raise
    return copied


def carry(source: Database, target: Database) -> int:
    """Puts what one database holds in place of what another one of the same version holds.

    Returns:
        How many rows there are.
    """
    number = 0
    with target.transaction():
        for table, columns in source.columns().items():
            target.execute(f"delete from {table}")
            marks = ", ".join("?" * len(columns))
            with source.stream(f"select {', '.join(columns)} from {table}") as rows:
                while some := list(islice(rows, AT_ONCE)):
                    target.executemany(f"insert into {table}({', '.join(columns)}) values({marks})", some)
                    number += len(some)
            if "number" in columns:
                target.count_on(table)
    return number


def compare(source: Database, target: Database) -> int:
    """Holds each row of one database against that of the other.

    Returns:
        How many rows are alike, which is all of them.

    Raises:
        StateUnusable: A row differs, or is in one of them only.
    """
    number = 0
    for table, columns in source.columns().items():
        query = f"select {', '.join(columns)} from {table} order by {', '.join(columns)}"
        with source.stream(query) as mine, target.stream(query) as theirs:
            for one, other in zip_longest(_plain(mine), _plain(theirs)):
                if one != other:
                    raise make_error(StateUnusable, "state.differs", where=target.where, table=table, row=number)
                number += 1
    return number


def _plain(rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    return (tuple(bytes(value) if isinstance(value, memoryview) else value for value in row) for row in rows)
