"""Tables that people changed since the last run: the first run that uses them says so, with what it changed. Pure.

A table that has lost a rule or a column may still be sound and decide differently; nobody should have to find that out
from the levels.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from ...dmn.decision_table import DecisionTable
from ...dmn.unary_tests import strict_text
from ...fields import Field
from ...plan import CellEdit, FactName, Finding, Plan, Remember, Severity
from ..situation import Situation

RESULTS = {
    "grading": Field.SUGGESTED_LEVEL,
    "assignment": Field.DEPARTMENT,
    "priority": Field.PRIORITY,
    "points": Field.QUEUE,
}
"""The column that shows what a table decided."""


def rule_changes(situation: Situation, edits: Sequence[CellEdit]) -> Plan:
    """QT225 for each table that is not the one of the last run, with how many known results this run changes.

    A broken table is reported elsewhere, and is not new. The memory knows the tables of the last run: rules/NAME ->
    digest, the moment it was first seen, and how many results that run changed (None: there was no earlier one).

    Args:
        situation: As it was read. A finding stands through all the rounds of its moment.
        edits: Of the whole plan.
    """
    memory, now = situation.memory, situation.now
    plan = Plan()
    for name, column in RESULTS.items():
        table: DecisionTable | None = getattr(situation.rulebook, name)
        if table is None:
            continue
        digest = _digest(table)
        known = memory.fact("", FactName.RULES.of(name))
        if known is None or known[0] != digest:
            changed = sum(edit.field == column and edit.before is not None for edit in edits)
            told = None if known is None else changed  # the first run that looks at a table has nothing to tell
            plan += Plan(facts=(Remember("", FactName.RULES.of(name), [digest, now.isoformat(), told]),))
        else:
            told = known[2] if known[1] == now.isoformat() else None
        if told is None:
            continue
        severity = Severity.WARNING if told else Severity.INFO
        facts = (("sheet", table.sheet), ("column", column), ("count", told))
        plan += Plan((Finding("QT225", severity, facts=facts),))
    return plan


def _digest(table: DecisionTable) -> str:
    """Of what the table decides; numbers and notes of its rules and its place in the sheet do not matter."""
    columns = [(column.name, column.allowed and strict_text(column.allowed)) for column in table.inputs]
    outputs = [
        (column.name, [strict_text(value) for value in column.allowed], column.default and strict_text(column.default))
        for column in table.outputs
    ]
    rules = [[strict_text(cell) for cell in (*rule.tests, *rule.outputs)] for rule in table.rules]
    text = repr((str(table.hit_policy), str(table.aggregation), columns, outputs, rules))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
