"""What callers hand to `build_workbook` beside mappings: the team's own columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

Row = Mapping[str, Any]
"""Column key (or own header) -> cell value; codes of closed sets are written as labels, other values as they are."""


class OwnColumn(Struct, frozen=True):
    """A column the team added to the register.

    Args:
        header: As it stands in the sheet.
        type: text | number | date | list; what 数据字典 says of it.
        allowed: The values of a list.
        width: In characters.
        number_format: Excel's, for numbers.
    """

    header: str
    type: str = "text"
    allowed: tuple[str, ...] = ()
    width: float = 12
    number_format: str = "General"
