"""Rows that the register no longer has, reported once, when they are first missed. Pure."""

from __future__ import annotations

from ...fields import Field
from ...plan import FactName, Finding, Phrase, Plan, Remember, Severity
from ..situation import Situation
from ..standing import rows_by_id

MOST_NAMED = 20


def gone_rows(after: Situation) -> Plan:
    """One finding about ids that the program has written into the register and that are not there now.

    Args:
        after: With this run's edits, so that a row which gets its lost id back is not missed. Its memory knows what was
            written, and which ids were missed before.
    """
    memory = after.memory
    if memory.fresh or Field.ID not in after.register.columns:
        return Plan()
    present = rows_by_id(after).keys()
    told = set(memory.facts_named(FactName.GONE))
    known = memory.written.index.tolist()
    lacking = set(known) - present - told
    missed = [str(id) for id in known if id in lacking] if lacking else []
    facts = [Remember(id, FactName.GONE, True) for id in missed]
    facts += [Remember(id, FactName.GONE, None) for id in sorted(told & present)]
    if not missed:
        return Plan(facts=tuple(facts))
    more = Phrase.of("gone.more", count=len(missed) - MOST_NAMED) if len(missed) > MOST_NAMED else ""
    named = tuple(sorted(missed)[:MOST_NAMED])
    found = Finding("QT142", Severity.WARNING, facts=(("ids", named), ("more", more)))
    return Plan(findings=(found,), facts=tuple(facts))
