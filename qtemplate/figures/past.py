"""The rows as they stood at a moment that is past, where their cells are of a later one.

What was noted of that time takes the place of what the cells say now: levels, days by which rows were due, cycles that
ended since. What happened later has not happened. Of what nobody noted, the rows are marked, so that a figure that
rests on them is n/a. What people say *about* a feedback (product, fault, cause, whether a rule was right) is no state
of a day: it stands as it is known now.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from ..choices import Clock
from .levels import LEVELS, level_codes
from .period import Mask
from .rows import ClockColumns, EarlierCycles, Numbers, Rows, Texts

SECOND = np.timedelta64(1, "s")
Places = npt.NDArray[np.intp]

KEPT = (Clock.ASSESS, Clock.RESPOND, Clock.RESOLVE, Clock.AUTHORITY)
"""Clocks that a later cycle does not begin anew, or of which the journal knows how the earlier one ended."""


def rows_at(rows: Rows, moment: np.datetime64) -> Rows:
    """The rows as of a moment; how long a row took whose closing was undone since has to be worked out anew (NaN).

    Args:
        rows: With cells of a later moment.
        moment: What happened at it has happened.
    """
    cycles = rows.cycles
    later = cycles.reopened_at > moment
    ended = _first_later(rows, moment)
    again = ended >= 0
    closed = rows.closed_at.copy()
    closed[again] = cycles.closed_at[ended[again]]
    known = np.bincount(cycles.row[later], minlength=len(rows.ids))
    dues, guessed = rows.dues.at(moment, rows.close_by)
    satisfaction, undated = _answers(rows, moment)
    return replace(
        rows,
        closed_at=closed,
        level=_levels(rows, moment),
        close_by=dues,
        cycle_days=np.where(again, np.nan, rows.cycle_days),
        reopened=np.maximum(rows.reopened - known, 0),
        satisfaction=satisfaction,
        undated=undated,
        clocks=_clocks(rows, moment, ended, guessed),
        cycles=EarlierCycles(
            cycles.row[~later], cycles.closed_at[~later], cycles.reopened_at[~later], cycles.replied_at[~later]
        ),
    )


def _first_later(rows: Rows, moment: np.datetime64) -> Places:
    """For each row the place of the cycle that it was in at the moment, if that one has ended since; else -1."""
    found = np.full(len(rows.ids), -1, np.intp)
    later = np.flatnonzero(rows.cycles.reopened_at > moment)
    latest_first = later[np.argsort(rows.cycles.reopened_at[later], kind="stable")[::-1]]
    found[rows.cycles.row[latest_first]] = latest_first
    return found


def _levels(rows: Rows, moment: np.datetime64) -> Texts:
    codes = rows.levels.at(moment + SECOND, level_codes(rows.level))
    names = np.array([level.value if level else None for level in LEVELS], object)
    return np.asarray(names[codes], object)


def _clocks(rows: Rows, moment: np.datetime64, ended: Places, guessed: Mask) -> Mapping[Clock, ClockColumns]:
    """Each clock as of the moment; of rows whose days moved since, only the final reply's day was noted.

    A reopening moves that day and no other, unless the level changed with it.
    """
    again = ended >= 0
    moved = np.zeros(len(rows.ids), bool)
    moved[rows.dues.row[rows.dues.since > moment]] = True
    just_after, present = moment + SECOND, level_codes(rows.level)
    same = rows.levels.at(just_after, present) == present
    moved &= ~(again & same & rows.levels.knows(just_after))
    found: dict[Clock, ClockColumns] = {}
    for clock, columns in rows.clocks.items():
        begun = ~np.isnat(columns.start) & (columns.start <= moment)
        if clock is not Clock.RESOLVE:
            if clock is Clock.RESPOND:
                # a final reply was the first one where none was noted, and a reopening took it out
                stop = columns.stop.copy()
                stop[again] = np.fmin(stop[again], rows.cycles.replied_at[ended[again]])
                columns = replace(columns, stop=stop)
            unknown = (moved & begun) | (again if clock not in KEPT else np.zeros(len(again), bool))
            found[clock] = replace(columns, unknown=unknown)
            continue
        due, _ = rows.dues.at(moment, columns.due)
        start, stop, running = columns.start.copy(), columns.stop.copy(), columns.running.copy()
        start[again] = rows.received_at[again]
        stop[again] = rows.cycles.replied_at[ended[again]]
        running[again] = True  # at the moment; `stop` says when that ended
        unknown = guessed & ((due < moment) != (columns.due < moment))
        unknown |= again & np.isnat(stop)
        found[clock] = ClockColumns(start, due, stop, running, unknown)
    return found


def _answers(rows: Rows, moment: np.datetime64) -> tuple[Numbers, Mask]:
    """The answers given by the moment, and the rows of which nobody knows whether theirs was."""
    answered = ~np.isnan(rows.satisfaction)
    confirmed = rows.clocks.get(Clock.CONFIRM)
    heard = np.full(len(answered), np.datetime64("NaT", "s")) if confirmed is None else confirmed.stop
    heard = np.where(np.isnat(heard) & (rows.closed_at <= moment), rows.closed_at, heard)
    return np.where(heard > moment, np.nan, rows.satisfaction), answered & np.isnat(heard)
