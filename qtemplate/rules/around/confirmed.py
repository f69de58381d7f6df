"""When reporters confirmed: the moment of the run that saw it first, for no cell says it. Pure.

What stood there before the program began to note such moments gets none: nobody knows it.
"""

from __future__ import annotations

from ...fields import Field
from ...plan import FactName, Plan, Remember
from ..outcomes import answered
from ..situation import Situation
from ..standing import numbered


def confirmed_rows(after: Situation) -> Plan:
    """The facts about confirmations that no run has seen yet, one a cycle.

    Args:
        after: With this run's edits, so that an answer that was taken up counts at once.
    """
    memory = after.memory
    if Field.CONFIRMATION not in after.register.columns:
        return Plan()
    rows = numbered(after) & answered(after, Field.CONFIRMATION)
    ids = dict.fromkeys(after.frame.loc[rows, Field.ID].tolist())
    cycles, known = memory.facts_named(FactName.CYCLE), memory.facts_named(FactName.CONFIRMED_AT)
    before = memory.fact("", FactName.CONFIRMED_BEFORE)
    present = {id: int(cycles.get(id, 1)) for id in ids}
    if before is None:
        return Plan(facts=(Remember("", FactName.CONFIRMED_BEFORE, [[id, cycle] for id, cycle in present.items()]),))
    untimed = {(id, cycle) for id, cycle in before}
    moment = after.now.replace(microsecond=0).isoformat()
    return Plan(
        facts=tuple(
            Remember(id, FactName.CONFIRMED_AT, [cycle, moment])
            for id, cycle in present.items()
            if (id, cycle) not in untimed and (id not in known or known[id][0] != cycle)
        )
    )
