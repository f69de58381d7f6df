"""DMN decision tables as frozen data, and what they decide about the rows of a frame.

Pure. A table is read from a workbook by `sheets.rule_tables` and tied to the register's fields by `bind_table`; static
checks are in `table_checks`.

Source: OMG DMN 1.3, clause 8 (decision tables).
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import RuleTableError
from .feel_values import Kind, canonical, comparable
from .hit_policy import Aggregation, HitPolicy, Result, apply_hit_policy
from .matched_rows import MatchedRows
from .rule_bits import Encode, match_rows
from .table_problems import Problem
from .unary_tests import AnyValue, Contains, Literal, Name, UnaryTests, endpoints, strict_text

__all__ = [
    "Aggregation",
    "Decision",
    "DecisionTable",
    "Evaluation",
    "HitPolicy",
    "InputColumn",
    "OutputColumn",
    "Result",
    "Rule",
]


@dataclass(frozen=True, slots=True)
class InputColumn:
    """An input of a table.

    Attributes:
        name: Column of the frame: as in row 3, or the field's key once bound.
        letter: The column's letter in the sheet.
        allowed: Tests of row 4, None if the cell is empty.
        title: The name as the sheet shows it.
        kinds: Kinds the column holds; empty = those its cells speak of.
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


@dataclass(frozen=True, slots=True)
class OutputColumn:
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


@dataclass(frozen=True, slots=True)
class Rule:
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


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a table says of each row, told once per distinct set of matching rules.

    Attributes:
        pattern: Per row of the frame the index of its result; shape (rows,).
        results: The distinct results.
    """

    pattern: NDArray[np.intp]
    results: list[Result]

    def outputs(self) -> NDArray[Any]:
        """Output per row, as an array of objects; lists and dicts are shared between rows."""
        return self.spread([result.output for result in self.results])

    def spread(self, values: Sequence[Any]) -> NDArray[Any]:
        """Per row the value of its result, given one value per result."""
        distinct = np.empty(len(values), object)
        for at, value in enumerate(values):
            distinct[at] = value  # one at a time: numpy would take a list of lists for a table
        spread: NDArray[Any] = distinct[self.pattern]
        return spread


@dataclass(frozen=True, slots=True)
class Decision:
    """What a table decided, one entry per row of the frame.

    Attributes:
        outputs: The value (one output), a dict (several outputs), a list (OUTPUT ORDER, RULE ORDER, COLLECT), or None.
        problems: None, or an English sentence saying why there is no output.
        matched: Identifiers of the rules that matched.
    """

    outputs: list[Any]
    problems: list[str | None]
    matched: list[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """A decision table.

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
    note_titles: tuple[str, ...] = field(default=())

    def decide(self, frame: pd.DataFrame) -> Decision:
        """Decides every row of a frame.

        Args:
            frame: One row a case, columns named as the inputs. A missing column is null; in a bound table an error.

        Returns:
            The decision, one entry per row, in row order.

        Raises:
            RuleTableError: A cell names a column that neither the table nor the frame has, or a field is missing.
        """
        evaluation = self.evaluate(frame)
        sentences = [result.problem.sentence("en") if result.problem else None for result in evaluation.results]
        outputs = evaluation.outputs().tolist()
        if any(isinstance(result.output, (list, dict)) for result in evaluation.results):
            outputs = [copy.deepcopy(output) for output in outputs]  # each row has its own to change
        matched = evaluation.spread([result.matched for result in evaluation.results])
        return Decision(outputs, evaluation.spread(sentences).tolist(), matched.tolist())

    def evaluate(self, frame: pd.DataFrame, of_column: Encode | None = None) -> Evaluation:
        """As `decide`, but one result per distinct set of matching rules: for registers of any size.

        `of_column` is that of `match_rows`.
        """
        self._require_columns(frame)
        matched = match_rows(self, frame, of_column)
        pattern, first_rows = matched.patterns()
        results = [self._result(matched, int(row)) for row in first_rows]
        return Evaluation(pattern, results)

    def kinds_of(self, column: int) -> frozenset[Kind]:
        """Kinds of value an input column holds: as its field has it, else those its cells and row 4 speak of."""
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

    def _require_columns(self, frame: pd.DataFrame) -> None:
        known = {*frame.columns, *(column.name for column in self.inputs)}
        for number, column in enumerate(self.inputs):
            if self.bound and column.name not in frame.columns:
                raise RuleTableError(self.sheet, f"{column.letter}3", f'the register has no column "{column.name}"')
            for index, rule in enumerate(self.rules):
                for end in endpoints(rule.tests[number]):
                    if isinstance(end, Name) and end.name not in known:
                        cell = strict_text(rule.tests[number])
                        message = f'"{end.name}" in {cell} names no column of the table or the data. Text needs quotes'
                        raise RuleTableError(self.sheet, self.address(index, number), message)

    def _result(self, matched: MatchedRows, row: int) -> Result:
        rules = matched.rules(row)
        unsure = matched.unsure_rules(row)
        mismatch = self._mismatch(matched, row) if unsure else None
        output, problem = apply_hit_policy(self, rules, unsure, mismatch)
        return Result(output, problem, tuple(self.rules[rule].identifier for rule in rules), tuple(rules))

    def _mismatch(self, matched: MatchedRows, row: int) -> Problem:
        column, foreign = matched.misfit(row)
        literal = Literal.of(canonical(foreign))
        expected = matched.kinds[column]
        if not expected or (literal.kind and any(comparable(literal.kind, kind) for kind in expected)):
            expected = frozenset(matched.named_kinds(self, column, row))
        facts = (
            ("column", self.inputs[column].title or self.inputs[column].name),
            ("expected", expected),
            ("kind", literal.kind),
            ("found", literal),
        )
        return Problem("type_mismatch", facts)
