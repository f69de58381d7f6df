"""Control charts against worked examples of a textbook and a handbook.

Sources: D. C. Montgomery, Introduction to Statistical Quality Control, chapter 7: orange juice cans before and after
the machine was set, purchase orders in samples of unequal size, printed circuit boards, computers, dyed cloth by the
square metre, errors per shipment; NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.3.1: defects of wafers.
"""

from __future__ import annotations

import numpy as np
import pytest

from qtemplate.figures import ControlChart, control_chart
from qtemplate.figures.charts import ChartKind
from qtemplate.figures.phases import chart_phases

CANS = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]
ORDERS = [12, 8, 6, 9, 10, 12, 11, 16, 10, 6, 20, 15, 9, 8, 6, 8, 10, 7, 5, 8, 5, 8, 10, 6, 9]
ORDER_SIZES = [
    *(100, 80, 80, 100, 110, 110, 100, 100, 90, 90, 110, 120, 120, 120, 110, 80, 80, 80, 90, 100),
    *(100, 100, 100, 90, 90),
]
BOARDS = [21, 24, 16, 12, 15, 5, 28, 20, 31, 25, 20, 24, 16, 19, 10, 17, 13, 22, 18, 39, 30, 24, 16, 19, 17, 15]
LATER_CANS = [9, 6, 12, 5, 6, 4, 6, 3, 7, 6, 2, 4, 3, 6, 5, 4, 8, 5, 6, 7, 5, 6, 3, 5]
LATER_BOARDS = [16, 18, 12, 15, 24, 21, 28, 20, 25, 19, 18, 21, 16, 22, 19, 12, 14, 9, 16, 21]
WAFERS = [16, 14, 28, 16, 12, 20, 10, 12, 10, 17, 19, 17, 14, 16, 15, 13, 14, 16, 11, 20, 11, 19, 16, 31, 13]
COMPUTERS = [10, 12, 8, 14, 10, 16, 11, 7, 10, 15, 9, 5, 7, 11, 12, 6, 8, 10, 7, 5]
CLOTH = [14, 12, 20, 11, 7, 10, 21, 16, 19, 23]
CLOTH_UNITS = [10.0, 8.0, 13.0, 10.0, 9.5, 10.0, 12.0, 10.5, 12.0, 12.5]
SHIPMENTS = [2, 3, 8, 1, 1, 4, 1, 4, 5, 1, 8, 2, 4, 3, 4, 1, 8, 3, 7, 4]


def lines(chart: ControlChart, digits: int = 4) -> tuple[float, float, float]:
    """Lower limit, centre and upper limit, which are the same for all points."""
    found = [set(line.round(digits).tolist()) for line in (chart.lower, chart.center, chart.upper)]
    assert [len(each) for each in found] == [1, 1, 1]
    low, center, high = (each.pop() for each in found)
    return low, center, high


def beyond(chart: ControlChart) -> list[int]:
    """Samples beyond the limits, counted from 1 as the book does."""
    return [point + 1 for point, rule in chart.signals if rule == "beyond"]


def test_the_share_of_leaking_cans() -> None:
    chart = control_chart(CANS, 50, "p")
    assert lines(chart) == (0.0524, 0.2313, 0.4102)
    assert beyond(chart) == [15, 23]


def test_the_cans_without_the_two_samples_that_had_a_cause() -> None:
    kept = np.array([sample not in (15, 23) for sample in range(1, 31)])
    chart = control_chart(CANS, 50, "p", baseline=kept)
    assert lines(chart) == (0.0407, 0.215, 0.3893)
    assert beyond(chart) == [15, 21, 23]


def test_purchase_orders_in_weeks_of_unequal_size() -> None:
    chart = control_chart(ORDERS, ORDER_SIZES, "p", "sigma")
    assert chart.center[0] == pytest.approx(234 / 2450)
    assert chart.upper[[0, 1, 10]].round(3).tolist() == [0.184, 0.194, 0.18]
    assert chart.lower[[0, 1, 10]].round(3).tolist() == [0.007, 0.0, 0.011]
    assert beyond(chart) == [11]


