"""Options weighed: totals, vetoes, and from which weight of one criterion another option would win. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

NEAR = 1e-9


class Option(Struct, frozen=True):
    """An option with a mark (1..5, 5 is best) for each criterion, and whether it was chosen."""

    name: str
    marks: Mapping[str, float]
    chosen: bool = False

    def total(self, weights: Mapping[str, float]) -> float:
        """The weighted mean of the marks; `weights` make 1."""
        return sum(self.marks[name] * weight for name, weight in weights.items())

    def vetoed(self, veto: float) -> tuple[str, ...]:
        """The criteria whose mark rules the option out."""
        return tuple(name for name, mark in self.marks.items() if mark <= veto)


class Turn(Struct, frozen=True):
    """An option wins instead as soon as a criterion weighs more, or less, than `at` (0..1; it weighs `now`)."""

    option: str
    criterion: str
    more: bool
    at: float
    now: float


def best_options(options: Sequence[Option], weights: Mapping[str, float], veto: float) -> list[Option]:
    """The options with the highest total of those that are not ruled out; several where they are equal."""
    left = [option for option in options if not option.vetoed(veto)]
    top = max((option.total(weights) for option in left), default=0.0)
    return [option for option in left if option.total(weights) >= top - NEAR]


def nearest_turn(options: Sequence[Option], weights: Mapping[str, float], veto: float) -> Turn | None:
    """The smallest change of one weight that makes another option win, the others keeping their proportions.

    None where the winner wins whatever one criterion weighs.
    """
    best = best_options(options, weights, veto)
    if len(best) != 1:
        return None
    turns = [
        turn
        for option in options
        if option is not best[0] and not option.vetoed(veto)
        for criterion in weights
        if (turn := _turn(best[0], option, criterion, weights)) is not None
    ]
    return min(turns, key=lambda turn: (abs(turn.at - turn.now), turn.option, turn.criterion), default=None)


def _turn(best: Option, other: Option, criterion: str, weights: Mapping[str, float]) -> Turn | None:
    """Where two options meet when one criterion weighs w and the rest share 1 - w: both totals are linear in w."""
    now = weights[criterion]
    if now >= 1 - NEAR:
        return None

    def ends(option: Option) -> tuple[float, float]:
        rest = sum(option.marks[name] * weight for name, weight in weights.items() if name != criterion) / (1 - now)
        return rest, option.marks[criterion]  # at weight 0, at weight 1

    (low, high), (other_low, other_high) = ends(best), ends(other)
    slope = (high - low) - (other_high - other_low)
    if abs(slope) < NEAR:
        return None
    at = (other_low - low) / slope
    if not -NEAR <= at <= 1 + NEAR:
        return None
    return Turn(other.name, criterion, at > now, min(max(at, 0.0), 1.0), now)
