"""Was it in time: every clock, closing, and how long it took."""

from __future__ import annotations

import datetime as dt

import numpy as np
from msgspec import Struct

from ..choices import Clock
from .figure import Figure, Reason
from .period import Mask, Period, Times
from .rows import Rows


def clock_rate(rows: Rows, clock: Clock, period: Period, now: dt.datetime) -> Figure:
    """In time ÷ (stopped, or already due), of the rows received in the period.

    A row that still runs and is not yet due says nothing either way and is left out; so is one that stopped at a moment
    nobody wrote down. A stop at the very moment it is due is in time. What stopped after `now` had not stopped yet.
    """
    among = rows.received(period, now)
    if not among.any():
        return Figure.missing(Reason.NO_ROWS)
    columns, moment = rows.clocks.get(clock), np.datetime64(now, "s")
    if columns is not None and columns.unknown is not None and (among & columns.unknown).any():
        return Figure.missing(Reason.DUE_UNKNOWN)
    begun = among & (columns.start <= moment) & ~np.isnat(columns.due) if columns else np.zeros(len(among), bool)
    if columns is None or not begun.any():
        return Figure.missing(Reason.NO_CLOCK)
    stopped = columns.stop <= moment
    overdue = (columns.due < moment) & (columns.running | (columns.stop > moment))
    unknown = begun & np.isnat(columns.stop) & ~columns.running
    reason = Reason.TIME_UNKNOWN if unknown.any() else Reason.NOT_DUE
    return Figure.rate(rows.ids, begun & (stopped | overdue), stopped & (columns.stop <= columns.due), reason)


def overdue(rows: Rows, clock: Clock, moment: dt.datetime) -> Figure:
    """The rows whose clock was past its due time at a moment and had not stopped; merged ones never count.

    n/a where a due time has moved since and it is not known how it stood then, if that makes a difference.
    """
    if clock not in rows.clocks:
        return Figure.missing(Reason.NO_CLOCK)
    late, unknown = late_rows(rows, clock, np.datetime64(moment, "s"))
    return Figure.missing(Reason.DUE_UNKNOWN) if unknown.any() else Figure.count(rows.ids, late)


def late_rows(rows: Rows, clock: Clock, at: np.datetime64) -> tuple[Mask, Mask]:
    """The rows late at a moment, and those of which nobody knows whether they were.

    Final replies are told by the days noted for them, and those of a cycle that has ended since by how it ended; of
    other clocks only what they are now is known.
    """
    columns = rows.clocks[clock]
    counts = ~rows.merged & ~(rows.closed_at <= at)
    going = columns.running | (columns.stop > at)
    if clock is not Clock.RESOLVE:
        late = counts & (columns.start <= at) & (columns.due < at) & going
        return late, np.zeros(len(late), bool) if columns.unknown is None else columns.unknown & counts
    due, guessed = rows.dues.at(at, columns.due)
    late = counts & (columns.start <= at) & going
    again = ~rows.merged & rows.open_before(at + np.timedelta64(1, "s"))
    ended, replied = _later_cycles(rows, at)
    again &= ended
    unknown = again & np.isnat(replied) & (due < at)
    late = np.where(ended, again & (replied > at), late)
    unknown |= guessed & late & ((due < at) != (columns.due < at))
    if columns.unknown is not None:
        unknown |= columns.unknown & counts & (due < at)
    return late & (due < at), unknown


def _later_cycles(rows: Rows, at: np.datetime64) -> tuple[Mask, Times]:
    """Which rows were in a cycle that has ended since, and when that one's final reply went out."""
    cycles = rows.cycles
    ended, replied = np.zeros(len(rows.ids), bool), np.full(len(rows.ids), np.datetime64("NaT", "s"))
    later = np.flatnonzero(cycles.reopened_at > at)
    for place in later[np.argsort(cycles.reopened_at[later], kind="stable")[::-1]].tolist():  # the first one says last
        ended[cycles.row[place]], replied[cycles.row[place]] = True, cycles.replied_at[place]
    return ended, replied


def on_time_close_rate(rows: Rows, period: Period, now: dt.datetime) -> Figure:
    """Closed in time ÷ (closed, or to be closed, in the period).

    A row that was to be closed in the period and is not counts until it is; one that is not yet due at `now` is left
    out, and so is one without a date. A closing that a reopening undid does not count.
    """
    moment = np.datetime64(now, "s")
    closed = rows.closed_at <= moment
    due = period.holds(rows.close_by, now) & (closed | (rows.close_by < moment))
    among = ~rows.merged & ~np.isnat(rows.close_by) & (period.holds(rows.closed_at, now) | due)
    resolve = rows.clocks.get(Clock.RESOLVE)
    if resolve is not None and resolve.unknown is not None and (resolve.unknown & among).any():
        return Figure.missing(Reason.DUE_UNKNOWN)
    return Figure.rate(rows.ids, among, closed & (rows.closed_at <= rows.close_by), Reason.NONE_CLOSED)


class CycleTime(Struct, frozen=True):
    """Working days from receipt to closing, without pauses."""

    median: Figure
    p90: Figure
    mean: Figure


def cycle_time(rows: Rows, period: Period, now: dt.datetime) -> CycleTime:
    """How long the rows took that were closed in the period.

    Closed in it, not received in it: of the rows of a month only the quick ones are closed yet. Quantiles are
    interpolated as by PERCENTILE.INC of a spreadsheet.
    """
    among = ~rows.merged & period.holds(rows.closed_at, now) & ~np.isnan(rows.cycle_days)
    behind = (rows.ids, among, rows.cycle_days)
    return CycleTime(
        median=Figure.summary(*behind, lambda days: float(np.median(days)), Reason.NONE_CLOSED),
        p90=Figure.summary(*behind, lambda days: float(np.quantile(days, 0.9)), Reason.NONE_CLOSED),
        mean=Figure.mean(*behind, Reason.NONE_CLOSED),
    )
