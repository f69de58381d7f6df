"""Which level rows had before: noted when a level changes, so that a month keeps the levels of its end. Pure.

A row whose level never changed needs no note: it has been at its level since it was graded (评估时间), if it was graded
after notes began. What changed before that nobody knows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from ...fields import Field
from ...plan import FactName, Plan, Remember
from ..situation import Situation
from ..standing import has, numbered


def level_rows(after: Situation, graded: Collection[int]) -> Plan:
    """The facts about levels that are others than the last run left.

    Args:
        after: With this run's edits.
        graded: Worksheet rows whose level this run writes.
    """
    if Field.LEVEL not in after.register.columns or after.memory.unknown:
        return Plan()
    said = after.memory.fact("", FactName.LEVELS_SINCE)
    moment = after.now.replace(microsecond=0).isoformat()
    known: Mapping[str, Any] = after.memory.facts_named(FactName.LEVELS)
    if said is None:
        others = {id: level for id, level, was, row in _levels(after) if level != was and row not in graded}
        return Plan(facts=(Remember("", FactName.LEVELS_SINCE, [moment, others]),))
    others, facts = said[1], []
    for id, level, was, row in _levels(after):
        past = known.get(id)
        last = past[-1][1] if past else others.get(id, was)
        if level == last:
            continue
        if last is None and past is None:  # graded for the first time; one that a person graded is noted
            facts += [] if row in graded else [Remember(id, FactName.LEVELS, [["", level]])]
        else:
            facts.append(Remember(id, FactName.LEVELS, [*(past or [["", last]]), [moment, level]]))
    return Plan(facts=tuple(facts))


def _levels(after: Situation) -> Iterator[tuple[str, str | None, str | None, int]]:
    """Id, level, what the program wrote last, and worksheet row; only rows that differ or are noted."""
    rows = numbered(after)
    frame = after.frame.loc[rows, [Field.ID, Field.LEVEL]]
    filled = has(after, Field.LEVEL)[rows]
    written = after.memory.written
    wrote = written[Field.LEVEL].to_dict() if Field.LEVEL in written.columns else {}
    noted = {*after.memory.facts_named(FactName.LEVELS), *(after.memory.fact("", FactName.LEVELS_SINCE) or [0, {}])[1]}
    seen = set()
    for id, cell, known, row in zip(frame[Field.ID], frame[Field.LEVEL], filled.tolist(), frame.index, strict=True):
        level, was = cell if known else None, wrote.get(id)
        was = was if isinstance(was, str) else None
        if id not in seen and (level != was or id in noted):
            seen.add(id)
            yield id, level, was, int(row)
