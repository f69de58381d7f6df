"""Putting values into cells: text stays text whatever it begins with, codes become labels."""

from __future__ import annotations

import datetime as dt
from typing import Any

from msgspec import Struct
from openpyxl.cell.cell import ERROR_CODES, Cell

from ...register import label_of
from . import look

RISKY_STARTS = ("=", "+", "-", "@")
"""Excel makes a formula of such text when a person re-enters the cell, unless the cell says it is quoted text."""


class Shown(Struct, frozen=True):
    """A raw value with the number format its cell shows it in, for example `Shown(123, "000000")`."""

    value: Any
    number_format: str


def put(cell: Cell, value: Any) -> None:
    """Write `value`; an error code such as `#N/A` becomes an error cell, any other str is text, never a formula."""
    if isinstance(value, Shown):
        cell.value = value.value
        cell.number_format = value.number_format
        return
    cell.value = value
    if isinstance(value, str) and value not in ERROR_CODES:
        cell.data_type = "s"
        if value.startswith(RISKY_STARTS):
            cell.quotePrefix = True
    elif isinstance(value, dt.datetime):
        cell.number_format = look.DATETIME
    elif isinstance(value, dt.date):
        cell.number_format = look.DATE
    elif isinstance(value, dt.time):
        cell.number_format = look.TIME


def put_field(cell: Cell, key: str, value: Any, language: str) -> None:
    """Write the value of a field: a code is written as its label, anything else as it is."""
    put(cell, value if isinstance(value, Shown) else label_of(key, value, language))