def test_purchase_orders_decide_week_by_week_which_limits_they_have() -> None:
    chart = control_chart(ORDERS, ORDER_SIZES, "p", "auto")
    assert chart.exact.tolist() == [size * 234 / 2450 < 10 for size in ORDER_SIZES]
    assert set(chart.exact.tolist()) == {True, False}
    exact, sigma = (control_chart(ORDERS, ORDER_SIZES, "p", limits) for limits in ("exact", "sigma"))
    assert chart.upper.tolist() == np.where(chart.exact, exact.upper, sigma.upper).tolist()
    assert chart.lower.tolist() == np.where(chart.exact, exact.lower, sigma.lower).tolist()


def test_nonconformities_of_circuit_boards() -> None:
    chart = control_chart(BOARDS)
    assert lines(chart, 2) == (6.48, 19.85, 33.21)
    assert beyond(chart) == [6, 20]


def test_the_boards_without_the_two_samples_that_had_a_cause_and_the_next_twenty() -> None:
    """516 nonconformities less 5 and 39 in 24 samples; of the next twenty none is beyond, and their mean is 18.30."""
    series = BOARDS + LATER_BOARDS
    kept = [sample <= 26 and sample not in (6, 20) for sample in range(1, 47)]
    chart = control_chart(series, baseline=kept)
    assert lines(chart, 2) == (6.36, 19.67, 32.97)
    root = (472 / 24) ** 0.5
    assert chart.lower[0] == pytest.approx(472 / 24 - 3 * root, abs=1e-9)
    assert chart.upper[0] == pytest.approx(472 / 24 + 3 * root, abs=1e-9)
    assert beyond(chart) == [6, 20]
    later = control_chart(series, baseline=slice(26, None))
    assert later.center[0] == pytest.approx(18.30)


def test_the_cans_after_the_machine_was_set_have_a_centre_of_their_own() -> None:
    """Against the old limits sample 41 is beyond and a run begins; a new phase says nothing but that it is lower."""
    kept = [sample <= 30 and sample not in (15, 23) for sample in range(1, 55)]
    old = control_chart(CANS + LATER_CANS, 50, "p", baseline=kept)
    assert beyond(old) == [15, 21, 23, 41]
    assert [point + 1 for point, rule in old.signals if rule == "run"] == list(range(42, 55))
    (before, after) = chart_phases(CANS + LATER_CANS, [50.0] * 54, ChartKind.P, starts=(0, 30))
    assert lines(after.chart)[1] == 0.1108 and before.chart.center[0] == pytest.approx(347 / 1500)
    assert after.signals == ()
    sigma = control_chart(LATER_CANS, 50, "p", "sigma")
    assert lines(sigma) == (0.0, 0.1108, 0.244)


def test_a_wafer_that_lies_on_the_limit_is_not_beyond_it() -> None:
    """Four hundred defects on 25 wafers: the limits are 4 and 28; the third wafer has 28, the 24th 31."""
    for limits in ("auto", "sigma"):
        chart = control_chart(WAFERS, limits=limits)
        assert (lines(chart), chart.signals) == ((4.0, 16.0, 28.0), ((23, "beyond"),))


def test_nonconformities_of_computers_in_samples_of_five() -> None:
    chart = control_chart(COMPUTERS, 5, "u", "sigma")
    assert lines(chart, 2) == (0.07, 1.93, 3.79)
    assert beyond(chart) == []
    exact = control_chart(COMPUTERS, 5, "u")  # 9.65 are expected of a sample: less than ten
    assert exact.exact.tolist() == [True] * 20
    assert lines(exact) == (0.4, 1.93, 4.0)


def test_dyed_cloth_has_limits_for_each_roll() -> None:
    """The book rounds the centre to 1.42 before it goes on, so that its limits may differ by 0.01."""
    chart = control_chart(CLOTH, CLOTH_UNITS, "u", "sigma")
    assert chart.center[0] == pytest.approx(153 / 107.5, abs=1e-9)
    upper = [2.55, 2.68, 2.41, 2.55, 2.58, 2.55, 2.45, 2.52, 2.45, 2.43]
    lower = [0.29, 0.16, 0.43, 0.29, 0.26, 0.29, 0.39, 0.32, 0.39, 0.41]
    assert chart.upper.tolist() == pytest.approx(upper, abs=0.011)
    assert chart.lower.tolist() == pytest.approx(lower, abs=0.011)
    assert chart.signals == ()


def test_errors_per_shipment() -> None:
    chart = control_chart(SHIPMENTS, 50, "u", "sigma")
    assert lines(chart) == (0.0, 0.074, 0.1894)
    assert chart.signals == ()
