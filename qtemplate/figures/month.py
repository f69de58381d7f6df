"""All the figures of a month at one moment, and the same of the month before it to hold them against."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
from msgspec import Struct

from ..choices import Clock
from .figure import Figure, Reason
from .flow import Flow, PeriodFlow, ageing, flow_by_level
from .hot_spots import HotSpot, hot_spots
from .monthly_charts import Context, MonthlyChart, monthly_charts
from .outcomes import Satisfaction, recurrence_rate, reopen_rate, satisfaction
from .pareto import Pareto, make_pareto
from .period import Mask, Period
from .rows import Rows
from .rule_quality import RuleQuality, rule_quality
from .timeliness import CycleTime, clock_rate, cycle_time, on_time_close_rate, overdue

MONTHS = 12
"""So many months stand in the flow, the last of them the one asked for."""

TIMED = (
    Clock.ASSESS,
    Clock.RESPOND,
    Clock.ACCEPT,
    Clock.CONTAIN,
    Clock.UPDATE,
    Clock.RESOLVE,
    Clock.CONFIRM,
    Clock.AUTHORITY,
)
"""The clocks that somebody keeps or misses; silence and follow-up run out by themselves."""

BY = ("fault", "cause", "product", "category")
"""Columns of which a Pareto is made."""


class Measures(Struct, frozen=True):
    """What is said of one period.

    Attributes:
        flow: Received, closed, reopened, open at its end.
        clocks: Share in time, by clock.
        overdue: Rows past the limit of their final reply at the end of the period, or at the moment asked about.
        on_time_close: Closed in time.
        cycle: Working days from receipt to closing.
        reopened, recurred: Rates.
        satisfaction: With its return rate.
    """

    flow: Flow
    clocks: Mapping[Clock, Figure]
    overdue: Figure
    on_time_close: Figure
    cycle: CycleTime
    reopened: Figure
    recurred: Figure
    satisfaction: Satisfaction


class Month(Struct, frozen=True):
    """The month in figures.

    Attributes:
        period: The month.
        now: The moment it is looked at: nothing after it counts.
        this, before: Of the month, and of the one before it.
        months: Flow by level, oldest first; the last one is the month.
        ageing: Rows open at the end of the month, or at `now`, by age band.
        pareto: By column.
        spots: Batches that stand out.
        charts: Control charts over the whole months up to this one.
        rules: Quality of the rules of each table, over the rows of the twelve months.
    """

    period: Period
    now: dt.datetime
    this: Measures
    before: Measures
    months: tuple[PeriodFlow, ...]
    ageing: Mapping[str, Figure]
    pareto: Mapping[str, Pareto]
    spots: tuple[HotSpot, ...]
    charts: tuple[MonthlyChart, ...]
    rules: Mapping[str, tuple[RuleQuality, ...]]


def make_month(rows: Rows, month: dt.date, now: dt.datetime, context: Context | None = None) -> Month:
    """Everything about a month.

    Args:
        rows: Of the register, with what is known at `now`.
        month: Any day of it.
        now: The moment that is looked from.
        context: Volumes and declared phases.
    """
    period = Period.of_month(month.year, month.month)
    periods = tuple(Period.of_month(month.year, month.month - back) for back in range(MONTHS - 1, -1, -1))
    year = Period(periods[0].start, period.end)
    among = rows.received(period, now)
    return Month(
        period=period,
        now=now,
        this=measure(rows, period, now),
        before=measure(rows, periods[-2], now),
        months=flow_by_level(rows, periods, now),
        ageing=ageing(rows, period.cut(now)),
        pareto={name: make_pareto(rows.ids, among, getattr(rows, name)) for name in BY},
        spots=hot_spots(rows, year, now),
        charts=monthly_charts(rows, period, now, context or Context()),
        rules={table: rule_quality(rows, table, year, now) for table in rows.rules},
    )


def measure(rows: Rows, period: Period, now: dt.datetime) -> Measures:
    """What is said of one period, looked at from `now`."""
    (flow,) = flow_by_level(rows, (period,), now)
    return Measures(
        flow=flow.total,
        clocks={clock: _in_time(rows, clock, period, now) for clock in TIMED},
        overdue=overdue(rows, Clock.RESOLVE, min(period.end, now)),
        on_time_close=on_time_close_rate(rows, period, now),
        cycle=cycle_time(rows, period, now),
        reopened=reopen_rate(rows, period, now),
        recurred=recurrence_rate(rows, period, now),
        satisfaction=satisfaction(rows, period, now),
    )


def _in_time(rows: Rows, clock: Clock, period: Period, now: dt.datetime) -> Figure:
    """The rate; n/a where nobody knows when all the confirmations came, for those that never came would weigh more."""
    found = clock_rate(rows, clock, period, now)
    if clock is not Clock.CONFIRM or found.value is None:
        return found
    unknown = rows.received(period, now) & untimed(rows)
    return Figure.missing(Reason.TIME_UNKNOWN) if unknown.any() else found


def untimed(rows: Rows) -> Mask:
    """Rows that were confirmed at a moment that nobody wrote down."""
    columns = rows.clocks[Clock.CONFIRM]
    stopped = ~np.isnat(columns.start) & np.isnat(columns.stop) & ~columns.running
    return np.asarray(stopped & ~(rows.closed_at < columns.due))
