"""Control charts of the months up to one: how many came in, in all and of a product, and the share that was late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct, field

from ..choices import Clock
from .charts import ChartKind, Rule
from .period import Mask, Period
from .phases import Phase, chart_phases, phase_starts
from .rows import Rows
from .timeliness import clock_rate

MOST_MONTHS = 24
LEAST_MONTHS = 6
"""Limits of fewer months say nothing."""

MOST_PRODUCTS = 3


class Subject(StrEnum):
    """What a chart is of."""

    RECEIVED = "received"
    LATE = "late"


class Context(Struct, frozen=True):
    """What people declared.

    Attributes:
        volumes: (product, first day of the month) -> sold or in use, over all its models.
        phases: Product -> first days of a new state; "" = of all products.
    """

    volumes: Mapping[tuple[str, dt.date], float] = field(default_factory=dict)
    phases: Mapping[str, tuple[dt.date, ...]] = field(default_factory=dict)

    @property
    def totals(self) -> dict[dt.date, float]:
        """Month -> volume of all products."""
        found: dict[dt.date, float] = {}
        for (_, month), number in self.volumes.items():
            found[month] = found.get(month, 0) + number
        return found


class Signal(Struct, frozen=True):
    """A month that stands out.

    Attributes:
        month: Its period.
        rule: By which rule.
        since: The first month of the run; the month itself where it lies beyond a limit.
        high: Above the centre.
        ids: The rows behind it: received, or late, in the months from `since` on.
    """

    month: Period
    rule: Rule
    since: Period
    high: bool
    ids: tuple[str, ...]


class MonthlyChart(Struct, frozen=True, eq=False):
    """A control chart over months.

    Attributes:
        subject: What is counted.
        kind: c, u or p.
        product: "" = all.
        clock: Of a share that is late.
        periods: The months, oldest first; whole ones only.
        counts, sizes: One a month; sizes None for c.
        ids: The rows counted, by month.
        phases: The chart, one part a phase.
        signals: In order of time.
    """

    subject: Subject
    kind: ChartKind
    product: str
    clock: Clock | None
    periods: tuple[Period, ...]
    counts: tuple[float, ...]
    sizes: tuple[float, ...] | None
    ids: tuple[tuple[str, ...], ...]
    phases: tuple[Phase, ...]
    signals: tuple[Signal, ...]

    @property
    def name(self) -> str:
        """`received`, `received/净水器`, `late/respond`: the same from month to month."""
        return "/".join(filter(None, (self.subject, self.product or (self.clock or ""))))

    @property
    def too_few(self) -> bool:
        """Whether the newest phase counts too little for signals."""
        return self.phases[-1].chart.too_few


def monthly_charts(rows: Rows, last: Period, now: dt.datetime, context: Context) -> tuple[MonthlyChart, ...]:
    """The charts over the whole months up to `last`, 24 at the most, from the first month that has a row.

    None where there are fewer than six. A month that is not over at `now` is left out, for half a month looks like a
    good one.
    """
    periods = _whole_months(rows, last, now)
    if len(periods) < LEAST_MONTHS:
        return ()
    return tuple(_charts(rows, periods, now, context))


def _charts(rows: Rows, periods: tuple[Period, ...], now: dt.datetime, context: Context) -> Iterator[MonthlyChart]:
    everywhere = phase_starts(periods, context.phases.get("", ()))
    yield _received(rows, periods, "", context.totals, everywhere)
    for product in _products(rows, periods):
        volumes = {month: number for (name, month), number in context.volumes.items() if name == product}
        declared = (*context.phases.get("", ()), *context.phases.get(product, ()))
        part = rows.where(np.asarray(rows.product == product, bool))
        yield _received(part, periods, product, volumes, phase_starts(periods, declared))
    for clock in (Clock.RESPOND, Clock.RESOLVE):
        late = _late(rows, periods, clock, now, context.phases.get("", ()))
        if late is not None:
            yield late


def _received(
    rows: Rows, periods: tuple[Period, ...], product: str, volumes: Mapping[dt.date, float], starts: tuple[int, ...]
) -> MonthlyChart:
    """Counts, or rates where every month has a volume."""
    groups = _by_month(rows, ~rows.merged, periods)
    sizes = tuple(volumes.get(period.start.date(), 0.0) for period in periods)
    rated = all(size > 0 for size in sizes)
    return _chart(
        Subject.RECEIVED,
        ChartKind.U if rated else ChartKind.C,
        product,
        None,
        periods,
        groups,
        sizes if rated else None,
        starts,
    )


def _late(
    rows: Rows, periods: tuple[Period, ...], clock: Clock, now: dt.datetime, declared: tuple[dt.date, ...]
) -> MonthlyChart | None:
    """The share that missed a clock, of the months in which anything was to be in time."""
    rates = {period: clock_rate(rows, clock, period, now) for period in periods}
    known = tuple(period for period in periods if rates[period].value is not None)
    if len(known) < LEAST_MONTHS:
        return None
    groups = tuple(rates[period].others for period in known)
    sizes = tuple(float(rates[period].n) for period in known)
    return _chart(Subject.LATE, ChartKind.P, "", clock, known, groups, sizes, phase_starts(known, declared))


def _chart(
    subject: Subject,
    kind: ChartKind,
    product: str,
    clock: Clock | None,
    periods: tuple[Period, ...],
    ids: tuple[tuple[str, ...], ...],
    sizes: tuple[float, ...] | None,
    starts: tuple[int, ...],
) -> MonthlyChart:
    counts = tuple(float(len(group)) for group in ids)
    phases = chart_phases(counts, sizes, kind, starts=starts)
    signals = tuple(_signals(periods, ids, phases))
    return MonthlyChart(subject, kind, product, clock, periods, counts, sizes, ids, phases, signals)


def _signals(
    periods: tuple[Period, ...], ids: tuple[tuple[str, ...], ...], phases: tuple[Phase, ...]
) -> Iterator[Signal]:
    for phase in phases:
        for point, rule in phase.signals:
            own = point - phase.start
            high = bool(phase.chart.values[own] > phase.chart.center[own])
            first = point if rule is Rule.BEYOND else _run_begins(phase, own, high) + phase.start
            behind = tuple(dict.fromkeys(id for group in ids[first : point + 1] for id in group))
            yield Signal(periods[point], rule, periods[first], high, behind)


def _run_begins(phase: Phase, point: int, high: bool) -> int:
    """The first of the points in a row on one side that end at `point`."""
    off = phase.chart.values - phase.chart.center
    while point > 0 and (off[point - 1] > 0 if high else off[point - 1] < 0):
        point -= 1
    return point


def _whole_months(rows: Rows, last: Period, now: dt.datetime) -> tuple[Period, ...]:
    counted = rows.received_at[~rows.merged & ~np.isnat(rows.received_at)]
    if not len(counted):
        return ()
    first: dt.datetime = counted.min().astype("M8[s]").item()
    periods = (Period.of_month(last.start.year, last.start.month - back) for back in range(MOST_MONTHS - 1, -1, -1))
    return tuple(period for period in periods if period.end > first and period.end <= now)


def _products(rows: Rows, periods: tuple[Period, ...]) -> list[str]:
    """The products with the most rows, if there are several."""
    among = ~rows.merged & (rows.received_at >= np.datetime64(periods[0].start, "s"))
    among &= rows.received_at < np.datetime64(periods[-1].end, "s")
    counts: dict[str, int] = {}
    for product in rows.product[among].tolist():
        if product is not None:
            counts[product] = counts.get(product, 0) + 1
    ranked = sorted(counts, key=lambda product: (-counts[product], product))
    return ranked[:MOST_PRODUCTS] if len(ranked) > 1 else []


def _by_month(rows: Rows, among: Mask, periods: tuple[Period, ...]) -> tuple[tuple[str, ...], ...]:
    """The ids received in each month; one pass over the rows."""
    edges = np.array([*(period.start for period in periods), periods[-1].end], "M8[s]")
    month: npt.NDArray[Any] = np.searchsorted(edges, rows.received_at, side="right") - 1
    month[~among | np.isnat(rows.received_at)] = -1
    return tuple(tuple(rows.ids[month == at].tolist()) for at in range(len(periods)))
