"""`control_chart` against an oracle that shares nothing with it: fractions, and sums of exact probabilities.

The oracle is the contract read literally: the centre is the counts of the baseline over its sizes, a quantile is the
smallest count at which the summed probability reaches the share, a signal is a comparison of whole counts.
"""

from __future__ import annotations

import math
import random
from fractions import Fraction

import pytest

from qtemplate.figures import control_chart

LOW, HIGH = Fraction(135, 100_000), Fraction(99_865, 100_000)


def poisson_quantile(mean: float, share: Fraction) -> int:
    """Smallest k with P(X <= k) >= share, by adding up."""
    total, term, k = 0.0, math.exp(-mean), 0
    while True:
        total += term
        if total >= float(share):
            return k
        k += 1
        term *= mean / k


def binomial_quantile(size: int, p: Fraction, share: Fraction) -> int:
    total = Fraction(0)
    for k in range(size + 1):
        total += math.comb(size, k) * p**k * (1 - p) ** (size - k)
        if total >= share:
            return k
    return size


def oracle(
    counts: list[int], sizes: list[int] | None, kind: str, limits: str, base: list[bool]
) -> tuple[list[tuple[float, float, float]], list[tuple[int, str]], bool]:
    """Centre, lower and upper of each point; the signals; whether there are too few."""
    n = [1] * len(counts) if sizes is None or kind == "c" else sizes
    center = Fraction(sum(c for c, b in zip(counts, base, strict=True) if b),
                      sum(s for s, b in zip(n, base, strict=True) if b))  # fmt: skip
    lines, beyond, side = [], [], []
    for point, (count, size) in enumerate(zip(counts, n, strict=True)):
        expected = center * size
        if limits == "exact" or (limits == "auto" and expected < 10):
            if kind == "p":
                low, high = (binomial_quantile(size, center, share) for share in (LOW, HIGH))
            else:
                low, high = (poisson_quantile(float(expected), share) for share in (LOW, HIGH))
            out = count < low or count > high
            lines.append((float(center), low / size, high / size))
        else:
            variance = expected * (1 - center) if kind == "p" else expected
            out = (count - expected) ** 2 > 9 * variance
            reach = 3 * math.sqrt(variance)
            top = float(expected) + reach
            top = min(top, size) if kind == "p" else top
            out = out and (count > expected or float(expected) - reach > 0)
            lines.append((float(center), max(0.0, float(expected) - reach) / size, top / size))
        if out:
            beyond.append((point, "beyond"))
        side.append((count > expected) - (count < expected))
    few = center * Fraction(sum(n), len(n)) < 1
    runs = [
        (end, "run")
        for end in range(8, len(side))
        if side[end] and all(each == side[end] for each in side[end - 8 : end + 1])
    ]
    return lines, [] if few else sorted(beyond + runs), few


@pytest.mark.parametrize("kind", ["c", "u", "p"])
@pytest.mark.parametrize("limits", ["auto", "sigma", "exact"])
def test_series_of_all_sorts_have_the_lines_and_signals_of_the_contract(kind: str, limits: str) -> None:
    rng = random.Random(f"{kind}{limits}")
    for _ in range(40):
        points, rate = rng.randint(1, 36), rng.choice([0.0, 0.02, 0.1, 0.3, 0.9])
        sizes = [rng.randint(1, 90) for _ in range(points)] if rng.random() < 0.7 else [rng.randint(1, 90)] * points
        shift = rng.choice([1.0, 1.0, 2.5])
        chances = [min(rate * (shift if point * 2 > points else 1), 1.0) for point in range(points)]
        counts = [sum(rng.random() < p for _ in range(size)) for p, size in zip(chances, sizes, strict=True)]
        base = [rng.random() < 0.6 for _ in range(points)] if rng.random() < 0.4 else [True] * points
        base[rng.randrange(points)] = True
        chart = control_chart(counts, None if kind == "c" else sizes, kind, limits, base)
        lines, signals, few = oracle(counts, sizes, kind, limits, base)
        found = list(zip(chart.center.tolist(), chart.lower.tolist(), chart.upper.tolist(), strict=True))
        assert found == [pytest.approx(each, abs=1e-12) for each in lines]
        assert (list(chart.signals), chart.too_few) == (signals, few), (counts, sizes, base)


def test_a_count_on_a_three_sigma_limit_is_not_beyond_it_one_more_is() -> None:
    """Sixteen on average: the limits are 4 and 28."""
    for count, told in ((28, ()), (29, (8,)), (4, ()), (3, (8,))):
        series = [16, 15, 17, 16, 16, 14, 18, 16, count]
        chart = control_chart(series, baseline=slice(0, 8))
        assert (chart.lower[0], chart.center[0], chart.upper[0]) == (4.0, 16.0, 28.0)
        assert tuple(point for point, rule in chart.signals if rule == "beyond") == told


def test_an_exact_limit_is_a_count_and_the_count_itself_is_inside() -> None:
    """Of a mean of 4 the quantiles are 0 and 11 (P(X <= 10) = 0.99716, P(X <= 11) = 0.99908)."""
    for count, told in ((11, []), (12, [(4, "beyond")]), (0, [])):
        chart = control_chart([4, 4, 4, 4, count], baseline=slice(0, 4))
        assert (chart.lower[4], chart.upper[4]) == (0.0, 11.0)
        assert list(chart.signals) == told


def test_a_series_of_nothing_has_lines_at_zero_and_says_nothing() -> None:
    for kind, sizes in (("c", None), ("u", 5), ("p", 5)):
        chart = control_chart([0] * 12, sizes, kind)
        assert (chart.center.tolist(), chart.upper.tolist()) == ([0.0] * 12, [0.0] * 12)
        assert (chart.signals, chart.too_few) == ((), True)


def test_all_of_them_bad_stay_at_one() -> None:
    chart = control_chart([50] * 12, 50, "p")
    assert (chart.lower.tolist(), chart.upper.tolist(), chart.signals) == ([1.0] * 12, [1.0] * 12, ())


def test_points_on_the_centre_end_a_run_and_begin_none() -> None:
    ups = [21] * 8 + [20] + [21] * 8
    assert control_chart([*ups, 20, 4], baseline=[point == 17 for point in range(19)]).signals[-1] == (18, "beyond")
    runs = control_chart([*([21] * 9), 20, *([19] * 10)], baseline=[point == 9 for point in range(20)]).signals
    assert runs == ((8, "run"), (18, "run"), (19, "run"))


@pytest.mark.parametrize(
    ("expected", "exact"), [(9.999999, True), (10.0, False), (10.000001, False)], ids=["below", "at", "above"]
)
def test_ten_expected_counts_are_enough_for_three_sigma(expected: float, exact: bool) -> None:
    chart = control_chart([expected * 2, 0.0])
    assert set(chart.exact.tolist()) == {exact}
