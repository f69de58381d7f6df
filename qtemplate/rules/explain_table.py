"""Why a case got its result, and the least that would have had to be different.

Pure. Gives structure, not prose: callers put `with 规避措施=有 this would be 重要` into their own words.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from .cell_truths import TRUE, truth_of
from .decision_table import DecisionTable, Result
from .feel_values import canonical
from .table_atoms import cut_into_pieces
from .table_problems import Problem
from .unary_tests import (
    AnyValue,
    Contains,
    Endpoint,
    Interval,
    Literal,
    Name,
    NoneOf,
    Operator,
    UnaryTests,
    endpoints,
)

_MOST_CHANGES = 2  # a suggestion to change three facts of a case is no explanation


@dataclass(frozen=True, slots=True)
class CellTrace:
    """One cell of a rule, and the value it was asked about.

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


@dataclass(frozen=True, slots=True)
class RuleTrace:
    """A rule that matched: its place, and the cells that made it match (`-` cells left out)."""

    identifier: str
    row: int
    cells: tuple[CellTrace, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One value of the case, and the value that would have made a cell hold."""

    column: str
    title: str
    cell: str
    test: UnaryTests
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class NearMiss:
    """The nearest rule that did not match, and what would follow if it did.

    Attributes:
        identifier, row: The rule.
        changes: What would have to be different; as few as there are.
        output: What the table would then say, decided again with the changed case.
    """

    identifier: str
    row: int
    changes: tuple[Change, ...]
    output: Any


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a case got its result.

    Attributes:
        output, problem: The result.
        matched: The rules that matched, in sheet order; under FIRST the first one made the result.
        nearest: The nearest rule that would have changed the output; None when none is near.
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


def _named_ends(node: UnaryTests) -> Iterator[Endpoint]:
    """The endpoints of a cell on which it may itself hold; what `not(…)` and `!=` name never does."""
    if isinstance(node, (AnyValue, NoneOf)):
        return
    for test in node.tests:
        if isinstance(test, Interval):
            yield from (test.low, test.high)
        elif isinstance(test, Contains):
            yield test.part
        elif test.operator is not Operator.UNEQUAL:
            yield test.endpoint


def _wanted(node: UnaryTests, literals: Mapping[str, Literal], others: list[Literal]) -> Literal | None:
    """A value on which a cell holds: one the cell names if it can be, else one of `others`."""
    named = {end.name: literals.get(end.name, Literal.of(None)) for end in endpoints(node) if isinstance(end, Name)}
    for candidate in [*(named[end.name] if isinstance(end, Name) else end for end in _named_ends(node)), *others]:
        if candidate.kind is not None and truth_of(node, candidate, named) == TRUE:
            return candidate
    return None


def _piece_values(table: DecisionTable) -> dict[int, list[Literal]]:
    """Per input column a value of each of its pieces."""
    values: dict[int, list[Literal]] = {}
    for dimension in cut_into_pieces(table):
        found = [piece.value for piece in dimension.pieces if piece.value is not None]
        values.setdefault(dimension.column, []).extend(found)
    return values


def _changes(
    table: DecisionTable, rule: int, literals: Mapping[str, Literal], pieces: Mapping[int, list[Literal]]
) -> tuple[Change, ...] | None:
    """What would have to be different for a rule to match; None when it is too much or cannot be said."""
    failing = [trace for trace in _trace(table, rule, literals) if not trace.holds]
    if not failing or len(failing) > _MOST_CHANGES:
        return None
    numbers = {column.name: number for number, column in enumerate(table.inputs)}
    changes = []
    for trace in failing:
        wanted = _wanted(trace.test, literals, pieces.get(numbers[trace.column], []))
        if wanted is None:
            return None
        changes.append(Change(trace.column, trace.title, trace.cell, trace.test, trace.value, wanted.value))
    return tuple(changes)


def _nearest(table: DecisionTable, case: Mapping[str, Any], result: Result) -> NearMiss | None:
    literals = _literals(case)
    matched = set(result.rules)
    pieces = _piece_values(table)
    candidates = []
    for rule in range(len(table.rules)):
        if rule not in matched and (changes := _changes(table, rule, literals, pieces)):
            candidates.append((len(changes), rule, changes))
    candidates.sort(key=lambda candidate: candidate[:2])
    for _, rule, changes in itertools.islice(candidates, 20):
        again = _decide(table, {**case, **{change.column: change.after for change in changes}})
        if again.problem is None and rule in again.rules and again.output != result.output:
            return NearMiss(table.rules[rule].identifier, table.rules[rule].row, changes, again.output)
    return None


def explain_case(table: DecisionTable, case: Mapping[str, Any]) -> Explanation:
    """Why one case got its result.

    Args:
        table: The table.
        case: Column name -> value; what is missing is null.

    Returns:
        The result, the rules that matched with the cells that held, and the nearest rule that would have changed the
        output, verified by deciding the changed case.
    """
    whole = {column.name: None for column in table.inputs} | dict(case)
    result = _decide(table, whole)
    literals = _literals(whole)
    traces = tuple(
        RuleTrace(
            table.rules[rule].identifier,
            table.rules[rule].row,
            tuple(_trace(table, rule, literals)),
            table.rules[rule].notes,
        )
        for rule in result.rules
    )
    return Explanation(result.output, result.problem, traces, _nearest(table, whole, result))
