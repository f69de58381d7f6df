"""Why a case got its result, and the smallest change that would have led to another.

Pure. Returns structure, not prose: the caller puts `with 规避措施=有 this would be 重要` into words of its own.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from msgspec import Struct

from .cell_truths import TRUE, truth_of
from .decision_table import DecisionTable
from .feel_values import Kind, canonical
from .hit_policy import Result, rule_output
from .model import Aggregation, InputColumn
from .table_atoms import cut_into_pieces
from .table_problems import OTHER_TEXT, Problem
from .unary_tests import AnyValue, Literal, Name, UnaryTests, endpoints

_MOST_TRIED = 5_000  # changes of one value, and of two, that are tried


class CellTrace(Struct, frozen=True):
    """One cell of a rule, and the value it was tested on.

    Attributes:
        column: Name of the input: the field's key in a bound table.
        title: The column as the sheet shows it.
        cell: Address such as `C7`.
        test: The cell.
        value: The case's value.
        holds: Whether the cell holds of the value.
    """

    column: str
    title: str
    cell: str
    test: UnaryTests
    value: Any
    holds: bool


class RuleTrace(Struct, frozen=True):
    """A rule that matched: its place, and the cells that made it match (`-` cells left out)."""

    identifier: str
    row: int
    cells: tuple[CellTrace, ...]


class Change(Struct, frozen=True):
    """One value of the case, and the value that would have made a cell hold."""

    column: str
    title: str
    cell: str
    test: UnaryTests
    before: Any
    after: Any


class NearMiss(Struct, frozen=True):
    """The smallest change that would have changed the result: of one value, the nearer the better, else of two.

    Attributes:
        identifier, row: The rule that would then decide.
        changes: What would have to be different.
        output: What the table would then say, decided again with the changed case.
    """

    identifier: str
    row: int
    changes: tuple[Change, ...]
    output: Any


class Explanation(Struct, frozen=True):
    """Why a case got its result.

    Attributes:
        output, problem: The result.
        matched: The rules that matched, in sheet order; under FIRST the first one made the result.
        nearest: The smallest change that would have changed the output; None when it takes more than two values.
    """

    output: Any
    problem: Problem | None
    matched: tuple[RuleTrace, ...]
    nearest: NearMiss | None


def _decide(table: DecisionTable, case: Mapping[str, Any]) -> Result:
    frame = pd.DataFrame({name: pd.Series([value], dtype=object) for name, value in case.items()}, index=[0])
    evaluation = table.evaluate(frame)
    return evaluation.results[0]


def _literals(case: Mapping[str, Any]) -> dict[str, Literal]:
    return {name: Literal.of(canonical(value)) for name, value in case.items()}


def _trace(table: DecisionTable, rule: int, literals: Mapping[str, Literal]) -> Iterator[CellTrace]:
    nothing = Literal.of(None)
    for number, column in enumerate(table.inputs):
        node = table.rules[rule].tests[number]
        if isinstance(node, AnyValue):
            continue
        literal = literals.get(column.name, nothing)
        named = {end.name: literals.get(end.name, nothing) for end in endpoints(node) if isinstance(end, Name)}
        holds = truth_of(node, literal, named) == TRUE
        cell = table.address(rule, number)
        yield CellTrace(column.name, column.title or column.name, cell, node, literal.value, holds)


def _candidates(table: DecisionTable, literals: Mapping[str, Literal]) -> dict[int, list[Literal]]:
    """Per input column the values worth trying: those its cells name, then one of each of its pieces."""
    values: dict[int, list[Literal]] = {}
    for number in range(len(table.inputs)):
        ends = dict.fromkeys(end for rule in table.rules for end in endpoints(rule.tests[number]))
        named = [literals.get(end.name, Literal.of(None)) if isinstance(end, Name) else end for end in ends]
        values[number] = [literal for literal in named if literal.kind is not None]
    for dimension in cut_into_pieces(table):
        found = [piece.value for piece in dimension.pieces if piece.value is not None]
        values[dimension.column] += [literal for literal in found if literal.value != OTHER_TEXT]
    return values


class _Step(Struct, frozen=True):
    """A value of one input column tried instead of the case's own."""

    column: int
    after: Literal
    cost: int


