"""Phases: each has a centre of its own, and a run does not cross from one into the next."""

from __future__ import annotations

import datetime as dt

import pytest

from qtemplate.figures.period import last_months
from qtemplate.figures.phases import chart_phases, phase_starts

SERIES = [30] * 12 + [15] * 12


def test_an_improvement_that_is_declared_is_no_signal_any_more() -> None:
    [whole] = chart_phases(SERIES)
    assert {point for point, _ in whole.signals} >= {8, 20, 23}
    before, after = chart_phases(SERIES, starts=[12])
    assert [(each.start, each.stop, each.chart.center[0], each.signals) for each in (before, after)] == [
        (0, 12, 30, ()),
        (12, 24, 15, ()),
    ]


def test_signals_of_a_phase_are_told_at_the_points_of_the_series() -> None:
    _, after = chart_phases([30] * 12 + [14, 16] * 3 + [60], starts=[12, 12])
    assert after.chart.signals == ((6, "beyond"),)
    assert after.signals == ((18, "beyond"),)


def test_each_phase_has_its_own_sizes() -> None:
    phases = chart_phases([10, 10, 10, 10], [10, 10, 20, 20], "u", starts=[2])
    assert [each.chart.center.tolist() for each in phases] == [[1, 1], [0.5, 0.5]]
    assert [each.chart.center[0] for each in chart_phases([4, 4, 8], 4, "u", starts=[2])] == [1, 2]


def test_what_is_wrong_is_told_at_the_point_of_the_series() -> None:
    with pytest.raises(ValueError, match="the count of point 3 is 9, above its size of 5"):
        chart_phases([1, 1, 1, 9], 5, "p", starts=[2])
    for start in (4, -1):
        with pytest.raises(ValueError, match=f"a phase starts at point {start}; the points are 0 to 3"):
            chart_phases([1, 1, 1, 9], starts=[start])


def test_a_phase_starts_with_the_first_whole_month() -> None:
    months = last_months(dt.datetime(2026, 10, 15), 6)  # May to October
    days = [dt.date(2026, 6, 1), dt.date(2026, 7, 2), dt.date(2026, 7, 30)]
    assert phase_starts(months, days) == (1, 3)
    assert phase_starts(months, [dt.date(2026, 5, 1), dt.date(2020, 1, 1), dt.date(2026, 10, 2)]) == ()
