"""Example rows beside a decision table: read from its sheet and put to the table.

Below the rules, after the blank row, a row with `示例` or `examples` in column A begins the block; each row after it is
one example, named in column A, its inputs and the outputs it expects in the table's own columns. Empty output cells are
not compared; when all are empty, no rule may match. The block ends at the next blank row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from msgspec import Struct

from ...dmn.decision_table import DecisionTable
from ...dmn.feel_values import Kind, spell
from ...dmn.lenient import read_literal
from ...dmn.model import InputColumn, OutputColumn
from ...dmn.nearest import fold
from ...dmn.table_problems import Problem
from ...dmn.unary_tests import CellSyntaxError
from ...ooxml.references import column_number
from ...plan import Finding, Phrase, Severity
from ...register import CellRef
from .rule_damage import Grid
from .rule_labels import EXAMPLES

_TRUTHS = {"是": True, "yes": True, "true": True, "否": False, "no": False, "false": False}


class Tried(Struct, frozen=True):
    """One example and what came of it.

    Attributes:
        name, row: Column A and worksheet row.
        expected, found: Output name -> value, for the outputs that are compared; empty = no rule expected or matched.
        rules: Identifiers of the rules that matched.
        problem: Why there is no result, if that is so.
        passed: Whether it came out as expected.
    """

    name: str
    row: int
    expected: dict[str, Any]
    found: dict[str, Any]
    rules: tuple[str, ...]
    problem: Problem | None
    passed: bool


def find_examples(grid: Grid, table: DecisionTable) -> list[int]:
    """0-based rows of the examples of a table; empty when it has none."""
    after = table.rules[-1].row if table.rules else 0
    start = next((row for row in range(after, len(grid)) if fold(_first(grid[row])) in EXAMPLES), None)
    if start is None:
        return []
    rows = []
    for row in range(start + 1, len(grid)):
        if all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in grid[row]):
            break
        rows.append(row)
    return rows


def _first(row: Sequence[Any]) -> str:
    return str(row[0]).strip() if row and row[0] is not None else ""


def try_examples(table: DecisionTable, grid: Grid) -> list[Tried]:
    """Puts every example beside a table to it.

    Args:
        table: Bound or standing alone.
        grid: All cells of its sheet from A1 on.
    """
    tried = []
    for row in find_examples(grid, table):
        case = {column.name: _value(grid[row], column) for column in table.inputs}
        expected = {column.name: value for column in table.outputs if (value := _value(grid[row], column)) is not None}
        frame = pd.DataFrame({name: pd.Series([value], dtype=object) for name, value in case.items()}, index=[0])
        result = table.evaluate(frame).results[0]
        found = result.output if isinstance(result.output, dict) else {table.outputs[0].name: result.output}
        found = {name: value for name, value in found.items() if value is not None}
        wanted = {name: found.get(name) for name in expected} if expected else found
        passed = all(same(wanted.get(name), value) for name, value in expected.items()) and bool(expected or not found)
        name = _first(grid[row]).removesuffix(".0") or str(row + 1)
        tried.append(Tried(name, row + 1, expected, found, result.matched, result.problem, passed))
    return tried


def failing_examples(table: DecisionTable, grid: Grid) -> list[Finding]:
    """A finding for every example that does not come out as expected."""
    found = []
    for example in try_examples(table, grid):
        if not example.passed:
            facts = (
                ("name", example.name),
                ("wanted", outputs_shown(table, example.expected) or Phrase("rules.no_rule")),
                ("got", outputs_shown(table, example.found) or Phrase("rules.no_rule")),
                ("rules", example.rules),
            )
            found.append(Finding("QT223", Severity.WARNING, CellRef(table.sheet, example.row, 1), "", facts))
    return found


def outputs_shown(table: DecisionTable, outputs: dict[str, Any]) -> tuple[str, ...]:
    """Outputs as people see them: `等级 = 重要`."""
    by_name = {column.name: column for column in table.outputs}
    shown = []
    for name, value in outputs.items():
        column = by_name[name]
        label = dict(column.labels).get(value) if isinstance(value, str) else None
        text = ", ".join(map(str, value)) if isinstance(value, list) else label or spell(value)
        shown.append(f"{column.title or column.name} = {text}")
    return tuple(shown)


def same(found: Any, expected: Any) -> bool:
    """Whether an output is the expected value; COLLECT gives a list, of which it must be a member."""
    return bool(found == expected) or (isinstance(found, list) and expected in found)


def _value(row: Sequence[Any], column: InputColumn | OutputColumn) -> Any:
    """The value of an example's cell as the table's column holds it: a code for a label."""
    at = column_number(column.letter) - 1
    cell = row[at] if at < len(row) else None
    try:
        value = read_literal(None if cell == "" else cell).value
    except CellSyntaxError:
        value = cell
    kinds = column.kinds if isinstance(column, InputColumn) else frozenset()
    if isinstance(value, str) or column.labels:
        text = fold(str(value))
        for code, label in column.labels:
            if text in (fold(label), fold(code)):
                return code
        if kinds == {Kind.BOOLEAN}:
            return _TRUTHS.get(text, value)
    if kinds == {Kind.TEXT} and value is not None:
        return cell if isinstance(cell, str) else str(value)
    return value
