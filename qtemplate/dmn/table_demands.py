"""What a decision table must be like for the step that uses it: a result in every rule, one result for a row.

Pure. `table_checks` looks at a table for itself; here it is about what a nightly run may rest on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from ..plan import Severity
from .decision_table import DecisionTable, HitPolicy
from .table_problems import TableProblem

_ONE_RESULT = (HitPolicy.UNIQUE, HitPolicy.FIRST, HitPolicy.ANY, HitPolicy.PRIORITY)

_FATAL = frozenset({"after_blank", "impossible", "marker_lost", "masked_other", "merged", "no_priority"})
"""Doubtful in a table that stands alone. In one that a step uses they mean that some rule is not what it was meant to
be, and every row would be decided by what is left."""


def unmet_demands(table: DecisionTable, needed: Collection[str], single: bool) -> Iterator[TableProblem]:
    """What keeps a step from using a bound table.

    Args:
        table: Bound to the register's fields.
        needed: Outputs without which a rule says nothing.
        single: Whether the step takes one result for a row.
    """
    if single and table.hit_policy not in _ONE_RESULT:
        policy = " ".join(part for part in (table.hit_policy.value, table.aggregation.value) if part)
        yield TableProblem(table.sheet, "C1", Severity.ERROR, "many_results", (("policy", policy),))
    for number, column in enumerate(table.outputs):
        for rule in table.rules if column.name in needed else ():
            if rule.outputs[number].kind is None:
                facts = (("rule", rule.identifier), ("column", column.title or column.name))
                yield TableProblem(table.sheet, f"{column.letter}{rule.row}", Severity.ERROR, "no_result", facts)


def as_errors(problems: Iterable[TableProblem]) -> list[TableProblem]:
    """The problems, with those a step cannot live with made errors."""
    return [replace(each, severity=Severity.ERROR) if each.code in _FATAL else each for each in problems]
