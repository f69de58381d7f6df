"""Pareto: which few values make up most of the rows."""

from __future__ import annotations

from msgspec import Struct

from .figure import Figure
from .period import Mask
from .rows import Texts, known


class Bar(Struct, frozen=True):
    """One value.

    Attributes:
        value: Of the column.
        count: Its rows.
        share: Of the rows that have a value, 0..1.
        cumulative: Share of this and all bars before it.
        vital: Whether it belongs to the vital few.
    """

    value: str
    count: Figure
    share: float
    cumulative: float
    vital: bool


class Pareto(Struct, frozen=True):
    """Bars, the tallest first, equal ones by value; and the rows without a value, which are in no bar."""

    bars: tuple[Bar, ...]
    without: Figure


def make_pareto(ids: Texts, rows: Mask, values: Texts) -> Pareto:
    """The Pareto of a column over some rows.

    The vital few are the smallest number of bars, from the tallest on, that reach 80 % of the rows with a value; bars
    as tall as the last of them belong to them, for nothing but their names sets them apart.

    Args:
        ids, rows, values: Aligned; None = no value.
    """
    named = known(values)
    groups: dict[str, list[str]] = {}
    for id, value in zip(ids[rows & named].tolist(), values[rows & named].tolist(), strict=True):
        groups.setdefault(str(value), []).append(id)
    ranked = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    total = sum(len(own) for _, own in ranked)
    bars: list[Bar] = []
    before = last_vital = 0
    for value, own in ranked:
        height = len(own)
        if before * 5 < total * 4:  # whole numbers, so that four of five are 80 % exactly
            last_vital = height
        before += height
        count = Figure(height, height, 1, tuple(own), tuple(own))
        bars.append(Bar(value, count, height / total, before / total, height == last_vital))
    return Pareto(tuple(bars), Figure.count(ids, rows & ~named))
