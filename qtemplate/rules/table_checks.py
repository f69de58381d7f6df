"""Static checks of a decision table: what is wrong with it before any case is put to it.

Pure. Overlaps, gaps, masked and impossible rules are found on the pieces of `table_atoms`, exactly, for any number of
columns at once; 1,000 rules on 8 columns take under a second (benchmarks/rules.py).

Source: Calvanese et al. 2018 (see `table_atoms`); what hit policies demand: OMG DMN 1.3, 8.2.11.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..plan import Severity
from .cell_truths import TRUE, truth_of
from .decision_table import DecisionTable, HitPolicy
from .excel_damage import damaged_date
from .feel_values import Kind, comparable, spell
from .hit_policy import same_outputs
from .nearest import nearest
from .table_atoms import Dimension, Piece, cut_into_pieces, example_of
from .table_problems import TableProblem
from .unary_tests import AnyValue, Comparison, Literal, Name, Operator, endpoints, strict_text

STATE_CAP = 200_000
PAIR_CAP = 50  # overlaps told; a table with more has one mistake, not fifty
RULE_CAP = 4_000  # the matrix of pairs takes rules squared bytes

_SINGLE_HIT = (HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.FIRST, HitPolicy.PRIORITY)


class TooLarge(Exception):
    """A search passed its cap of states and decided nothing."""


def find_uncovered(
    dimensions: list[Dimension], rules: int, box: int = 0, cap: int = STATE_CAP
) -> tuple[tuple[int, Piece], ...] | None:
    """A place that none of some rules covers.

    Depth first through the dimensions with the set of rules still alive as state, the piece that leaves fewest alive
    first. A state is dropped once a rule alive has nothing but `-` left, when it was visited before, or when a sibling
    with fewer rules alive led nowhere: where more may cover, there is no gap either.

    Args:
        dimensions: As from `table_atoms.cut_into_pieces`.
        rules: Bitset of the rules that may cover.
        box: Bitset of one rule whose cells the place must satisfy; 0 = anywhere.
        cap: Most states to keep.

    Returns:
        Index of a dimension and piece of it, for those that matter; None when everything is covered.

    Raises:
        TooLarge: There were more states than `cap`.
    """
    steps: list[tuple[int, list[tuple[Piece, int]], int]] = []
    for index, dimension in enumerate(dimensions):
        found = _different_pieces(dimension, rules, box)
        if not found:
            return None
        if len(found) == 1 and found[0][1] == rules:
            continue
        common = rules
        for _, alive in found:
            common &= alive
        steps.append((index, found, common))
    steps.sort(key=lambda step: len(step[1]))
    ahead = [rules] * (len(steps) + 1)  # rules that all remaining pieces leave alive
    for number in range(len(steps) - 1, -1, -1):
        ahead[number] = ahead[number + 1] & steps[number][2]
    if rules & ahead[0]:
        return None
    hopeless: list[set[int]] = [set() for _ in steps]
    budget = cap

    def search(number: int, alive: int) -> tuple[tuple[int, Piece], ...] | None:
        nonlocal budget
        if not alive:
            return ()
        index, pieces, _ = steps[number]
        failed: list[int] = []
        following = {alive & holding: piece for piece, holding in reversed(pieces)}
        for left in sorted(following, key=int.bit_count):
            if left & ahead[number + 1] or (number + 1 < len(steps) and left in hopeless[number + 1]):
                continue
            if any(less & left == less for less in failed):
                continue  # fewer rules alive were already too many
            path = search(number + 1, left)
            if path is not None:
                return ((index, following[left]), *path)
            failed.append(left)
        hopeless[number].add(alive)
        budget -= 1
        if budget < 0:
            raise TooLarge
        return None

    return search(0, rules)


def _different_pieces(dimension: Dimension, rules: int, box: int) -> list[tuple[Piece, int]]:
    """The pieces inside a box, with the rules that hold there; pieces with the same rules are one."""
    found: dict[int, Piece] = {}
    for piece in dimension.pieces:
        if not box or piece.maybe & box:
            found.setdefault((piece.rules if box else piece.maybe) & rules, piece)
    return [(piece, alive) for alive, piece in found.items()]


def overlap_matrix(dimensions: list[Dimension], rules: int) -> NDArray[np.bool_]:
    """Which rules share a piece in every dimension; shape (rules, rules), symmetric."""
    shared = np.ones((rules, rules), np.bool_)
    for dimension in dimensions:
        size = (rules + 7) // 8
        packed = [np.frombuffer(piece.rules.to_bytes(size, "little"), np.uint8) for piece in dimension.pieces]
        if not packed:
            return np.zeros_like(shared)
        holds = np.unpackbits(np.stack(packed), axis=1, count=rules, bitorder="little")
        distinct, which = np.unique(holds, axis=1, return_inverse=True)
        counted = distinct.astype(np.float32)
        meets = counted.T @ counted > 0
        shared &= meets[np.ix_(which.reshape(-1), which.reshape(-1))]
    return shared


@dataclass(slots=True)
class _Checker:
    table: DecisionTable
    cap: int

    def problem(self, cell: str, severity: Severity, code: str, **facts: Any) -> TableProblem:
        return TableProblem(self.table.sheet, cell, severity, code, tuple(facts.items()))

    def rule_cell(self, rule: int) -> str:
        return f"A{self.table.rules[rule].row}"

    def show_case(self, case: list[Literal | None]) -> tuple[str, ...]:
        """The example as `column = value`, columns that do not matter left out."""
        shown = []
        for column, literal in zip(self.table.inputs, case, strict=True):
            if literal is not None:
                label = dict(column.labels).get(literal.value) if isinstance(literal.value, str) else None
                shown.append(f"{column.title or column.name} = {label or spell(literal.value)}")
        return tuple(shown)

    def matches(self, rule: int, case: list[Literal | None]) -> bool | None:
        """Whether a rule matches an example; None when it depends on a column the example leaves open."""
        sure: bool | None = True
        for node, literal in zip(self.table.rules[rule].tests, case, strict=True):
            if isinstance(node, AnyValue):
                continue
            if literal is None or any(isinstance(end, Name) for end in endpoints(node)):
                sure = None
            elif truth_of(node, literal) != TRUE:
                return False
        return sure

    def geometry(self) -> Iterator[TableProblem]:
        table = self.table
        dimensions = cut_into_pieces(table)
        yield from self.impossible(dimensions)
        needs_pairs = table.hit_policy in (HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.FIRST)
        overlaps = np.zeros((0, 0), np.bool_)
        if needs_pairs and len(table.rules) <= RULE_CAP:
            overlaps = overlap_matrix(dimensions, len(table.rules))
        if table.hit_policy in (HitPolicy.UNIQUE, HitPolicy.ANY):
            yield from self.overlaps(dimensions, overlaps)
        if table.hit_policy is HitPolicy.FIRST:
            yield from self.masked(dimensions, overlaps)
        if table.hit_policy in _SINGLE_HIT and any(column.default is None for column in table.outputs):
            yield from self.gap(dimensions)

    def impossible(self, dimensions: list[Dimension]) -> Iterator[TableProblem]:
        for dimension in dimensions:
            possible = 0
            for piece in dimension.pieces:
                possible |= piece.maybe
            column = self.table.inputs[dimension.column]
            for number, rule in enumerate(self.table.rules):
                if not possible >> number & 1:
                    facts = {"rule": rule.identifier, "column": column.title or column.name}
                    cell = self.table.address(number, dimension.column)
                    found = strict_text(rule.tests[dimension.column])
                    yield self.problem(cell, Severity.WARNING, "impossible", **facts, found=found)

    def overlaps(self, dimensions: list[Dimension], matrix: NDArray[np.bool_]) -> Iterator[TableProblem]:
        unique = self.table.hit_policy is HitPolicy.UNIQUE
        told = 0
        for one, other in zip(*np.nonzero(np.triu(matrix, 1)), strict=True):
            first, second = self.table.rules[one], self.table.rules[other]
            if not unique and same_outputs(first.outputs, second.outputs):
                continue
            both = (1 << int(one)) | (1 << int(other))
            pieces = [(n, next(p for p in d.pieces if p.rules & both == both)) for n, d in enumerate(dimensions)]
            relevant = [(n, p) for n, p in pieces if self.matters(dimensions[n].column, int(one), int(other))]
            case = example_of(dimensions, relevant, len(self.table.inputs))
            if not (self.matches(int(one), case) and self.matches(int(other), case)):
                continue  # keyword tests that no one text satisfies together
            code = "overlap" if unique else "disagreement"
            facts = {"one": first.identifier, "other": second.identifier, "example": self.show_case(case)}
            yield self.problem(self.rule_cell(int(other)), Severity.ERROR, code, **facts)
            told += 1
            if told == PAIR_CAP:
                return

    def matters(self, column: int, *rules: int) -> bool:
        return any(not isinstance(self.table.rules[rule].tests[column], AnyValue) for rule in rules)

    def masked(self, dimensions: list[Dimension], matrix: NDArray[np.bool_]) -> Iterator[TableProblem]:
        undecided = len(self.table.rules) > RULE_CAP
        for number in range(1, len(matrix)):
            before = sum(1 << int(rule) for rule in np.flatnonzero(matrix[number, :number]))
            if not before or not matrix[number, number]:
                continue
            try:
                hidden = find_uncovered(dimensions, before, 1 << number, self.cap) is None
            except TooLarge:
                undecided = True
                continue
            if hidden:
                rule = self.table.rules[number].identifier
                yield self.problem(self.rule_cell(number), Severity.WARNING, "masked", rule=rule)
        if undecided:
            yield self.problem("", Severity.INFO, "not_decided", what="masked")

    def gap(self, dimensions: list[Dimension]) -> Iterator[TableProblem]:
        everything = (1 << len(self.table.rules)) - 1
        try:
            pieces = find_uncovered(dimensions, everything, 0, self.cap)
        except TooLarge:
            yield self.problem("", Severity.INFO, "not_decided", what="gap")
            return
        if pieces is None or not everything:
            return
        case = example_of(dimensions, pieces, len(self.table.inputs))
        if any(self.matches(rule, case) for rule in range(len(self.table.rules))):
            yield self.problem("", Severity.INFO, "not_decided", what="gap")  # keyword tests that depend on each other
            return
        yield self.problem("", Severity.WARNING, "gap", example=self.show_case(case))

    def cells(self) -> Iterator[TableProblem]:
        for number, column in enumerate(self.table.inputs):
            if not column.kinds:
                yield from self.odd_kinds(number)
            if column.allowed is not None and not isinstance(column.allowed, AnyValue):
                yield from self.outside_allowed(number)
        for number, output in enumerate(self.table.outputs):
            allowed = output.allowed
            if not allowed and self.table.hit_policy in (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER):
                cell = f"{output.letter}{self.table.allowed_row or 3}"
                facts = {"policy": self.table.hit_policy.value, "column": output.title or output.name}
                yield self.problem(cell, Severity.WARNING, "no_priority", **facts)
            for rule in self.table.rules if allowed else ():
                literal = rule.outputs[number]
                if literal.kind is not None and not any(same_outputs((literal,), (value,)) for value in allowed):
                    cell = f"{output.letter}{rule.row}"
                    yield self.not_allowed(cell, output.title or output.name, literal, list(allowed))

    def not_allowed(self, cell: str, column: str, literal: Literal, allowed: list[Literal]) -> TableProblem:
        words = [value.value for value in allowed if value.kind is Kind.TEXT]
        near = nearest(literal.value, words) if literal.kind is Kind.TEXT else ""
        facts = {"found": spell(literal.value), "column": column, "row": self.table.allowed_row, "suggestion": near}
        return self.problem(cell, Severity.WARNING, "not_allowed", **facts)

    def odd_kinds(self, number: int) -> Iterator[TableProblem]:
        """Literals of a kind most of the column's literals are not: a forgotten quote, a number Excel made a date."""
        column = self.table.inputs[number]
        found: list[tuple[int, Literal]] = []
        for index, rule in enumerate(self.table.rules):
            ends = endpoints(rule.tests[number])
            found += [(index, end) for end in ends if isinstance(end, Literal) and end.kind is not None]
        counts: dict[Kind, int] = {}
        for _, literal in found:
            if literal.kind is not None:
                counts[literal.kind] = counts.get(literal.kind, 0) + 1
        if len(counts) < 2:
            return
        usual = max(counts, key=lambda kind: counts[kind])
        for index, literal in found:
            if literal.kind is None or comparable(literal.kind, usual):
                continue
            facts = {"column": column.title or column.name, "expected": usual, "found": spell(literal.value)}
            likely = damaged_date(literal)
            code, more = ("excel_date", {"likely": likely}) if likely else ("wrong_kind", {"kind": literal.kind})
            yield self.problem(self.table.address(index, number), Severity.WARNING, code, **facts, **more)

    def outside_allowed(self, number: int) -> Iterator[TableProblem]:
        """Values compared with `=` that the allowed values of the column exclude."""
        column = self.table.inputs[number]
        if column.allowed is None or any(isinstance(end, Name) for end in endpoints(column.allowed)):
            return
        allowed = [end for end in endpoints(column.allowed) if isinstance(end, Literal)]
        for index, rule in enumerate(self.table.rules):
            node = rule.tests[number]
            for test in () if isinstance(node, AnyValue) else node.tests:
                equality = isinstance(test, Comparison) and test.operator in (Operator.EQUAL, Operator.UNEQUAL)
                if not equality or not isinstance(test, Comparison) or not isinstance(test.endpoint, Literal):
                    continue
                if test.endpoint.kind is not None and truth_of(column.allowed, test.endpoint) != TRUE:
                    cell = self.table.address(index, number)
                    yield self.not_allowed(cell, column.title or column.name, test.endpoint, allowed)

    def names(self) -> Iterator[TableProblem]:
        """Words that stand where a column could, though the table has no such column."""
        known = [column.name for column in self.table.inputs]
        for number in range(0 if self.table.bound else len(known)):
            for index, rule in enumerate(self.table.rules):
                for end in endpoints(rule.tests[number]):
                    if isinstance(end, Name) and end.name not in known:
                        facts = {"found": end.name, "suggestion": nearest(end.name, known)}
                        yield self.problem(self.table.address(index, number), Severity.WARNING, "unknown_name", **facts)

    def identifiers(self) -> Iterator[TableProblem]:
        rows: dict[str, int] = {}
        for number, rule in enumerate(self.table.rules):
            if rule.identifier in rows:
                facts = {"found": rule.identifier, "row": rows[rule.identifier]}
                yield self.problem(self.rule_cell(number), Severity.WARNING, "duplicate_identifier", **facts)
            rows.setdefault(rule.identifier, rule.row)


def check_table(table: DecisionTable, cap: int = STATE_CAP) -> list[TableProblem]:
    """Everything a reader of the table should know before trusting it.

    Args:
        table: As read, or bound to a register's fields: then enumerations are known and gaps are told in their labels.
        cap: Most states of a search; beyond it the problem `not_decided` says so.

    Returns:
        Problems with cell addresses: cells first, then the table as a whole. An error forbids using the table.
    """
    checker = _Checker(table, cap)
    found = [*checker.identifiers(), *checker.names(), *checker.cells()]
    return [*found, *checker.geometry()]
