"""The input space of a decision table cut into pieces, on each of which every cell either holds or does not.

Pure. A value stands for each piece: every point the cells mention, one between each two, one before and one after all;
every text they mention, and one other. Each piece carries a bitset, a Python int, of the rules whose cells hold there.

Two rules on a column of numbers, `<3` and `[3..5]`. The cells mention 3 and 5, so 2, 3, 4, 5 and 6 are looked at; on 3,
4 and 5 the same rules hold, so they are one piece, and on 6 none does, which is a gap:

    >>> rules = tuple(Rule(str(n), n, (parse_unary_tests(cell),), ()) for n, cell in enumerate(["<3", "[3..5]"]))
    >>> table = Table("T", "T", HitPolicy.UNIQUE, (InputColumn("x"),), (), rules)
    >>> [dimension] = cut_into_pieces(table)
    >>> [(piece.value.value, format(piece.rules, "02b")) for piece in dimension.pieces if piece.value]
    [(2, '01'), (3, '10'), (6, '00')]

Source: Calvanese, Dumas, Laurson, Maggi, Montali, Teinemaa, "Semantics, Analysis and Simplification of DMN Decision
Tables", Information Systems 78 (2018): rules as hyper-rectangles.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from .cell_truths import TRUE, Operand, truths
from .feel_values import Kind, MonthsDuration, axis_value
from .model import InputColumn, Table
from .table_problems import OTHER_TEXT
from .unary_tests import (
    AnyValue,
    Comparison,
    Contains,
    Interval,
    Literal,
    Name,
    OneOf,
    Operator,
    Test,
    UnaryTests,
    endpoints,
)

_EPOCH = dt.datetime(1970, 1, 1)
_DAY = 86_400_000_000  # microseconds
_JUST_AFTER = "\u0001"


class Piece(Struct, frozen=True):
    """A piece of one dimension.

    Attributes:
        value: A value in it; for keyword dimensions None, see `keywords`.
        rules: Bitset of the rules whose cell certainly holds here.
        maybe: As `rules`, with those whose cell may hold here because it names another column.
        keywords: Texts that must occur in the column's value; None for ordinary dimensions.
    """

    value: Literal | None
    rules: int
    maybe: int
    keywords: tuple[str, ...] | None = None


class Dimension(Struct, frozen=True):
    """One column, or one keyword test of a column of free text.

    Attributes:
        column: Index of the input column.
        pieces: Its pieces; those on which the same rules hold are merged into one.
    """

    column: int
    pieces: tuple[Piece, ...]


def from_axis(kind: Kind, place: Any) -> Any:
    """The value at a place of its kind's axis; the inverse of `feel_values.axis_value`."""
    if kind is Kind.NUMBER:
        return int(place) if float(place).is_integer() else float(place)
    if kind is Kind.BOOLEAN:
        return bool(place)
    if kind is Kind.TEXT:
        return place
    if kind is Kind.MONTHS:
        return MonthsDuration(int(place))
    span = dt.timedelta(microseconds=int(place))
    if kind is Kind.DAYS:
        return span
    if kind in (Kind.TIME, Kind.ZONED_TIME):
        moment = (_EPOCH + span % dt.timedelta(days=1)).time()
        return moment.replace(tzinfo=dt.UTC) if kind is Kind.ZONED_TIME else moment
    moment_of_day = _EPOCH + span
    if kind is Kind.DATE:
        return moment_of_day.date()
    return moment_of_day.replace(tzinfo=dt.UTC) if kind is Kind.INSTANT else moment_of_day


def _between(kind: Kind, low: Any, high: Any, step: int) -> Any | None:
    """A place strictly between two others, None if there is none; `step` 0 = the axis is dense."""
    if step:
        return low + step if high - low > step else None
    if kind is Kind.NUMBER:
        return (low + high) / 2
    return (low + high) // 2 if high - low > 1 else None


