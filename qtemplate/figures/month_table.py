"""The figures of many months at once, by product: what a sheet needs so that a person can choose any of them.

The same numbers as `month.make_month` gives for each month and product by itself, but worked out in a few passes over
the rows instead of one a month and product: a run does it every night. It keeps no ids; the report has them.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct, field

from ..choices import Clock, Level
from .flow import levels_known
from .levels import CODES, level_codes
from .month import TIMED, untimed
from .monthly_charts import Context
from .outcomes import CONTENT_FROM, RECURS_WITHIN, came_back
from .period import Mask, Period, Times
from .phases import phase_starts
from .rows import Rows, known
from .timeliness import late_rows

MOST_MONTHS = 36
MOST_PRODUCTS = 11
MOST_VALUES = 24
"""So many values of a Pareto are kept of a month, the most frequent."""

RANKED = ("fault", "cause")
Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]
Ranking = tuple[tuple[str, int], ...]


def level_key(level: Level | None) -> str:
    """How a level is called in the name of a column; rows without one are `none`."""
    return level.value if level else "none"


class MonthTable(Struct, frozen=True, eq=False):
    """Months by products.

    Attributes:
        periods: Oldest first, at most 36, from the first month that has a row to the present one.
        products: "" = all; then at most eleven, those with the most rows, by name.
        columns: Name -> a number for each month and product, NaN where there is none. Rates stand as two columns:
            `respond_in_time` and `respond_counted`, …
        ranked: (`fault` or `cause`, month, product) -> values and how often, the most frequent first.
    """

    periods: tuple[Period, ...]
    products: tuple[str, ...]
    columns: Mapping[str, Numbers]
    ranked: Mapping[tuple[str, int, int], Ranking] = field(default_factory=dict)

    def at(self, month: dt.date | None, product: str) -> tuple[int, int] | None:
        """Where a month and a product stand; None where they do not."""
        place = next((at for at, period in enumerate(self.periods) if period.start.date() == month), None)
        return None if place is None or product not in self.products else (place, self.products.index(product))

    def number(self, name: str, at: tuple[int, int] | None) -> float | None:
        """A number of the table; None where there is none."""
        found = float("nan") if at is None else float(self.columns[name][at])
        return None if np.isnan(found) else found


def make_month_table(rows: Rows, now: dt.datetime, context: Context | None = None) -> MonthTable:
    """The table of a register at a moment.

    Args:
        rows: With what is known at `now`.
        now: Nothing after it counts.
        context: Volumes and declared phases.
    """
    periods = _periods(rows, now)
    products = ("", *_products(rows, periods, now)) if periods else ("",)
    grid = _Grid(rows, now, periods, products)
    columns = grid.columns()
    columns |= _declared(periods, products, context or Context(), now)
    ranked = {(name, *at): values for name in RANKED for at, values in grid.ranking(name).items()} if periods else {}
    return MonthTable(periods, products, columns, ranked)


def _periods(rows: Rows, now: dt.datetime) -> tuple[Period, ...]:
    counted = rows.received_at[~rows.merged & (rows.received_at <= np.datetime64(now, "s"))]
    if not len(counted):
        return ()
    first: dt.datetime = counted.min().astype("M8[s]").item()
    back = min((now.year - first.year) * 12 + now.month - first.month, MOST_MONTHS - 1)
    return tuple(Period.of_month(now.year, now.month - each) for each in range(back, -1, -1))


def _products(rows: Rows, periods: tuple[Period, ...], now: dt.datetime) -> tuple[str, ...]:
    among = rows.received(Period(periods[0].start, periods[-1].end), now)
    counts = Counter(product for product in rows.product[among].tolist() if product is not None)
    return tuple(sorted(sorted(counts, key=lambda product: (-counts[product], product))[:MOST_PRODUCTS]))


class _Grid:
    """Counts rows by month and product.

    A row that is counted is a position; an event that a row may have several times is a position that stands there
    several times.
    """

    def __init__(self, rows: Rows, now: dt.datetime, periods: tuple[Period, ...], products: tuple[str, ...]) -> None:
        self._rows = rows
        self._now = now
        self._moment = np.datetime64(now, "s")
        self._periods = periods
        self._edges = np.array([period.start for period in periods] + [period.end for period in periods[-1:]], "M8[s]")
        self._shape = (len(periods), len(products))
        numbers = {product: at for at, product in enumerate(products) if at}
        self._product = np.array([numbers.get(product, 0) for product in rows.product.tolist()], np.intp)
        self._counted = ~rows.merged
        self._received = self._month(rows.received_at, self._counted)

    def columns(self) -> dict[str, Numbers]:
        """All that follows from the rows."""
        return {**self._flow(), **self._in_time(), **self._closing(), **self._outcomes(), **self._named()}

    # ---- counting ---------------------------------------------------------------------------------------------------

    def _month(self, times: Times, among: Mask) -> Places:
        """The place of the month in which each moment lies; -1 for none, for what is not known yet, and for others."""
        if not len(self._periods):
            return np.full(len(times), -1, np.intp)
        at = np.searchsorted(self._edges, times, side="right") - 1
        at[~among | ~(times <= self._moment) | (at >= len(self._periods))] = -1
        return np.asarray(at, np.intp)

    def _count(self, month: Places, positions: Places | None = None, weights: Numbers | None = None) -> Numbers:
        """How many, or the sum of weights, by month and product.

        Args:
            month: Place of the month, one an event; -1 is counted nowhere.
            positions: The row of each event; None = every row once.
            weights: One an event.
        """
        product = self._product if positions is None else self._product[positions]
        kept = month >= 0
        month, product = month[kept], product[kept]
        weight = None if weights is None else weights[kept]
        months, width = self._shape
        found = np.bincount(month * width + product, weight, months * width).astype(np.float64).reshape(self._shape)
        found[:, 0] = np.bincount(month, weight, months)  # all: the named products and the others
        return found

    def _of(self, month: Places, mask: Mask) -> Numbers:
        """Of what is counted by a month, the rows of a mask."""
        return self._count(np.where(mask, month, -1))

    # ---- what is counted --------------------------------------------------------------------------------------------

    def _flow(self) -> dict[str, Numbers]:
        rows, cycles = self._rows, self._rows.cycles
        ended = ~np.isnat(cycles.closed_at) & self._counted[cycles.row]
        closed = np.concatenate([self._month(rows.closed_at, self._counted), self._month(cycles.closed_at, ended)])
        who = np.concatenate([np.arange(len(rows.ids)), cycles.row])
        found = {"reopened": self._count(self._month(cycles.reopened_at, ended), cycles.row)}
        opens = [rows.open_before(period.cut(self._now)) for period in self._periods]
        found["overdue"] = self._overdue()
        codes, everybody = self._levels(), np.arange(len(rows.ids))
        received_as, closed_as = codes[self._received, everybody], codes[closed, who]
        for level, code in CODES.items():
            key = level_key(level)
            found[f"received_{key}"] = self._of(self._received, received_as == code)
            found[f"closed_{key}"] = self._count(np.where(closed_as == code, closed, -1), who)
            found[f"open_{key}"] = self._standing([mask & (codes[at] == code) for at, mask in enumerate(opens)])
        for name in ("received", "closed", "open"):
            found[name] = np.sum([found[f"{name}_{level_key(level)}"] for level in (*Level, None)], axis=0)
        return found

    def _levels(self) -> npt.NDArray[np.int8]:
        """The level of each row at the end of each month, none where nobody noted it; one more line, of which nothing
        is counted."""
        present = level_codes(self._rows.level)
        nobody = np.full(len(present), CODES[None], np.int8)
        ends = [
            self._rows.levels.at(period.cut(self._now), present)
            if levels_known(self._rows, period, self._now)
            else nobody
            for period in self._periods
        ]
        return np.array([*ends, present])

    def _overdue(self) -> Numbers:
        """As `timeliness.overdue`."""
        if Clock.RESOLVE not in self._rows.clocks:
            return np.full(self._shape, np.nan)
        ends = [min(np.datetime64(period.end, "s"), self._moment) for period in self._periods]
        masks = [late_rows(self._rows, Clock.RESOLVE, end) for end in ends]
        found = self._standing([late for late, _ in masks])
        found[self._standing([unknown for _, unknown in masks]) > 0] = np.nan
        return found

    def _standing(self, masks: list[Mask]) -> Numbers:
        """How many rows a mask of each month has."""
        width = self._shape[1]
        found = np.zeros(self._shape)
        for month, mask in enumerate(masks):
            found[month] = np.bincount(self._product[mask], minlength=width)
            found[month, 0] = mask.sum()
        return found

    def _in_time(self) -> dict[str, Numbers]:
        """As `timeliness.clock_rate`, and as `month.measure` of confirmations."""
        found = {}
        for clock in TIMED:
            columns = self._rows.clocks.get(clock)
            hits = among = np.zeros(len(self._rows.ids), bool)
            if columns is not None:
                begun = (columns.start <= self._moment) & ~np.isnat(columns.due)
                stopped = columns.stop <= self._moment
                late = (columns.due < self._moment) & (columns.running | (columns.stop > self._moment))
                among, hits = begun & (stopped | late), stopped & (columns.stop <= columns.due)
            found[f"{clock.value}_in_time"] = self._of(self._received, among & hits)
            found[f"{clock.value}_counted"] = self._of(self._received, among)
        if Clock.CONFIRM in self._rows.clocks:  # of a month with a confirmation that nobody timed nothing is said
            silent = self._of(self._received, untimed(self._rows)) > 0
            for part in ("in_time", "counted"):
                found[f"{Clock.CONFIRM.value}_{part}"][silent] = 0
        return found

    def _closing(self) -> dict[str, Numbers]:
        """As `timeliness.on_time_close_rate` and `cycle_time`."""
        rows = self._rows
        closed = rows.closed_at <= self._moment
        dated = self._counted & ~np.isnat(rows.close_by)
        was_due = dated & (closed | (rows.close_by < self._moment))
        shut, due = self._month(rows.closed_at, dated), self._month(rows.close_by, was_due)
        again = np.where(due != shut, due, -1)  # a row counts once in a month in which it was due and closed
        hits = closed & (rows.closed_at <= rows.close_by)
        spans = self._month(rows.closed_at, self._counted & ~np.isnan(rows.cycle_days))
        days = np.where(spans >= 0, rows.cycle_days, 0.0)
        counted, total = self._count(spans), self._count(spans, weights=days)
        return {
            "closed_in_time": self._of(shut, hits) + self._of(again, hits),
            "closed_counted": self._count(shut) + self._count(again),
            "days_counted": counted,
            "days_mean": np.divide(total, counted, out=np.full(self._shape, np.nan), where=counted > 0),
            "days_median": self._quantile(spans, days, 0.5),
            "days_p90": self._quantile(spans, days, 0.9),
        }

    def _quantile(self, month: Places, values: Numbers, share: float) -> Numbers:
        """The quantile of the values of each month and product, interpolated."""
        found = np.full(self._shape, np.nan)
        width = self._shape[1]
        kept = month >= 0
        own = kept & (self._product > 0)
        for group, amounts in (
            (month[kept] * width, values[kept]),
            (month[own] * width + self._product[own], values[own]),
        ):
            order = np.lexsort((amounts, group))
            group, amounts = group[order], amounts[order]
            places, starts, counts = np.unique(group, return_index=True, return_counts=True)
            exact = (counts - 1) * share
            low = np.floor(exact).astype(np.intp)
            high = np.minimum(low + 1, counts - 1)
            below, above = amounts[starts + low], amounts[starts + high]
            found[places // width, places % width] = below + (above - below) * (exact - low)
        return found

    def _outcomes(self) -> dict[str, Numbers]:
        """As `outcomes`."""
        rows, received = self._rows, self._received
        back = rows.reopened > 0
        complete = (received >= 0) & (rows.fixed_at <= self._moment) & known(rows.model) & known(rows.cause)
        complete &= rows.fixed_at + RECURS_WITHIN <= self._moment
        answered = ~np.isnan(rows.satisfaction)
        scores = np.where(answered, rows.satisfaction, 0.0)
        return {
            "ended": self._of(received, (rows.closed_at <= self._moment) | back),
            "came_back": self._of(received, back),
            "fixes": self._of(received, complete),
            "recurred": self._of(received, complete & came_back(rows, complete)),
            "answered": self._of(received, answered),
            "asked": self._of(received, answered | (rows.asked_at <= self._moment)),
            "content": self._of(received, rows.satisfaction >= CONTENT_FROM),
            "score": self._count(received, weights=scores),
        }

    def _named(self) -> dict[str, Numbers]:
        return {f"{name}_named": self._of(self._received, known(getattr(self._rows, name))) for name in RANKED}

    def ranking(self, name: str) -> dict[tuple[int, int], Ranking]:
        """The values of a column by month and product, as `make_pareto` ranks them."""
        values: list[Any] = getattr(self._rows, name).tolist()
        seen = Counter(zip(self._received.tolist(), self._product.tolist(), values, strict=True))
        counts: dict[tuple[int, int], Counter[str]] = {}
        for (month, product, value), number in seen.items():
            if month >= 0 and value is not None:
                counts.setdefault((month, 0), Counter())[str(value)] += number
                if product:
                    counts.setdefault((month, product), Counter())[str(value)] += number
        return {
            at: tuple(sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_VALUES])
            for at, found in counts.items()
        }


def _declared(
    periods: tuple[Period, ...], products: tuple[str, ...], context: Context, now: dt.datetime
) -> dict[str, Numbers]:
    """Whether a month is over, what was sold in it, and the number of its phase."""
    shape = len(periods), len(products)
    whole, volume, phase = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    whole[[period.end <= now for period in periods]] = 1
    totals = context.totals
    for at, product in enumerate(products):
        dates = context.phases.get("", ()) if not product else (
            *context.phases.get("", ()), *context.phases.get(product, ())
        )  # fmt: skip
        for start in phase_starts(periods, dates) if periods else ():
            phase[start:, at] += 1
        for month, period in enumerate(periods):
            day = period.start.date()
            volume[month, at] = context.volumes.get((product, day), 0.0) if product else totals.get(day, 0.0)
    return {"whole": whole, "volume": volume, "phase": phase}
