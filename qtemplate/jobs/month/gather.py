"""What a month is looked at with: the register as the program sees it, and what the journal knows of earlier cycles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from ...apply import Workspace
from ...fields import Field
from ...journal import Change, Journal
from ...plan import FactName, Memory
from ...rules.around.kept_cells import kept_cells, own_view
from ...rules.empty_words import example_rows
from ...rules.month.look import MonthLook, look_at_month
from ...rules.month.rows import Ended
from ..world import World, recall
from .volume_file import with_volume_file

Cycle = tuple[dt.datetime | None, dt.datetime]


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
    return look_at_month(situation, day, ended_cycles(workspace.journal, memory, workspace.config.register.time_zone))


def ended_cycles(journal: Journal, memory: Memory, zone: ZoneInfo) -> Ended:
    """Closing and reopening of the cycles that are over, of the rows that the journal saw reopened."""
    reopened = [id for id, cycle in memory.facts_named(FactName.CYCLE).items() if int(cycle) > 1]
    return {id: cycles for id in reopened if (cycles := _cycles(journal.changes(id=id), zone))}


def _cycles(changes: Sequence[Change], zone: ZoneInfo) -> tuple[Cycle, ...]:
    """From the changes of one row, newest first."""
    found: list[Cycle] = []
    closed: dt.datetime | None = None
    for change in reversed(changes):
        if change.field == Field.CLOSED_AT and change.after is not None:
            closed = change.after
        elif change.field == Field.REOPENED and (change.after or 0) > (change.before or 0):
            at = change.at.astimezone(zone).replace(tzinfo=None) if change.at.tzinfo else change.at
            found.append((closed, at))
            closed = None
    return tuple(found)
