"""What a month is looked at with: the register as the program sees it, and what the journal knows of earlier cycles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from ...apply import Workspace
from ...fields import Field
from ...journal import Change, Journal
from ...journal.past import values_written
from ...plan import FactName, Memory
from ...rules.around.kept_cells import kept_cells, own_view
from ...rules.empty_words import example_rows
from ...rules.month.look import MonthLook, look_at_month
from ...rules.month.rows import EndedCycle, Past
from ..world import World, recall
from .volume_file import with_volume_file


def gather(workspace: Workspace, world: World, now: dt.datetime, day: dt.date | None) -> MonthLook:
    """The month of a day, from the workbook as it stands.

    Args:
        workspace: For what the journal knows.
        world: The workbook as it was read.
        now: Aware, in the register's zone.
        day: Any day of the month; None = the newest that is over and has feedback.
    """
    memory = recall(workspace, world.register, digests=False)
    situation = world.situation(memory, now.replace(tzinfo=None))
    situation = own_view(situation, kept_cells(situation.register, memory))
    rulebook, _ = with_volume_file(workspace.config.workspace, situation.rulebook)
    situation = replace(situation, rulebook=rulebook, examples=example_rows(situation.register))
    zone = workspace.config.register.time_zone
    past, last = known_past(workspace.journal, memory, zone), workspace.journal.last_run("run", "watch")
    if last is not None:
        past = replace(past, last=_naive(dt.datetime.fromisoformat(last[1]), zone))
    return look_at_month(situation, day, past)


def known_past(journal: Journal, memory: Memory, zone: ZoneInfo) -> Past:
    """What the journal knows of former days: cycles of rows that it saw reopened, days that moved."""
    reopened = [id for id, cycle in memory.facts_named(FactName.CYCLE).items() if int(cycle) > 1]
    dues = {
        id: tuple((_naive(at, zone), due if isinstance(due, dt.datetime) else None) for at, due in written)
        for id, written in values_written(journal, Field.RESOLVE_BY).items()
    }
    return Past({id: cycles for id in reopened if (cycles := _cycles(journal.changes(id=id), zone))}, dues)


def _cycles(changes: Sequence[Change], zone: ZoneInfo) -> tuple[EndedCycle, ...]:
    """From the changes of one row, newest first."""
    found: list[EndedCycle] = []
    closed: dt.datetime | None = None
    replied: dt.datetime | None = None
    taken_out = {change.run: change.before for change in changes
                 if change.field == Field.REPLIED_AT and isinstance(change.before, dt.datetime)}  # fmt: skip
    for change in reversed(changes):
        if change.field == Field.CLOSED_AT and change.after is not None:
            closed = change.after
        elif change.field == Field.REPLIED_AT and isinstance(change.after, dt.datetime):
            replied = change.after
        elif change.field == Field.REOPENED and (change.after or 0) > (change.before or 0):
            found.append(EndedCycle(closed, _naive(change.at, zone), taken_out.get(change.run, replied)))
            closed = replied = None
    return tuple(found)


def _naive(moment: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    return moment.astimezone(zone).replace(tzinfo=None) if moment.tzinfo else moment
