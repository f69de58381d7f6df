"""A frame's column as distinct values split by kind, so that a rule cell is evaluated once per distinct value.

Pure. Columns in Excel are often mixed (`5` beside `"5"`): each kind is kept apart and compared on its own axis.

Four rows, two distinct values of two kinds, and null, which is coded as one more:

    >>> column = encode_column(pd.Series([5, "5", None, 5], dtype=object))
    >>> column.codes.tolist(), column.size
    ([0, 1, 2, 0], 2)
    >>> [(operand.kind.value, operand.places.tolist()) for operand in column.operands if operand.kind]
    [('number', [5.0]), ('string', ['5'])]
    >>> column.truths(parse_unary_tests(">=4")).tolist()  # TRUE of the number; NULL of the text and of null
    [2, 1, 1]
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Protocol

import numpy as np
import pandas as pd
from msgspec import Struct
from numpy.typing import NDArray

from .cell_truths import NULL, Operand, Truths, truths
from .feel_values import Kind, axis_value, canonical, kind_of
from .unary_tests import UnaryTests


class Columns(Protocol):
    """Columns by name: a frame, or a mapping of arrays."""

    def __contains__(self, name: object, /) -> bool: ...
    def __getitem__(self, name: str, /) -> Any: ...


class EncodedColumn(Struct, frozen=True):
    """A column of n rows with `size` distinct values and null.

    Attributes:
        codes: Per row the index of its distinct value; `size` is null.
        size: Number of distinct values.
        operands: One per kind that occurs, `places` an array over the values of that kind.
        members: Per operand the indices of its distinct values.
        kind_index: Per distinct value and null (length size + 1) the index of its operand; -1 is null.
        slot: Per distinct value the place within its operand.
        values: The distinct values as the frame holds them, for messages.
    """

    codes: NDArray[np.intp]
    size: int
    operands: tuple[Operand, ...]
    members: tuple[NDArray[np.intp], ...]
    kind_index: NDArray[np.int8]
    slot: NDArray[np.intp]
    values: NDArray[Any]

    def truths(self, node: UnaryTests) -> Truths:
        """What a cell that names no column says of each distinct value and of null; length size + 1."""
        held = np.empty(self.size + 1, np.int8)
        held[self.size] = truths(node, Operand(None), 1)[0]
        for operand, members in zip(self.operands, self.members, strict=True):
            held[members] = truths(node, operand, len(members))
        return held

    def of_kinds(self, kinds: frozenset[Kind]) -> NDArray[np.bool_]:
        """Which distinct values (and null, always) are of one of the kinds; length size + 1."""
        known = np.array([operand.kind in kinds for operand in self.operands] + [True])
        return known[self.kind_index]

    def at(self, rows: NDArray[np.intp], kind: int) -> Operand:
        """The values of some rows, all of the same `kind` (an index of `operands`, -1 for null)."""
        if kind < 0:
            return Operand(None)
        operand = self.operands[kind]
        return Operand(operand.kind, operand.places[self.slot[self.codes[rows]]])


def _places(kind: Kind, values: list[Any]) -> NDArray[Any]:
    """The values on their axis as an array; numbers stay objects where a float would lose digits."""
    if kind is Kind.NUMBER:
        if all(isinstance(value, float) or abs(value) < 2**53 for value in values):
            return np.array(values, np.float64)
        return np.array(values, object)
    if kind is Kind.BOOLEAN:
        return np.array(values, np.bool_)
    axis = [axis_value(kind, value) for value in values]
    if kind in (Kind.TEXT, Kind.OTHER):
        places = np.empty(len(axis), object)
        places[:] = axis
        return places
    try:
        return np.array(axis, np.int64)
    except OverflowError:
        return np.array(axis, object)


def _by_kind(values: NDArray[Any]) -> tuple[list[Operand], list[NDArray[np.intp]]]:
    """Distinct values of a column of objects, split by kind."""
    if set(map(type, values.tolist())) <= {str}:
        return [Operand(Kind.TEXT, values)], [np.arange(len(values))]
    plain = [canonical(value) for value in values]
    members: dict[Kind, list[int]] = {}
    for index, value in enumerate(plain):
        members.setdefault(kind_of(value) or Kind.OTHER, []).append(index)
    operands = [Operand(kind, _places(kind, [plain[index] for index in found])) for kind, found in members.items()]
    return operands, [np.array(found, np.intp) for found in members.values()]


def _of_type(uniques: Any) -> Operand | None:
    """The operand of distinct values whose dtype tells their kind; None when each value must be looked at."""
    dtype = uniques.dtype
    if dtype.kind == "b":
        return Operand(Kind.BOOLEAN, np.asarray(uniques, np.bool_))
    if dtype.kind in "iuf":
        return Operand(Kind.NUMBER, np.asarray(uniques, dtype.kind + "8" if dtype.kind != "f" else np.float64))
    if dtype.kind == "M":
        if isinstance(uniques, np.ndarray):
            return Operand(Kind.DATETIME, uniques.astype("M8[us]").astype(np.int64))
        moments = pd.DatetimeIndex(uniques)
        zoned = moments.tz is not None  # asked of the index: an Arrow dtype has its zone elsewhere
        local = moments.tz_convert("UTC").tz_localize(None) if zoned else moments
        places = local.to_numpy().astype("datetime64[us]").astype(np.int64)
        return Operand(Kind.INSTANT if zoned else Kind.DATETIME, places)
    if dtype.kind == "m":
        return Operand(Kind.DAYS, np.asarray(uniques).astype("timedelta64[us]").astype(np.int64))
    return None


def _hashable(value: Any) -> Any:
    try:
        hash(value)
    except TypeError:
        return ("unhashable", repr(value))
    return value


def _factorize_objects(values: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[Any]]:
    """Codes and distinct values of objects. Python holds `True == 1`, FEEL does not: booleans are coded apart."""
    types = set(map(type, values.tolist()))
    if types <= {int, float} or types <= {int, float, type(None)}:
        with suppress(OverflowError):  # a number of 400 digits
            numbers = values.astype(np.float64)
            if not (np.abs(numbers) >= 2**53).any():
                return pd.factorize(numbers)  # five times as fast as coding objects
    try:
        codes, uniques = pd.factorize(values)
        if not types & {bool, np.bool_}:
            return codes, uniques
    except TypeError:
        prepared = np.empty(len(values), object)
        prepared[:] = [_hashable(value) for value in values]
        return _factorize_objects(prepared)
    booleans = np.fromiter((isinstance(value, (bool, np.bool_)) for value in values), np.bool_, len(values))
    others = values.copy()
    others[booleans] = None
    codes, plain = pd.factorize(others)
    truth = np.array([bool(value) for value in values[booleans]], np.intp)
    codes[booleans] = len(plain) + truth
    both = np.empty(len(plain) + 2, object)
    both[: len(plain)] = plain
    both[len(plain) :] = (False, True)
    return codes, both


def encode_column(column: pd.Series[Any] | NDArray[Any]) -> EncodedColumn:
    """A column's distinct values by kind.

    Args:
        column: Of pandas or numpy, of any dtype; None, NaN, NaT and NA are null.

    Returns:
        The encoded column; values of no FEEL kind are of kind OTHER, which nothing compares with.
    """
    codes: NDArray[np.intp]
    uniques: Any
    if column.dtype == object:
        codes, uniques = _factorize_objects(np.asarray(column, object))
    else:
        codes, uniques = pd.factorize(column)
    size = len(uniques)
    operand = None if isinstance(uniques.dtype, pd.CategoricalDtype) else _of_type(uniques)
    values = np.asarray(uniques, object)
    if operand is not None:
        operands, members = [operand], [np.arange(size)]
    else:
        operands, members = _by_kind(values)
    kind_index = np.full(size + 1, -1, np.int8)
    slot = np.zeros(size + 1, np.intp)
    for number, found in enumerate(members):
        kind_index[found] = number
        slot[found] = np.arange(len(found))
    codes = np.where(codes < 0, size, codes)
    return EncodedColumn(codes, size, tuple(operands), tuple(members), kind_index, slot, values)


def null_column(rows: int) -> EncodedColumn:
    """A column of nothing but null, for an input the frame does not have."""
    empty = np.empty(0, object)
    return EncodedColumn(np.zeros(rows, np.intp), 0, (), (), np.full(1, -1, np.int8), np.zeros(1, np.intp), empty)


def plain_texts(column: pd.Series[Any] | NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.bool_]] | None:
    """Texts and null mask of a column of strings, None for any other: saves coding 100,000 long texts."""
    values = np.asarray(column, object)
    types = set(map(type, values.tolist()))
    if types <= {str}:
        return values, np.zeros(len(values), np.bool_)
    if not types <= {str, type(None), float, type(pd.NA), type(pd.NaT)}:
        return None
    missing = np.asarray(pd.isna(values))
    return (values, missing) if set(map(type, values[~missing])) <= {str} else None


def truths_of_rows(
    node: UnaryTests, value: EncodedColumn, named: Mapping[str, EncodedColumn], rows: NDArray[np.intp]
) -> tuple[Truths, NDArray[np.bool_]]:
    """What a cell that names other columns says of some rows.

    Args:
        node: The cell.
        value: The cell's own column.
        named: The columns it names.
        rows: The rows asked about.

    Returns:
        Truths of the rows, and of each row whether the truth is null although no value is (kinds that do not compare).
    """
    held = np.full(len(rows), NULL, np.int8)
    mismatch = np.zeros(len(rows), np.bool_)
    columns = [value, *named.values()]
    kinds = np.stack([column.kind_index[column.codes[rows]] for column in columns])
    combinations, which = np.unique(kinds, axis=1, return_inverse=True)
    for number, combination in enumerate(combinations.T):
        chosen = np.flatnonzero(which.reshape(-1) == number)
        at = rows[chosen]
        own, *others = (column.at(at, int(kind)) for column, kind in zip(columns, combination, strict=True))
        held[chosen] = truths(node, own, len(at), dict(zip(named, others, strict=True)))
        if (combination >= 0).all():
            mismatch[chosen] = held[chosen] == NULL
    return held, mismatch
