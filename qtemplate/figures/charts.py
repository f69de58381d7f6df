"""Control charts for counts: c (counts), u (counts per unit), p (shares); limits, and the points that say something.

Limits are three standard deviations from the centre (ISO 7870-2), or the exact quantiles that a normal distribution
would have there: at small means three-sigma limits cry wolf ten times as often as they promise.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Any, TypeVar

import numpy as np
from msgspec import Struct

from .quantiles import binomial_limits, poisson_limits
from .series import Mask, Values, read_baseline, read_counts, read_sizes

EXACT_BELOW = 10
"""`auto` takes exact limits where fewer counts than this are expected of a point."""

RUN_LENGTH = 9

Choice = TypeVar("Choice", bound=StrEnum)

NOISE = 1e-9
"""Share of a value by which a computed limit may miss what it stands for; a point so near lies on it."""


class ChartKind(StrEnum):
    C = "c"
    U = "u"
    P = "p"


class LimitKind(StrEnum):
    AUTO = "auto"
    SIGMA = "sigma"
    EXACT = "exact"


class Rule(StrEnum):
    BEYOND = "beyond"  # outside the limits
    RUN = "run"  # the ninth and each further point in a row on one side of the centre


class ControlChart(Struct, frozen=True, eq=False):
    """A chart; arrays hold one value a point: counts for c, rates for u and p.

    Attributes:
        values: The points.
        center, lower, upper: The lines.
        exact: Where the limits are exact quantiles, not three-sigma.
        signals: Index (from 0) and rule, in order; of one point, `beyond` first.
        too_few: Less than one count is expected of a point on average: the lines stand, signals would mean nothing.
    """

    values: Values
    center: Values
    lower: Values
    upper: Values
    exact: Mask
    signals: tuple[tuple[int, Rule], ...]
    too_few: bool


def control_chart(
    counts: Iterable[Any],
    sizes: Any = None,
    kind: str = "c",
    limits: str = "auto",
    baseline: slice | Sequence[bool] | Mask | None = None,
) -> ControlChart:
    """A control chart of counts.

    Args:
        counts: One a point, in the order of time, 0 or more.
        sizes: What was at risk at a point: units sold (u), items looked at (p); one number, or one a point, more than
            0. c does not use it.
        kind: c, u or p.
        limits: sigma (cut at 0, and for p at 1), exact (0.135 % and 99.865 % of Poisson or binomial), or auto: exact
            where fewer than ten counts are expected, decided for each point.
        baseline: The points that make the limits, as a slice or a mask; None = all.

    Raises:
        ValueError: A sentence with the point (from 0): sizes that are missing for u and p, 0, negative, not finite or
            of another number; counts that are negative, not finite, or for p above their size; an unknown kind or
            limits; an empty baseline; exact limits for a p whose size is no whole number.
    """
    chart = _one_of(ChartKind, "kind", kind)
    wanted = _one_of(LimitKind, "limits", limits)
    read = read_counts(counts)
    size = _read_sizes(chart, sizes, read)
    chosen = read_baseline(baseline, len(read))

    total, base = float(read[chosen].sum()), float(size[chosen].sum())
    expected = total * size / base
    exact = np.full(len(read), wanted is LimitKind.EXACT)
    if wanted is LimitKind.AUTO:
        exact = expected < EXACT_BELOW * (1 - NOISE)
    low, high = _sigma_limits(chart, expected, size)
    if exact.any():
        low[exact], high[exact] = _exact_limits(chart, expected[exact], size[exact], np.flatnonzero(exact))
    noise = np.where(exact, 0, NOISE * np.maximum(1, high))
    too_few = float(expected.mean()) < 1 - NOISE
    found = [] if too_few else [*_beyond(read, low - noise, high + noise), *_runs(read, expected)]
    return ControlChart(
        values=read / size,
        center=np.full(len(read), total / base),
        lower=low / size,
        upper=high / size,
        exact=exact,
        signals=tuple(sorted(found)),
        too_few=too_few,
    )


def _one_of(known: type[Choice], what: str, value: str) -> Choice:
    try:
        return known(value)
    except ValueError:
        raise ValueError(f"{what} is {value!r}; expected one of {', '.join(known)}") from None


def _read_sizes(kind: ChartKind, sizes: Any, counts: Values) -> Values:
    """Sizes, one a point; 1 each for c."""
    if sizes is None:
        if kind is not ChartKind.C:
            raise ValueError(f"a {kind} chart needs sizes: one number, or one a point")
        return np.ones(len(counts))
    read = read_sizes(sizes, len(counts))
    above = counts > read
    if kind is ChartKind.P and above.any():
        point = int(np.argmax(above))
        raise ValueError(f"the count of point {point} is {counts[point]:g}, above its size of {read[point]:g}")
    return np.ones(len(counts)) if kind is ChartKind.C else read


def _sigma_limits(kind: ChartKind, expected: Values, size: Values) -> tuple[Values, Values]:
    """Three standard deviations around the expected counts, in counts."""
    variance = expected * (1 - expected / size) if kind is ChartKind.P else expected
    reach = 3 * np.sqrt(np.maximum(variance, 0))
    high = expected + reach
    return np.maximum(expected - reach, 0), np.minimum(high, size) if kind is ChartKind.P else high


def _exact_limits(kind: ChartKind, expected: Values, size: Values, points: Any) -> tuple[Values, Values]:
    """Quantiles in counts; equal points are computed once. `points` are their numbers, for the message."""
    known: dict[tuple[float, float], tuple[int, int]] = {}
    for mean, items, point in zip(expected.tolist(), size.tolist(), points.tolist(), strict=True):
        if kind is ChartKind.P and not items.is_integer():
            raise ValueError(f"the size of point {point} is {items:g}; exact limits of a p chart need whole numbers")
        if (mean, items) not in known:
            share = mean / items
            binomial = kind is ChartKind.P
            known[mean, items] = binomial_limits(int(items), share) if binomial else poisson_limits(mean)
    pairs = np.array([known[pair] for pair in zip(expected.tolist(), size.tolist(), strict=True)], np.float64)
    return pairs[:, 0], pairs[:, 1]


def _beyond(counts: Values, low: Values, high: Values) -> Iterator[tuple[int, Rule]]:
    for point in np.flatnonzero((counts < low) | (counts > high)).tolist():
        yield point, Rule.BEYOND


def _runs(counts: Values, expected: Values) -> Iterator[tuple[int, Rule]]:
    """The ninth and each further point on one side; a point on the centre ends a run."""
    off = counts - expected
    sides = np.where(np.abs(off) <= NOISE * np.maximum(1, expected), 0, np.sign(off)).astype(int)
    length = before = 0
    for point, side in enumerate(sides.tolist()):
        length = length + 1 if side and side == before else abs(side)
        before = side
        if length >= RUN_LENGTH:
            yield point, Rule.RUN
