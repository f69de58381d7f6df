"""A small register, the default limits and the calendar of 2026 for the tests of clocks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd

from qtemplate.choices import Clock, Level
from qtemplate.fields import FIELDS, Field, Kind
from qtemplate.plan import Memory, Plan
from qtemplate.register import Register
from qtemplate.rules.clocks.times import ClockTable, clock_times
from qtemplate.rules.rulebook import ContactEntry, Limit, Pause, RuleBook
from qtemplate.rules.situation import Situation
from qtemplate.rules.steps.clocks import run_clocks
from qtemplate.rules.workdays import WorkCalendar

HOUR = 3600
LUNCH_WEEK = dict.fromkeys(range(5), ((9 * HOUR, 12 * HOUR), (13 * HOUR, 18 * HOUR)))
"""Monday to Friday 9–12 and 13–18: a standard day of eight hours."""

HOLIDAYS_2026 = {
    **{dt.date(2026, 2, day): False for day in range(15, 24)},
    **{dt.date(2026, 10, day): False for day in range(1, 8)},
    **dict.fromkeys((dt.date(2026, 2, 14), dt.date(2026, 2, 28), dt.date(2026, 10, 10)), True),
}
CALENDAR = WorkCalendar(LUNCH_WEEK, HOLIDAYS_2026, frozenset({2025, 2026}))

_TABLE = """
assess 1h 4h 1wd 3wd
respond 2h 8h 1wd 3wd
accept 1h 4h 1wd 2wd
contain 24h 2wd - -
update 1wd 3wd 5wd 20wd
resolve 5wd 10wd 20wd 60wd
confirm 3wd 3wd 3wd 3wd
silence 5wd 5wd 5wd 5wd
authority 2wd 2wd 2wd 2wd
watch 180d 90d 30d -
"""
FRIDAY = dt.datetime(2026, 11, 20, 16)
ROW = {"level": "major", "received_at": FRIDAY, "assessed_at": FRIDAY + dt.timedelta(minutes=3)}


def _limit(text: str) -> Limit:
    digits = text.rstrip("hwd")
    return Limit(float(digits), text[len(digits) :])


LIMITS = {
    (Clock(name), level): _limit(text)  # type: ignore[call-arg] # a StrEnum with labels is called by its code alone
    for name, *texts in (line.split() for line in _TABLE.split("\n") if line)
    for level, text in zip(Level, texts, strict=True)
    if text != "-"
}

BOOK = RuleBook(limits=LIMITS, calendar=CALENDAR)
ID = "QF-2026-0001"


def register_of(*rows: Mapping[str, Any], language: str = "zh") -> Register:
    """A register with these rows from worksheet row 4 on; a row without an id gets the next one."""
    index = pd.RangeIndex(4, 4 + len(rows))
    filled = [{"id": f"QF-2026-{at:04d}", **row} for at, row in enumerate(rows, 1)]
    columns = {}
    for field in Field:
        values: list[Any] = [row.get(field.value) for row in filled]
        if field.kind in (Kind.DATE, Kind.DATETIME):
            columns[field.value] = pd.Series(pd.to_datetime(pd.Series(values, index=index, dtype=object))).astype(
                "datetime64[s]"
            )
        else:
            columns[field.value] = pd.Series(values, index=index, dtype=object)
    frame = pd.DataFrame(columns, index=index)
    letters = {key: at for at, key in enumerate(FIELDS, 1)}
    return Register(frame, "反馈登记", "tblFeedback", language, 3, letters, "")


def pause(begin: dt.datetime, end: dt.datetime | None, id: str = ID) -> Pause:
    return Pause(id, begin, end, "等客户寄回样品", 5)


def contact(at: dt.datetime, direction: str = "out", summary: str = "已电话答复", id: str = ID) -> ContactEntry:
    return ContactEntry(at=at, id=id, direction=direction, way="phone", who="王芳", summary=summary, row=4)


def cells(plan: Plan) -> dict[str, Any]:
    """What a plan writes into a register of one row."""
    return {edit.field: edit.after for edit in plan.edits}


def clocks(
    row: Mapping[str, Any], now: dt.datetime, book: RuleBook = BOOK, memory: Memory | None = None
) -> dict[str, Any]:
    """The cells that the step writes for a single row."""
    return cells(run_clocks(Situation(register_of(row), book, memory or Memory(), now)))


def table_of(
    *rows: Mapping[str, object], now: dt.datetime, book: RuleBook = BOOK, memory: Memory | None = None
) -> ClockTable:
    """The clocks of a register of these rows."""
    table = clock_times(Situation(register_of(*rows), book, memory or Memory(), now))
    assert table is not None
    return table
