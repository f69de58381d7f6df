"""Cell addresses and areas: `B7`, `A1:F20`, and lists of them. Pure.

Source: ECMA-376 part 1 section 18.18.62 (ST_Ref), 18.18.7 (ST_CellRef), 18.18.76 (ST_Sqref).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, Protocol

from msgspec import Struct

from qtemplate.errors import WorkbookRefused

LAST_ROW: Final = 1_048_576
LAST_COLUMN: Final = 16_384

_CELL: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})\Z")
_AREA: Final = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)([0-9]{1,7})(?::(\$?)([A-Za-z]{1,3})(\$?)([0-9]{1,7}))?\Z")

_COLUMNS: Final = re.compile(r"\$?([A-Za-z]{1,3}):\$?([A-Za-z]{1,3})\Z")
_ROWS: Final = re.compile(r"\$?([0-9]{1,7}):\$?([0-9]{1,7})\Z")


@lru_cache(maxsize=1 << 15)
def column_name(column: int) -> str:
    """`A` for 1, `AA` for 27, `XFD` for 16384; nothing for 0."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


@lru_cache(maxsize=1 << 15)  # all columns of a sheet; damaged files name others
def column_number(name: str) -> int:
    """1 for `A`, 27 for `AA`; letters of either case, and beyond a sheet's last column too."""
    number = 0
    for letter in name.upper():
        number = number * 26 + ord(letter) - 64
    return number


def parse_cell(reference: str) -> tuple[int, int]:
    """Row and column, from 1, of an address such as `B7` or `$B$7`.

    Raises:
        WorkbookRefused: `bad_reference`, not an address inside a sheet.
    """
    found = _CELL.match(reference)
    if found:
        row, column = int(found[2]), column_number(found[1])
        if 1 <= row <= LAST_ROW and 1 <= column <= LAST_COLUMN:
            return row, column
    raise WorkbookRefused(
        "bad_reference", "{reference!r} is not a cell; expected an address such as B7.", reference=reference
    )


class Area(Struct, frozen=True):
    """A rectangle of cells; rows and columns count from 1, both ends belong to it."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    @classmethod
    def parse(cls, text: str) -> Area | None:
        """The area of `A1` or `A1:F20`; None if it is neither."""
        found = _AREA.match(text)
        if found is None:
            return None
        row, column = int(found[4]), column_number(found[2])
        last_row = int(found[8]) if found[8] else row
        last_column = column_number(found[6]) if found[6] else column
        return cls(min(row, last_row), min(column, last_column), max(row, last_row), max(column, last_column))

    @classmethod
    @lru_cache(maxsize=1 << 12)  # a night makes hundreds of forms of one template, with a hundred merges each
    def parse_wide(cls, text: str) -> Area | None:
        """As `parse`, also whole columns and rows, `A:C` and `1:4`; None if it is none of these in a sheet."""
        area = cls.parse(text)
        if area is None and (columns := _COLUMNS.match(text)) is not None:
            area = cls.parse(f"{columns[1]}1:{columns[2]}{LAST_ROW}")
        elif area is None and (rows := _ROWS.match(text)) is not None:
            area = cls.parse(f"A{rows[1]}:{column_name(LAST_COLUMN)}{rows[2]}")
        return area if area is not None and cls(1, 1, LAST_ROW, LAST_COLUMN).covers(area) else None

    def holds(self, row: int, column: int) -> bool:
        """Whether that cell lies inside."""
        return self.first_row <= row <= self.last_row and self.first_column <= column <= self.last_column

    def covers(self, other: Area) -> bool:
        """Whether all of the other lies inside."""
        return self.holds(other.first_row, other.first_column) and self.holds(other.last_row, other.last_column)

    def meets(self, other: Area) -> bool:
        """Whether the two share a cell."""
        return (
            self.first_row <= other.last_row
            and other.first_row <= self.last_row
            and self.first_column <= other.last_column
            and other.first_column <= self.last_column
        )

    def __str__(self) -> str:
        return f"{column_name(self.first_column)}{self.first_row}:{column_name(self.last_column)}{self.last_row}"


class Move(Protocol):
    """An end of a table moved; areas that ended with it follow."""

    @property
    def moves(self) -> bool:
        """Whether there is anything to follow."""

    def apply(self, token: str) -> str:
        """One area of a list, moved if it ended with the table; else as it was."""


class Stretch(Struct, frozen=True):
    """The lower end of a table moved: what ended with its data now ends elsewhere.

    Args:
        header_row: The table's first row.
        first_column, last_column: Its columns.
        last_row: Its last data row before.
        new_last_row: Its last data row now.
    """

    header_row: int
    first_column: int
    last_column: int
    last_row: int
    new_last_row: int

    @property
    def moves(self) -> bool:
        """Whether there is anything to follow."""
        return self.last_row != self.new_last_row

    def apply(self, token: str) -> str:
        """One area of a list, moved if it lies in the table and ends with its data; else as it was."""
        found = _AREA.match(token)
        if found is None:
            return token
        first, last = int(found[4]), int(found[8] or found[4])
        left, right = column_number(found[2]), column_number(found[6] or found[2])
        inside = self.header_row <= first and last == self.last_row
        if not inside or right < self.first_column or left > self.last_column or self.new_last_row < first:
            return token
        if self.new_last_row == last:
            return token
        head = f"{found[1]}{found[2]}{found[3]}{found[4]}"
        if found[6]:
            return f"{head}:{found[5]}{found[6]}{found[7]}{self.new_last_row}"
        return f"{head}:{found[1]}{found[2]}{found[3]}{self.new_last_row}"


def stretch_list(text: str, stretches: Iterable[Move]) -> str:
    """A space-separated list of areas (ST_Sqref) with every stretch applied; the same text if none applies."""
    tokens = text.split()
    moved = list(tokens)
    for stretch in stretches:
        moved = [stretch.apply(token) for token in moved]
    return text if moved == tokens else " ".join(moved)
