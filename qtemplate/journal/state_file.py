"""The state file of a workspace: looked at, and held by one run alone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import NotWritten
from ..texts import make_error
from ..texts.world import in_the_way
from .database import StateUnusable
from .engines.sqlite import SqliteDatabase, why_blocked


def file_is_there(path: Path) -> bool:
    """Whether there is a state file.

    Raises:
        StateUnusable: Something else is in its place, such as a folder: what it knew is lost, not empty.
    """
    for place, as_it_should_be in ((path.parent, path.parent.is_dir()), (path, path.is_file())):
        if not as_it_should_be:
            if place.exists() or place.is_symlink():
                raise make_error(StateUnusable, "state.no_file", path=place)
            return False
    return True


def looked_at(path: Path) -> SqliteDatabase:
    """The database, or its content in memory where nothing may be written beside it."""
    try:
        return SqliteDatabase(path)
    except NotWritten:
        import shutil
        import tempfile

        with tempfile.TemporaryDirectory() as folder:
            for file in (path, path.with_name(f"{path.name}-wal")):
                if file.is_file():
                    try:
                        shutil.copyfile(file, Path(folder) / file.name)
                    except OSError as error:
                        raise in_the_way(error) from error
            database = SqliteDatabase(Path(folder) / path.name)
            try:
                return database.copy()
            finally:
                database.close()


@contextmanager
def held_alone(folder: Path) -> Iterator[bool]:
    """Whether this process is the only one that holds the folder of a state file; it does until the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    # an exclusive SQLite transaction is a lock that every system releases when the process dies
    lock = _connect(folder / "run.lock")
    try:
        try:
            lock.execute("begin exclusive")
        except sqlite3.OperationalError as error:
            blocked = why_blocked(error, folder)
            if blocked is not None:
                raise blocked from error
            yield False
        else:
            yield True
    finally:
        lock.close()


def _connect(path: Path) -> sqlite3.Connection:
    try:
        return sqlite3.connect(path, isolation_level=None, timeout=0)
    except sqlite3.OperationalError as error:
        blocked = why_blocked(error, path)
        raise blocked or error from error
