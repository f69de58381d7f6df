"""The state of a workspace, opened and brought up to date, whatever keeps it; held by one run alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ..texts import make_error
from .carry import in_memory
from .database import Database, StateUnusable
from .engines.sqlite import SqliteDatabase
from .migrations import is_current, migrate
from .server import Server
from .state_file import file_is_there, held_alone, looked_at

if TYPE_CHECKING:
    from .engines.postgresql import PostgresDatabase

Place = Path | Server
"""Where a state is kept: a file, or a schema of a server."""


def is_there(place: Place) -> bool:
    """Whether there is a state.

    Raises:
        StateUnusable: Something else is in its place, such as a folder: what it knew is lost, not empty.
        StateLost: The server does not answer.
    """
    if isinstance(place, Path):
        return file_is_there(place)
    database = connect(place)
    try:
        return database.has_table("meta")
    finally:
        database.close()


def open_state(place: Place | None, *, looking: bool = False) -> Database:
    """The database of a workspace with the tables of this version.

    Args:
        place: Where it is, made where there is none; None = an empty database in memory.
        looking: For commands that change nothing: an older database is left as it is, and a copy in memory is brought
            up to date instead, so that the version before can go on with it. Where a server has none yet, it is an
            empty one in memory: who asks first whether there is one would open a second session for it.

    Raises:
        StateUnusable: The database is damaged, or a newer version of the program made it.
        StateLost: The server does not answer.
    """
    if isinstance(place, Server):
        return _seen_on(place) if looking else _up_to_date(connect(place), looking=False)
    if place is None or not looking:
        return _up_to_date(SqliteDatabase(place), looking=False)
    return _up_to_date(looked_at(place), looking=True)


@contextmanager
def held_state(place: Place) -> Iterator[Database | None]:
    """The database while this process alone works with it; None where another one does.

    Raises:
        StateUnusable, StateLost: As `open_state`.
    """
    if isinstance(place, Server):
        database = connect(place)
        try:
            yield _up_to_date(database, looking=False) if database.hold_alone() else None
        finally:
            database.close()
        return
    with held_alone(place.parent) as alone:
        if not alone:
            yield None
            return
        file = open_state(place)
        try:
            yield file
        finally:
            file.close()


def is_on_server(database: Database) -> bool:
    """Whether others work in the same database, too."""
    return not isinstance(database, SqliteDatabase)


def connect(server: Server) -> PostgresDatabase:
    """A session on a server, whatever its tables are.

    Raises:
        StateUnusable: What speaks with servers is not installed.
        StateLost: The server does not answer.
    """
    try:
        from .engines.postgresql import PostgresDatabase  # an extra, and 0.1 s to load
    except ImportError as error:
        raise make_error(StateUnusable, "state.no_driver", problem=error) from error
    return PostgresDatabase(server)


def _seen_on(server: Server) -> Database:
    """The state on a server; where there is none, an empty one in memory."""
    database = connect(server)
    try:
        if database.has_table("meta"):
            return _up_to_date(database, looking=True)
    except BaseException:
        database.close()
        raise
    database.close()
    return open_state(None)


def _up_to_date(database: Database, *, looking: bool) -> Database:
    try:
        if not is_current(database):
            if looking:
                older, database = database, in_memory(database)
                older.close()
            migrate(database)
    except BaseException:
        database.close()
        raise
    return database
