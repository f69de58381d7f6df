"""What a row of an adopted register has to show, worked out apart from the program: level, whose it is, deadlines.

By the tables a new workbook starts with; the calendar is walked day by day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from qtemplate.register import Register, is_missing

HOUR, DAY_HOURS = 3600, 8
WORKED = ((9, 12), (13, 18))
DEPARTMENT_OF = {
    "software": "研发部", "hardware": "生产部", "design": "设计部", "packaging": "品控部", "other": "品控部",
    "service": "客服部",
}  # fmt: skip
LIMITS = {"urgent": (2, 5 * 24), "major": (8, 80), "normal": (8, 160), "minor": (24, 480)}
"""Level -> hours to the first response and to the final reply; of urgent ones around the clock."""

Calendar = Mapping[dt.date, bool]
"""Days that are off though a working day, or the other way round."""


def level_of(row: Mapping[str, Any]) -> str | None:
    """The first rule that matches."""
    grade = row["severity"]
    if row["safety"] == "yes":
        return "urgent"
    if grade is None:
        return None
    explained = row["authenticity"] in ("misunderstanding", "misuse")
    rules = (
        (explained, "minor"),
        (grade == 5 and row["workaround"] != "yes", "urgent"),
        (grade >= 4 and row["scope"] == "many" and row["workaround"] == "no", "urgent"),
        (grade >= 4 or row["safety"] == "unsure", "major"),
        (grade == 3 and row["scope"] in ("some", "many"), "major"),
        (grade == 3 and row["frequency"] == "always" and row["workaround"] != "yes", "major"),
        (grade == 3 or row["scope"] == "many" or row["frequency"] == "always", "normal"),
        (True, "minor"),
    )
    return next(level for holds, level in rules if holds)


def due(start: dt.datetime, hours: int, level: str, days: Calendar) -> dt.datetime:
    """The moment at which so many hours have been worked since."""
    if level == "urgent":
        return start + dt.timedelta(hours=hours)
    left = hours * HOUR
    for opened, closed in _worked(start, days):
        span = int((closed - opened).total_seconds())
        if span >= left:
            return opened + dt.timedelta(seconds=left)
        left -= span
    raise AssertionError


def _worked(start: dt.datetime, days: Calendar) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    day = start.date()
    while True:
        if days.get(day, day.weekday() < 5):
            for first, last in WORKED:
                opened, closed = (dt.datetime.combine(day, dt.time(hour)) for hour in (first, last))
                if closed > start:
                    yield max(opened, start), closed
        day += dt.timedelta(days=1)


def expected(
    row: Mapping[str, Any], theirs: Mapping[str, Any], staff: Mapping[str, str], days: Calendar
) -> tuple[dict[str, Any], frozenset[str]]:
    """What the row has to show, and who may own it: nobody where it lacks something that is needed.

    Args:
        row: The row's values as they are read.
        theirs: Department and owner of the row as people filled them, None where they did not.
        staff: Name -> department.
        days: What differs from Monday to Friday.

    Returns:
        Level, and deadlines and department as far as the row has what they need.
    """
    level, received = level_of(row), row["received_at"]
    shown: dict[str, Any] = {"level": level}
    if level is not None and received is not None:
        hours = zip(("respond_by", "resolve_by"), LIMITS[level], strict=True)
        shown |= {key: due(received, number, level, days) for key, number in hours}
    lacks = str(row["check"]).startswith("待补充") and row["safety"] != "yes"
    if level is None or lacks:
        return shown, frozenset()
    department = theirs["department"] or DEPARTMENT_OF.get(str(row["category"])) or staff.get(str(theirs["owner"]))
    if department is None:
        return shown, frozenset()
    members = frozenset(name for name, place in staff.items() if place == department)
    return shown | {"department": department}, frozenset({theirs["owner"]}) if theirs["owner"] else members


def shows(register: Register, row: int) -> dict[str, Any]:
    """What it shows."""
    keys = ("level", "department", "owner", "respond_by", "resolve_by", "level_reason", "clock")
    values = {key: register.value(row, key) for key in keys}
    return {key: None if is_missing(value) else value for key, value in values.items()}
