"""What came in, what went out, what lies there, and for how long."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from ..choices import Level
from .figure import Figure, Reason
from .levels import CODES, level_codes
from .period import Mask, Period
from .rows import Rows


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
    """The flow of all rows, and by level; None = rows that have no level yet.

    `as_then`: It is known which level the rows had at the end of the period; else every figure by level is n/a.
    """

    period: Period
    total: Flow
    by_level: Mapping[Level | None, Flow]
    as_then: bool = True


UNKNOWN = Flow(*[Figure.missing(Reason.LEVEL_UNKNOWN)] * 4)


def flow_by_level(rows: Rows, periods: Iterable[Period], now: dt.datetime) -> tuple[PeriodFlow, ...]:
    """Received, closed, reopened and open, for each period; a row counts under the level it had at the period's end.

    By level they are n/a for a period that ended before levels were noted, unless nothing is counted in it.
    """
    present, found = level_codes(rows.level), []
    for period in periods:
        events = _Events.of(rows, period, now)
        total, as_then = events.flow(rows), levels_known(rows, period, now)
        if as_then or not any(figure.n for figure in (total.received, total.closed, total.reopened, total.open)):
            codes = rows.levels.at(period.cut(now), present)
            by_level = {level: events.flow(rows, codes == code) for level, code in CODES.items()}
            found.append(PeriodFlow(period, total, by_level))
        else:
            found.append(PeriodFlow(period, total, dict.fromkeys(CODES, UNKNOWN), as_then=False))
    return tuple(found)


def levels_known(rows: Rows, period: Period, now: dt.datetime) -> bool:
    """Whether it is known which levels rows had at the end of a period: it is to come yet, or they were noted then."""
    return (period.end > now and np.isnat(rows.cells_of)) or rows.levels.knows(period.cut(now))


AGES = (("0-3", 0, 4), ("4-7", 4, 8), ("8-15", 8, 16), ("16-30", 16, 31), (">30", 31, np.inf))
"""Name of a band, and its whole working days from, up to but not including."""


def ageing(rows: Rows, before: np.datetime64) -> Mapping[str, Figure]:
    """The rows open just before a moment by their age then, in whole working days passed; youngest band first."""
    is_open = rows.open_before(before)
    age = rows.age_days
    return {name: Figure.count(rows.ids, is_open & (age >= low) & (age < high)) for name, low, high in AGES}


class _Events(Struct, frozen=True):
    """What happened in a period: rows as masks, events as positions, a row more than once where it happened so."""

    received: Mask
    closed: npt.NDArray[np.intp]
    reopened: npt.NDArray[np.intp]
    open: Mask

    @classmethod
    def of(cls, rows: Rows, period: Period, now: dt.datetime) -> _Events:
        cycles = rows.cycles
        counts = ~np.isnat(cycles.closed_at) & ~rows.merged[cycles.row]
        closed = ~rows.merged & period.holds(rows.closed_at, now)
        undone = cycles.row[counts & period.holds(cycles.closed_at, now)]
        return cls(
            rows.received(period, now),
            np.concatenate([undone, np.flatnonzero(closed)]),
            cycles.row[counts & period.holds(cycles.reopened_at, now)],
            rows.open_before(period.cut(now)),
        )

    def flow(self, rows: Rows, among: Mask | None = None) -> Flow:
        """Of all rows, or of some."""
        own = np.ones(len(rows.ids), bool) if among is None else among
        return Flow(
            received=Figure.count(rows.ids, self.received & own),
            closed=_count_each(rows, self.closed[own[self.closed]]),
            reopened=_count_each(rows, self.reopened[own[self.reopened]]),
            open=Figure.count(rows.ids, self.open & own),
        )


def _count_each(rows: Rows, positions: npt.NDArray[np.intp]) -> Figure:
    """A count of events: a row may stand there more than once."""
    ids = tuple(rows.ids[np.sort(positions)].tolist())
    return Figure(len(ids), len(ids), 1, ids, ids)
