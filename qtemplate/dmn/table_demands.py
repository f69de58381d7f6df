"""What a decision table must be like for a program that acts on its results, beyond being a sound table.

Pure. `table_checks` judges a table by itself; here the caller says what it needs: which outputs every rule must fill,
whether one result is wanted, or a sum.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from msgspec.structs import replace

from .model import Aggregation, HitPolicy, Table
from .table_problems import Severity, TableProblem

_ONE_RESULT = (HitPolicy.UNIQUE, HitPolicy.FIRST, HitPolicy.ANY, HitPolicy.PRIORITY)

_FATAL = frozenset({"after_blank", "always", "impossible", "marker_lost", "masked_other", "merged", "no_priority"})
"""Only doubtful in a table somebody is still writing. In one that a program acts on, each means that some rule is not
what it was meant to be, and every case would be decided by the rules that are left."""


def unmet_demands(table: Table, needed: Collection[str], single: bool) -> Iterator[TableProblem]:
    """What keeps a program from acting on a table.

    Args:
        table: Bound to the fields the program knows.
        needed: Outputs that every rule must fill.
        single: Whether exactly one result is wanted for a case.
    """
    if single and table.hit_policy not in _ONE_RESULT:
        policy = " ".join(part for part in (table.hit_policy.value, table.aggregation.value) if part)
        yield TableProblem(table.sheet, "C1", Severity.ERROR, "many_results", (("policy", policy),))
    yield from _unfilled(table, needed, "no_result")


def not_summable(table: Table, output: str) -> Iterator[TableProblem]:
    """Why the values of an output cannot be added up: every rule that matches must count, each with a number."""
    if table.hit_policy is not HitPolicy.COLLECT or table.aggregation is not Aggregation.SUM:
        yield TableProblem(table.sheet, "C1", Severity.ERROR, "not_summed")
    yield from _unfilled(table, (output,), "no_number")


def _unfilled(table: Table, needed: Collection[str], code: str) -> Iterator[TableProblem]:
    for number, column in enumerate(table.outputs):
        for rule in table.rules if column.name in needed else ():
            if rule.outputs[number].kind is None:
                facts = (("rule", rule.identifier), ("column", column.title or column.name))
                yield TableProblem(table.sheet, f"{column.letter}{rule.row}", Severity.ERROR, code, facts)


def as_errors(problems: Iterable[TableProblem]) -> list[TableProblem]:
    """The problems, with those that no program should act upon made errors."""
    return [replace(each, severity=Severity.ERROR) if each.code in _FATAL else each for each in problems]
