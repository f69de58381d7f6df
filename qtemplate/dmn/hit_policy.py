"""From the rules that matched a case to its result: hit policies and aggregation.

Pure. Works on one distinct set of matching rules; how rows come to their sets is in `decision_table`.

Source: OMG DMN 1.3, 8.2.11 (hit policies; SUM and COUNT over all outputs, not over distinct ones as in DMN 1.1).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from msgspec import Struct

from .feel_values import axis_value, comparable
from .model import Aggregation, HitPolicy, Table
from .table_problems import Problem
from .unary_tests import Literal


class Result(Struct, frozen=True):
    """What a table says of all cases that the same rules match.

    Attributes:
        output: The value (one output), a dict (several), a list (OUTPUT ORDER, RULE ORDER, COLLECT), or None.
        problem: Why there is no output; None when there is one.
        matched: Identifiers of the rules that matched, in sheet order.
        rules: Their places in `Table.rules`, 0-based.
    """

    output: Any
    problem: Problem | None
    matched: tuple[str, ...]
    rules: tuple[int, ...]


def rule_output(table: Table, outputs: Sequence[Literal]) -> Any:
    """The value of one rule's output cells: the value itself, or a dict by column name when there are several."""
    if len(table.outputs) == 1:
        return outputs[0].value
    return {column.name: literal.value for column, literal in zip(table.outputs, outputs, strict=True)}


def _same(one: Literal, other: Literal) -> bool:
    if one.kind is None or other.kind is None or not comparable(one.kind, other.kind):
        return one.kind is other.kind
    return bool(axis_value(one.kind, one.value) == axis_value(other.kind, other.value))


def same_outputs(one: Sequence[Literal], other: Sequence[Literal]) -> bool:
    """Whether two rules say the same; `1` and `true` do not."""
    return all(_same(left, right) for left, right in zip(one, other, strict=True))


def _priority(table: Table, rule: int) -> tuple[int, ...]:
    """Places of a rule's outputs in the lists of allowed values, from left to right; a value not listed is last."""
    places = []
    for column, literal in zip(table.outputs, table.rules[rule].outputs, strict=True):
        place = (number for number, value in enumerate(column.allowed) if _same(value, literal))
        places.append(next(place, len(column.allowed)))
    return tuple(places)


def _identifiers(table: Table, rules: Sequence[int]) -> tuple[str, ...]:
    return tuple(table.rules[rule].identifier for rule in rules)


def _sum(values: list[Any]) -> Any:
    """The sum; numbers are added as decimals, as FEEL has them, so that 0.1 and 0.2 make 0.3."""
    if all(isinstance(value, (int, float)) for value in values):
        total = sum((Decimal(repr(value)) for value in values), Decimal())
        return int(total) if all(isinstance(value, int) for value in values) else float(total)
    total = values[0]
    for value in values[1:]:
        total = total + value
    return total


def _aggregate(table: Table, rules: Sequence[int]) -> tuple[Any, Problem | None]:
    values = [table.rules[rule].outputs[0].value for rule in rules]
    try:
        if not any(value is None or isinstance(value, bool) for value in values):
            if table.aggregation is not Aggregation.SUM:
                return (min(values) if table.aggregation is Aggregation.MIN else max(values)), None
            if not any(isinstance(value, str) for value in values):
                return _sum(values), None
    except TypeError:
        pass  # values of different kinds: said below
    facts = (("aggregation", table.aggregation.value), ("rules", _identifiers(table, rules)))
    return None, Problem("not_aggregable", facts)


def _no_match(table: Table) -> tuple[Any, Problem | None]:
    if table.aggregation is Aggregation.COUNT:
        return 0, None
    if all(column.default is None for column in table.outputs):
        return None, Problem("no_rule")
    return rule_output(table, [column.default or Literal(None, None) for column in table.outputs]), None


def _undecided(table: Table, matched: Sequence[int], unsure: Sequence[int], mismatch: Problem | None) -> bool:
    """Whether the rules that cannot be judged could change the result; under FIRST only those before the first hit."""
    return mismatch is not None and not (table.hit_policy is HitPolicy.FIRST and matched and matched[0] < unsure[0])


def apply_hit_policy(
    table: Table, matched: Sequence[int], unsure: Sequence[int] = (), mismatch: Problem | None = None
) -> tuple[Any, Problem | None]:
    """The result of a case.

    Args:
        table: The table.
        matched: Places of the rules that match, ascending.
        unsure: Places of rules that neither match nor fail, because a value is of a kind the column does not hold.
        mismatch: The problem to report if such a rule could change the result; None where there is no such rule.

    Returns:
        Output and None, or None and the problem.
    """
    rules = list(matched)
    outputs = [table.rules[rule].outputs for rule in rules]
    policy = table.hit_policy
    if policy is HitPolicy.UNIQUE and len(rules) > 1:
        return None, Problem("not_unique", (("rules", _identifiers(table, rules)),))
    if policy is HitPolicy.ANY and not all(same_outputs(outputs[0], other) for other in outputs[1:]):
        return None, Problem("any_disagrees", (("rules", _identifiers(table, rules)),))
    if _undecided(table, rules, unsure, mismatch):
        return None, mismatch
    if not rules:
        return _no_match(table)
    if policy in (HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.FIRST):
        return rule_output(table, outputs[0]), None
    if table.aggregation is Aggregation.COUNT:
        return len(rules), None
    if table.aggregation is not Aggregation.NONE:
        return _aggregate(table, rules)
    if policy in (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER):
        rules.sort(key=lambda rule: _priority(table, rule))
    values = [rule_output(table, table.rules[rule].outputs) for rule in rules]
    return (values[0] if policy is HitPolicy.PRIORITY else values), None
