"""What `doctor` finds about the state: the file of the workspace, or the schema on a server."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator

from ...config import Config
from ...journal import Server, connect
from ...plan import Phrase
from ...sheets.health import Check, Health
from ...texts import quote
from ..moment import local_now
from ..state import NOT_TO_BE_HAD, has_state, state_place
from ..workspace import looking

LATE = dt.timedelta(days=3)
"""Without a run for so long the scheduled task is probably gone; a weekend is not."""

LEAST_SERVER = 140000
"""PostgreSQL 14; older ones get no corrections any more."""

MOST_APART = dt.timedelta(seconds=30)
"""Clocks of machines that keep time over the network differ by less than a second."""


def examine_state(config: Config, now: dt.datetime) -> Iterator[Check]:
    """The state and the last run in it."""
    place = state_place(config)
    try:
        if isinstance(place, Server):
            yield from _server(config, place)
        if not has_state(config):
            yield Check("state", Health.NOTE, Phrase("doctor.state_none"))
            return
        with looking(config) as workspace:
            if fault := workspace.journal.database.fault():
                seen = Phrase.of("doctor.state_bad", problem=fault)
                todo = "doctor.state_compares_do" if isinstance(place, Server) else "doctor.state_bad_do"
                yield Check("state", Health.ERROR, seen, Phrase(todo))
                return
            pending, last = workspace.journal.pending(), workspace.journal.last_run()
    except NOT_TO_BE_HAD as unusable:
        yield Check("state", Health.ERROR, Phrase.of("quoted", problem=quote(unusable)))
        return
    if pending:
        seen = Phrase("doctor.state_pending")
    elif isinstance(place, Server):
        seen = Phrase.of("doctor.state_server", where=place.shown)
    else:
        seen = Phrase.of("doctor.state", size=place.stat().st_size // 1024)
    yield Check("state", Health.OK, seen)
    if last is not None:
        yield _last_run(last, now)


def _last_run(last: tuple[str, str, str | None], now: dt.datetime) -> Check:
    at = dt.datetime.fromisoformat(last[1])
    code = json.loads(last[2] or "{}").get("exit", 0)
    shown = at.replace(tzinfo=None)
    if now - at > LATE:
        seen = Phrase.of("doctor.last_run_old", at=shown, days=(now - at).days)
        return Check("last_run", Health.WARNING, seen, Phrase("doctor.last_run_old_do"))
    return Check("last_run", Health.OK, Phrase.of("doctor.last_run", at=shown, code=code))


def _server(config: Config, server: Server) -> Iterator[Check]:
    """Whether a server is new enough, lets us write, and agrees about what time it is."""
    database = connect(server)
    try:
        number, may_write = database.version(), database.may_make_tables()
        apart = abs(database.clock() - local_now(config))
    finally:
        database.close()
    version = f"{number // 10_000}.{number % 10_000}"
    if number < LEAST_SERVER:
        seen = Phrase.of("doctor.server_old", version=version, least=LEAST_SERVER // 10_000)
        yield Check("server", Health.ERROR, seen, Phrase("doctor.server_old_do"))
    else:
        yield Check("server", Health.OK, Phrase.of("doctor.server", version=version))
    if may_write:
        yield Check("server_rights", Health.OK, Phrase.of("doctor.server_rights", schema=server.schema))
    else:
        seen = Phrase.of("doctor.server_no_rights", schema=server.schema)
        yield Check("server_rights", Health.ERROR, seen, Phrase.of("doctor.server_no_rights_do", schema=server.schema))
    seconds = round(apart.total_seconds(), 1)
    if apart > MOST_APART:
        seen = Phrase.of("doctor.server_clock_apart", seconds=seconds)
        yield Check("server_clock", Health.WARNING, seen, Phrase("doctor.server_clock_apart_do"))
    else:
        yield Check("server_clock", Health.OK, Phrase.of("doctor.server_clock", seconds=seconds))
