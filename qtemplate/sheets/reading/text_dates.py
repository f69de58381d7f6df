"""Dates written as text: what means one moment only is understood, everything else is not a date.

Pure text. Never a guess: `3/7`, `03/07/2026` and `7-3-26` have two readings or lack a year and give None.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from functools import cache

MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"), 1,
    )
    for name in names.split()
}  # fmt: skip

MONTH = "(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\.?"
CLOCK = (
    r"(?:(?:\s*[t,]\s*|\s+|(?<=日)|(?<=号))(?P<half>上午|下午|中午|晚上)?\s*"
    r"(?P<hour>\d{1,2})(?:[:时点](?P<minute>\d{1,2})分?(?:[:]?(?P<second>\d{1,2})(?:\.\d+)?秒?)?|[时点]整?)"
    r"\s*(?P<ampm>am|pm)?)?"
)

SHAPES = (
    r"(?P<year>\d{4})(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})" + CLOCK,
    r"(?P<year>\d{4})\s*年\s*(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*[日号]" + CLOCK,
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})" + CLOCK,
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+{MONTH}[\s,-]+(?P<year>\d{{4}})" + CLOCK,
    rf"{MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})" + CLOCK,
)
EITHER_ORDER = r"(?P<first>\d{1,2})(?P<sep>[-/.])(?P<second>\d{1,2})(?P=sep)(?P<year>\d{4})" + CLOCK.replace(
    "<second>", "<seconds>"
)
"""As `SHAPES`, but day and month may stand in either order."""

A_YEAR = re.compile(r"\d{4}")
"""Every shape has one; what has none is told at once, and the shapes, dear to compile, are for what may be a date."""

WEEKDAY = re.compile(r"\s*[(]?(星期|周)[一二三四五六日天][)]?")


def date_in_text(text: str) -> dt.datetime | None:
    """The one moment that `text` can mean, or None; a date alone is midnight.

    >>> date_in_text("2026年3月7日 14:30")
    datetime.datetime(2026, 3, 7, 14, 30)
    >>> date_in_text("3/7") is None and date_in_text("03/07/2026") is None
    True
    """
    plain = WEEKDAY.sub(" ", unicodedata.normalize("NFKC", text)).strip()
    if A_YEAR.search(plain) is None:
        return None
    for shape in SHAPES:
        if match := _compiled(shape).fullmatch(plain):
            return moment(match, match["year"], match["month"], match["day"])
    if match := _compiled(EITHER_ORDER).fullmatch(plain):
        readings = {
            found
            for month, day in ((match["first"], match["second"]), (match["second"], match["first"]))
            if (found := moment(match, match["year"], month, day)) is not None
        }
        return readings.pop() if len(readings) == 1 else None
    return None


@cache
def _compiled(shape: str) -> re.Pattern[str]:
    return re.compile(shape, re.IGNORECASE)


def moment(match: re.Match[str], year: str, month: str, day: str) -> dt.datetime | None:
    """Put the parts of a match together; None if there is no such day or time."""
    number = MONTHS.get(month.lower()) or int(month)
    groups = match.groupdict()
    seconds = groups.get("seconds", None if "first" in groups else groups.get("second"))
    hour, half = int(groups["hour"] or 0), groups["half"]
    ampm = (groups["ampm"] or "").lower()
    if half in ("下午", "晚上") or ampm == "pm" or (half == "中午" and hour < 11):
        if hour > 12 and ampm:
            return None
        hour += 12 if hour < 12 else 0
    elif (half == "上午" or ampm == "am") and hour == 12:
        hour = 0
    try:
        found = dt.datetime(int(year), number, int(day), hour, int(groups["minute"] or 0), int(seconds or 0))
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2200 else None


def time_in_text(text: str) -> int | None:
    """Seconds of the day that `09:00`, `9：30` or `24:00` mean, or None."""
    match = re.fullmatch(r"(\d{1,2}):(\d{2})(?::(\d{2}))?", unicodedata.normalize("NFKC", text).strip())
    if match is None:
        return None
    hours, minutes, seconds = int(match[1]), int(match[2]), int(match[3] or 0)
    total = hours * 3600 + minutes * 60 + seconds
    return total if minutes < 60 and seconds < 60 and total <= 86_400 else None
