"""What a cell was probably meant to say that holds for every value or for none, or that joins its tests by "and".

Pure. Only proposes; nothing here changes what a cell means.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from msgspec.structs import replace

from .feel_values import axis_value, comparable
from .unary_tests import (
    AnyValue,
    CellSyntaxError,
    Comparison,
    Contains,
    Endpoint,
    Interval,
    Literal,
    NoneOf,
    OneOf,
    Operator,
    Test,
    UnaryTests,
)

_LOWER: Final = {Operator.GREATER: False, Operator.GREATER_OR_EQUAL: True}
_UPPER: Final = {Operator.LESS: False, Operator.LESS_OR_EQUAL: True}


def likely_tests(node: UnaryTests) -> UnaryTests | None:
    """What was probably meant by a cell that holds for every value or for none; None if nothing suggests itself.

    `>=4, <=5` is "or" and holds always: `[4..5]`. `!=a, !=b`: `not(a, b)`. `[5..4]` holds never: `[4..5]`.
    """
    if isinstance(node, AnyValue):
        return None
    tests = node.tests
    excluded = [test for test in tests if isinstance(test, Comparison) and test.operator is Operator.UNEQUAL]
    if len(excluded) == len(tests) and len({test.endpoint for test in excluded}) > 1:
        equal = tuple(replace(test, operator=Operator.EQUAL) for test in excluded)
        return OneOf(equal) if isinstance(node, NoneOf) else NoneOf(equal)
    between = _turned(tests[0]) if len(tests) == 1 else joined(tests)
    return None if between is None else replace(node, tests=(between,))


def holds_always(node: UnaryTests) -> bool:
    """Whether a cell holds for every value there is, by its form alone: `>=4, <=5` or `!=a, !=b`."""
    return isinstance(node, OneOf) and len(node.tests) > 1 and likely_tests(node) is not None


def joined(tests: Sequence[Test]) -> Interval | None:
    """A lower and an upper bound as the interval between them; None if they are none, or nothing lies between."""
    if len(tests) != 2 or not all(isinstance(test, Comparison) for test in tests):
        return None
    bounds = [test for test in tests if isinstance(test, Comparison)]
    low = next((bound for bound in bounds if bound.operator in _LOWER), None)
    high = next((bound for bound in bounds if bound.operator in _UPPER), None)
    if low is None or high is None or not _in_order(low.endpoint, high.endpoint):
        return None
    return Interval(low.endpoint, _LOWER[low.operator], high.endpoint, _UPPER[high.operator])


def _turned(test: Test) -> Interval | None:
    """An interval whose ends are the wrong way round, put right."""
    if not isinstance(test, Interval) or not _in_order(test.high, test.low):
        return None
    return Interval(test.high, test.high_closed, test.low, test.low_closed)


def _in_order(low: Endpoint, high: Endpoint) -> bool:
    """Whether the first end is known to lie before the second."""
    if not isinstance(low, Literal) or not isinstance(high, Literal):
        return False
    if low.kind is None or high.kind is None or not comparable(low.kind, high.kind):
        return False
    return bool(axis_value(low.kind, low.value) < axis_value(high.kind, high.value))


def with_labels(node: UnaryTests, label: Callable[[Literal], Literal]) -> UnaryTests:
    """A cell with its values as the sheet shows them."""

    def end(endpoint: Endpoint) -> Endpoint:
        return label(endpoint) if isinstance(endpoint, Literal) else endpoint

    def shown(test: Test) -> Test:
        if isinstance(test, Comparison):
            return replace(test, endpoint=end(test.endpoint))
        if isinstance(test, Contains):
            return test
        return replace(test, low=end(test.low), high=end(test.high))

    return node if isinstance(node, AnyValue) else replace(node, tests=tuple(map(shown, node.tests)))


_SIGN: Final = r"(?:[<>!]=|<>|==|[<>=≥≤≧≦≠]|大于等于|小于等于|不小于|不大于|不等于|等于|大于|小于)"
_END: Final = r"[^<>=≥≤≧≦≠,]+?"
_AND: Final = r"(?:\s*(?:并且|而且|且|和|&&?)\s*|\s+and\s+|\s+|)"
_BOTH: Final = rf"(?i)\s*({_SIGN})\s*({_END}){_AND}({_SIGN})\s*({_END})\s*"
_CHAIN: Final = rf"\s*({_END})\s*(<=|<|≤|≦)\s*{_END}\s*(<=|<|≤|≦)\s*({_END})\s*"


def join_by_and(text: str, read: Callable[[str], UnaryTests]) -> tuple[Interval | None] | None:
    """What `>=4 and <=5`, `≥4且≤5` or `4<=x<=5` was probably meant as.

    Args:
        text: A cell that cannot be read, in half-width signs.
        read: Reads one test; raises `CellSyntaxError`.

    Returns:
        The interval, None in its place where the two are no ends of one; None for a cell of another form.
    """
    if both := re.fullmatch(_BOTH, text):
        pieces = (both[1] + both[2], both[3] + both[4])
    elif chain := re.fullmatch(_CHAIN, text):
        pieces = (chain[2].translate(_MIRRORED) + chain[1], chain[3] + chain[4])
    else:
        return None
    try:
        cells = [read(piece) for piece in pieces]
    except CellSyntaxError:
        return None
    return (joined([test for cell in cells if isinstance(cell, OneOf) for test in cell.tests]),)


_MIRRORED: Final = str.maketrans("<≤≦", ">≥≧")
