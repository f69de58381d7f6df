"""The numbers by which an investigation is judged: those of 评分设置, else these. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from ...choices import ScoreItem as S

DEFAULTS: Mapping[S, float] = {
    S.D1: 5, S.D2: 10, S.D3: 10, S.D4: 25, S.D5: 20, S.D6: 15, S.D7: 10, S.D8: 5,
    S.COST: 0.25, S.TIME: 0.25, S.FEASIBILITY: 0.25, S.RISK: 0.25, S.VETO: 1, S.WHYS: 3, S.SAME: 0.9,
}  # fmt: skip
"""Process, section 7: the weights of the parts make 100. Marks go from 1 to 5, 5 is best."""

PARTS = (S.D1, S.D2, S.D3, S.D4, S.D5, S.D6, S.D7, S.D8)
MARKS = (S.COST, S.TIME, S.FEASIBILITY, S.RISK)


def number(scoring: Mapping[S, float], item: S) -> float:
    """The number of an item, the default where the sheet has none."""
    return scoring.get(item, DEFAULTS[item])


def mark_weights(scoring: Mapping[S, float]) -> dict[str, float]:
    """Criterion of an option -> its share of the total; equal shares where all weights are zero."""
    weights = {str(item): max(number(scoring, item), 0.0) for item in MARKS}
    whole = sum(weights.values())
    return {name: weight / whole if whole else 1 / len(weights) for name, weight in weights.items()}