def _ordered_places(kind: Kind, points: list[Any], step: int) -> list[Any]:
    """Every point, one place between each two, one before and one after all."""
    unit = step or (_DAY if kind in (Kind.DATETIME, Kind.INSTANT, Kind.DAYS) else 1)
    places = [points[0] - unit]
    for low, high in zip(points, [*points[1:], None], strict=True):
        places.append(low)
        if high is None:
            places.append(low + unit)
        elif (middle := _between(kind, low, high, step)) is not None:
            places.append(middle)
    if kind in (Kind.TIME, Kind.ZONED_TIME):
        places = [place for place in places if 0 <= place < _DAY]
        places += [edge for edge in (0, _DAY - 1_000_000) if edge < min(places) or edge > max(places)]
    return places


def _orders_text(cells: Iterable[UnaryTests]) -> bool:
    tests = (test for cell in cells if not isinstance(cell, AnyValue) for test in cell.tests)
    return any(
        isinstance(test, Interval)
        or (isinstance(test, Comparison) and test.operator not in (Operator.EQUAL, Operator.UNEQUAL))
        for test in tests
    )


def _places_of_kind(kind: Kind, points: set[Any], column: InputColumn, orders: bool) -> list[Any]:
    if kind is Kind.BOOLEAN:
        return [True, False]
    if kind is Kind.TEXT and not orders:
        return [*sorted(points), OTHER_TEXT]
    ordered = sorted(points)
    if kind is Kind.TEXT:
        return ["", *(place for point in ordered for place in (point, point + _JUST_AFTER))]
    whole = column.integer and kind is Kind.NUMBER and all(float(point).is_integer() for point in points)
    step = 1 if whole or kind is Kind.MONTHS else _DAY if kind is Kind.DATE and Kind.DATETIME not in column.kinds else 0
    return _ordered_places(kind, ordered, step)


def _representatives(column: InputColumn, cells: list[UnaryTests]) -> list[Literal]:
    """Values that stand for all the pieces of a column without keywords."""
    mentioned = [*cells, *((column.allowed,) if column.allowed else ())]
    literals = [end for cell in mentioned for end in endpoints(cell) if isinstance(end, Literal)]
    found: list[Literal] = []
    if column.domain:
        found = [Literal.of(code) for code in column.domain]
    else:
        points: dict[Kind, set[Any]] = {}
        for literal in literals:
            if literal.kind is not None:
                points.setdefault(literal.kind, set()).add(axis_value(literal.kind, literal.value))
        if Kind.DATE in points and (Kind.DATETIME in points or Kind.DATETIME in column.kinds):
            points.setdefault(Kind.DATETIME, set()).update(points.pop(Kind.DATE))
        if not points:  # only "empty" and "not empty" are asked for: some value or other stands for all
            kind = min(column.kinds, default=Kind.TEXT)
            found.append(Literal(OTHER_TEXT if kind is Kind.TEXT else from_axis(kind, 0), kind))
        orders = _orders_text(mentioned)
        for kind, values in points.items():
            found += [Literal(from_axis(kind, p), kind) for p in _places_of_kind(kind, values, column, orders)]
    if column.allowed:
        within = _truth_matrix([column.allowed], found)[0]
        found = [literal for literal, inside in zip(found, within, strict=True) if inside]
    if any(literal.kind is None for literal in literals):
        found.append(Literal(None, None))
    return found


def _truth_matrix(cells: list[UnaryTests], values: list[Literal]) -> NDArray[np.bool_]:
    """Which cells certainly hold for which values; shape (cells, values). One that names a column never does."""
    matrix = np.zeros((len(cells), len(values)), np.bool_)
    groups: dict[Kind | None, list[int]] = {}
    for index, literal in enumerate(values):
        groups.setdefault(literal.kind, []).append(index)
    for kind, members in groups.items():
        operand = Operand(None)
        if kind is not None:
            axis = [axis_value(kind, values[index].value) for index in members]
            places = np.empty(len(axis), object)
            places[:] = axis
            operand = Operand(kind, places if kind is Kind.TEXT else np.array(axis))
        for row, cell in enumerate(cells):
            if not any(isinstance(end, Name) for end in endpoints(cell)):
                matrix[row, members] = truths(cell, operand, len(members)) == TRUE
    return matrix


