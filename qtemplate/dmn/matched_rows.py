"""Bitsets of the rules that match each row: a uint64 word per 64 rules, an entry per row, and their distinct patterns.

Pure. Knows rules only by their places: `rule_bits` fills the bitsets, `decision_table` turns the patterns into results.

Three rules and four rows. Rules 0 and 2 match the first row and the last, so there are three outcomes to work out, not
four:

    >>> matched = MatchedRows([np.array([0b101, 0b110, 0b100, 0b101], np.uint64)], kinds=[])
    >>> matched.rules(0)
    [0, 2]
    >>> outcome_of_row, first_row_of_outcome = matched.patterns()
    >>> outcome_of_row.tolist(), first_row_of_outcome.tolist()
    ([0, 1, 2, 0], [0, 1, 2])
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from msgspec import Struct, field
from numpy.typing import NDArray

from .encoded_columns import EncodedColumn
from .feel_values import Kind
from .model import Table
from .unary_tests import Name, endpoints

Words = NDArray[np.uint64]


def mask_of(rules: list[int], words: int) -> Words:
    """The bitset of some rules, given by their places; the inverse of `rules_of`."""
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


class MatchedRows(Struct):
    """The bitsets, while they are being filled and afterwards.

    Attributes:
        sure: Per word an array over the rows: rules that match.
        possible: As `sure`, with the rules that cannot be judged because a value is of a foreign kind; None while
            there is no such value.
        kinds: Per input column the kinds it holds.
        misfits: Input column -> per row 1 + the index of its foreign value (0 = none).
        foreign: Input column -> its distinct values, which `misfits` indexes.
        named: Encoded columns that cells name, by column name.
    """

    sure: list[Words]
    kinds: list[frozenset[Kind]]
    possible: list[Words] | None = None
    misfits: dict[int, NDArray[np.intp]] = field(default_factory=dict)
    foreign: dict[int, NDArray[Any]] = field(default_factory=dict)
    named: dict[str, EncodedColumn] = field(default_factory=dict)

    def note_misfits(self, column: int, codes: NDArray[np.intp], values: NDArray[Any]) -> None:
        """Notes which rows hold a foreign value in a column; from then on `possible` is kept apart from `sure`."""
        self.foreign[column] = values
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
        """Strikes the rules of `mask` on `rows`; where `keep_possible` holds they stay possible."""
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

    def misfit(self, row: int) -> tuple[int, Any]:
        """The leftmost input column whose value on a row is foreign, and that value."""
        column = min(column for column, codes in self.misfits.items() if codes[row])
        return column, self.foreign[column][self.misfits[column][row] - 1]

    def named_kinds(self, table: Table, column: int, row: int) -> Iterator[Kind]:
        """Kinds of the values that a row has in the columns named by the cells of an input column."""
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
