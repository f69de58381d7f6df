"""`fleet worker`: looks at the registers that this machine reaches, one after the other, until it is stopped."""

from __future__ import annotations

import asyncio
import os
import platform
from collections.abc import Sequence

from ..config.fleet_file import ANYWHERE, Fleet
from ..config.fleet_marks import read_plants, require_distinct
from ..journal import StateLost
from ..texts import make_error
from .engine import CUT_OFF, ROUNDS, defer_looks, make_app, make_tables, server_of

BEAT_SECONDS = 10.0


def work(fleet: Fleet, queues: Sequence[str] = (), *, until_idle: bool = False) -> None:
    """Works until it is stopped; SIGTERM lets the run under way finish.

    Args:
        fleet: The registers.
        queues: The shares this machine reaches; none = all queues of the file.
        until_idle: Look once at every register, and end when nothing is left to do.

    Raises:
        ConfigError: Two of these registers number alike, or read one mailbox.
        StateLost: The server does not answer.
    """
    mine = {*(queues or {plant.queue for plant in fleet.plants}), ANYWHERE}
    require_distinct(fleet, read_plants(fleet, mine))
    # Windows' own event loop cannot wait for the connections of the driver
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        try:
            runner.run(_work(fleet, sorted({*mine, ROUNDS}), until_idle=until_idle))
        except CUT_OFF as error:
            where, problem = server_of(fleet).shown, " ".join(str(error).split())
            raise make_error(StateLost, "state.lost", where=where, problem=problem) from error


async def _work(fleet: Fleet, queues: Sequence[str], *, until_idle: bool) -> None:
    make_tables(fleet)
    app = make_app(fleet)
    async with app.open_async():
        if until_idle:
            await defer_looks(app, fleet)
        await app.run_worker_async(
            queues=queues,
            name=f"{platform.node()} {os.getpid()}",
            concurrency=1,  # a run is work for a whole core; more workers are more processes
            wait=not until_idle,
            update_heartbeat_interval=min(BEAT_SECONDS, fleet.dead_after_seconds / 3),
            stalled_worker_timeout=float(fleet.dead_after_seconds),
        )
