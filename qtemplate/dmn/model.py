"""A decision table as its sheet states it: columns, rules, hit policy. Frozen data.

Pure. What a table decides is in `decision_table`; this module imports nothing that evaluates.

Source: OMG DMN 1.3, clause 8 (decision tables), 8.2.11 (hit policies).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from msgspec import Struct

from .feel_values import Kind
from .unary_tests import AnyValue, Contains, Literal, UnaryTests, endpoints


class HitPolicy(StrEnum):
    """Which of the matching rules make the result."""

    UNIQUE = "UNIQUE"
    FIRST = "FIRST"
    ANY = "ANY"
    PRIORITY = "PRIORITY"
    OUTPUT_ORDER = "OUTPUT ORDER"
    RULE_ORDER = "RULE ORDER"
    COLLECT = "COLLECT"


class Aggregation(StrEnum):
    """What COLLECT makes of the outputs; NONE is their list."""

    NONE = ""
    SUM = "SUM"
    MIN = "MIN"
    MAX = "MAX"
    COUNT = "COUNT"


class InputColumn(Struct, frozen=True):
    """An input of a table.

    Attributes:
        name: Column of the frame: as in row 3, or the field's key once bound.
        letter: The column's letter in the sheet.
        allowed: Tests of row 4, None if the cell is empty.
        title: The name as the sheet shows it.
        kinds: Kinds the column holds; empty = those its cells mention.
        domain: Codes of an enumeration or numbers of a scale, in order; empty = open.
        labels: Code -> label as people see it.
        integer: Whether its numbers are whole.
    """

    name: str
    letter: str = ""
    allowed: UnaryTests | None = None
    title: str = ""
    kinds: frozenset[Kind] = frozenset()
    domain: tuple[Any, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    integer: bool = False


class OutputColumn(Struct, frozen=True):
    """An output of a table.

    Attributes:
        name: As in row 3, or the field's key once bound.
        letter: The column's letter in the sheet.
        allowed: Values of row 4; their order is the priority, first wins.
        default: Value of row 5, None if the cell is empty.
        title: The name as the sheet shows it.
        labels: Code -> label as people see it.
    """

    name: str
    letter: str = ""
    allowed: tuple[Literal, ...] = ()
    default: Literal | None = None
    title: str = ""
    labels: tuple[tuple[str, str], ...] = ()


class Rule(Struct, frozen=True):
    """One row of a table.

    Attributes:
        identifier: Column A as text, `"1"` for the number 1.
        row: Worksheet row, 1-based.
        tests: One cell per input.
        outputs: One literal per output.
        notes: Texts of the note columns.
    """

    identifier: str
    row: int
    tests: tuple[UnaryTests, ...]
    outputs: tuple[Literal, ...]
    notes: tuple[str, ...] = ()


class Table(Struct, frozen=True):
    """What stands in the sheet of a decision table.

    Attributes:
        name: Cell B1.
        sheet: The sheet it stands in.
        hit_policy: Which matching rules make the result.
        inputs, outputs: Its columns, from left to right.
        rules: Its rules, in sheet order.
        aggregation: What COLLECT makes of the outputs.
        bound: Whether its inputs are fields of a register, which then must be columns of the frame.
        allowed_row, default_row: Worksheet rows of the allowed values and defaults; 0 if there is none.
    """

    name: str
    sheet: str
    hit_policy: HitPolicy
    inputs: tuple[InputColumn, ...]
    outputs: tuple[OutputColumn, ...]
    rules: tuple[Rule, ...]
    aggregation: Aggregation = Aggregation.NONE
    bound: bool = False
    allowed_row: int = 4
    default_row: int = 5

    def kinds_of(self, column: int) -> frozenset[Kind]:
        """Kinds of value an input column holds: those of its field, else those its cells and row 4 mention."""
        declared = self.inputs[column].kinds
        if declared:
            return declared
        cells = [rule.tests[column] for rule in self.rules]
        allowed = self.inputs[column].allowed
        kinds: set[Kind] = set()
        for cell in {*cells, *((allowed,) if allowed else ())}:
            kinds.update(end.kind for end in endpoints(cell) if isinstance(end, Literal) and end.kind)
            if not isinstance(cell, AnyValue) and any(isinstance(test, Contains) for test in cell.tests):
                kinds.add(Kind.TEXT)
        return frozenset(kinds)

    def address(self, rule: int, column: int) -> str:
        """Address of a rule's cell for an input column, such as `C7`."""
        return f"{self.inputs[column].letter}{self.rules[rule].row}"
