"""The state file of a workspace: opened and brought up to date, and held by one run alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .database import Database
from .migrations import is_current, migrate


def open_state(path: Path | None, *, looking: bool = False) -> Database:
    """The database of a workspace with the tables of this version.

    Args:
        path: The file, made where there is none; None = an empty database in memory.
        looking: For commands that change nothing: an older database is left as it is, and a copy in memory is brought
            up to date instead, so that the version before can go on with the file.

    Raises:
        StateUnusable: The database is damaged, or a newer version of the program made it.
    """
    database = Database(path)
    try:
        if not is_current(database):
            if looking and path is not None:
                file, database = database, database.copy()
                file.close()
            migrate(database)
    except BaseException:
        database.close()
        raise
    return database


@contextmanager
def held_alone(folder: Path) -> Iterator[bool]:
    """Whether this process is the only one that holds the folder of a state file; it does until the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    # an exclusive SQLite transaction is a lock that every system releases when the process dies
    lock = sqlite3.connect(folder / "run.lock", isolation_level=None, timeout=0)
    try:
        try:
            lock.execute("begin exclusive")
        except sqlite3.OperationalError:
            yield False
        else:
            yield True
    finally:
        lock.close()
