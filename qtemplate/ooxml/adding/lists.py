"""The list behind a drop-down gets values at its end, and whatever names the list names the longer one.

Source: ECMA-376 part 1 sections 18.3.1.32 (dataValidation, `type="list"`), 18.2.5 (definedName).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from qtemplate.ooxml.adding.validations import rewrite_lists
from qtemplate.ooxml.cells import CellValue, Settled
from qtemplate.ooxml.defined_names import rewrite_names
from qtemplate.ooxml.references import Area, column_number
from qtemplate.ooxml.sheet.new_cells import NewCell, Room
from qtemplate.ooxml.sheet.row_splice import cells_of, row_tag, style_of
from qtemplate.ooxml.sheet.stream import Row

_AREA: Final = re.compile(
    r"(?:(?P<sheet>'(?:[^']|'')+'|[^\s'!,()+*/&=<>;:\[\]{}\"$]+)!)?"
    r"(?<![\w.$])(?P<first>(?P<c1>\$?)(?P<left>[A-Za-z]{1,3})(?P<r1>\$?)(?P<top>[1-9]\d{0,6}))"
    r"(?::(?P<c2>\$?)(?P<right>[A-Za-z]{1,3})(?P<r2>\$?)(?P<bottom>[1-9]\d{0,6}))?(?![\w.(:!])"
)


class ListValues(Struct, frozen=True):
    """Values that a list of a drop-down gets at its end.

    Args:
        sheet: Where the list stands.
        area: Its values as they are, one column wide.
        values: The new ones.
    """

    sheet: str
    area: Area
    values: Sequence[CellValue]


class ListGrowth:
    """A list made longer, while its sheet streams by; an `Addition`.

    Args:
        sheet, area: As in `ListValues`.
        values: Settled.
    """

    def __init__(self, sheet: str, area: Area, values: Sequence[Settled]) -> None:
        self.sheet = sheet
        self._old = area
        self._values = values
        self._style: int | None = None
        self.rows = range(area.last_row, area.last_row + len(values) + 1)
        self.area = Area(area.last_row + 1, area.first_column, self.rows[-1], area.first_column)

    def head(self, head: bytes, prefix: bytes) -> bytes:
        """As it is."""
        return head

    def cells(self, number: int, row: Row | None, prefix: bytes) -> Mapping[int, NewCell]:
        """A new value, in the format of the last one."""
        column = self._old.first_column
        if number == self._old.last_row:
            if row is not None:
                found = {cell.column: cell.style for cell in cells_of(row, prefix)}
                self._style = found.get(column, style_of(row_tag(row)))
            return {}
        value = self._values[number - self._old.last_row - 1]
        return {column: NewCell(value, self._style, Room.BELOW)}

    def tail(self, tail: bytes, prefix: bytes) -> bytes:
        """As it is: whatever names the list is changed on every sheet alike."""
        return tail

    def rename(self, formula: str, home: str) -> str:
        """A formula with the list's area made longer.

        Args:
            formula: Without `=`.
            home: The sheet it stands on, meant where it names none.
        """

        def longer(found: re.Match[str]) -> str:
            sheet = found["sheet"] or home
            if found["sheet"] and sheet.startswith("'"):
                sheet = sheet[1:-1].replace("''", "'")
            left, right = column_number(found["left"]), column_number(found["right"] or found["left"])
            top, bottom = int(found["top"]), int(found["bottom"] or found["top"])
            if sheet.casefold() != self.sheet.casefold() or Area(top, left, bottom, right) != self._old:
                return found[0]
            head = found[0][: found.end("first") - found.start()]
            column, row = (found["c2"], found["r2"]) if found["right"] else (found["c1"], found["r1"])
            return f"{head}:{column}{found['right'] or found['left']}{row}{self.rows[-1]}"

        return _AREA.sub(longer, formula)


class ListNames(Struct, frozen=True):
    """The drop-downs of one sheet, whose sources are made longer; an `Addition` without cells.

    Args:
        sheet: The sheet's name.
        lists: The lists that grow, wherever they stand.
    """

    sheet: str
    lists: Sequence[ListGrowth]
    rows: Sequence[int] = ()
    area: Area | None = None

    def head(self, head: bytes, prefix: bytes) -> bytes:
        """As it is."""
        return head

    def cells(self, number: int, row: Row | None, prefix: bytes) -> Mapping[int, NewCell]:
        """None."""
        return {}

    def tail(self, tail: bytes, prefix: bytes) -> bytes:
        """The drop-downs offer the longer lists."""
        return rewrite_lists(tail, lambda formula: _renamed(formula, self.sheet, self.lists))


def _renamed(formula: str, home: str, lists: Sequence[ListGrowth]) -> str:
    for growth in lists:
        formula = growth.rename(formula, home)
    return formula


def lengthen_names(xml: bytes, lists: Sequence[ListGrowth]) -> bytes:
    """The workbook part with the defined names of the lists made longer."""
    return rewrite_names(xml, lambda name, formula: _renamed(formula, "", lists))
