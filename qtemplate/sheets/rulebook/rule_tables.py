"""Decision tables read from a workbook: one table a sheet, its layout told by labels, never by borders or colours.

The only module that knows where the parts of a table stand. What a cell means is in `dmn.lenient` and
`dmn.unary_tests`.

Source of the terms: OMG DMN 1.3, 8.2 (notation of decision tables).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from msgspec import Struct, field
from python_calamine import CalamineSheet

from ...dmn.decision_table import DecisionTable
from ...dmn.lenient import half_width, read_literal, read_tests, read_values
from ...dmn.model import Aggregation, HitPolicy, InputColumn, OutputColumn, Rule
from ...dmn.nearest import nearest
from ...dmn.table_problems import Severity, TableProblem, has_errors
from ...dmn.unary_tests import AnyValue, CellSyntaxError, Literal, UnaryTests, parse_literal
from ...ooxml.reading.book import Book, open_book
from ...ooxml.reading.uncalculated import Uncalculated, uncalculated
from ...ooxml.references import column_name
from .rule_damage import Damage, Grid, Merged, head_damage, marker_damage, merged_rules, rules_below
from .rule_labels import (
    AGGREGATIONS,
    ALLOWED_LABELS,
    DEFAULT_LABELS,
    EXCEL_ERRORS,
    MARKERS,
    POLICIES,
    ROLES,
    blank,
    text,
)

_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
_FIRST_BODY_ROW = 3  # 0-based: below the names

Parsed = TypeVar("Parsed")


class _Column(Struct, frozen=True):
    index: int
    role: str
    name: str

    @property
    def letter(self) -> str:
        return column_name(self.index + 1)


class _TableReader(Struct):
    """Reads one sheet, collecting problems."""

    sheet: str
    grid: Grid
    strict: bool
    merged: Merged = ()
    problems: list[TableProblem] = field(default_factory=list)
    names: tuple[str, ...] = ()

    def at(self, row: int, column: int) -> Any:
        """A cell by 0-based row and column; None when it is empty."""
        cells = self.grid[row] if row < len(self.grid) else ()
        value = cells[column] if column < len(cells) else None
        return None if blank(value) else value

    def note(self, row: int, column: int, code: str, severity: Severity = Severity.ERROR, **facts: Any) -> None:
        cell = f"{column_name(column + 1)}{row + 1}"
        self.problems.append(TableProblem(self.sheet, cell, severity, code, tuple(facts.items())))

    def damaged(self, damage: Damage | None, severity: Severity) -> bool:
        if damage is not None:
            cell, code, facts = damage
            self.problems.append(TableProblem(self.sheet, cell, severity, code, tuple(facts.items())))
        return damage is not None

    def parse(self, row: int, column: int, read: Callable[[Any], Parsed], otherwise: Parsed) -> Parsed:
        """What `read` makes of a cell; a problem with its address, and `otherwise`, when it cannot."""
        value = self.at(row, column)
        if isinstance(value, str) and value.strip() in EXCEL_ERRORS:
            self.note(row, column, "error_cell", found=value.strip())
            return otherwise
        if isinstance(value, Uncalculated):
            value = self.constant(value)
            if value is None:
                self.note(row, column, "uncalculated", found=self.at(row, column))
                return otherwise
        if isinstance(value, str) and not self.strict and _THOUSANDS.fullmatch(value.strip()):
            self.note(row, column, "thousands", Severity.WARNING, found=value.strip())
        try:
            return read(value)
        except CellSyntaxError as error:
            half = half_width(value) if isinstance(value, str) and self.strict else value
            if half != value:
                self.note(row, column, "full_width", found=value, strict=half)
            else:
                self.note(row, column, error.code, **dict(error.facts))
            return otherwise

    def constant(self, formula: Uncalculated) -> str | None:
        """The literal that is all of a formula: `=5` is 5 as a formula and as a test. None for all others."""
        spelled = formula.removeprefix("=").strip()
        try:
            parse_literal(spelled)
        except CellSyntaxError:
            return None
        return spelled or None

    def policy(self) -> tuple[HitPolicy, Aggregation]:
        typed, aggregation_typed = text(self.at(0, 2)), text(self.at(0, 3))
        spelled = " ".join(typed.upper().replace("_", " ").split())
        if len(spelled) == 2 and spelled[0] == "C" and spelled[1] in AGGREGATIONS and not aggregation_typed:
            spelled, aggregation_typed = "C", spelled[1]
        policy = HitPolicy.UNIQUE if not spelled else POLICIES.get(spelled)
        if policy is None:
            self.note(0, 2, "bad_hit_policy", found=typed, suggestion=nearest(spelled, POLICIES))
            policy = HitPolicy.UNIQUE
        aggregation = AGGREGATIONS.get(aggregation_typed.upper())
        if aggregation is None or (aggregation is not Aggregation.NONE and policy is not HitPolicy.COLLECT):
            self.note(0, 3, "bad_aggregation", found=aggregation_typed)
            aggregation = Aggregation.NONE
        return policy, aggregation

    def columns(self) -> list[_Column]:
        width = max((len(row) for row in self.grid[:3]), default=0)
        found: list[_Column] = []
        for index in range(1, width):
            label, name = text(self.at(1, index)), text(self.at(2, index))
            role = ROLES.get(label.casefold())
            if not label:
                if name:
                    self.note(1, index, "no_role", found=name)
                continue
            if role is None:
                self.note(1, index, "bad_role", found=label)
                continue
            if not name and role != "note":
                self.note(2, index, "no_name", role=label)
                continue
            if role != "note" and any(other.role == role and other.name == name for other in found):
                self.note(2, index, "duplicate_column", found=name)
                continue
            found.append(_Column(index, role, name))
        if not any(column.role == "output" for column in found):
            self.note(1, 0, "no_output")
        return found

    def header_rows(self) -> tuple[int, int, int]:
        """0-based rows of allowed values, defaults (-1 = none) and the first rule; told by the labels in column A."""
        allowed = default = -1
        row = _FIRST_BODY_ROW
        for _ in range(2):
            label = text(self.at(row, 0)).casefold()
            if label in ALLOWED_LABELS and allowed < 0:
                allowed = row
            elif label in DEFAULT_LABELS and default < 0:
                default = row
            else:
                break
            row += 1
        return allowed, default, row

    def tests(self, value: Any) -> UnaryTests:
        return read_tests(value, self.names, strict=self.strict)

    def literal(self, value: Any) -> Literal:
        return read_literal(value, strict=self.strict)

    def values(self, value: Any) -> tuple[Literal, ...] | None:
        return read_values(value, strict=self.strict)

    def input(self, column: _Column, allowed_row: int) -> InputColumn:
        anything: UnaryTests = AnyValue()
        allowed = self.parse(allowed_row, column.index, self.tests, anything) if allowed_row >= 0 else anything
        known = None if isinstance(allowed, AnyValue) else allowed
        return InputColumn(column.name, column.letter, known, column.name)

    def output(self, column: _Column, allowed_row: int, default_row: int) -> OutputColumn:
        allowed: tuple[Literal, ...] | None = ()
        if allowed_row >= 0:
            allowed = self.parse(allowed_row, column.index, self.values, allowed)
            if allowed is None:
                self.note(allowed_row, column.index, "bad_allowed", found=text(self.at(allowed_row, column.index)))
        default = None
        if default_row >= 0 and self.at(default_row, column.index) is not None:
            default = self.parse(default_row, column.index, self.literal, Literal.of(None))
        return OutputColumn(column.name, column.letter, allowed or (), default, column.name)

    def rules(self, first: int, columns: Sequence[_Column]) -> list[Rule]:
        found: list[Rule] = []
        anything: UnaryTests = AnyValue()
        indices = [0, *(column.index for column in columns)]
        row = first
        while row < len(self.grid) and any(self.at(row, index) is not None for index in indices):
            identifier = text(self.at(row, 0))
            if not identifier:
                self.note(row, 0, "no_identifier")
            tests = [self.parse(row, c.index, self.tests, anything) for c in columns if c.role == "input"]
            outputs = [self.parse(row, c.index, self.literal, Literal.of(None)) for c in columns if c.role == "output"]
            notes = [text(self.at(row, c.index)) for c in columns if c.role == "note"]
            found.append(Rule(identifier, row + 1, tuple(tests), tuple(outputs), tuple(notes)))
            row += 1
        results = [column.index for column in columns if column.role == "output"]
        self.damaged(rules_below(self.grid, row, results), Severity.WARNING)
        decisive = [0, *(column.index for column in columns if column.role != "note")]
        for damage in merged_rules(self.merged, range(first, row), decisive):
            self.damaged(damage, Severity.WARNING)
        return found

    def read(self) -> DecisionTable | None:
        """The table; None when it has an error. Warnings leave it usable."""
        if self.damaged(head_damage(self.grid), Severity.ERROR):
            return None
        self.damaged(marker_damage(self.grid), Severity.WARNING)
        policy, aggregation = self.policy()
        columns = self.columns()
        self.names = tuple(column.name for column in columns if column.role == "input")
        allowed_row, default_row, first = self.header_rows()
        inputs = tuple(self.input(c, allowed_row) for c in columns if c.role == "input")
        outputs = tuple(self.output(c, allowed_row, default_row) for c in columns if c.role == "output")
        if len(outputs) > 1 and aggregation not in (Aggregation.NONE, Aggregation.COUNT):
            self.note(0, 3, "compound_aggregation", found=aggregation.value)
        rules = tuple(self.rules(first, columns))
        if not rules:
            self.note(first, 0, "no_rules", Severity.WARNING)
        if has_errors(self.problems):
            return None
        return DecisionTable(
            name=text(self.at(0, 1)),
            sheet=self.sheet,
            hit_policy=policy,
            aggregation=aggregation,
            inputs=inputs,
            outputs=outputs,
            rules=rules,
            allowed_row=allowed_row + 1,
            default_row=default_row + 1,
        )


def read_table(
    sheet: str, grid: Grid, *, strict: bool = False, merged: Merged = ()
) -> tuple[DecisionTable | None, list[TableProblem]]:
    """One table out of the cells of its sheet.

    Args:
        sheet: The sheet's name.
        grid: Rows of cell values from A1 on, as python-calamine gives them; `""` or None is empty.
        strict: Cells must be S-FEEL.
        merged: Merged areas of the sheet.

    Returns:
        The table, None when a problem is an error, and all problems in reading order.
    """
    reader = _TableReader(sheet, grid, strict, merged)
    table = reader.read()
    return table, reader.problems


def decision_tables_in(book: Book, *, strict: bool = False) -> tuple[dict[str, DecisionTable], list[TableProblem]]:
    """Every decision table of an open workbook, with the problems collected instead of raised.

    Args:
        book: The workbook; only sheets whose A1 is the marker are read to their end.
        strict: Cells must be S-FEEL.

    Returns:
        Tables without errors by sheet name, in sheet order, and the problems of all tables.

    Raises:
        RegisterUnreadable: A sheet is damaged.
    """
    tables: dict[str, DecisionTable] = {}
    problems: list[TableProblem] = []
    for name in book.sheet_names:
        if not is_table(book.sheet(name)):
            continue
        table, found = read_table(name, table_grid(book, name), strict=strict)
        problems.extend(found)
        if table is not None:
            tables[name] = table
    return tables, problems


def is_table(sheet: CalamineSheet) -> bool:
    """Whether A1 holds the marker; only the first row is turned into Python values."""
    if sheet.start != (0, 0):
        return False
    first = next(iter(sheet.iter_rows()), [])
    return bool(first) and isinstance(first[0], str) and first[0].strip().casefold() in MARKERS


def table_grid(book: Book, name: str) -> Grid:
    """The cells from A1 on. Errors and formulas without a value, to calamine empty and so `-`, hold their text."""
    grid = book.sheet(name).to_python(skip_empty_area=False)
    scan = book.scan(name)
    for row, column, error in scan.errors:
        if row <= len(grid) and column <= len(grid[row - 1]):
            grid[row - 1][column - 1] = error
    for row, column, formula in uncalculated(scan.pieces):
        if row > len(grid) + 1:
            break  # below a blank row, which ends the table
        grid += [[]] * (row - len(grid))
        cells = grid[row - 1]
        cells += [""] * (column - len(cells))
        cells[column - 1] = formula
    return grid


def merged_areas(book: Book, name: str) -> Merged:
    """The merged areas of a sheet."""
    return book.merged(name)


def read_decision_tables(path: str | Path, strict: bool = False) -> dict[str, DecisionTable]:
    """Every decision table of a workbook.

    Args:
        path: An .xlsx or .xlsm file.
        strict: Cells must be S-FEEL; otherwise also what people type (docs/rules.md).

    Returns:
        Tables by sheet name, in sheet order. Only sheets whose A1 is the marker count.

    Raises:
        RuleTableError: A cell does not parse or the layout is wrong; names sheet and cell, before anything is decided.
        RegisterUnreadable: There is no such file, or it is no readable workbook.
    """
    tables, problems = decision_tables_in(open_book(path), strict=strict)
    for problem in problems:
        if problem.forbids:
            raise problem.error()
    return tables
