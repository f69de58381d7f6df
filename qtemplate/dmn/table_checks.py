"""Static checks of a decision table: what is wrong with it before any case is put to it.

Pure. Overlaps, gaps, masked and impossible rules are found on the pieces of `table_atoms`, exactly, for any number of
columns at once; 1,000 rules on 8 columns take under a second (benchmarks/rules.py).

Source: Calvanese et al. 2018 (see `table_atoms`); what hit policies demand: OMG DMN 1.3, 8.2.11.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from .cell_truths import TRUE, truth_of
from .excel_damage import damaged_date
from .feel_values import Kind, comparable, spell
from .hit_policy import same_outputs
from .model import HitPolicy, Table
from .nearest import nearest
from .no_condition import met_by_all, met_by_form, met_by_none
from .table_atoms import Dimension, cut_into_pieces, example_of
from .table_problems import OTHER_TEXT, Severity, TableProblem, plain
from .text_like_test import text_like_test
from .unary_tests import AnyValue, Comparison, Literal, Name, Operator, endpoints
from .uncovered import STATE_CAP, TooLarge, find_uncovered, overlap_matrix

PAIR_CAP = 3  # overlaps reported; a table with more has one mistake, not fifty
COVER_CAP = 40  # of at most so many earlier rules the few that already mask a later one are picked out
HIDDEN_CAP = 30  # and only for so many groups of masked rules
NAMED_CAP = 8  # rules named in one sentence
RULE_CAP = 4_000  # the matrix of pairs takes rules squared bytes

_SINGLE_HIT = (HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.FIRST, HitPolicy.PRIORITY)


class _Checker(Struct):
    table: Table
    cap: int
    pairs: int

    def problem(self, cell: str, severity: Severity, code: str, **facts: Any) -> TableProblem:
        return TableProblem(self.table.sheet, cell, severity, code, tuple(facts.items()))

    def rule_cell(self, rule: int) -> str:
        return f"A{self.table.rules[rule].row}"

    def show_case(self, case: list[Literal | None]) -> tuple[tuple[str, str | None], ...]:
        """The example as (column, value) without the columns that do not matter; None is an empty cell."""
        shown: list[tuple[str, str | None]] = []
        for column, literal in zip(self.table.inputs, case, strict=True):
            if literal is not None:
                value = literal.value
                text = value
                if value is not None and value != OTHER_TEXT:
                    written = spell(value) if literal.kind is Kind.TEXT else plain(value)
                    text = dict(column.labels).get(value, written)
                shown.append((column.title or column.name, text))
        return tuple(shown)

    def show_outputs(self, rule: int) -> str:
        """A rule's outputs as the sheet shows them."""
        pairs = zip(self.table.outputs, self.table.rules[rule].outputs, strict=True)
        values = [dict(column.labels).get(each.value, plain(each.value)) for column, each in pairs if each.kind]
        return ", ".join(values)

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
        yield from met_by_none(table, dimensions)
        for_all = [*met_by_form(table), *met_by_all(table, dimensions)]
        yield from for_all
        if any(problem.code == "always" for problem in for_all):
            return  # what overlaps or hides another rule because of such a cell was not meant to
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
            if told == self.pairs:
                yield self.problem("C1", Severity.ERROR, "more_overlaps")
                return
            yield self.problem(self.rule_cell(int(other)), Severity.ERROR, code, **facts)
            told += 1

    def matters(self, column: int, *rules: int) -> bool:
        return any(not isinstance(self.table.rules[rule].tests[column], AnyValue) for rule in rules)

    def masked(self, dimensions: list[Dimension], matrix: NDArray[np.bool_]) -> Iterator[TableProblem]:
        undecided = len(self.table.rules) > RULE_CAP
        hidden: dict[tuple[bool, tuple[int, ...]], list[int]] = {}  # (same result, by which rules) -> rules
        for number in range(1, len(matrix)):
            before = sum(1 << int(rule) for rule in np.flatnonzero(matrix[number, :number]))
            if not before or not matrix[number, number]:
                continue
            try:
                if find_uncovered(dimensions, before, 1 << number, self.cap) is not None:
                    continue
            except TooLarge:
                undecided = True
                continue
            cover = self.cover(dimensions, number, before, len(hidden) < HIDDEN_CAP)
            rules = self.table.rules
            same = all(same_outputs(rules[rule].outputs, rules[number].outputs) for rule in cover)
            hidden.setdefault((same, cover), []).append(number)
        for (same, cover), numbers in hidden.items():
            yield self.masked_by(numbers, cover, same)
        if undecided:
            yield self.problem("", Severity.INFO, "not_decided", what="masked")

    def cover(self, dimensions: list[Dimension], number: int, before: int, thin: bool) -> tuple[int, ...]:
        """The earlier rules that cover a masked one; `thin` leaves as few as still do, preferably the first ones."""
        found = [rule for rule in range(number) if before >> rule & 1]
        for rule in reversed(found) if thin and len(found) <= COVER_CAP else ():
            fewer = before & ~(1 << rule)
            try:
                if fewer and find_uncovered(dimensions, fewer, 1 << number, self.cap) is None:
                    before = fewer
            except TooLarge:
                continue
        return tuple(rule for rule in found if before >> rule & 1)

    def masked_by(self, numbers: list[int], cover: tuple[int, ...], same: bool) -> TableProblem:
        """The problem of rules that the same earlier ones leave no case, at the first of them."""
        named = tuple(self.table.rules[number].identifier for number in numbers)
        by = (*(self.table.rules[rule].identifier for rule in cover[:NAMED_CAP]), *["…"][: len(cover) > NAMED_CAP])
        if same:
            return self.problem(self.rule_cell(numbers[0]), Severity.WARNING, "masked", rule=named, by=by)
        result, theirs = (tuple(dict.fromkeys(map(self.show_outputs, each))) for each in (numbers, cover))
        facts = {"rule": named, "by": by, "result": result, "theirs": theirs}
        return self.problem(self.rule_cell(numbers[0]), Severity.WARNING, "masked_other", **facts)

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
                yield from self.texts_like_tests(number)
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
        facts = {"found": plain(literal.value), "column": column, "row": self.table.allowed_row, "suggestion": near}
        return self.problem(cell, Severity.WARNING, "not_allowed", **facts)

    def odd_kinds(self, number: int) -> Iterator[TableProblem]:
        """Literals of another kind than most in the column: a forgotten quote, a number that Excel made a date."""
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
            shown = plain(literal.value)
            facts = {"column": column.title or column.name, "expected": usual, "found": shown, "like": (usual,)}
            likely = damaged_date(literal)
            code, more = ("excel_date", {"likely": likely}) if likely else ("wrong_kind", {"kind": literal.kind})
            yield self.problem(self.table.address(index, number), Severity.WARNING, code, **facts, **more)

    def texts_like_tests(self, number: int) -> Iterator[TableProblem]:
        """Texts that were probably meant as tests; in a bound table they are told when it is bound."""
        column = self.table.inputs[number]
        for index, rule in enumerate(self.table.rules):
            if (looks := text_like_test(rule.tests[number])) is not None:
                facts = {"column": column.title or column.name, "found": looks.text, "meant": looks.meant}
                yield self.problem(self.table.address(index, number), Severity.WARNING, "text_like_test", **facts)

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


def check_table(table: Table, cap: int = STATE_CAP, pairs: int = PAIR_CAP) -> list[TableProblem]:
    """Everything worth knowing about a table before trusting it.

    Args:
        table: As read, or bound to a register's fields: then enumerations are known, and gaps use their labels.
        cap: Most states of a search; beyond it the problem is `not_decided`.
        pairs: Most overlaps reported one by one.

    Returns:
        Problems with cell addresses: cells first, then the table as a whole. An error forbids using the table.
    """
    checker = _Checker(table, cap, pairs)
    found = [*checker.identifiers(), *checker.names(), *checker.cells()]
    return [*found, *checker.geometry()]
