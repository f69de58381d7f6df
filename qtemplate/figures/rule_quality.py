"""How good the rules are: which matched how often, and how often people decided otherwise."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import numpy as np
from msgspec import Struct

from .figure import Figure, Reason
from .period import Period
from .rows import Rows, known


class RuleQuality(Struct, frozen=True):
    """One rule of a decision table.

    Attributes:
        rule: Its identifier.
        hits: Rows that it matched; a rule never hit has 0.
        overruled: Decided otherwise ÷ decided, of those.
        instead: What was chosen instead, and how often; the most frequent first.
    """

    rule: str
    hits: Figure
    overruled: Figure
    instead: tuple[tuple[str, int], ...]


def rule_quality(rows: Rows, table: str, period: Period, now: dt.datetime) -> tuple[RuleQuality, ...]:
    """Every rule of a table in its order, then rules that matched and are no longer there.

    Rows received in the period count; one that nothing was decided for yet is a hit, but no decision.
    """
    month = rows.where(rows.received(period, now))
    columns = month.rules[table]
    decided = known(columns.chosen)
    other = decided & np.asarray(columns.chosen != columns.suggested, bool)
    gone = sorted({str(rule) for rule in columns.matched.tolist() if rule is not None} - set(columns.rules))
    found = []
    for rule in (*columns.rules, *gone):
        hit = np.asarray(columns.matched == rule, bool)
        instead = Counter(map(str, columns.chosen[hit & other].tolist()))
        ranked = tuple(sorted(instead.items(), key=lambda pair: (-pair[1], pair[0])))
        overruled = Figure.rate(month.ids, hit & decided, other, Reason.NOT_HIT)
        found.append(RuleQuality(rule, Figure.count(month.ids, hit), overruled, ranked))
    return tuple(found)
