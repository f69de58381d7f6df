"""Cells that are no condition: every value meets them, or none does. Pure.

Mostly somebody wrote `>=4, <=5` for "from 4 to 5", where each comma means "or".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .feel_values import Kind
from .likely_meaning import holds_always, likely_tests, with_labels
from .model import InputColumn, Table
from .table_atoms import Dimension
from .table_problems import Severity, TableProblem
from .unary_tests import AnyValue, Comparison, Interval, Literal, OneOf, Operator, UnaryTests, endpoints, strict_text


def met_by_form(table: Table) -> Iterator[TableProblem]:
    """Cells that hold for every value by their form alone, allowed values included."""
    for number, column in enumerate(table.inputs):
        cells = [(f"{column.letter}{table.allowed_row}", column.allowed)] if column.allowed is not None else []
        cells += [(table.address(index, number), rule.tests[number]) for index, rule in enumerate(table.rules)]
        for cell, node in cells:
            if holds_always(node):
                yield _problem(table, cell, Severity.WARNING, "always", _facts(column, node))


def met_by_all(table: Table, dimensions: list[Dimension]) -> Iterator[TableProblem]:
    """Other cells that hold for every value a column is known to have."""
    for dimension in dimensions:
        column = table.inputs[dimension.column]
        pieces = [piece for piece in dimension.pieces if piece.value is not None and piece.value.kind is not None]
        held = (1 << len(table.rules)) - 1 if pieces else 0
        for piece in pieces:
            held &= piece.rules
        for number, rule in enumerate(table.rules):
            node = rule.tests[dimension.column]
            if not held >> number & 1 or holds_always(node) or _asks_whether_filled(node):
                continue
            facts = _facts(column, node)
            code = "always" if facts["suggestion"] else "any_filled"
            if code == "always" or not _says_which(node):
                yield _problem(table, table.address(number, dimension.column), Severity.WARNING, code, facts)


def met_by_none(table: Table, dimensions: list[Dimension]) -> Iterator[TableProblem]:
    """Cells that hold for no value, so that their rule never matches."""
    for dimension in dimensions:
        possible = 0
        for piece in dimension.pieces:
            possible |= piece.maybe
        for number, rule in enumerate(table.rules):
            if not possible >> number & 1:
                facts = _facts(table.inputs[dimension.column], rule.tests[dimension.column])
                cell = table.address(number, dimension.column)
                yield _problem(table, cell, Severity.WARNING, "impossible", {"rule": rule.identifier, **facts})


def _asks_whether_filled(node: UnaryTests) -> bool:
    """`-`, `not(null)`, `!=null`."""
    return isinstance(node, AnyValue) or all(isinstance(end, Literal) and end.kind is None for end in endpoints(node))


def _says_which(node: UnaryTests) -> bool:
    """A list of all values, or one test that all of them meet, such as `>=1` of a scale: people write so on purpose."""
    return isinstance(node, OneOf) and (
        len(node.tests) == 1
        or all(
            isinstance(test, Interval) or (isinstance(test, Comparison) and test.operator is Operator.EQUAL)
            for test in node.tests
        )
    )


def _facts(column: InputColumn, node: UnaryTests) -> dict[str, Any]:
    """The column, the cell as its sheet shows values, and what was probably meant."""
    labels = dict(column.labels)

    def label(literal: Literal) -> Literal:
        known = literal.kind is Kind.TEXT and literal.value in labels
        return Literal.of(labels[literal.value]) if known else literal

    meant = likely_tests(node)
    return {
        "column": column.title or column.name,
        "found": strict_text(with_labels(node, label)),
        "suggestion": "" if meant is None else strict_text(with_labels(meant, label)),
    }


def _problem(table: Table, cell: str, severity: Severity, code: str, facts: dict[str, Any]) -> TableProblem:
    return TableProblem(table.sheet, cell, severity, code, tuple(facts.items()))
