"""Formulas of the standard workbook as they must read in a workbook whose sheets, columns and lists stand elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from msgspec import Struct, field

from ...ooxml.references import column_name, column_number

_REFERENCE: Final = re.compile(
    r"\"(?:[^\"]|\"\")*\"|(?:(?P<sheet>'(?:[^']|'')+'|[^\s'!,()+*/&=<>;:\[\]{}\"$]+)!)?"
    r"(?<![\w.])(?P<c1>\$?)(?P<left>[A-Z]{1,3})(?P<r1>\$?)(?P<top>[1-9]\d{0,6})"
    r"(?::(?P<c2>\$?)(?P<right>[A-Z]{1,3})(?P<r2>\$?)(?P<bottom>[1-9]\d{0,6}))?(?![\w.(!])"
)


class Untranslatable(Exception):
    """The formula names a place that this workbook does not have."""


class SheetMap(Struct):
    """Where the things of a standard sheet stand here.

    Attributes:
        name: What the sheet is called here.
        columns: Column there -> column here; None for all that are the same.
        rows: By how many rows everything below the header is moved down.
        header_row: The header row there.
        ends: Column there -> (last value row there, last value row here), for lists of a fixed length.
    """

    name: str
    columns: dict[int, int] | None = None
    rows: int = 0
    header_row: int = 1
    ends: dict[int, tuple[int, int]] = field(default_factory=dict)

    def column(self, there: int) -> int:
        """The column here."""
        if self.columns is None:
            return there
        if there not in self.columns:
            raise Untranslatable
        return self.columns[there]

    def row(self, there: int, column: int, *, last: bool = False) -> int:
        """The row here; `last` for the end of an area."""
        if last and column in self.ends and self.ends[column][0] == there:
            return self.ends[column][1]
        return there + self.rows if there >= self.header_row else there


def translate(formula: str, home: str, maps: Mapping[str, SheetMap]) -> str:
    """A formula of the standard workbook as it reads here.

    Args:
        formula: Without `=`.
        home: The standard sheet it stands on, meant where it names none.
        maps: By the name of the standard sheet.

    Raises:
        Untranslatable: It names a place that is not here.
    """

    def here(found: re.Match[str]) -> str:
        if not found["left"]:
            return found[0]  # a text
        sheet = found["sheet"]
        named = home if sheet is None else sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet
        if named not in maps:
            raise Untranslatable
        place = maps[named]
        left = column_number(found["left"])
        first = _corner(found["c1"], place.column(left), found["r1"], place.row(int(found["top"]), left))
        prefix = "" if sheet is None else "'" + place.name.replace("'", "''") + "'!"
        if not found["right"]:
            return prefix + first
        right, bottom = column_number(found["right"]), int(found["bottom"])
        last = _corner(found["c2"], place.column(right), found["r2"], place.row(bottom, right, last=True))
        return f"{prefix}{first}:{last}"

    return _REFERENCE.sub(here, formula)


def _corner(fixed_column: str, column: int, fixed_row: str, row: int) -> str:
    return f"{fixed_column}{column_name(column)}{fixed_row}{row}"
