"""Numbers, dates and times as people type them into a cell or Excel keeps them. Pure."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from typing import Any

from .unary_tests import CellSyntaxError, Literal

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?(%?)")
_DATE = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})日?)"
    r"(?:[ T]*(\d{1,2}):(\d{2})(?::(\d{2}))?)?"
)
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
PART_OF_DATE = re.compile(r"\d{1,4}(?:[-/.]\d{1,4}){1,2}")
"""`3/7`, `26-2-3`: a date of some year or some order."""

LEADING_ZERO = re.compile(r"[+-]?0\d+")


def excel_literal(value: Any) -> Literal:
    """The literal a real Excel value stands for.

    Args:
        value: bool, int, float, date, datetime, time or timedelta. A whole float is an integer (readers give floats
            for all numbers); a datetime at midnight is a date, which compares with dates and timestamps alike.
    """
    plain = value
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        plain = int(value)
    elif isinstance(value, dt.datetime) and value.time() == dt.time() and value.tzinfo is None:
        plain = value.date()
    return Literal.of(plain, value)


def read_number_or_date(text: str, half: str, start: int, end: int) -> Literal | None:
    """The number, date or time that a stretch of a cell spells; None if it spells none.

    Args:
        text: The cell as typed.
        half: The same in half-width signs.
        start, end: The stretch.

    Raises:
        CellSyntaxError: `no_such_day`, `bad_literal`: it looks like a date or a time, and there is none such.
    """
    item, typed = half[start:end], text[start:end]
    if (number := _NUMBER.fullmatch(item)) and not LEADING_ZERO.match(item):
        value = float(item[:-1]) / 100 if number[1] else float(item) if re.search(r"[.eE]", item) else int(item)
        return Literal.of(value, typed)
    try:
        if date := _DATE.fullmatch(item):
            year, month, day = (int(part) for part in date.groups()[:9] if part is not None)
            if not _is_day(year, month, day):
                last = f"{year}-{month}-{monthrange(year, month)[1]}" if year and 1 <= month <= 12 and day else ""
                raise CellSyntaxError("no_such_day", text=text, at=start + 1, found=typed, suggestion=last)
            moment = dt.date(year, month, day)
            if date[10] is None:
                return Literal.of(moment, typed)
            clock = dt.time(int(date[10]), int(date[11]), int(date[12] or 0))
            return Literal.of(dt.datetime.combine(moment, clock), typed)
        if clock_parts := _TIME.fullmatch(item):
            time = dt.time(int(clock_parts[1]), int(clock_parts[2]), int(clock_parts[3] or 0))
            return Literal.of(time, typed)
    except CellSyntaxError:
        raise
    except ValueError as error:
        raise CellSyntaxError("bad_literal", text=text, at=start + 1, found=typed) from error
    return None


def _is_day(year: int, month: int, day: int) -> bool:
    return year > 0 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]
