"""A decision table tied to the fields of a register: headers become keys, labels become codes, kinds are checked.

Pure. Knows fields only through the `resolve` it is given. Collects every problem with its cell, so that a sheet is
corrected in one go and not in ten.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from .decision_table import DecisionTable
from .excel_damage import damaged_date, damaged_number
from .feel_values import Kind, comparable, kind_of, spell
from .model import InputColumn, OutputColumn, Rule
from .nearest import fold, nearest
from .table_problems import Severity, TableProblem, has_errors, plain
from .text_like_test import text_like_test
from .unary_tests import AnyValue, Comparison, Contains, Endpoint, Interval, Literal, Name, Operator, Test, UnaryTests

_KINDS: Mapping[str, frozenset[Kind]] = {
    "text": frozenset({Kind.TEXT}),
    "number": frozenset({Kind.NUMBER}),
    "enum": frozenset({Kind.TEXT}),
    "date": frozenset({Kind.DATE, Kind.DATETIME}),
    "datetime": frozenset({Kind.DATE, Kind.DATETIME}),
    "bool": frozenset({Kind.BOOLEAN}),
    "person": frozenset({Kind.TEXT}),
}
_BOOLEAN_WORDS = {
    "是": True,
    "否": False,
    "yes": True,
    "no": False,
    "true": True,
    "false": False,
    "真": True,
    "假": False,
}


class Binding(Struct, frozen=True):
    """What a table needs to know about a field.

    Attributes:
        key: The field's key, which is its column in the frame.
        kind: `text`, `number`, `enum`, `date`, `datetime`, `bool` or `person`.
        codes: Enumerations and persons: label or code -> canonical code; several labels may share a code, the first is
            shown. None = any text.
        integer: Whether numbers are whole.
        scale: The numbers there are, of a scale such as 1 to 5; empty = any.
        open: Whether a value that is no code is only pointed out, as names of persons always are.
    """

    key: str
    kind: str
    codes: Mapping[str, Any] | None = None
    integer: bool = False
    scale: tuple[int, ...] = ()
    open: bool = False


Resolve = Callable[[str], Binding | None]


def _labels(binding: Binding) -> tuple[tuple[str, str], ...]:
    shown: dict[str, str] = {}
    for label, code in (binding.codes or {}).items():
        shown.setdefault(str(code), label)
    return tuple(shown.items())


class _Binder(Struct):
    table: DecisionTable
    resolve: Resolve
    known: Sequence[str]
    problems: list[TableProblem] = field(default_factory=list)

    def note(self, cell: str, code: str, severity: Severity = Severity.ERROR, **facts: Any) -> None:
        self.problems.append(TableProblem(self.table.sheet, cell, severity, code, tuple(facts.items())))

    def literal(self, literal: Literal, binding: Binding, title: str, cell: str) -> Literal:
        """The literal as the field holds it: a code for a label, text for a number typed into a text field."""
        if literal.kind is None:
            return literal
        if binding.kind in ("text", "enum", "person") or binding.codes is not None:
            return self.code(self.as_text(literal, binding, title, cell), binding, title, cell)
        if binding.kind == "bool" and literal.kind is Kind.TEXT:
            truth = _BOOLEAN_WORDS.get(fold(literal.value))
            if truth is not None:
                return Literal.of(truth, literal.value)
        self.check_kind(literal, binding, title, cell)
        return literal

    def check_kind(self, literal: Literal, binding: Binding, title: str, cell: str) -> None:
        kinds = _KINDS[binding.kind]
        if literal.kind is None or any(comparable(literal.kind, kind) for kind in kinds):
            return
        facts: dict[str, Any] = {"column": title, "expected": kinds, "found": plain(literal.value), "like": kinds}
        if literal.kind in (Kind.DATE, Kind.DATETIME) and (likely := damaged_date(literal)):
            self.note(cell, "excel_date", **facts, likely=likely)
        else:
            self.note(cell, "wrong_kind", **facts, kind=literal.kind)

    def as_text(self, literal: Literal, binding: Binding, title: str, cell: str) -> Literal:
        if literal.kind is Kind.TEXT:
            return literal
        if isinstance(literal.source, str):  # typed as text; only the reader took it for a number, a date or a truth
            return Literal.of(literal.source, literal.source)
        if literal.kind is Kind.NUMBER and literal.source is not None:
            if binding.codes is None and damaged_number(literal):
                self.note(cell, "excel_number", Severity.WARNING, column=title, found=spell(literal.value))
            return Literal.of(spell(literal.value), literal.source)
        if literal.kind is Kind.BOOLEAN:
            return Literal.of(spell(literal.value).upper(), literal.source)
        self.check_kind(literal, binding, title, cell)
        return literal

    def code(self, literal: Literal, binding: Binding, title: str, cell: str) -> Literal:
        if binding.codes is None or literal.kind is not Kind.TEXT:
            return literal
        wanted = fold(literal.value)
        for label, code in binding.codes.items():
            if fold(label) == wanted or fold(str(code)) == wanted:
                return Literal(code, kind_of(code), literal.value)
        shown = [label for _, label in _labels(binding)]
        near = nearest(literal.value, [*shown, *(str(label) for label in binding.codes)])
        severity = Severity.WARNING if binding.open or binding.kind == "person" else Severity.ERROR
        few = tuple(shown[:12])
        self.note(cell, "unknown_value", severity, column=title, found=literal.value, suggestion=near, known=few)
        return literal

    def endpoint(self, end: Endpoint, binding: Binding, title: str, cell: str) -> Endpoint:
        if isinstance(end, Literal):
            return self.literal(end, binding, title, cell)
        other = self.resolve(end.name)
        if other is None:
            self.note(cell, "unknown_name", found=end.name, suggestion=nearest(end.name, self.known))
            return end
        one, two = _KINDS[binding.kind], _KINDS[other.kind]
        if not any(comparable(left, right) for left in one for right in two):
            kind = next(iter(sorted(two)))
            self.note(cell, "wrong_kind", column=title, expected=one, found=end.name, kind=kind, like=one)
        return Name(other.key)

    def ordered(self, test: Test, binding: Binding, title: str, cell: str, sign: str) -> None:
        """Notes a comparison by size on an enumeration, a person or a truth, which have no order."""
        if binding.kind in ("enum", "person", "bool"):
            self.note(cell, "not_ordered", column=title, found=sign)

    def test(self, test: Test, binding: Binding, title: str, cell: str) -> Test:
        if isinstance(test, Comparison):
            if test.operator not in (Operator.EQUAL, Operator.UNEQUAL):
                self.ordered(test, binding, title, cell, test.operator.value)
                self.midnight(test.operator is Operator.LESS_OR_EQUAL, test.endpoint, binding, title, cell)
            return replace(test, endpoint=self.endpoint(test.endpoint, binding, title, cell))
        if isinstance(test, Contains):
            text = Binding(binding.key, "text")
            if _KINDS[binding.kind] != _KINDS["text"]:
                self.check_kind(Literal.of(""), binding, title, cell)
            return Contains(self.endpoint(test.part, text, title, cell))
        self.ordered(test, binding, title, cell, "..")
        self.midnight(test.high_closed, test.high, binding, title, cell)
        low, high = (self.endpoint(end, binding, title, cell) for end in (test.low, test.high))
        return Interval(low, test.low_closed, high, test.high_closed)

    def midnight(self, closed: bool, end: Endpoint, binding: Binding, title: str, cell: str) -> None:
        if closed and binding.kind == "datetime" and isinstance(end, Literal) and end.kind is Kind.DATE:
            self.note(cell, "midnight", Severity.INFO, column=title, found=end.value.isoformat())

    def cell(self, node: UnaryTests, binding: Binding | None, title: str, cell: str) -> UnaryTests:
        if binding is None or isinstance(node, AnyValue):
            return node
        if binding.kind in ("text", "person") and binding.codes is None:
            self.text_like_test(node, title, cell)
        return replace(node, tests=tuple(self.test(test, binding, title, cell) for test in node.tests))

    def text_like_test(self, node: UnaryTests, title: str, cell: str) -> None:
        """Notes a text that was probably meant as a test; in a column of listed values it would be unknown."""
        if (looks := text_like_test(node)) is not None:
            severity = Severity.ERROR if looks.sure else Severity.WARNING
            self.note(cell, "text_like_test", severity, column=title, found=looks.text, meant=looks.meant)

    def column(self, name: str, letter: str) -> Binding | None:
        binding = self.resolve(name)
        if binding is None:
            self.note(f"{letter}3", "unknown_column", found=name, suggestion=nearest(name, self.known))
        return binding

    def input(self, column: InputColumn, binding: Binding | None) -> InputColumn:
        if binding is None:
            return column
        allowed = column.allowed
        if allowed is not None:
            allowed = self.cell(allowed, binding, column.title, f"{column.letter}{self.table.allowed_row}")
        labels = _labels(binding)
        domain = tuple(code for code, _ in labels) if binding.kind == "enum" else binding.scale
        return replace(
            column,
            name=binding.key,
            allowed=allowed,
            kinds=_KINDS[binding.kind],
            domain=domain,
            labels=labels,
            integer=binding.integer,
        )

    def output(self, column: OutputColumn, binding: Binding | None) -> OutputColumn:
        if binding is None:
            return column
        row = f"{column.letter}{self.table.allowed_row}"
        allowed = tuple(self.literal(value, binding, column.title, row) for value in column.allowed)
        default = column.default
        if default is not None:
            default = self.literal(default, binding, column.title, f"{column.letter}{self.table.default_row}")
        return replace(column, name=binding.key, allowed=allowed, default=default, labels=_labels(binding))

    def bind(self) -> DecisionTable:
        table = self.table
        inputs = [self.column(column.name, column.letter) for column in table.inputs]
        outputs = [self.column(column.name, column.letter) for column in table.outputs]
        rules: list[Rule] = []
        for rule in table.rules:
            tests = tuple(
                self.cell(node, binding, column.title, f"{column.letter}{rule.row}")
                for node, binding, column in zip(rule.tests, inputs, table.inputs, strict=True)
            )
            literals = tuple(
                literal
                if binding is None
                else self.literal(literal, binding, column.title, f"{column.letter}{rule.row}")
                for literal, binding, column in zip(rule.outputs, outputs, table.outputs, strict=True)
            )
            rules.append(replace(rule, tests=tests, outputs=literals))
        return replace(
            table,
            inputs=tuple(self.input(c, b) for c, b in zip(table.inputs, inputs, strict=True)),
            outputs=tuple(self.output(c, b) for c, b in zip(table.outputs, outputs, strict=True)),
            rules=tuple(rules),
            bound=True,
        )


def bind(
    table: DecisionTable, resolve: Resolve, known: Sequence[str] = ()
) -> tuple[DecisionTable | None, list[TableProblem]]:
    """Ties a table to the fields of a register.

    Args:
        table: As read from its sheet.
        resolve: The field a column name means (zh header, en header, key, a team's own header), None if there is none.
        known: Column names that exist, for suggestions.

    Returns:
        The table with keys for names and codes for labels, None when a problem is an error; and all problems.
    """
    binder = _Binder(table, resolve, known)
    bound = binder.bind()
    return (None if has_errors(binder.problems) else bound), binder.problems
