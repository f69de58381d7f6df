"""Batches with more feedback than chance explains."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from msgspec import Struct

from .figure import Figure
from .period import Period
from .quantiles import poisson_tail
from .rows import Rows

LEAST = 3
CHANCE = 0.01


class HotSpot(Struct, frozen=True):
    """A batch that stands out.

    Attributes:
        product, model, batch: Which one; product and model may be None.
        count: Its rows.
        expected: Rows a batch of this model has on average.
        chance: Probability of so many rows or more, if all batches of the model were alike.
    """

    product: str | None
    model: str | None
    batch: str
    count: Figure
    expected: float
    chance: float


def hot_spots(rows: Rows, period: Period, now: dt.datetime) -> tuple[HotSpot, ...]:
    """Batches with three rows or more that chance gives less than once in a hundred times; the least likely first.

    The size of a batch is not known, so every batch of a model that has feedback in the period counts alike, and is
    compared with their mean, its own rows among them. Batches without feedback are not seen: the mean is too high, if
    anything, and a lone batch never stands out. The threshold is that of a single batch: of a thousand ordinary ones, a
    few stand out all the same.
    """
    among = rows.received(period, now)
    columns = (rows.product, rows.model, rows.batch, rows.ids)
    found: dict[tuple[str | None, str | None, str], list[str]] = {}
    for product, model, batch, id in zip(*(column[among].tolist() for column in columns), strict=True):
        if batch is not None:
            found.setdefault((product, model, batch), []).append(id)
    batches = Counter(batch[:2] for batch in found)
    totals: Counter[tuple[str | None, str | None]] = Counter()
    for batch, own in found.items():
        totals[batch[:2]] += len(own)
    spots = []
    for batch, own in found.items():
        if len(own) < LEAST:
            continue
        expected = totals[batch[:2]] / batches[batch[:2]]
        chance = poisson_tail(len(own), expected)
        if chance < CHANCE:
            count = Figure(len(own), len(own), 1, tuple(own), tuple(own))
            spots.append(HotSpot(*batch, count, expected, chance))
    return tuple(sorted(spots, key=lambda spot: (spot.chance, spot.batch, str(spot.model), str(spot.product))))
