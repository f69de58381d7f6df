"""Figures for arbitrary series and registers: what must hold whatever the numbers are."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from qtemplate.figures import ControlChart, control_chart
from qtemplate.figures.flow import flow_by_level
from qtemplate.figures.pareto import make_pareto
from qtemplate.figures.period import Period
from qtemplate.figures.quantiles import HIGH, LOW, binomial_limits, poisson_limits, poisson_tail
from qtemplate.figures.rows import EarlierCycles, Rows

KINDS = st.sampled_from(["c", "u", "p"])
LIMITS = st.sampled_from(["auto", "sigma", "exact"])
POINTS = st.lists(st.tuples(st.integers(0, 60), st.integers(60, 300)), min_size=1, max_size=40)


def chart(points: list[tuple[int, int]], kind: str, limits: str) -> ControlChart:
    counts, sizes = zip(*points, strict=True)
    return control_chart(counts, None if kind == "c" else sizes, kind, limits)


@given(POINTS, KINDS, LIMITS)
def test_the_centre_lies_between_the_limits_and_they_stay_where_counts_can_be(
    points: list[tuple[int, int]], kind: str, limits: str
) -> None:
    found = chart(points, kind, limits)
    assert (found.lower >= 0).all()
    if kind == "p":
        assert (found.upper <= 1).all()
    assert (found.lower <= found.upper).all()
    sigma = ~found.exact
    assert (found.lower[sigma] <= found.center[sigma] + 1e-12).all()
    assert (found.center[sigma] <= found.upper[sigma] + 1e-12).all()


@given(POINTS, KINDS, LIMITS)
def test_a_signal_beyond_is_a_point_outside_the_lines_and_nothing_else(
    points: list[tuple[int, int]], kind: str, limits: str
) -> None:
    found = chart(points, kind, limits)
    outside = (found.values > found.upper + 1e-9) | (found.values < found.lower - 1e-9)
    beyond = [point for point, rule in found.signals if rule == "beyond"]
    assert beyond == ([] if found.too_few else np.flatnonzero(outside).tolist())


@given(st.lists(st.integers(0, 30), min_size=1, max_size=40), st.integers(31, 90), LIMITS)
def test_the_shares_of_the_others_are_the_mirror_image(counts: list[int], size: int, limits: str) -> None:
    good = [size - count for count in counts]
    if limits == "auto":  # which goes by the expected count, and so is not symmetric
        limits = "sigma"
    one, other = control_chart(counts, size, "p", limits), control_chart(good, size, "p", limits)
    np.testing.assert_allclose(one.center, 1 - other.center, atol=1e-12)
    if limits == "sigma":
        np.testing.assert_allclose(one.upper, 1 - other.lower, atol=1e-12)
        if not one.too_few and not other.too_few:
            assert one.signals == other.signals


@given(POINTS, LIMITS, st.sampled_from([0.001, 0.1, 3.0, 7.0, 1000.0]))
def test_the_unit_in_which_sizes_are_told_changes_nothing_but_the_scale(
    points: list[tuple[int, int]], limits: str, factor: float
) -> None:
    counts, sizes = zip(*points, strict=True)
    one = control_chart(counts, sizes, "u", limits)
    other = control_chart(counts, [size * factor for size in sizes], "u", limits)
    np.testing.assert_allclose(one.upper, other.upper * factor)
    assert (one.signals, one.too_few, one.exact.tolist()) == (other.signals, other.too_few, other.exact.tolist())


@given(st.lists(st.integers(0, 40), min_size=1, max_size=40), st.integers(1, 50))
def test_a_u_chart_of_equal_sizes_is_a_c_chart_per_unit(counts: list[int], size: int) -> None:
    c, u = control_chart(counts), control_chart(counts, size, "u")
    np.testing.assert_allclose(c.upper, u.upper * size)
    assert (c.signals, c.too_few, c.exact.tolist()) == (u.signals, u.too_few, u.exact.tolist())


@given(st.floats(0, 5000))
def test_quantiles_bracket_their_shares(mean: float) -> None:
    low, high = poisson_limits(mean)
    assert 1 - poisson_tail(low + 1, mean) >= LOW - 1e-12
    assert poisson_tail(high + 1, mean) <= 1 - HIGH + 1e-12
    assert low == 0 or 1 - poisson_tail(low, mean) < LOW + 1e-12
    assert high == 0 or poisson_tail(high, mean) > 1 - HIGH - 1e-12


@given(st.integers(1, 3000), st.floats(0, 1))
def test_binomial_quantiles_lie_within_the_size(size: int, share: float) -> None:
    low, high = binomial_limits(size, share)
    assert 0 <= low <= high <= size


@given(st.lists(st.sampled_from(["a", "b", "c", "d", "e", None]), max_size=40))
def test_a_pareto_counts_every_row_once_and_its_vital_few_are_enough(values: list[str | None]) -> None:
    ids = np.array([str(at) for at in range(len(values))], object)
    found = make_pareto(ids, np.ones(len(values), bool), np.array(values, object))
    told = [id for bar in found.bars for id in bar.count.ids] + list(found.without.ids)
    assert sorted(told) == sorted(ids.tolist())
    heights = [bar.count.n for bar in found.bars]
    vital = [bar.count.n for bar in found.bars if bar.vital]
    assert heights == sorted(heights, reverse=True)
    assert heights[: len(vital)] == vital
    assert sum(vital) * 5 >= sum(heights) * 4
    fewer = [height for height in vital if height > vital[-1]]
    assert not vital or sum(fewer) * 5 < sum(heights) * 4


HOURS = st.lists(st.integers(0, 24 * 120), min_size=1, max_size=6).map(sorted)


def register(lives: list[tuple[list[int], bool]]) -> Rows:
    """Rows whose life is a list of moments (hours of 2026): received, closed, reopened, closed, …"""
    start, nothing = np.datetime64("2026-01-01", "s"), np.datetime64("NaT", "s")

    def at(hours: list[int], place: int) -> Any:
        return start + np.timedelta64(hours[place], "h") if place < len(hours) else nothing

    empty: Any = np.full(len(lives), None, object)
    times: Any = np.full(len(lives), nothing)
    numbers = np.full(len(lives), np.nan)
    cycles = [(row, at(own, 2 * n + 1), at(own, 2 * n + 2)) for row, (own, _) in enumerate(lives) for n in range(2)]
    cycles = [cycle for cycle in cycles if not np.isnat(cycle[2])]
    return Rows(
        ids=np.array([str(at) for at in range(len(lives))], object),
        received_at=np.array([at(own, 0) for own, _ in lives], "M8[s]"),
        closed_at=np.array([at(own, len(own) - 1) if len(own) % 2 == 0 else nothing for own, _ in lives], "M8[s]"),
        merged=np.array([merged for _, merged in lives], bool),
        level=empty,
        product=empty,
        model=empty,
        batch=empty,
        category=empty,
        fault=empty,
        cause=empty,
        department=empty,
        close_by=times,
        cycle_days=numbers,
        age_days=numbers,
        fixed_at=times,
        asked_at=times,
        satisfaction=numbers,
        reopened=np.array([(len(own) - 1) // 2 for own, _ in lives], np.int64),
        cycles=EarlierCycles(
            np.array([row for row, _, _ in cycles], np.intp),
            np.array([closed for _, closed, _ in cycles], "M8[s]"),
            np.array([reopened for _, _, reopened in cycles], "M8[s]"),
            np.full(len(cycles), np.datetime64("NaT", "s")),
        ),
    )


@given(st.lists(st.tuples(HOURS, st.booleans()), max_size=12), st.integers(0, 24 * 130))
def test_what_is_open_is_what_was_open_and_came_in_less_what_went_out(
    lives: list[tuple[list[int], bool]], hours: int
) -> None:
    now = dt.datetime(2026, 1, 1) + dt.timedelta(hours=hours)
    months = [Period.of_month(2026, month) for month in range(1, 6)]
    still_open = 0
    for each in flow_by_level(register(lives), months, now):
        flow = each.total
        still_open += flow.received.n + flow.reopened.n - flow.closed.n
        assert flow.open.n == still_open
