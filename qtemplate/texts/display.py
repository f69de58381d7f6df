"""A value of a cell as people read it in a sentence, a mail or a form."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ..register import plain

WHOLE_DAY = dt.time()
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def display(value: Any, language: str) -> str:
    """A value as people read it: `2026年7月15日 14:30`, `15 Jul 2026 14:30`, missing as ""."""
    value = plain(value)
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        day = _day(value.date(), language)
        return day if value.time() == WHOLE_DAY else f"{day} {value:%H:%M}"
    if isinstance(value, dt.date):
        return _day(value, language)
    if isinstance(value, bool):
        return ("是" if value else "否") if language == "zh" else ("Yes" if value else "No")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _day(day: dt.date, language: str) -> str:
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