def _bitsets(matrix: NDArray[np.bool_]) -> list[int]:
    """Per column of a (rules, pieces) matrix the bitset of its rows."""
    packed = np.packbits(matrix.T, axis=1, bitorder="little")
    return [int.from_bytes(row.tobytes(), "little") for row in packed]


def _plain_dimension(number: int, column: InputColumn, cells: list[UnaryTests]) -> Dimension:
    distinct = list(dict.fromkeys(cells))
    places = {cell: place for place, cell in enumerate(distinct)}
    index = [places[cell] for cell in cells]
    values = _representatives(column, distinct)
    naming = [any(isinstance(end, Name) for end in endpoints(cell)) for cell in cells]
    unsure = sum(1 << rule for rule, names in enumerate(naming) if names)
    if not values:  # nothing but other columns is mentioned
        free = sum(1 << rule for rule, cell in enumerate(cells) if isinstance(cell, AnyValue))
        return Dimension(number, (Piece(None, free, free | unsure),))
    matrix = _truth_matrix(distinct, values)[index]
    pieces: dict[int, Piece] = {}
    for value, rules in zip(values, _bitsets(matrix), strict=True):
        pieces.setdefault(rules, Piece(value, rules, rules | unsure))
    return Dimension(number, tuple(pieces.values()))


def _text_of(tests: tuple[Test, ...]) -> tuple[str, ...]:
    """A text on which the first test of a keyword cell holds."""
    first = tests[0]
    end = first.part if isinstance(first, Contains) else first.endpoint if isinstance(first, Comparison) else first.low
    return (str(end.value),) if isinstance(end, Literal) else ()


def _keyword_dimensions(number: int, cells: list[UnaryTests], everything: int) -> list[Dimension]:
    """One dimension of two pieces per distinct keyword test of a column; the tests count as independent."""
    groups: dict[tuple[Test, ...], list[int]] = {}
    for rule, cell in enumerate(cells):
        if not isinstance(cell, AnyValue):
            groups.setdefault(cell.tests, []).append(rule)
    dimensions = []
    for tests, rules in groups.items():
        positive = sum(1 << rule for rule in rules if isinstance(cells[rule], OneOf))
        negative = sum(1 << rule for rule in rules if not isinstance(cells[rule], OneOf))
        absent, present = everything & ~positive, everything & ~negative
        pieces = (Piece(None, absent, absent, ()), Piece(None, present, present, _text_of(tests)))
        dimensions.append(Dimension(number, pieces))
    return dimensions


def cut_into_pieces(table: Table) -> list[Dimension]:
    """The dimensions of a table's input space; columns in which every cell is `-` have none."""
    everything = (1 << len(table.rules)) - 1
    dimensions: list[Dimension] = []
    for number, column in enumerate(table.inputs):
        cells = [rule.tests[number] for rule in table.rules]
        if all(isinstance(cell, AnyValue) for cell in cells):
            continue
        tests = [test for cell in cells if not isinstance(cell, AnyValue) for test in cell.tests]
        if any(isinstance(test, Contains) for test in tests):
            dimensions += _keyword_dimensions(number, cells, everything)
        else:
            dimensions.append(_plain_dimension(number, column, cells))
    return dimensions


def example_of(dimensions: list[Dimension], pieces: Iterable[tuple[int, Piece]], columns: int) -> list[Literal | None]:
    """A case in the given pieces, one value per input column; None where any value will do.

    Args:
        dimensions: As from `cut_into_pieces`.
        pieces: Index of a dimension, and the piece of it the case lies in.
        columns: Number of input columns.
    """
    case: list[Literal | None] = [None] * columns
    texts: dict[int, list[str]] = {}
    for index, piece in pieces:
        column = dimensions[index].column
        if piece.keywords is None:
            case[column] = piece.value
        else:
            texts.setdefault(column, []).extend(piece.keywords)
    for column, words in texts.items():
        case[column] = Literal.of(" ".join(words) if words else OTHER_TEXT)
    return case
