"""Which rules match which rows, as bitsets: one uint64 word per 64 rules, one entry per row.

Pure. Each distinct cell is evaluated once per distinct value of its column; the columns' bitsets are ANDed. Columns
that look into free text come last and are searched only on rows some rule still needs: coding 100,000 different texts
costs more than all the rest (benchmarks/rules.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .cell_truths import NULL, TRUE, Operand, truths
from .encoded_columns import EncodedColumn, encode_column, null_column, plain_texts, truths_of_rows
from .feel_values import Kind, UnreadableValue, comparable, read_duration
from .text_search import find_keywords
from .unary_tests import AnyValue, Contains, Literal, Name, UnaryTests, endpoints

if TYPE_CHECKING:
    from .decision_table import DecisionTable

Words = NDArray[np.uint64]
_DURATIONS = frozenset({Kind.DAYS, Kind.MONTHS})


def _mask(rules: list[int], words: int) -> Words:
    mask = np.zeros(words, np.uint64)
    for rule in rules:
        mask[rule // 64] |= np.uint64(1 << (rule % 64))
    return mask


def rules_of(bits: Words) -> list[int]:
    """Places of the rules whose bit is set, ascending."""
    rules = []
    for word, value in enumerate(map(int, bits)):
        while value:
            lowest = value & -value
            rules.append(word * 64 + lowest.bit_length() - 1)
            value ^= lowest
    return rules


def _group(codes: NDArray[np.intp], more: NDArray[Any]) -> NDArray[np.intp]:
    """Codes of the distinct pairs of two arrays of codes or bits."""
    found, uniques = pd.factorize(more)
    if len(uniques) <= 1:
        return codes
    combined, _ = pd.factorize(codes.astype(np.int64) * len(uniques) + found)
    return combined


@dataclass(slots=True)
class MatchedRows:
    """The bitsets while they are made, and afterwards.

    Attributes:
        sure: Per word an array over the rows: rules that match.
        possible: As `sure`, with the rules that cannot be judged because a value is of a foreign kind; None while
            there is no such value.
        misfits: Input column -> codes of the foreign values per row (0 = none), in the order the columns were met.
        named: Encoded columns that cells name, by column name.
    """

    sure: list[Words]
    possible: list[Words] | None = None
    misfits: dict[int, NDArray[np.intp]] = field(default_factory=dict)
    named: dict[str, EncodedColumn] = field(default_factory=dict)

    def note_misfits(self, column: int, codes: NDArray[np.intp]) -> None:
        """Remembers which rows hold a foreign value in a column, and starts to keep `possible` apart from `sure`."""
        if self.possible is None:
            self.possible = [word.copy() for word in self.sure]
        self.misfits[column] = np.maximum(self.misfits[column], codes) if column in self.misfits else codes

    def alive(self, mask: Words) -> NDArray[np.intp]:
        """Rows on which some rule of `mask` may still match."""
        still = self.possible or self.sure
        hit = np.zeros(len(still[0]), np.bool_)
        for word, bits in enumerate(mask):
            if bits:
                hit |= (still[word] & bits) != 0
        return np.flatnonzero(hit)

    def clear(self, mask: Words, rows: NDArray[np.intp], *, keep_possible: NDArray[np.bool_] | None = None) -> None:
        """Rules of `mask` do not match `rows`; where `keep_possible` they remain possible."""
        for word, bits in enumerate(mask):
            if not bits:
                continue
            self.sure[word][rows] &= ~bits
            if self.possible is not None:
                failing = rows if keep_possible is None else rows[~keep_possible]
                self.possible[word][failing] &= ~bits

    def rules(self, row: int) -> list[int]:
        """Places of the rules that match a row."""
        return rules_of(np.array([word[row] for word in self.sure], np.uint64))

    def unsure_rules(self, row: int) -> list[int]:
        """Places of the rules that cannot be judged on a row."""
        if self.possible is None:
            return []
        pairs = zip(self.possible, self.sure, strict=True)
        return rules_of(np.array([possible[row] & ~sure[row] for possible, sure in pairs], np.uint64))

    def misfit_column(self, row: int) -> int:
        """The leftmost input column whose value on a row is foreign."""
        return min(column for column, codes in self.misfits.items() if codes[row])

    def named_kinds(self, table: DecisionTable, column: int, row: int) -> Iterator[Kind]:
        """Kinds of the values on a row in the columns that the cells of an input column name."""
        for rule in table.rules:
            for end in endpoints(rule.tests[column]):
                if isinstance(end, Name):
                    kind = self.named[end.name].at(np.array([row]), 0).kind if self.named[end.name].operands else None
                    if kind is not None:
                        yield kind

    def patterns(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Distinct outcomes.

        Returns:
            Per row the index of its outcome, and per outcome its first row.
        """
        rows = len(self.sure[0])
        codes, _ = pd.factorize(self.sure[0])
        for word in self.sure[1:]:
            codes = _group(codes, word)
        if self.possible is not None:
            unsure = np.zeros(rows, np.bool_)
            for possible, sure in zip(self.possible, self.sure, strict=True):
                codes = _group(codes, possible & ~sure)
                unsure |= possible != sure
            for foreign in self.misfits.values():
                codes = _group(codes, np.where(unsure, foreign, 0))
        count = int(codes.max()) + 1 if rows else 0
        first = np.empty(count, np.intp)
        first[codes[::-1]] = np.arange(rows)[::-1]
        return codes, first


