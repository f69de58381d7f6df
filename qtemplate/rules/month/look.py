"""A month as it is talked about in a meeting: its figures, what changed, what to do, and who has to do it. Pure."""

from __future__ import annotations

import datetime as dt

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from ...figures.month import Month, make_month
from ...figures.monthly_charts import Context
from ...figures.period import Period
from ...figures.rows import Rows
from ...plan import Phrase
from ..situation import Situation
from .actions import OpenAction, open_actions
from .attention import Attention, needs_attention
from .changes import what_changed
from .departments import Department, by_department
from .rows import Past, ages_at, figure_rows
from .to_do import what_to_do

MOST = 10
"""So many rows that need attention are listed."""


class MonthLook(Struct, frozen=True):
    """A month.

    Attributes:
        situation: What it was looked at.
        rows: The columns the figures are of.
        month: The figures.
        changes: What is different from the month before, the most telling first.
        to_do: What follows for the week.
        attention: Open rows that need somebody first.
        actions: What is not done yet.
        departments: What is open and late in each.
        late: All the open rows that need somebody, of which `attention` is the beginning.
        replayed: It is looked from a moment before the last run: of what is to be done, and by whom, only the present
            is known, so that nothing is said of it.
    """

    situation: Situation
    rows: Rows
    month: Month
    changes: tuple[Phrase, ...]
    to_do: tuple[Phrase, ...]
    attention: tuple[Attention, ...]
    actions: tuple[OpenAction, ...]
    departments: tuple[Department, ...] = ()
    late: tuple[Attention, ...] = ()
    replayed: bool = False


def look_at_month(situation: Situation, day: dt.date | None = None, past: Past | None = None) -> MonthLook:
    """The month of a day; None = the newest month that is over and has feedback, else the present one.

    Args:
        situation: At the moment that is looked from.
        day: Any day of the month.
        past: What the journal knows of former days.
    """
    rows = figure_rows(situation, past)
    day = day or newest_month(rows, situation.now)
    end = Period.of_month(day.year, day.month).end
    if end < situation.now:  # how old a row was then, not how old it is by now
        rows = replace(rows, age_days=ages_at(situation, end))
    month = make_month(rows, day, situation.now, declared(situation))
    changes = what_changed(month, rows)
    if not np.isnat(rows.cells_of):
        return MonthLook(situation, rows, month, changes, (), (), (), replayed=True)
    attention, actions = needs_attention(situation), open_actions(situation)
    to_do = what_to_do(month, rows, attention, actions)
    departments = by_department(rows, np.datetime64(situation.now, "s"), attention)
    return MonthLook(situation, rows, month, changes, to_do, attention[:MOST], actions, departments, attention)


def newest_month(rows: Rows, now: dt.datetime) -> dt.date:
    """The first day of the newest month that is over and in which something was received, else of the present one."""
    present = now.date().replace(day=1)
    known = rows.received_at[~np.isnat(rows.received_at) & (rows.received_at < np.datetime64(present, "s"))]
    if not len(known):
        return present
    last: dt.datetime = known.max().astype("M8[s]").item()
    return last.date().replace(day=1)


def declared(situation: Situation) -> Context:
    """What people declared in 产量 and 阶段; a product's volume is that of its models together."""
    volumes: dict[tuple[str, dt.date], float] = {}
    for volume in situation.rulebook.volumes:
        at = volume.product, volume.month
        volumes[at] = volumes.get(at, 0) + volume.number
    phases: dict[str, tuple[dt.date, ...]] = {}
    for phase in situation.rulebook.phases:
        phases[phase.product] = (*phases.get(phase.product, ()), phase.day)
    return Context(volumes, phases)
