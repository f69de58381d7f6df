"""Columns that go: what becomes of an area that touches them. Pure.

Nothing moves: what stands to their right stays where it is. So an area loses the columns that go only where it begins
or ends in them, and an area beyond them on both sides stays.

Source: ECMA-376 part 1 sections 18.18.62 (ST_Ref), 18.18.76 (ST_Sqref), 18.2.5 (definedName).
"""

from __future__ import annotations

import re
from collections.abc import Set
from typing import Final

from msgspec import Struct

from qtemplate.ooxml.references import LAST_ROW, Area, column_name, column_number

_TOKEN: Final = re.compile(
    r"(?P<from>\$?)(?P<first>[A-Za-z]{1,3})(?P<top>\$?[0-9]{1,7})?"
    r"(?::(?P<to>\$?)(?P<last>[A-Za-z]{1,3})(?P<bottom>\$?[0-9]{1,7})?)?\Z"
)


class Cut(Struct, frozen=True):
    """Columns of one sheet that go, from their header row down.

    Args:
        sheet: The sheet's name.
        area: Header row to the last row of which cells go.
        spared: Rows between them whose cells stay.
        headers: What the header row says in them.
        looks: The `col` elements that the columns shall have then; None for those of the columns beyond, where all
            the rest of the sheet has them.
    """

    sheet: str
    area: Area
    spared: Set[int] = frozenset()
    headers: tuple[str, ...] = ()
    looks: tuple[bytes, ...] | None = None

    def apply(self, token: str) -> str:
        """One area, `A3:F20` or `$A:$F`, without the columns that go; "" where nothing is left of it."""
        found = _TOKEN.match(token)
        if found is None or bool(found["top"]) != bool(found["bottom"] or (found["top"] and not found["last"])):
            return token
        left, right = column_number(found["first"]), column_number(found["last"] or found["first"])
        top = int(found["top"].lstrip("$")) if found["top"] else 1
        bottom = int(found["bottom"].lstrip("$")) if found["bottom"] else (top if found["top"] else LAST_ROW)
        own = self.area
        if right < own.first_column or left > own.last_column or bottom < own.first_row or top > own.last_row:
            return token
        if left >= own.first_column and right <= own.last_column:
            return ""
        if left < own.first_column and right > own.last_column:
            return token
        if left < own.first_column:
            return f"{token.partition(':')[0]}:{found['to']}{column_name(own.first_column - 1)}{found['bottom'] or ''}"
        return f"{found['from']}{column_name(own.last_column + 1)}{found['top'] or ''}:{token.partition(':')[2]}"

    def apply_list(self, text: str) -> str:
        """The same for a list of areas; the very text where none changes."""
        tokens = text.split()
        left = [new for token in tokens if (new := self.apply(token))]
        return text if left == tokens else " ".join(left)

    def swallows(self, token: str) -> bool:
        """Whether an area lies wholly in what goes."""
        return self.apply(token) == ""
