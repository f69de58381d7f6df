"""Areas and names that span a table's columns follow when the table gets more of them at its right end. Pure.

Source: ECMA-376 part 1 sections 18.18.76 (ST_Sqref), 18.2.5 (definedName), 18.5.1.2 (table).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from qtemplate.ooxml.defined_names import rewrite_names
from qtemplate.ooxml.references import LAST_ROW, Area, column_name, column_number

_TOKEN: Final = re.compile(
    r"(?P<left>(?P<from>\$?)(?P<first>[A-Za-z]{1,3})(?P<top>\$?[0-9]{1,7})?):"
    r"(?P<to>\$?)(?P<last>[A-Za-z]{1,3})(?P<bottom>\$?[0-9]{1,7})?\Z"
)
_NAMED: Final = re.compile(
    r"(?P<sheet>'(?:[^']|'')+'|[^\s'!,()+*/&=<>;:\[\]{}\"]+)!"
    r"(?P<area>\$?[A-Z]{1,3}(?:\$?\d{1,7})?:\$?[A-Z]{1,3}(?:\$?\d{1,7})?)(?![\w.])"
)


class Widening(Struct, frozen=True):
    """A table's right end moved: what spanned its columns now spans the new ones too.

    Args:
        sheet: The table's sheet.
        area: The table before.
        last_column: Its last column now.
    """

    sheet: str
    area: Area
    last_column: int

    @property
    def moves(self) -> bool:
        """Whether there is anything to follow."""
        return self.last_column != self.area.last_column

    def apply(self, token: str, *, exact: bool = False) -> str:
        """One area, `A3:F20` or `$A:$F`, with its right end moved if it spans the table; else as it was.

        Args:
            token: The area.
            exact: It must begin with the table's first column and lie in its rows.
        """
        found = _TOKEN.match(token)
        if found is None or bool(found["top"]) != bool(found["bottom"]):
            return token
        left, right = column_number(found["first"]), column_number(found["last"])
        top = int(found["top"].lstrip("$")) if found["top"] else 1
        bottom = int(found["bottom"].lstrip("$")) if found["bottom"] else LAST_ROW
        own = self.area
        if right != own.last_column or left > own.first_column or left == right:
            return token
        if top > own.last_row or bottom < own.first_row:
            return token
        if exact and (left != own.first_column or (found["top"] and not own.first_row <= top <= own.last_row)):
            return token
        return f"{found['left']}:{found['to']}{column_name(self.last_column)}{found['bottom'] or ''}"


def widen_names(xml: bytes, widenings: Sequence[Widening]) -> bytes:
    """The workbook part with the defined names, print areas and filters that spanned a table spanning it again.

    Args:
        xml: The workbook part.
        widenings: Tables whose right end moved.
    """

    def widened(name: str, text: str) -> str:
        for widening in widenings:
            text = _widen_name(text, widening, exact=not name.startswith("_xlnm."))
        return text

    return rewrite_names(xml, widened)


def _widen_name(text: str, widening: Widening, *, exact: bool) -> str:
    def moved(found: re.Match[str]) -> str:
        sheet = found["sheet"]
        if sheet.startswith("'"):
            sheet = sheet[1:-1].replace("''", "'")
        if sheet.casefold() != widening.sheet.casefold():
            return found[0]
        return f"{found['sheet']}!{widening.apply(found['area'], exact=exact)}"

    return _NAMED.sub(moved, text)
