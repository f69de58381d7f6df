"""Control charts: limits, what lies on them, runs, baselines, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from qtemplate.figures import control_chart

NAN = float("nan")


def test_a_point_on_a_limit_is_not_beyond_it() -> None:
    nine = [9] * 20  # limits 0 and 18
    chart = control_chart([*nine, 18, 0, 19], kind="c", limits="sigma", baseline=slice(0, 20))
    assert (chart.lower[0], chart.center[0], chart.upper[0]) == (0, 9, 18)
    assert chart.signals == ((22, "beyond"),)


def test_a_rate_on_its_limit_is_not_beyond_it_whatever_its_last_digits_say() -> None:
    for size in (0.1, 0.3, 0.7, 1.1, 3.3, 7.0, 10.1):  # limits are 16 ± 12 counts at every size
        chart = control_chart([*[16] * 7, 28, 4, 29, 3], size, "u", "sigma", baseline=slice(7))
        assert chart.signals == ((9, "beyond"), (10, "beyond"))


def test_a_share_on_its_limit_is_not_beyond_it() -> None:
    chart = control_chart([*[18] * 6, 27, 9, 28, 8], 36, "p", "sigma", baseline=slice(6))  # 18 ± 3 × 3
    assert [point for point, rule in chart.signals if rule == "beyond"] == [8, 9]


def test_exact_limits_are_quantiles_and_a_count_on_one_is_within() -> None:
    chart = control_chart([9] * 10 + [19, 20, 2, 1, 0], limits="exact", baseline=slice(10))
    assert (chart.lower[0], chart.upper[0]) == (2, 19)
    assert chart.signals[-3:] == ((11, "beyond"), (13, "beyond"), (14, "beyond"))


def test_exact_limits_of_rates_are_quantiles_divided_by_the_size() -> None:
    rates = control_chart([9] * 10, 3, "u", "exact")
    assert (rates.lower[0], rates.center[0], rates.upper[0]) == (2 / 3, 3, 19 / 3)
    shares = control_chart([5] * 10, 20, "p", "exact")  # binomial, 20 items of which a quarter
    assert (shares.lower[0], shares.center[0], shares.upper[0]) == (0, 0.25, 11 / 20)


@pytest.mark.parametrize(("mean", "exact"), [(9, True), (10, False), (11, False)])
def test_auto_is_exact_where_less_than_ten_are_expected(mean: int, exact: bool) -> None:
    assert control_chart([mean] * 5).exact.tolist() == [exact] * 5
    assert control_chart([mean] * 5, 0.1, "u").exact.tolist() == [exact] * 5
    assert control_chart([mean] * 5, 300, "p").exact.tolist() == [exact] * 5


def test_auto_decides_point_by_point_where_sizes_differ() -> None:
    chart = control_chart([5, 20], [10, 40], "u")
    assert chart.exact.tolist() == [True, False]
    assert chart.upper.tolist() == [1.3, (20 + 3 * 20**0.5) / 40]


def test_limits_are_cut_at_nothing_and_at_everything() -> None:
    assert control_chart([1, 1, 1], limits="sigma").lower.tolist() == [0, 0, 0]
    chart = control_chart([9, 9, 9], 10, "p", "sigma")
    assert chart.upper.tolist() == [1, 1, 1]
    assert control_chart([3, 3], 3, "p").upper.tolist() == [1, 1]


def test_a_run_is_told_at_its_ninth_and_each_further_point() -> None:
    series = [20] * 10 + [12] * 10
    found = [point for point, rule in control_chart(series, limits="sigma").signals if rule == "run"]
    assert found == [8, 9, 18, 19]


def test_a_point_on_the_centre_ends_a_run() -> None:
    def signals(between: int) -> list[tuple[int, str]]:
        series = [10] * 4 + [12] * 8 + [between] + [12] * 8
        return list(control_chart(series, baseline=slice(4)).signals)

    assert signals(10) == []
    assert signals(12) == [(point, "run") for point in range(12, 21)]


def test_the_other_side_begins_a_new_run() -> None:
    assert control_chart([12] * 8 + [8] * 8).signals == ()


def test_one_point_can_be_beyond_and_in_a_run() -> None:
    chart = control_chart([10] * 12 + [12] * 8 + [40], baseline=slice(12))
    assert chart.signals == ((20, "beyond"), (20, "run"))


def test_below_one_expected_count_the_lines_stand_and_nothing_is_said() -> None:
    chart = control_chart([0] * 19 + [9])
    assert chart.too_few
    assert (chart.center[0], chart.upper[0], chart.signals) == (0.45, 3, ())
    assert not control_chart([1] * 10).too_few
    assert not control_chart([1] * 10, 0.1, "u").too_few
    assert control_chart([0, 0, 0], 100, "p").too_few


def test_a_baseline_makes_the_limits_of_all_points() -> None:
    series = [4, 6, 5, 5, 30]
    expected = control_chart(series, baseline=slice(4))
    mask = np.array([True, True, True, True, False])
    baselines: list[Any] = [mask, mask.tolist(), pd.Series(mask), slice(None, -1)]
    for baseline in baselines:
        chart = control_chart(series, baseline=baseline)
        assert (chart.center.tolist(), chart.signals) == (expected.center.tolist(), expected.signals)
    assert expected.center.tolist() == [5] * 5
    assert expected.signals == ((4, "beyond"),)


def test_one_point_is_a_chart() -> None:
    chart = control_chart([25])
    assert (chart.lower[0], chart.center[0], chart.upper[0], chart.signals) == (10, 25, 40, ())


def test_numbers_come_in_any_dress() -> None:
    series = [3, 0, 5, 2]
    expected = control_chart(series, [10.0, 10.0, 20.0, 10.0], "u")
    dresses: list[Any] = [
        tuple(series),
        np.array(series, np.int8),
        np.array(series, np.float32),
        np.ma.masked_array(series, mask=False),
        pd.Series(series, index=[4, 3, 2, 1]),
        pd.Series(series, dtype="Int64"),
        (number for number in series),
    ]
    for dress in dresses:
        chart = control_chart(dress, pd.Series([10, 10, 20, 10]), "u")
        assert chart.upper.tolist() == expected.upper.tolist()
    assert (
        control_chart(series, np.int64(10), "u").center[0]
        == control_chart(series, np.array(10.0), "u").center[0]
        == 0.25
    )


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"counts": []}, "there are no points; a chart needs at least one count"),
    ({"counts": 5}, "the counts are 5; expected one number a point"),
    ({"counts": [1, NAN]}, "the count of point 1 is nan; expected a finite number"),
    ({"counts": [1, 2, None]}, "the count of point 2 is None; expected a finite number"),
    ({"counts": ["3"]}, "the count of point 0 is '3'; expected a finite number"),
    ({"counts": [1, float("inf")]}, "the count of point 1 is inf; expected a finite number"),
    ({"counts": [[1, 2], [3, 4]]}, "the count of point 0 is [1, 2]; expected a finite number"),
    ({"counts": [1, 10**400]}, f"the count of point 1 is {10**400!r}; expected a finite number"),
    ({"counts": [3, -1]}, "the count of point 1 is -1; a count is 0 or more"),
    ({"kind": "np"}, "kind is 'np'; expected one of c, u, p"),
    ({"limits": "3s"}, "limits is '3s'; expected one of auto, sigma, exact"),
    ({"kind": "u"}, "a u chart needs sizes: one number, or one a point"),
    ({"kind": "p"}, "a p chart needs sizes: one number, or one a point"),
    ({"kind": "u", "sizes": [1, 2]}, "there are 3 points but 2 sizes; give one size, or one a point"),
    ({"kind": "u", "sizes": [9]}, "there are 3 points but 1 sizes; give one size, or one a point"),
    ({"kind": "u", "sizes": [1, 0, 2]}, "the size of point 1 is 0; a size is more than 0"),
    ({"kind": "u", "sizes": -2}, "the size of point 0 is -2; a size is more than 0"),
    ({"kind": "u", "sizes": [1, 2, NAN]}, "the size of point 2 is nan; expected a finite number"),
    ({"kind": "u", "sizes": float("inf")}, "the size of point 0 is inf; expected a finite number"),
    ({"kind": "u", "sizes": "10"}, "the size of point 0 is '10'; expected a finite number"),
    ({"kind": "c", "sizes": 0}, "the size of point 0 is 0; a size is more than 0"),
    ({"kind": "p", "sizes": 4}, "the count of point 1 is 5, above its size of 4"),
    ({"kind": "p", "sizes": 9.5}, "the size of point 0 is 9.5; exact limits of a p chart need whole numbers"),
    ({"baseline": slice(5, 9)}, "the baseline holds none of the 3 points; it needs at least one to make limits from"),
    ({"baseline": [False] * 3}, "the baseline holds none of the 3 points; it needs at least one to make limits from"),
    ({"baseline": [True]}, "a baseline is a slice, or a mask of 3 values true or false, one a point"),
    ({"baseline": [0, 1, 2]}, "a baseline is a slice, or a mask of 3 values true or false, one a point"),
]


@pytest.mark.parametrize(("arguments", "sentence"), REFUSED, ids=range(len(REFUSED)))
def test_what_cannot_be_charted_is_refused_in_a_sentence(arguments: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError) as refused:
        control_chart(**{"counts": [3, 5, 4], **arguments})
    assert str(refused.value) == sentence


def test_a_masked_count_is_a_missing_one() -> None:
    with pytest.raises(ValueError, match="count of point 1 is masked"):
        control_chart(np.ma.masked_array([3, 4], mask=[False, True]))
    with pytest.raises(ValueError, match="count of point 1 is <NA>"):
        control_chart(pd.Series([3, None], dtype="Int64"))
