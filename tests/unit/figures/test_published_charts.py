"""Control charts against worked examples of a textbook.

Source: D. C. Montgomery, Introduction to Statistical Quality Control, chapter 7: orange juice cans, purchase
orders in samples of unequal size, printed circuit boards, errors per shipment.
"""

from __future__ import annotations

import numpy as np
import pytest

from qtemplate.figures import ControlChart, control_chart

CANS = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]
ORDERS = [12, 8, 6, 9, 10, 12, 11, 16, 10, 6, 20, 15, 9, 8, 6, 8, 10, 7, 5, 8, 5, 8, 10, 6, 9]
ORDER_SIZES = [
    *(100, 80, 80, 100, 110, 110, 100, 100, 90, 90, 110, 120, 120, 120, 110, 80, 80, 80, 90, 100),
    *(100, 100, 100, 90, 90),
]
BOARDS = [21, 24, 16, 12, 15, 5, 28, 20, 31, 25, 20, 24, 16, 19, 10, 17, 13, 22, 18, 39, 30, 24, 16, 19, 17, 15]
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


def test_errors_per_shipment() -> None:
    chart = control_chart(SHIPMENTS, 50, "u", "sigma")
    assert lines(chart) == (0.0, 0.074, 0.1894)
    assert chart.signals == ()
