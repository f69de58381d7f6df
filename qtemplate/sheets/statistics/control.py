"""The control chart of 统计: its points as `figures` has them, and the same as formulas.

The formulas use what every spreadsheet has had for long: POISSON, whose sum over a range of counts gives the exact
quantiles, as `figures.quantiles` has them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from ...figures.charts import EXACT_BELOW, NOISE, RUN_LENGTH
from ...figures.month_table import MonthTable
from ...figures.monthly_charts import LEAST_MONTHS
from ...figures.phases import chart_phases
from ...figures.quantiles import HIGH, LOW
from ...ooxml.cells import CellError
from . import places as at
from .month_figures import pick, plain

_NOISE = "1E-9"
"""`NOISE`, as formulas write it."""

MOST_COUNTS = 60
"""Counts among which a quantile is looked for: that of a mean of 10 is 21."""


class Point(Struct, frozen=True):
    """A month of the chart; None where there are too few months for lines."""

    count: float
    size: float
    phase: float
    value: float | None = None
    center: float | None = None
    upper: float | None = None
    lower: float | None = None
    expected: float | None = None
    run: int = 0
    signal: bool = False


def control_points(table: MonthTable, places: Sequence[tuple[int, int] | None]) -> list[Point | None]:
    """The points of some months, oldest first; None for one that is not over or that the register does not have."""
    bare = [_bare(table, place) for place in places]
    known = [point for point in bare if point is not None]
    if len(known) < LEAST_MONTHS:
        return list(bare)
    rated = all(point.size > 0 for point in known)
    starts = [at for at in range(1, len(known)) if known[at].phase != known[at - 1].phase]
    phases = chart_phases(
        [point.count for point in known], [point.size for point in known] if rated else None, "u" if rated else "c",
        starts=starts,
    )  # fmt: skip
    made: list[Point] = []
    for phase in phases:
        chart, run = phase.chart, 0
        said = {point for point, _ in chart.signals}
        for own, point in enumerate(known[phase.start : phase.stop]):
            size = point.size if rated else 1.0
            expected = float(chart.center[own]) * size
            off = point.count - expected
            side = 0 if abs(off) <= NOISE * max(1.0, expected) else 1 if off > 0 else -1
            run = 0 if side == 0 else run + side if run * side > 0 else side
            made.append(
                replace(
                    point,
                    value=float(chart.values[own]),
                    center=float(chart.center[own]),
                    upper=float(chart.upper[own]),
                    lower=float(chart.lower[own]),
                    expected=expected,
                    run=run,
                    signal=own in said,
                )
            )
    rest = iter(made)
    return [None if point is None else next(rest) for point in bare]


def _bare(table: MonthTable, place: tuple[int, int] | None) -> Point | None:
    if place is None or not table.number("whole", place):
        return None
    count, size, phase = (table.number(name, place) or 0 for name in ("received", "volume", "phase"))
    return Point(count, size, phase)


def result(point: Point | None, name: str) -> CellError | int | float:
    """What the cell of a column shows of a point."""
    if point is None or (name not in ("count", "size", "phase") and point.value is None):
        return 0 if name == "run" else CellError.NA
    if name == "signal":
        return plain(point.value or 0) if point.signal else CellError.NA
    number: float = getattr(point, name)
    return plain(number)


@cache
def control_formulas(row: int) -> Mapping[str, str]:
    """The formulas of a row of the table by column, without `=`."""

    def cell(name: str, of: int = row) -> str:
        return at.month_cell(name, of)

    count, phase, expected = cell("count"), cell("phase"), cell("expected")
    counts, sizes, phases = (at.month_cells(name) for name in ("count", "size", "phase"))
    size = f"IF({at.RATED}=1,{cell('size')},1)"
    own, many = f"SUMIF({phases},{phase},{counts})", f"COUNTIF({phases},{phase})"
    exact = f"{expected}<{EXACT_BELOW}*(1-{_NOISE})"
    found = f"IF({cell('row')}=0,NA(),IF({pick('whole', cell('row'))}=0,NA(),"
    last = at.MONTH_COLUMNS["received_none"]
    assert last - at.MONTH_COLUMNS["received_urgent"] == len(at.LEVELS) - 1
    levels = f"{cell('received_urgent')}:{cell('received_none')}"
    tolerance = f"{_NOISE}*MAX(1,{cell('upper')}*{size})"
    # exact limits are whole counts, so that the tolerance decides nothing there
    beyond = f"{count}-{cell('upper')}*{size}>{tolerance},{cell('lower')}*{size}-{count}>{tolerance}"
    side = f"IF(ABS({count}-{expected})<={_NOISE}*MAX(1,{expected}),0,SIGN({count}-{expected}))"
    before = cell("run", row - 1)
    run = side
    if row > at.FIRST_ROW:
        same = f"AND({cell('phase', row - 1)}={phase},SIGN({before})={side})"
        run = f"{side}+IF(ISNUMBER({cell('expected', row - 1)}),IF({same},{before},0),0)"
    high = f"IF({exact},{_quantile(expected, HIGH)},{expected}+3*SQRT({expected}))"
    low = f"IF({exact},{_quantile(expected, LOW)},MAX(0,{expected}-3*SQRT({expected})))"
    return {
        "count": f"{found}SUM({levels})))",
        "size": f"IF(ISNUMBER({count}),{pick('volume', cell('row'))},NA())",
        "phase": f"IF(ISNUMBER({count}),{pick('phase', cell('row'))},NA())",
        "value": f"IF({at.POINTS}<{LEAST_MONTHS},NA(),{count}/{size})",
        "center": f"IF(ISNUMBER({cell('value')}),{own}/IF({at.RATED}=1,SUMIF({phases},{phase},{sizes}),{many}),NA())",
        "upper": f"IF(ISNUMBER({expected}),{high}/{size},NA())",
        "lower": f"IF(ISNUMBER({expected}),{low}/{size},NA())",
        "signal": f"IF(ISNUMBER({expected}),IF({own}/{many}<1-{_NOISE},NA(),"
        f"IF(OR({beyond},ABS({cell('run')})>={RUN_LENGTH}),{cell('value')},NA())),NA())",
        "expected": f"IF(ISNUMBER({cell('value')}),{cell('center')}*{size},NA())",
        "run": f"IF(ISNUMBER({expected}),{run},0)",
    }


def _quantile(mean: str, share: float) -> str:
    """The smallest count up to which a Poisson distribution reaches a share: how many counts do not."""
    return f"IF({mean}=0,0,SUMPRODUCT(--(POISSON(ROW($1:${MOST_COUNTS})-1,{mean},TRUE)<{share}*(1-1E-12))))"