@dataclass(frozen=True, slots=True)
class _ColumnCells:
    """The cells of one input column: which rules say `-`, and the rules of each distinct other cell."""

    any_mask: Words
    plain: dict[UnaryTests, Words]
    naming: dict[UnaryTests, Words]

    @property
    def searches_text(self) -> bool:
        return any(
            isinstance(test, Contains) for cell in self.plain if not isinstance(cell, AnyValue) for test in cell.tests
        )


def _column_cells(table: DecisionTable, column: int, words: int) -> _ColumnCells:
    rules: dict[UnaryTests, list[int]] = {}
    for number, rule in enumerate(table.rules):
        rules.setdefault(rule.tests[column], []).append(number)
    free = rules.pop(AnyValue(), [])
    masks = {cell: _mask(found, words) for cell, found in rules.items()}
    naming = {cell for cell in masks if any(isinstance(end, Name) for end in endpoints(cell))}
    return _ColumnCells(
        _mask(free, words),
        {cell: mask for cell, mask in masks.items() if cell not in naming},
        {cell: mask for cell, mask in masks.items() if cell in naming},
    )


def _compatible(kinds: frozenset[Kind]) -> frozenset[Kind]:
    return frozenset(kind for kind in Kind if any(comparable(kind, known) for known in kinds))


def _with_durations(column: pd.Series[Any], kinds: frozenset[Kind]) -> pd.Series[Any]:
    """Texts such as `P1Y` read as durations in a column of durations: Excel has no cell type for them."""

    def read(value: Any) -> Any:
        try:
            return read_duration(value.strip()) if isinstance(value, str) else value
        except UnreadableValue:
            return value

    if kinds and kinds <= _DURATIONS and column.dtype.kind not in "mM":
        return pd.Series([read(value) for value in column], index=column.index, dtype=object)
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
        state.note_misfits(number, np.where(foreign[column.codes], column.codes + 1, 0))
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
            state.note_misfits(number, codes)
        failing = held != TRUE
        state.clear(mask, rows[failing], keep_possible=mismatch[failing])


def match_rows(table: DecisionTable, frame: pd.DataFrame) -> MatchedRows:
    """Which rules match which rows.

    Args:
        table: The table.
        frame: One row a case. An input it lacks is null.

    Returns:
        The bitsets of all rows.
    """
    rows, words = len(frame), max(1, (len(table.rules) + 63) // 64)
    everything = _mask(list(range(len(table.rules))), words)
    state = MatchedRows([np.full(rows, bits, np.uint64) for bits in everything])
    cells = [_column_cells(table, number, words) for number in range(len(table.inputs))]
    kinds = [table.kinds_of(number) for number in range(len(table.inputs))]
    encoded: dict[str, EncodedColumn] = {}

    def encode(name: str, of_kinds: frozenset[Kind] = frozenset()) -> EncodedColumn:
        if name not in encoded:
            known = name in frame.columns
            encoded[name] = encode_column(_with_durations(frame[name], of_kinds)) if known else null_column(rows)
        return encoded[name]

    late: list[tuple[int, tuple[NDArray[Any], NDArray[np.bool_]]]] = []
    for number, column in enumerate(table.inputs):
        if not cells[number].plain and not cells[number].naming:
            continue
        if cells[number].searches_text and not cells[number].naming and column.name in frame.columns:
            texts = plain_texts(frame[column.name])
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
