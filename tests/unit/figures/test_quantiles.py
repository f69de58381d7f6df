"""Exact quantiles and tails against sums in fractions and sixty digits."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import count

import pytest

from qtemplate.figures.quantiles import binomial_limits, poisson_limits, poisson_tail

SHARES = (Fraction(135, 100_000), Fraction(99_865, 100_000))


def poisson_oracle(mean: float) -> tuple[int, int]:
    """The smallest k whose sum of mean^j / j! reaches q times e^mean."""
    with localcontext(prec=60):
        exact = Fraction(mean)
        whole = Decimal(mean).exp()
        found = []
        for share in SHARES:
            wanted = Fraction(whole) * share
            term, total = Fraction(1), Fraction(1)
            for k in count():
                if total >= wanted:
                    found.append(k)
                    break
                term = term * exact / (k + 1)
                total += term
        return found[0], found[1]


def binomial_oracle(size: int, share: float) -> tuple[int, int]:
    exact, found = Fraction(share), []
    for wanted in SHARES:
        total = Fraction(0)
        for k in range(size + 1):
            total += math.comb(size, k) * exact**k * (1 - exact) ** (size - k)
            if total >= wanted:
                found.append(k)
                break
    return found[0], found[1]


MEANS = (0.0, 0.00135, 0.001351, 0.05, 0.5, 1.0, 2.0, 4.99, 6.6, 6.61, 9.999, 10.0, 37.5, 150.0)


@pytest.mark.parametrize("mean", MEANS)
def test_poisson_limits_are_the_exact_quantiles(mean: float) -> None:
    assert poisson_limits(mean) == poisson_oracle(mean)


@pytest.mark.parametrize(
    ("size", "share"),
    [
        (1, 0.5),
        (1, 0.0),
        (1, 1.0),
        (20, 0.02),
        (50, 0.25),
        (50, 0.98),
        (113, 0.0885),
        (200, 0.5),
        (7, 1e-9),
    ],
)
def test_binomial_limits_are_the_exact_quantiles(size: int, share: float) -> None:
    assert binomial_limits(size, share) == binomial_oracle(size, share)


def test_big_means_lose_nothing() -> None:
    # scipy 1.17 gives the same: poisson.ppf([0.00135, 0.99865], mean), binom.ppf likewise
    assert poisson_limits(1e6) == (997_001, 1_003_001)
    assert poisson_limits(1e9) == (999_905_134, 1_000_094_869)
    assert binomial_limits(10**6, 0.3) == (298_626, 301_375)


def test_a_sum_that_ends_on_the_share_has_reached_it() -> None:
    assert binomial_limits(1, 0.00135) == (0, 0)  # none of one: exactly 99.865 %


def test_a_tail_is_the_probability_of_so_many_or_more() -> None:
    assert poisson_tail(0, 3.0) == 1.0
    assert poisson_tail(1, 2.0) == pytest.approx(1 - math.exp(-2), rel=1e-12)
    assert poisson_tail(3, 0.5) == pytest.approx(1 - math.exp(-0.5) * (1 + 0.5 + 0.125), rel=1e-12)
    assert poisson_tail(200, 1.0) == pytest.approx(math.exp(-1 - math.lgamma(201)) * (1 + 1 / 201), rel=1e-4)
    assert poisson_tail(2, 0.0) == 0.0
