"""答复时限, 升级阶梯 and 工作日历 -> limits, ladder, calendar. Knows these three sheets only."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable

from ...choices import Clock, Level, Role
from ...plan import Severity
from ...rules.rulebook import Limit, Rung
from ...rules.workdays import WorkCalendar
from ...texts.wanted import Wanted
from ..headers import word_of
from ..layout import BY_KEY
from .rule_sheets import RuleSheets
from .typed_rows import DAY, Row

ROW_PEOPLE = ("owner", "contact", "assessor")
"""Words of 通知 for the people that a feedback names; the others are roles."""

DAYS = {
    name: number
    for number, names in enumerate(
        ("一 mon monday 1", "二 tue tuesday 2", "三 wed wednesday 3", "四 thu thursday 4", "五 fri friday 5",
         "六 sat saturday 6", "日 sun sunday 7 天")
    )
    for name in names.split()
}  # fmt: skip


def read_limits(sheets: RuleSheets) -> dict[tuple[Clock, Level], Limit]:
    """(clock, level) -> limit; a row without a level stands for the levels that have no row of their own."""
    spec = BY_KEY["limits"]
    limits: dict[tuple[Clock, Level], Limit] = {}
    general: dict[Clock, Limit] = {}
    for row in sheets.rows(spec, spec.blocks[0]):
        if not row.needed("clock"):
            continue
        clock, level = row.choice("clock", Clock), row.choice("level", Level)
        limit = limit_in(row, ("h", "wd", "d"))
        if row.broken or clock is None or limit is None:
            continue
        if level is None:
            general.setdefault(clock, limit)
        elif (clock, level) in limits:
            row.report("QT205", "clock", Severity.WARNING, other=f"{clock.zh} {level.zh}")
        else:
            limits[clock, level] = limit
    for clock, limit in general.items():
        for level in Level:
            limits.setdefault((clock, level), limit)
    return limits


def limit_in(row: Row, units: tuple[str, ...]) -> Limit | None:
    """Number and unit of a row; a blank number means that there is no limit."""
    number = row.number_in("number")
    if number is None:
        return None
    if number < 0:
        row.unfit("number", Wanted.POSITIVE)
    if not row.text("unit"):
        row.unfit("unit", Wanted.FILLED)
    unit = row.word("unit", *units)
    return None if row.broken or unit is None else Limit(number, unit)


def read_ladder(sheets: RuleSheets) -> tuple[Rung, ...]:
    """The rungs in sheet order, one for each that 通知 names; unreadable rows are left out and counted all the same.

    时限 and 通知 may list several; an empty 时限, or a sheet without that column, means every clock.
    """
    spec = BY_KEY["escalation"]
    rungs = []
    for number, row in enumerate(sheets.rows(spec, spec.blocks[0]), 1):
        when = row.word("when", "share_left", "overdue") if row.needed("when") else None
        level = row.choice("level", Level)
        clocks = [row.choice("clock", Clock, part) for part in row.parts("clock")]
        row.needed("to")
        receivers = [word_of(part, *ROW_PEOPLE) or row.choice("to", Role, part) for part in row.parts("to")]
        share = after = None
        if when == "share_left":
            share = row.number_in("number", Wanted.SHARE)
            if share is None or not 0 <= share <= 1:
                row.unfit("number", Wanted.SHARE)
        elif when == "overdue":
            unit = row.text("unit")
            after = limit_in(row, ("h", "wd", "d")) if unit else Limit(row.number_in("number") or 0.0, "wd")
            if not unit and after is not None and after.number:
                row.unfit("unit", Wanted.FILLED)
            if unit and after is None and not row.broken:
                after = Limit(0.0, row.word("unit", "h", "wd", "d") or "wd")
        if not row.broken:
            told = dict.fromkeys(str(receiver) for receiver in receivers)
            named = tuple(clock for clock in clocks if clock is not None)
            rungs += [Rung(number, level, share, after, to, named) for to in told]
    return tuple(rungs)


def read_calendar(sheets: RuleSheets) -> WorkCalendar | None:
    """The calendar; None (reported) when the week has no working time that can be read."""
    spec = BY_KEY["calendar"]
    if sheets.name_of(spec) is None:
        return None
    week, days, years = spec.blocks
    segments: dict[int, list[tuple[int, int]]] = {}
    for row in sheets.rows(spec, week):
        numbers = weekdays_in(row)
        start, end = row.time_of_day("from"), row.time_of_day("to")
        if start is None or end is None:
            continue  # a day without times is free
        end = DAY if end == 0 else end
        if end <= start:
            row.unfit("to", Wanted.LATER)
        elif not row.broken:
            for number in numbers:
                segments.setdefault(number, []).append((start, end))
    exceptions: dict[dt.date, bool] = {}
    for row in sheets.rows(spec, days):
        day, kind = row.date("date"), row.word("type", "off", "on")
        if day is None and not row.broken:
            row.unfit("date", Wanted.DAY)
        if day is not None and kind is not None:
            if exceptions.get(day, kind == "on") != (kind == "on"):
                row.report("QT205", "date", Severity.ERROR, other=day.isoformat())
            exceptions.setdefault(day, kind == "on")
    confirmed = set(confirmed_years(sheets.rows(spec, years)))
    if not segments:
        return None
    return WorkCalendar(
        {day: tuple(sorted(parts)) for day, parts in segments.items()}, exceptions, frozenset(confirmed)
    )


def confirmed_years(rows: Iterable[Row]) -> Iterable[int]:
    for row in rows:
        year = row.number_in("year", Wanted.YEAR)
        if year is None or not 1900 <= year <= 2200 or year % 1:
            if not row.broken:
                row.unfit("year", Wanted.YEAR)
        elif row.word("confirmed", "yes", "no") == "yes":
            yield int(year)


def weekdays_in(row: Row) -> tuple[int, ...]:
    """0 = Monday … 6 = Sunday; `周一至周五` and `Mon-Fri` are ranges."""
    text = unicodedata.normalize("NFKC", row.text("weekday")).casefold().replace(" ", "")
    if not text:
        row.unfit("weekday", Wanted.WEEKDAY)
        return ()
    ends = [weekday(part) for part in re.split(r"[-~至到—–]+|to", text)]
    found = [end for end in ends if end is not None]
    if len(found) != len(ends) or len(found) > 2:
        row.unfit("weekday", Wanted.WEEKDAY)
        return ()
    first, last = found[0], found[-1]
    return tuple(range(first, last + 1)) if first <= last else (*range(first, 7), *range(last + 1))


def weekday(text: str) -> int | None:
    return DAYS.get(re.sub(r"^(星期|礼拜|周)", "", text).rstrip("."))
