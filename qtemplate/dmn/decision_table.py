"""A decision table that decides: the results of every row of a frame, and why a row has none.

Pure. Stands above the parts of the evaluation: `rule_bits` says which rules match which rows, `hit_policy` what follows
from the rules that matched. `bind_table` ties a table to the fields of a register; `table_checks` looks at the table
itself.

Source: OMG DMN 1.3, clause 8 (decision tables).
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from msgspec import Struct
from numpy.typing import NDArray

from ..errors import RuleTableError
from .encoded_columns import Columns
from .feel_values import canonical, comparable
from .hit_policy import Result, apply_hit_policy
from .matched_rows import MatchedRows
from .model import Table
from .rule_bits import Encode, match_rows
from .table_problems import Problem, Severity, TableProblem
from .unary_tests import Literal, Name, endpoints, strict_text


class Evaluation(Struct, frozen=True):
    """What a table says of each row, kept once per distinct set of matching rules.

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


class Decision(Struct, frozen=True):
    """What a table decided, one entry per row of the frame.

    Attributes:
        outputs: The value (one output), a dict (several outputs), a list (OUTPUT ORDER, RULE ORDER, COLLECT), or None.
        problems: None, or an English sentence saying why there is no output.
        matched: Identifiers of the rules that matched.
    """

    outputs: list[Any]
    problems: list[str | None]
    matched: list[tuple[str, ...]]


class DecisionTable(Table, frozen=True):
    """A decision table, ready to decide; its attributes are those of `Table`."""

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

    def evaluate(self, frame: pd.DataFrame) -> Evaluation:
        """As `decide`, but with one result per distinct set of matching rules: fast however many rows there are."""
        return self.evaluate_columns(frame, len(frame))

    def evaluate_columns(self, columns: Columns, rows: int, of_column: Encode | None = None) -> Evaluation:
        """As `evaluate`, of columns that are no frame; the arguments are those of `match_rows`."""
        self._require_columns(columns)
        matched = match_rows(self, columns, rows, of_column)
        pattern, first_rows = matched.patterns()
        results = [self._result(matched, int(row)) for row in first_rows]
        return Evaluation(pattern, results)

    def _require_columns(self, columns: Columns) -> None:
        inputs = {column.name for column in self.inputs}
        for number, column in enumerate(self.inputs):
            if self.bound and column.name not in columns:
                raise self._error(f"{column.letter}3", "missing_field", column=column.name)
            for index, rule in enumerate(self.rules):
                for end in endpoints(rule.tests[number]):
                    if isinstance(end, Name) and end.name not in columns and end.name not in inputs:
                        cell = strict_text(rule.tests[number])
                        raise self._error(self.address(index, number), "foreign_name", found=end.name, written=cell)

    def _error(self, cell: str, code: str, **facts: str) -> RuleTableError:
        return TableProblem(self.sheet, cell, Severity.ERROR, code, tuple(facts.items())).error()

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
