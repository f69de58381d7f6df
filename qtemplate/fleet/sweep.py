"""`fleet sweep`: what a dead worker held is given back. Run by a timer of the system, outside the workers."""

from __future__ import annotations

import asyncio
import datetime as dt

from msgspec import Struct
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from ..config import load_config
from ..config.fleet_file import Fleet
from ..errors import QtemplateError
from ..jobs.state import state_place
from ..journal import Server, StateLost, connect
from ..plan import Phrase
from ..report.answer import Answer, Section
from ..texts import make_error
from .engine import CUT_OFF, make_app, make_tables, server_of


class Returned(Struct, frozen=True):
    """A register whose worker is dead, and whether a session was ended that held it."""

    name: str
    ended: bool


def sweep(fleet: Fleet) -> Answer:
    """Ends the sessions of dead workers and lets their registers be looked at again.

    First the session, then the job: who wakes up afterwards can write nothing more.

    Raises:
        StateLost: The server does not answer.
    """
    with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
        try:
            found = runner.run(_sweep(fleet))
        except CUT_OFF as error:
            where, problem = server_of(fleet).shown, " ".join(str(error).split())
            raise make_error(StateLost, "state.unreachable", where=where, problem=problem) from error
    lines = [
        Phrase.of("fleet.returned", name=each.name, ended=Phrase("fleet.ended" if each.ended else "fleet.not_held"))
        for each in found
    ]
    data = {"returned": [{"name": each.name, "ended": each.ended} for each in found], "exit": 0}
    return Answer(data, (Section.of(None, lines or [Phrase("fleet.nothing_dead")]),), 0)


async def _sweep(fleet: Fleet) -> list[Returned]:
    plants = {plant.name: plant for plant in fleet.plants}
    returned = []
    make_tables(fleet)
    app = make_app(fleet)
    async with app.open_async():
        jobs = app.job_manager
        for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=fleet.dead_after_seconds):
            plant = plants.get(job.lock or "")
            ended = plant is not None and _end_session(plant.config, fleet.dead_after_seconds)
            try:
                await jobs.retry_job(job)
            except UniqueViolation:  # another look at it waits already, behind this one
                assert job.id is not None
                await jobs.finish_job_by_id_async(job.id, status=Status.FAILED, delete_job=False)
            if plant is not None:
                returned.append(Returned(plant.name, ended))
        await jobs.prune_stalled_workers(float(fleet.dead_after_seconds))
    return returned


def _end_session(config: object, dead_after: int) -> bool:
    """Ends the session that holds a workspace, where nothing was heard of it for as long as of its worker."""
    try:
        place = state_place(load_config(str(config)))
        assert isinstance(place, Server)
        database = connect(place)
    except (QtemplateError, OSError, AssertionError):
        return False  # the share is away from here: the session ends when its machine is gone
    try:
        holder = database.holder()
        if holder is None or database.clock() - holder.heard < dt.timedelta(seconds=dead_after):
            return False
        return database.end_holder(holder)
    finally:
        database.close()
