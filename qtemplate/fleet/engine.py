"""The engine: Procrastinate with our two tasks, one that comes by the registers and one that looks at one of them."""

from __future__ import annotations

import logging
from typing import Any

import psycopg
from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.schema import SchemaManager

from ..config import load_config, state_password
from ..config.fleet_file import Fleet, load_fleet
from ..errors import ConfigError, QtemplateError
from ..jobs.looking_by import IDLE, look_by
from ..journal import Server, StateLost
from ..journal.engines.postgresql import CLIENT, lock_number

log = logging.getLogger("qtemplate.fleet")

ROUNDS = "rounds"
"""The queue of what every worker does."""

NOT_DONE = "not done"

CUT_OFF = (psycopg.OperationalError, ConnectorException, OSError)
"""What is raised where the server is gone: by the driver, by the engine, by the system."""

LOOK, TICK = "qtemplate.look", "qtemplate.tick"


def engine_options(fleet: Fleet) -> str:
    """What the engine's sessions ask of the server.

    They keep no transaction open. One that does belongs to a machine that stands still: it is ended before its worker
    counts as dead, or the sweeper and the other workers would wait for what it holds.
    """
    milliseconds = fleet.dead_after_seconds * 500
    return f"-c search_path={server_of(fleet).schema} -c idle_in_transaction_session_timeout={milliseconds}"


def server_of(fleet: Fleet) -> Server:
    """Where the engine keeps its jobs."""
    return Server(fleet.url.address, fleet.url.database, fleet.url.schema, state_password(fleet.url))


def make_app(fleet: Fleet) -> App:
    """The engine with its tasks; to be opened by who uses it."""
    server = server_of(fleet)
    words: dict[str, Any] = {
        "conninfo": server.url,
        "kwargs": {
            "password": server.password,
            "options": engine_options(fleet),
            "application_name": f"qtemplate {server.schema}",
            **CLIENT,
        },
        "min_size": 1,
        "max_size": 6,
    }
    app = App(connector=PsycopgConnector(**words))
    known = {plant.name: plant for plant in fleet.plants}

    @app.task(name=LOOK)
    def look(name: str) -> str:
        if name not in known:  # it was added since this worker began
            known.update((plant.name, plant) for plant in as_it_is(fleet).plants)
        plant = known.get(name)
        if plant is None:  # taken out of the file since, or its share is away
            return IDLE
        try:
            became = look_by(load_config(plant.config), fleet.nightly, fleet.zone)
        except StateLost:
            raise
        except QtemplateError as error:  # the share is away, somebody else works there: the next look tries again
            log.warning("%s: %s", name, error)
            return NOT_DONE
        if became != IDLE:
            log.info("%s: %s", name, became)
        return became

    @app.periodic(cron="* * * * *")
    @app.task(name=TICK, queue=ROUNDS, queueing_lock=TICK)
    async def tick(timestamp: int) -> None:
        if timestamp // 60 % fleet.every_minutes == 0:
            await defer_looks(app, as_it_is(fleet))

    return app


def as_it_is(fleet: Fleet) -> Fleet:
    """The list as it stands now: registers are added, and shares come back, while workers work."""
    try:
        return load_fleet(fleet.path)
    except ConfigError as wrong:
        log.warning("%s", wrong)
        return fleet


async def defer_looks(app: App, fleet: Fleet) -> int:
    """Asks for a look at each register that nobody waits to look at already; how many that were."""
    asked = 0
    for plant in fleet.plants:
        task = app.configure_task(LOOK, queue=plant.queue, lock=plant.name, queueing_lock=plant.name)
        try:
            await task.defer_async(name=plant.name)
            asked += 1
        except AlreadyEnqueued:
            continue
    return asked


def make_tables(fleet: Fleet) -> None:
    """The engine's own tables, where there are none; whole, and by one of those that begin at once."""
    server = server_of(fleet)
    options = f"-c search_path={server.schema}"
    with psycopg.connect(server.url, password=server.password, options=options, **CLIENT) as connection:
        connection.execute("select pg_advisory_xact_lock(%s)", (lock_number(server, "engine"),))
        row = connection.execute("select to_regclass(%s)", (f"{server.schema}.procrastinate_jobs",)).fetchone()
        if row == (None,):
            if connection.execute("select 1 from pg_namespace where nspname = %s", (server.schema,)).fetchone() is None:
                connection.execute(f"create schema {server.schema}".encode())
            connection.execute(SchemaManager.get_schema())
