"""产量 and 阶段 -> volumes of months and declared phases. Knows these two sheets only."""

from __future__ import annotations

import datetime as dt
import re

from ...rules.rulebook import DeclaredPhase, Volume
from ...texts.wanted import Wanted
from ..headers import fold
from ..layout import BY_KEY
from .rule_sheets import RuleSheets, twice
from .typed_rows import Row

MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?")


def read_volumes(sheets: RuleSheets) -> tuple[Volume, ...]:
    """The volumes in sheet order; a month that a product or model has twice counts once, as its first row has it."""
    spec = BY_KEY["volumes"]
    found: list[tuple[Row, Volume]] = []
    for row in sheets.rows(spec, spec.blocks[0]):
        product, month, number = row.needed("product"), month_in(row), row.number_in("number", Wanted.POSITIVE)
        if number is None and not row.broken:
            row.unfit("number", Wanted.FILLED)
        if number is not None and number < 0:
            row.unfit("number", Wanted.POSITIVE)
        if not row.broken and month is not None and number is not None:
            found.append((row, Volume(product, row.text("model"), month, number)))
    later = twice((row, "month", (fold(each.product), fold(each.model), each.month)) for row, each in found)
    return tuple(each for row, each in found if row.number not in later)


def month_in(row: Row) -> dt.date | None:
    """The first day of a month: `2026-10`, `2026年10月`, or any day of it."""
    said = MONTH.fullmatch(row.text("month")) if isinstance(row.cells.get("month"), str) else None
    if said is not None and 1 <= int(said[2]) <= 12:
        return dt.date(int(said[1]), int(said[2]), 1)
    if not row.text("month"):
        row.unfit("month", Wanted.FILLED)
        return None
    day = row.moment("month", Wanted.MONTH)
    return None if day is None else day.date().replace(day=1)


def read_phases(sheets: RuleSheets) -> tuple[DeclaredPhase, ...]:
    """The phases in sheet order."""
    spec = BY_KEY["phases"]
    found = []
    for row in sheets.rows(spec, spec.blocks[0]):
        day = row.date("date")
        if day is None and not row.broken:
            row.unfit("date", Wanted.DAY)
        if day is not None:
            found.append(DeclaredPhase(day, row.text("product"), row.text("why")))
    return tuple(found)
