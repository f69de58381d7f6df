"""Phases of a series: from a declared improvement on, the points have a centre of their own.

Without phases a change for good is reported every month for ever after; with them it is reported until it is declared.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

from .charts import ControlChart, Rule, control_chart
from .period import Period
from .series import read_counts, read_sizes


class Phase(Struct, frozen=True, eq=False):
    """Points `start` up to, not including, `stop` of the series, and their chart, which counts its points from 0."""

    start: int
    stop: int
    chart: ControlChart

    @property
    def signals(self) -> tuple[tuple[int, Rule], ...]:
        """The signals of the chart, with the point's index in the whole series."""
        return tuple((self.start + point, rule) for point, rule in self.chart.signals)


def chart_phases(
    counts: Iterable[Any], sizes: Any = None, kind: str = "c", limits: str = "auto", starts: Iterable[int] = ()
) -> tuple[Phase, ...]:
    """One chart a phase, in order; runs do not go from one phase into the next.

    Args:
        counts, sizes, kind, limits: As for `control_chart`, of the whole series.
        starts: Index of the first point of every phase but the first; order and doubles do not matter.

    Raises:
        ValueError: As `control_chart`; a start that is no point of the series. What is wrong with a count or a size
            names its point in the whole series.
    """
    read = read_counts(counts)
    size = None if sizes is None else read_sizes(sizes, len(read))
    bounds = sorted({0, *starts})
    if bounds[0] < 0 or bounds[-1] >= len(read):
        raise ValueError(f"a phase starts at point {bounds[0] or bounds[-1]}; the points are 0 to {len(read) - 1}")
    control_chart(read, size, kind, limits)  # so that a complaint counts points in the whole series
    return tuple(
        Phase(start, stop, control_chart(read[start:stop], None if size is None else size[start:stop], kind, limits))
        for start, stop in zip(bounds, [*bounds[1:], len(read)], strict=True)
    )


def phase_starts(periods: Sequence[Period], declared: Iterable[dt.date]) -> tuple[int, ...]:
    """Where phases start in a series of periods: at the first whole period on or after each date.

    A month in which something changed is half old and half new, so it stays with the old. Dates for which the series
    holds no point yet give none, and so do dates before the second point.
    """
    begins = [period.start.date() for period in periods]
    at = {next((point for point, begin in enumerate(begins) if begin >= day), 0) for day in declared}
    return tuple(sorted(at - {0}))
