"""Which rules match which rows, as bitsets: one uint64 word per 64 rules, one entry per row.

Pure. Each distinct cell is evaluated once per distinct value of its column, and the columns' bitsets are ANDed. Columns
of free text come last, and only the rows that some rule still needs are searched: coding 100,000 different texts costs
more than all the rest (benchmarks/rules.py).

Three rules on two columns, `>=4` and `-`, `-` and `contains(?, "fire")`, `-` and `-`. A severity of 5 leaves all three
possible (0b111), a text without `fire` leaves 0b101; ANDed, rules 0 and 2 match the first row:

    >>> cells = [(">=4", "-"), ("-", 'contains(?, "fire")'), ("-", "-")]
    >>> rules = tuple(Rule(str(n), n, tuple(map(parse_unary_tests, row)), ()) for n, row in enumerate(cells))
    >>> table = Table("T", "T", HitPolicy.FIRST, (InputColumn("severity"), InputColumn("text")), (), rules)
    >>> texts = np.array(["a noise", "caught fire", "a noise"], object)
    >>> found = match_rows(table, {"severity": np.array([5, 2, 2]), "text": texts}, 3)
    >>> [format(bits, "03b") for bits in found.sure[0]]
    ['101', '110', '100']
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from .cell_truths import NULL, TRUE, Operand, truths
from .encoded_columns import Columns, EncodedColumn, encode_column, null_column, plain_texts, truths_of_rows
from .feel_values import Kind, UnreadableValue, comparable, read_duration
from .matched_rows import MatchedRows, Words, mask_of
from .model import Table
from .text_search import find_keywords
from .unary_tests import AnyValue, Contains, Literal, Name, UnaryTests, endpoints

_DURATIONS = frozenset({Kind.DAYS, Kind.MONTHS})

Encode = Callable[[str], EncodedColumn]
"""Gives a column's distinct values by its name."""


class _ColumnCells(Struct, frozen=True):
    """The cells of one input column: which rules say `-`, and the rules of each distinct other cell."""

    any_mask: Words
    plain: dict[UnaryTests, Words]
    naming: dict[UnaryTests, Words]

    @property
    def searches_text(self) -> bool:
        return any(
            isinstance(test, Contains) for cell in self.plain if not isinstance(cell, AnyValue) for test in cell.tests
        )


def _column_cells(table: Table, column: int, words: int) -> _ColumnCells:
    rules: dict[UnaryTests, list[int]] = {}
    for number, rule in enumerate(table.rules):
        rules.setdefault(rule.tests[column], []).append(number)
    free = rules.pop(AnyValue(), [])
    masks = {cell: mask_of(found, words) for cell, found in rules.items()}
    naming = {cell for cell in masks if any(isinstance(end, Name) for end in endpoints(cell))}
    return _ColumnCells(
        mask_of(free, words),
        {cell: mask for cell, mask in masks.items() if cell not in naming},
        {cell: mask for cell, mask in masks.items() if cell in naming},
    )


_COMPATIBLE = {known: frozenset(kind for kind in Kind if comparable(kind, known)) for known in Kind}


def _compatible(kinds: frozenset[Kind]) -> frozenset[Kind]:
    return frozenset().union(*(_COMPATIBLE[known] for known in kinds))


def _durations_in(column: Any, kinds: frozenset[Kind]) -> bool:
    return bool(kinds) and kinds <= _DURATIONS and column.dtype.kind not in "mM"


def _with_durations(column: Any, kinds: frozenset[Kind]) -> Any:
    """Texts such as `P1Y` read as durations in a column of durations: Excel has no cell type for them."""

    def read(value: Any) -> Any:
        try:
            return read_duration(value.strip()) if isinstance(value, str) else value
        except UnreadableValue:
            return value

    if _durations_in(column, kinds):
        found = np.empty(len(column), object)
        found[:] = [read(value) for value in column]
        return found
    return column


def _apply_coded(
    state: MatchedRows, number: int, column: EncodedColumn, cells: _ColumnCells, kinds: frozenset[Kind]
) -> None:
    """ANDs a column into the bitsets by way of its distinct values."""
    words = len(state.sure)
    always = cells.any_mask.copy()
    for mask in cells.naming.values():
        always |= mask  # judged later, row by row
    sure = np.tile(always[:, None], (1, column.size + 1))
    unsure = np.zeros_like(sure)
    foreign = ~column.of_kinds(_compatible(kinds)) if kinds else np.zeros(column.size + 1, np.bool_)
    has_foreign = bool(foreign.any())
    for cell, mask in cells.plain.items():
        held = column.truths(cell)
        for word in range(words):
            if mask[word]:
                sure[word][held == TRUE] |= mask[word]
                if has_foreign:
                    unsure[word][(held == NULL) & foreign] |= mask[word]
    if has_foreign:
        state.note_misfits(number, np.where(foreign[column.codes], column.codes + 1, 0), column.values)
    for word in range(words):
        state.sure[word] &= sure[word][column.codes]
        if state.possible is not None:
            state.possible[word] &= (sure[word] | unsure[word])[column.codes]


