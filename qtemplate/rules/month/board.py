"""The register as a screen in the hall shows it: what is open and where, what is due, the month so far. Pure.

Nothing on it is personal or was typed as text: counts, numbers of feedbacks, levels, clocks, and departments that 人员
or the assignment table knows. Nothing on it tells a moment within the day but the due times themselves, so that it
changes when the register does, or a limit passes, or a day ends, and else stays as it is to the byte.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from msgspec import Struct

from ...choices import Clock, Level, Status
from ...fields import Field
from ...figures.month import Measures, measure
from ...figures.period import Mask, Period, Times
from ...figures.rows import Rows, Texts
from ..clocks.times import NAMED, ClockTable, clock_times
from ..situation import Situation
from ..workdays import NAT
from .public import known_departments
from .rows import Past, figure_rows, kept_rows

GRAVITY = {level.value: place for place, level in enumerate(Level)}

OTHER = "?"
"""Departments that neither 人员 nor the assignment table knows: whatever was typed there stays off the screen."""


class DueRow(Struct, frozen=True):
    """An open feedback whose next limit is near or past; `department` as in `Board`."""

    id: str
    level: str | None
    department: str
    clock: Clock
    due: dt.datetime
    late: bool


class Board(Struct, frozen=True):
    """What the screen says.

    Attributes:
        day: The day it is about.
        open: Feedbacks that are open.
        urgent: Those of them that are urgent.
        states: The states that any of them has, in the order of the process; None = no state.
        departments: Name and how many are in each of `states`, those with the most first; "" = no department yet,
            `OTHER` = one that is not known.
        overdue: Open feedbacks with a limit that has passed.
        today: Those whose next limit is still to come today.
        week: Those whose next limit comes later this week, Sunday included.
        next: Overdue ones, then those of today; grave before light, early before late.
        period: The present month.
        this, before: Its figures so far, and those of the month before.
    """

    day: dt.date
    open: int
    urgent: int
    states: tuple[Status | None, ...]
    departments: tuple[tuple[str, tuple[int, ...]], ...]
    overdue: int
    today: int
    week: int
    next: tuple[DueRow, ...]
    period: Period
    this: Measures
    before: Measures


def look_at_board(situation: Situation, past: Past | None = None) -> Board:
    """The board of a moment's day.

    Args:
        situation: The register at that moment, examples named.
        past: As for `look_at_month`.
    """
    now, kept, rows = situation.now, kept_rows(situation), figure_rows(situation, past)
    period = Period.of_month(now.year, now.month)
    is_open = rows.open_before(period.cut(now))
    departments = np.array([*_departments(situation, rows)], object)
    states, counts = _by_state(situation, kept, departments, is_open)
    due, clock = _next_limits(clock_times(situation), kept)
    moment, day = np.datetime64(now, "s"), np.datetime64(now.date(), "D")
    end_of_day, end_of_week = ((day + days).astype("M8[s]") for days in (1, 7 - now.weekday()))
    late = is_open & (due < moment)
    today = is_open & ~late & (due < end_of_day)
    return Board(
        day=now.date(),
        open=int(is_open.sum()),
        urgent=int((is_open & np.asarray(rows.level == Level.URGENT.value, bool)).sum()),
        states=states,
        departments=counts,
        overdue=int(late.sum()),
        today=int(today.sum()),
        week=int((is_open & (due >= end_of_day) & (due < end_of_week)).sum()),
        next=tuple(
            DueRow(rows.ids[at], rows.level[at], departments[at], NAMED[clock[at]], due[at].item(), bool(late[at]))
            for at in _in_order(rows, late, today, due)
        ),
        period=period,
        this=measure(rows, period, now),
        before=measure(rows, Period.of_month(now.year, now.month - 1), now),
    )


def _departments(situation: Situation, rows: Rows) -> Iterator[str]:
    """Per row: its department as far as it is a known one."""
    known = known_departments(situation.rulebook)
    for name in rows.department.tolist():
        yield "" if name is None else name if name in known else OTHER


def _by_state(
    situation: Situation, kept: Mask, departments: Texts, is_open: Mask
) -> tuple[tuple[Status | None, ...], tuple[tuple[str, tuple[int, ...]], ...]]:
    codes = situation.frame[Field.STATUS].to_numpy(dtype=object)[kept][is_open].tolist()
    known: dict[str, Status] = {state.value: state for state in Status}
    said = [known.get(code) for code in codes]
    found = Counter(zip(departments[is_open].tolist(), said, strict=True))
    states = tuple(state for state in (*Status, None) if any(of is state for _, of in found))
    sizes = Counter(departments[is_open].tolist())
    order = sorted(sizes, key=lambda name: (name in ("", OTHER), name == OTHER, -sizes[name], name))
    return states, tuple((name, tuple(found[name, state] for state in states)) for name in order)


def _next_limits(table: ClockTable | None, kept: Mask) -> tuple[Times, Sequence[int]]:
    """Per row: when the first running limit ends, and its place in `NAMED`; NaT where none runs or the row waits."""
    if table is None:
        return np.full(int(kept.sum()), NAT), np.zeros(int(kept.sum()), np.intp).tolist()
    never = np.datetime64("9999-12-31", "s")
    runs = [np.where(table[clock].running & ~table.paused, table[clock].due, NAT)[kept] for clock in NAMED]
    ends = np.array([np.where(np.isnat(each), never, each) for each in runs])
    first = ends.argmin(axis=0)
    due = ends.min(axis=0)
    return np.where(due == never, NAT, due), first.tolist()


def _in_order(rows: Rows, late: Mask, today: Mask, due: Times) -> list[int]:
    places = np.flatnonzero(late | today).tolist()
    return sorted(places, key=lambda at: (not late[at], GRAVITY.get(str(rows.level[at]), len(GRAVITY)), due[at], at))
