"""What a unary test says of values: true, null or false, for a whole array of values of one kind at once.

Pure. Null is FEEL's third truth: a comparison the values do not carry (with null, or across kinds). It is kept apart
from false because `not(null)` is null, and because a table reports it instead of trying the next rule.

What `>=4` says of the numbers 3 and 5, and of a text:

    >>> cell = parse_unary_tests(">=4")
    >>> truths(cell, Operand(Kind.NUMBER, np.array([3, 5])), 2).tolist() == [FALSE, TRUE]
    True
    >>> truth_of(cell, Literal.of("5")) == NULL
    True

Source: OMG DMN 1.3, 10.3.2.2 table 38 (three-valued logic), table 42 (equality), table 43 (ordering), table 54 (`in`).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from .feel_values import Kind, axis_value, comparable, differ_in_zone
from .unary_tests import AnyValue, Comparison, Contains, Endpoint, Literal, NoneOf, Operator, Test, UnaryTests

FALSE, NULL, TRUE = 0, 1, 2  # so that `or` is the maximum, `and` the minimum and `not` the difference from TRUE

Truths = NDArray[np.int8]

_COMPARE: dict[Operator, Callable[[Any, Any], Any]] = {
    Operator.EQUAL: operator.eq,
    Operator.UNEQUAL: operator.ne,
    Operator.LESS: operator.lt,
    Operator.LESS_OR_EQUAL: operator.le,
    Operator.GREATER: operator.gt,
    Operator.GREATER_OR_EQUAL: operator.ge,
}


class Operand(Struct, frozen=True):
    """Values of one kind on their axis, see `feel_values.axis_value`.

    Attributes:
        kind: Kind of all of them; None when all are null.
        places: One array over the rows or distinct values asked about, or one scalar that stands for all of them.
        found: For texts, keywords already looked up: keyword -> which of the values contain it.
    """

    kind: Kind | None
    places: Any = None
    found: Mapping[str, NDArray[np.bool_]] | None = None


def _operand(endpoint: Endpoint, columns: Mapping[str, Operand]) -> Operand:
    if isinstance(endpoint, Literal):
        return (
            Operand(None)
            if endpoint.kind is None
            else Operand(endpoint.kind, axis_value(endpoint.kind, endpoint.value))
        )
    return columns[endpoint.name]


def _fill(size: int, truth: int) -> Truths:
    return np.full(size, truth, np.int8)


def _equal(left: Operand, right: Operand, size: int) -> Truths:
    if left.kind is None or right.kind is None:
        return _fill(size, TRUE if left.kind is right.kind else FALSE)
    if comparable(left.kind, right.kind):
        return _truths(left.places == right.places, size)
    return _fill(size, FALSE if differ_in_zone(left.kind, right.kind) else NULL)


def _truths(outcome: Any, size: int) -> Truths:
    """Truths of a comparison's outcome, as booleans first: numpy compares those much faster than objects."""
    return np.broadcast_to(np.asarray(outcome, np.bool_), (size,)).astype(np.int8) * np.int8(TRUE)


def _compare(sign: Operator, left: Operand, right: Operand, size: int) -> Truths:
    if sign is Operator.EQUAL:
        return _equal(left, right, size)
    if sign is Operator.UNEQUAL:
        return np.int8(TRUE) - _equal(left, right, size)
    if left.kind is None or right.kind is None or left.kind is Kind.BOOLEAN or not comparable(left.kind, right.kind):
        return _fill(size, NULL)
    return _truths(_COMPARE[sign](left.places, right.places), size)


def _contains(whole: Operand, part: Operand, size: int) -> Truths:
    if whole.kind is not Kind.TEXT or part.kind is not Kind.TEXT:
        return _fill(size, NULL)
    if isinstance(part.places, str):
        wanted: str = part.places
        if whole.found is not None:
            return _truths(whole.found[wanted], size)
        if isinstance(whole.places, str):
            return _truths(wanted in whole.places, size)
        return _truths([wanted in text for text in whole.places], size)
    texts = np.broadcast_to(np.asarray(whole.places, object), (size,))
    return _truths([wanted in text for wanted, text in zip(part.places, texts, strict=True)], size)


def _test_truths(test: Test, value: Operand, size: int, columns: Mapping[str, Operand]) -> Truths:
    if isinstance(test, Comparison):
        return _compare(test.operator, value, _operand(test.endpoint, columns), size)
    if isinstance(test, Contains):
        return _contains(value, _operand(test.part, columns), size)
    above = Operator.GREATER_OR_EQUAL if test.low_closed else Operator.GREATER
    below = Operator.LESS_OR_EQUAL if test.high_closed else Operator.LESS
    low = _compare(above, value, _operand(test.low, columns), size)
    return np.minimum(low, _compare(below, value, _operand(test.high, columns), size))


def truths(node: UnaryTests, value: Operand, size: int, columns: Mapping[str, Operand] | None = None) -> Truths:
    """What a cell says of each value.

    Args:
        node: The parsed cell.
        value: The column's values.
        size: How many values are asked about (the length of every array among the operands).
        columns: Values of the columns the cell names, aligned with `value`.

    Returns:
        int8 array of `size`: FALSE, NULL or TRUE.

    Raises:
        KeyError: The cell names a column that `columns` does not hold.
    """
    if isinstance(node, AnyValue):
        return _fill(size, TRUE)
    columns = columns or {}
    held = _test_truths(node.tests[0], value, size, columns) if node.tests else _fill(size, FALSE)
    for test in node.tests[1:]:
        held = np.maximum(held, _test_truths(test, value, size, columns))
    return np.int8(TRUE) - held if isinstance(node, NoneOf) else held


def truth_of(node: UnaryTests, literal: Literal, columns: Mapping[str, Literal] | None = None) -> int:
    """What a cell says of one value: FALSE, NULL or TRUE; `columns` holds the values of the columns it names."""
    named = {name: _operand(value, {}) for name, value in (columns or {}).items()}
    return int(truths(node, _operand(literal, {}), 1, named)[0])
