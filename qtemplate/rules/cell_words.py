"""A cell of a decision table as its sheet shows it: labels for codes, 非(…) for not(…). Pure.

For people; what scripts compare is `unary_tests.strict_text`.
"""

from __future__ import annotations

from ..dmn.feel_values import Kind
from ..dmn.model import InputColumn
from ..dmn.table_problems import plain
from ..dmn.unary_tests import AnyValue, Comparison, Contains, Endpoint, Name, NoneOf, Operator, Test, UnaryTests
from ..fields import FIELDS

_WORDS = {
    "zh": {"not": "非", "contains": "包含", "lacks": "不包含", "any": "-", True: "是", False: "否",
           None: "空", "filled": "非空"},
    "en": {"not": "not", "contains": "contains", "lacks": "not contains", "any": "-", True: "Yes", False: "No",
           None: "empty", "filled": "not empty"},
}  # fmt: skip


def cell_words(node: UnaryTests, column: InputColumn, language: str) -> str:
    """The cell in the words of `language`; anything but labels, signs and numbers stays as it was typed."""
    words = _WORDS[language]
    if isinstance(node, AnyValue):
        return words["any"]
    tests = node.tests
    if all(isinstance(test, Contains) for test in tests):
        parts = [_end(test.part, column, language) for test in tests if isinstance(test, Contains)]
        return f"{words['lacks' if isinstance(node, NoneOf) else 'contains']}({', '.join(parts)})"
    said = [_test(test, column, language) for test in tests]
    if isinstance(node, NoneOf):
        return words["filled"] if said == [words[None]] else f"{words['not']}({', '.join(said)})"
    return ", ".join(said)


def _test(test: Test, column: InputColumn, language: str) -> str:
    if isinstance(test, Comparison):
        sign = "" if test.operator is Operator.EQUAL else test.operator.value
        return f"{sign}{_end(test.endpoint, column, language)}"
    if isinstance(test, Contains):
        return f"{_WORDS[language]['contains']}({_end(test.part, column, language)})"
    low, high = (_end(end, column, language) for end in (test.low, test.high))
    return f"{'[' if test.low_closed else '('}{low}..{high}{']' if test.high_closed else ')'}"


def _end(end: Endpoint, column: InputColumn, language: str) -> str:
    if isinstance(end, Name):
        field = FIELDS.get(end.name)
        return end.name if field is None else field.header(language)
    if end.kind in (Kind.BOOLEAN, None):
        return _WORDS[language][end.value]
    return dict(column.labels).get(end.value, plain(end.value))
