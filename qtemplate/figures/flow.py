"""What came in, what went out, what lies there, and for how long."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from ..choices import Level
from .figure import Figure
from .period import Mask, Period
from .rows import Rows, known


class Flow(Struct, frozen=True):
    """Counts of a period; open at its end = open at its beginning + received + reopened - closed.

    Attributes:
        received: Rows received.
        closed: Closings, those that a reopening undid later among them; a row closed twice stands there twice.
        reopened: Reopenings of closed rows, likewise.
        open: Rows open at the end of the period, or at `now`.
    """

    received: Figure
    closed: Figure
    reopened: Figure
    open: Figure


class PeriodFlow(Struct, frozen=True):
    """The flow of all rows, and by level; None = rows that have no level yet."""

    period: Period
    total: Flow
    by_level: Mapping[Level | None, Flow]


def flow_by_level(rows: Rows, periods: Iterable[Period], now: dt.datetime) -> tuple[PeriodFlow, ...]:
    """Received, closed, reopened and open, for each period; a row counts under the level it has now."""
    parts = {level: rows.where(_of_level(rows, level)) for level in (*Level, None)}
    return tuple(
        PeriodFlow(period, _flow(rows, period, now), {level: _flow(part, period, now) for level, part in parts.items()})
        for period in periods
    )


AGES = (("0-3", 0, 4), ("4-7", 4, 8), ("8-15", 8, 16), ("16-30", 16, 31), (">30", 31, np.inf))
"""Name of a band, and its whole working days from, up to but not including."""


def ageing(rows: Rows, before: np.datetime64) -> Mapping[str, Figure]:
    """The rows open just before a moment by their age then, in whole working days passed; youngest band first."""
    is_open = rows.open_before(before)
    age = rows.age_days
    return {name: Figure.count(rows.ids, is_open & (age >= low) & (age < high)) for name, low, high in AGES}


def _of_level(rows: Rows, level: Level | None) -> Mask:
    return np.asarray(rows.level == level, bool) if level else ~known(rows.level)


def _flow(rows: Rows, period: Period, now: dt.datetime) -> Flow:
    cycles = rows.cycles
    counts = ~np.isnat(cycles.closed_at) & ~rows.merged[cycles.row]
    closed = ~rows.merged & period.holds(rows.closed_at, now)
    undone = cycles.row[counts & period.holds(cycles.closed_at, now)]
    reopened = cycles.row[counts & period.holds(cycles.reopened_at, now)]
    return Flow(
        received=Figure.count(rows.ids, rows.received(period, now)),
        closed=_count_each(rows, np.concatenate([undone, np.flatnonzero(closed)])),
        reopened=_count_each(rows, reopened),
        open=Figure.count(rows.ids, rows.open_before(period.cut(now))),
    )


def _count_each(rows: Rows, positions: npt.NDArray[np.intp]) -> Figure:
    """A count of events: a row may stand there more than once."""
    ids = tuple(rows.ids[np.sort(positions)].tolist())
    return Figure(len(ids), len(ids), 1, ids, ids)