def _cost(column: InputColumn, before: Literal, after: Literal) -> int:
    """How far apart two values are: one step of a scale is nearest, an empty cell furthest."""
    if before.kind is None or after.kind is None:
        return 4
    if before.value in column.domain and after.value in column.domain:
        steps = abs(column.domain.index(before.value) - column.domain.index(after.value))
        return steps if after.kind is Kind.NUMBER else steps + 1
    return 3


def _decider(table: DecisionTable, before: Result, after: Result) -> int | None:
    """The rule that makes the changed result; None when it only lost one."""
    if isinstance(after.output, list) or table.aggregation is not Aggregation.NONE:
        return next((rule for rule in after.rules if rule not in before.rules), None)
    return next((rule for rule in after.rules if rule_output(table, table.rules[rule].outputs) == after.output), None)


def _nearest(table: DecisionTable, case: Mapping[str, Any], result: Result) -> NearMiss | None:
    """The smallest change of one value that changes the result, else of two; ties go to the upper rule."""
    literals = _literals(case)
    steps = [
        _Step(number, literal, _cost(table.inputs[number], literals[table.inputs[number].name], literal))
        for number, values in _candidates(table, literals).items()
        for literal in dict.fromkeys(values)
        if literal.value != literals[table.inputs[number].name].value
    ]
    pairs = (pair for pair in itertools.combinations(steps, 2) if pair[0].column != pair[1].column)
    for tries in ([(step,) for step in steps], pairs):
        tried = list(itertools.islice(tries, _MOST_TRIED))
        found = list(_tried(table, case, result, tried)) if tried else []
        if found:
            costs = [sum(step.cost for step in steps) for steps in tried]
            place, rule, after = min(found, key=lambda each: (costs[each[0]], each[1], each[0]))
            changes = tuple(_change(table, literals, step, (rule, *result.rules)) for step in tried[place])
            return NearMiss(table.rules[rule].identifier, table.rules[rule].row, changes, after.output)
    return None


def _tried(
    table: DecisionTable, case: Mapping[str, Any], result: Result, tried: list[tuple[_Step, ...]]
) -> Iterator[tuple[int, int, Result]]:
    """Those of the tried changes that change the result: their place, the rule that then decides, and the result."""
    columns = {name: [value] * len(tried) for name, value in case.items()}
    for place, steps in enumerate(tried):
        for step in steps:
            columns[table.inputs[step.column].name][place] = step.after.value
    frame = pd.DataFrame({name: pd.Series(cells, dtype=object) for name, cells in columns.items()})
    evaluation = table.evaluate(frame)
    for place in range(len(tried)):
        after = evaluation.results[evaluation.pattern[place]]
        if after.problem is None and after.output != result.output:
            rule = _decider(table, result, after)
            if rule is not None:
                yield place, rule, after


def _change(table: DecisionTable, literals: Mapping[str, Literal], step: _Step, rules: tuple[int, ...]) -> Change:
    """A step with the cell it concerns: that of the rule that would decide, else that of a rule that matches now."""
    column = table.inputs[step.column]
    asking = (rule for rule in rules if not isinstance(table.rules[rule].tests[step.column], AnyValue))
    rule = next(asking, rules[0])
    test, before = table.rules[rule].tests[step.column], literals[column.name].value
    cell = table.address(rule, step.column)
    return Change(column.name, column.title or column.name, cell, test, before, step.after.value)


def explain_case(table: DecisionTable, case: Mapping[str, Any]) -> Explanation:
    """Why one case got its result.

    Args:
        table: The table.
        case: Column name -> value; what is missing is null.

    Returns:
        The result, the rules that matched with the cells that held, and the smallest change that leads to another
        output, verified by deciding the changed case.
    """
    whole = {column.name: None for column in table.inputs} | dict(case)
    result = _decide(table, whole)
    literals = _literals(whole)
    traces = tuple(
        RuleTrace(table.rules[rule].identifier, table.rules[rule].row, tuple(_trace(table, rule, literals)))
        for rule in result.rules
    )
    return Explanation(result.output, result.problem, traces, _nearest(table, whole, result))
