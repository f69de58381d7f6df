"""The score of an 8D, 0 to 100, and how it comes about. For the quality lead; it decides nothing. Pure."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct

from ...choices import ScoreItem
from ...fields import Field
from ...register import is_missing
from .investigation import CHAINS, Investigation, numbers_of
from .options import best_options
from .settings import PARTS, mark_weights, number

TEAM, FACTS = 3, 11
"""So many people make a team; the cells of 5W2H and of is / is not."""


class Summand(Struct, frozen=True):
    """What a part brings: its item, points got and points possible; the points possible make 100."""

    part: ScoreItem
    points: float
    most: float


def score(one: Investigation, doubted: Collection[str]) -> tuple[Summand, ...]:
    """The summands, D1 to D8.

    Args:
        one: The investigation.
        doubted: The codes of the doubts about it; a part that is doubted gets half of what it would get.
    """
    scoring = one.case.situation.rulebook.scoring
    weights = {part: max(number(scoring, part), 0.0) for part in PARTS}
    whole = sum(weights.values()) or 1.0
    shares = _shares(one)
    made = []
    for part in PARTS:
        share = shares[part] / 2 if DOUBTS.get(part, frozenset()) & set(doubted) else shares[part]
        made.append(Summand(part, round(100 * weights[part] / whole * share, 1), round(100 * weights[part] / whole, 1)))
    return tuple(made)


DOUBTS = {
    ScoreItem.D3: frozenset({"QT660"}),
    ScoreItem.D4: frozenset({"QT652", "QT653", "QT654"}),
    ScoreItem.D6: frozenset({"QT655", "QT657", "QT662"}),
    ScoreItem.D7: frozenset({"QT659"}),
}
"""Doubts that halve a part; the others show in its share already."""


def _shares(one: Investigation) -> dict[ScoreItem, float]:
    """How far each part is there, 0..1."""
    case, report = one.case, one.report
    named = sum(bool(line.get("name")) for line in report.get("team", ()))
    told = sum(bool(line.get("answer")) for line in report.get("facts", ()))
    told += sum(bool(line.get("is") and line.get("is_not")) for line in report.get("bounds", ()))
    places = report.get("places", ())
    counted = [line for line in places if None not in numbers_of(line, "quantity", "checked", "bad")]
    contained = not is_missing(case.value(Field.CONTAINMENT))
    documents = report.get("documents", ())
    answered = [line for line in documents if line.get("changed") in ("yes", "no") or line.get("revision")]
    return {
        ScoreItem.D1: min(named, TEAM) / TEAM,
        ScoreItem.D2: min(told, FACTS) / FACTS,
        ScoreItem.D3: contained / 2 + _part(len(counted), len(places)) / 2,
        ScoreItem.D4: _cause(one),
        ScoreItem.D5: _options(one),
        ScoreItem.D6: _actions(one),
        ScoreItem.D7: 0.6 * _part(len(answered), len(documents)) + 0.4 * bool(report.get("elsewhere")),
        ScoreItem.D8: float(bool(one.conclusion)),
    }


def _part(n: int, of: int) -> float:
    return n / of if of else 0.0


def _cause(one: Investigation) -> float:
    least = max(int(number(one.case.situation.rulebook.scoring, ScoreItem.WHYS)), 1)
    return sum(min(len(one.chains[chain]), least) / least for chain in CHAINS) / len(CHAINS)


def _options(one: Investigation) -> float:
    scoring, options = one.case.situation.rulebook.scoring, [option for option, _ in one.options]
    chosen = [option for option in options if option.chosen]
    best = best_options(options, mark_weights(scoring), number(scoring, ScoreItem.VETO))
    return (len(options) >= 2) / 2 + (len(chosen) == 1 and chosen[0] in best) / 2


def _actions(one: Investigation) -> float:
    rows = one.of_kind("corrective")
    if not rows:
        return 0.0
    planned = sum(all(row.text(key) for key in ("against", "owner", "due")) for row in rows)
    done = [row for row in rows if row.text("done")]
    proven = sum(bool(row.text("effect") or row.text("evidence")) for row in done)
    return 0.6 * planned / len(rows) + 0.4 * _part(proven, len(rows))
