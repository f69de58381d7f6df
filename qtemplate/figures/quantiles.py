"""Poisson and binomial distributions, exactly: quantiles for control limits, the upper tail for hot spots.

Pure arithmetic. Weights are laid out as logarithms of the ratio between neighbours over a window that leaves out less
than 1e-16 of the probability, and divided by their sum; no factorial is computed, so big means lose nothing.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

LOW, HIGH = 0.00135, 0.99865
"""What three-sigma limits leave out of a normal distribution on each side."""

SPREAD, MARGIN = 9.0, 60
"""The window: so many standard deviations around the mean, and so many counts more for skew distributions."""


def poisson_limits(mean: float) -> tuple[int, int]:
    """The 0.135 % and 99.865 % quantiles of a Poisson distribution.

    Args:
        mean: >= 0, finite.

    Returns:
        For each share q the smallest k with P(X <= k) >= q.
    """
    return _limits(*_poisson(mean, 0))


def binomial_limits(size: int, share: float) -> tuple[int, int]:
    """The 0.135 % and 99.865 % quantiles of a binomial distribution.

    Args:
        size: Number of items, >= 0.
        share: Probability of each, 0..1.

    Returns:
        As `poisson_limits`.
    """
    if share >= 1:
        return size, size
    first, last = _window(size * share, math.sqrt(size * share * (1 - share)), 0)
    after = np.arange(first + 1, min(last, size) + 1)
    return _limits(first, _weights((size - after + 1) / after * (share / (1 - share))))


def poisson_tail(count: int, mean: float) -> float:
    """P(X >= count) of a Poisson distribution; 1 for a count of 0."""
    first, weights = _poisson(mean, count)
    return float(weights[max(count - first, 0) :].sum()) if count > 0 else 1.0


def _poisson(mean: float, reach: int) -> tuple[int, npt.NDArray[np.float64]]:
    """The first count of the window and the probabilities from there on; the window goes beyond `reach`."""
    first, last = _window(mean, math.sqrt(mean), reach)
    return first, _weights(mean / np.arange(first + 1, last + 1))


def _window(mean: float, deviation: float, reach: int) -> tuple[int, int]:
    half = SPREAD * deviation + MARGIN
    return max(0, math.floor(mean - half)), max(math.ceil(mean + half), reach + MARGIN)


def _weights(ratios: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Probabilities from the ratio of each to the one before it."""
    with np.errstate(divide="ignore"):  # a ratio of 0 ends the distribution: its logarithm is minus infinity
        logs = np.concatenate([[0.0], np.cumsum(np.log(ratios))])
    weights = np.exp(logs - logs.max())
    return np.asarray(weights / weights.sum(), np.float64)


def _limits(first: int, weights: npt.NDArray[np.float64]) -> tuple[int, int]:
    reached = np.cumsum(weights)
    low, high = np.searchsorted(reached, np.array([LOW, HIGH]) * (1 - 1e-12))  # a sum that ends on the share has it
    return first + int(low), first + int(high)
