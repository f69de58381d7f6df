"""What is stored and waits becomes rows of the register: a round of its own, before those of the run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from ...apply import Workspace, apply_plan
from ...errors import RegisterChanged
from ...journal.received import ReceivedLog
from ...plan import Finding, Plan
from ...rules.incoming.new_rows import new_rows
from ..round import Errand, Round
from ..tally import Tally
from ..world import World, recall
from .folders import Delivered, put_files_away, take_folders

TRIES = 5
"""A register that is saved by people again and again while it is being written is left to the next run after this."""


@dataclass(frozen=True, slots=True)
class CameIn:
    """What came in and is stored."""

    delivered: Delivered = field(default_factory=Delivered)


def take_in(workspace: Workspace, now: dt.datetime, *, looking: bool = False) -> CameIn:
    """Stores what came in; what a run that was killed has settled is written down first."""
    ReceivedLog(workspace.journal.database).settle()
    return CameIn(take_folders(workspace, now, looking=looking))


def settle_incoming(
    errand: Errand, came_in: CameIn, tally: Tally, world: World, look: Callable[[Errand], World], *, looking: bool
) -> tuple[World, tuple[Finding, ...]]:
    """Works what waits into the register, and puts the files away.

    Args:
        errand: What the run was asked for.
        came_in: What was stored for it.
        tally: Told what was done.
        world: As it was read.
        look: Reads it again.
        looking: Put nothing away.

    Returns:
        The world with the new rows, and what is to be said of all that came in.
    """
    said: list[Finding] = []
    log = ReceivedLog(errand.workspace.journal.database)
    for _ in range(TRIES):
        waiting = log.waiting()
        if not waiting:
            break
        memory = recall(errand.workspace, world.register, digests=False)
        situation = world.situation(memory, errand.moment)
        plan = new_rows(situation, waiting, log.former())
        this = Round(world, plan, situation)
        try:
            written = _carry_out(errand, this, tally)
        except RegisterChanged:
            world = look(errand)
            continue
        log.settle()
        said += plan.findings
        if written:
            world = look(errand)
        break
    if not looking:
        put_files_away(errand.workspace, came_in.delivered)
    return world, (*said, *came_in.delivered.findings)


def _carry_out(errand: Errand, this: Round, tally: Tally) -> bool:
    """Whether the register has other bytes than before."""
    tally.look(this)
    with errand.watch.phase("apply"):
        applied = apply_plan(
            errand.workspace,
            this.world.book,
            this.world.register,
            Plan(rows=this.plan.rows, facts=this.plan.facts),
            {},
            run=errand.name,
            now=errand.now,
            send=False,
            sheets=frozenset({"changes"}),  # 校验结果 is the run's to renew
        )
    tally.add(this, applied, errand.workspace.journal, follows=False)
    return applied.sha256 != this.world.book.sha256