def _keywords(cells: Iterable[UnaryTests]) -> list[str]:
    """The different keywords that cells look for."""
    tests = (test for cell in cells if not isinstance(cell, AnyValue) for test in cell.tests)
    parts = (test.part for test in tests if isinstance(test, Contains))
    return list(dict.fromkeys(part.value for part in parts if isinstance(part, Literal) and part.kind is Kind.TEXT))


def _apply_texts(state: MatchedRows, texts: NDArray[Any], missing: NDArray[np.bool_], cells: _ColumnCells) -> None:
    """ANDs a column of plain texts into the bitsets, searching only the rows where some of its rules are alive."""
    searched = state.alive(np.bitwise_or.reduce(list(cells.plain.values())))
    searched = searched[~missing[searched]]
    found: dict[str, NDArray[np.bool_]] = {}
    for word, hits in find_keywords(texts[searched], _keywords(cells.plain)).items():
        found[word] = np.zeros(len(texts), np.bool_)
        found[word][searched] = hits
    for cell, mask in cells.plain.items():
        rows = state.alive(mask)
        absent = missing[rows]
        held = np.empty(len(rows), np.int8)
        present = rows[~absent]
        only_searches = not isinstance(cell, AnyValue) and all(isinstance(test, Contains) for test in cell.tests)
        known = {word: found[word][present] for word in _keywords([cell])}
        value = Operand(Kind.TEXT, None if only_searches else texts[present], known)
        held[~absent] = truths(cell, value, len(present))
        held[absent] = truths(cell, Operand(None), 1)[0]
        state.clear(mask, rows[held != TRUE])


def _apply_naming(
    state: MatchedRows,
    number: int,
    column: EncodedColumn,
    cells: _ColumnCells,
    frame_columns: Mapping[str, EncodedColumn],
) -> None:
    """Judges the cells that name other columns, on the rows where their rules are alive."""
    for cell, mask in cells.naming.items():
        rows = state.alive(mask)
        named = {end.name: frame_columns[end.name] for end in endpoints(cell) if isinstance(end, Name)}
        held, mismatch = truths_of_rows(cell, column, named, rows)
        if mismatch.any():
            codes = np.zeros(len(column.codes), np.intp)
            codes[rows[mismatch]] = column.codes[rows[mismatch]] + 1
            state.note_misfits(number, codes, column.values)
        failing = held != TRUE
        state.clear(mask, rows[failing], keep_possible=mismatch[failing])


def match_rows(table: Table, columns: Columns, rows: int, of_column: Encode | None = None) -> MatchedRows:
    """Which rules match which rows.

    Args:
        table: The table.
        columns: One row a case. An input they lack is null.
        rows: How many.
        of_column: Gives `encode_column` of a column, where somebody keeps it for several tables.

    Returns:
        The bitsets of all rows.
    """
    words = max(1, (len(table.rules) + 63) // 64)
    everything = mask_of(list(range(len(table.rules))), words)
    cells = [_column_cells(table, number, words) for number in range(len(table.inputs))]
    kinds = [table.kinds_of(number) for number in range(len(table.inputs))]
    state = MatchedRows([np.full(rows, bits, np.uint64) for bits in everything], kinds)
    encoded: dict[str, EncodedColumn] = {}

    def encode(name: str, of_kinds: frozenset[Kind] = frozenset()) -> EncodedColumn:
        if name not in encoded:
            if name not in columns:
                encoded[name] = null_column(rows)
            elif of_column is not None and not _durations_in(columns[name], of_kinds):
                encoded[name] = of_column(name)
            else:
                encoded[name] = encode_column(_with_durations(columns[name], of_kinds))
        return encoded[name]

    late: list[tuple[int, tuple[NDArray[Any], NDArray[np.bool_]]]] = []
    for number, column in enumerate(table.inputs):
        if not cells[number].plain and not cells[number].naming:
            continue
        if cells[number].searches_text and not cells[number].naming and column.name in columns:
            texts = plain_texts(columns[column.name])
            if texts is not None:
                late.append((number, texts))
                continue
        _apply_coded(state, number, encode(column.name, kinds[number]), cells[number], kinds[number])
    for number, column in enumerate(table.inputs):
        if cells[number].naming:
            for cell in cells[number].naming:
                for end in endpoints(cell):
                    if isinstance(end, Name):
                        state.named[end.name] = encode(end.name, kinds[number])
            _apply_naming(state, number, encode(column.name, kinds[number]), cells[number], state.named)
    for number, (values, missing) in late:
        _apply_texts(state, values, missing, cells[number])
    return state
