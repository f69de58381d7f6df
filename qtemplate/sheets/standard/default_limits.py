"""Time limits, escalation ladder and calendar a new workbook starts with. Data only.

Source of the calendar: notices of the General Office of the State Council on the holidays of 2025
(国办发明电〔2024〕12号) and 2026 (国办发明电〔2025〕7号).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from ...choices import Clock, Level, Role
from ...rules.carriers import CARRIED

U, M, N, S = Level.URGENT, Level.MAJOR, Level.NORMAL, Level.MINOR

LIMITS: dict[Clock, dict[Level, tuple[int, str]]] = {
    Clock.ASSESS: {U: (1, "h"), M: (4, "h"), N: (1, "wd"), S: (3, "wd")},
    Clock.RESPOND: {U: (2, "h"), M: (8, "h"), N: (1, "wd"), S: (3, "wd")},
    Clock.ACCEPT: {U: (1, "h"), M: (4, "h"), N: (1, "wd"), S: (2, "wd")},
    Clock.CONTAIN: {U: (24, "h"), M: (2, "wd")},
    Clock.UPDATE: {U: (1, "wd"), M: (3, "wd"), N: (5, "wd"), S: (20, "wd")},
    Clock.RESOLVE: {U: (5, "wd"), M: (10, "wd"), N: (20, "wd"), S: (60, "wd")},
    Clock.CONFIRM: {U: (3, "wd"), M: (3, "wd"), N: (3, "wd"), S: (3, "wd")},
    Clock.SILENCE: {U: (5, "wd"), M: (5, "wd"), N: (5, "wd"), S: (5, "wd")},
    Clock.AUTHORITY: {U: (2, "wd"), M: (2, "wd"), N: (2, "wd"), S: (2, "wd")},
    Clock.WATCH: {U: (180, "d"), M: (90, "d"), N: (30, "d")},
}

Rungs = tuple[tuple[tuple[Clock, ...], str, float, str, tuple[str | Role, ...], tuple[str, str]], ...]

LADDER: Rungs = (
    *(
        (clocks, "share_left", 0.2, "", told, ("剩余时间不足 20%", "less than 20 % of the limit is left"))
        for clocks, told in CARRIED
    ),
    *((clocks, "overdue", 0, "wd", told, ("到期当时", "when it is due")) for clocks, told in CARRIED),
    (
        (),
        "overdue",
        1,
        "wd",
        (Role.HEAD,),
        ("超时一个工作日，通知该人员所在部门的负责人", "one working day late: the head of that person's department"),
    ),
    ((), "overdue", 3, "wd", (Role.QUALITY_LEAD,), ("超时三个工作日", "three working days late")),
)
"""Clocks (none = every clock), when, number, unit, who is told, note."""

SEGMENTS = ((dt.time(9), dt.time(12)), (dt.time(13), dt.time(18)))
WEEKDAYS = (("周一", "Mon"), ("周二", "Tue"), ("周三", "Wed"), ("周四", "Thu"), ("周五", "Fri"))

_NEW_YEAR = ("元旦", "New Year's Day")
_SPRING = ("春节", "Spring Festival")
_QINGMING = ("清明节", "Qingming Festival")
_LABOUR = ("劳动节", "Labour Day")
_DRAGON = ("端午节", "Dragon Boat Festival")
_MOON = ("中秋节", "Mid-Autumn Festival")
_NATIONAL = ("国庆节", "National Day")
_BOTH = ("国庆节、中秋节", "National Day and Mid-Autumn Festival")
_MAKE_UP = ("调休上班", "Make-up working day")

_OFF = (
    ("2025-01-01", "2025-01-01", _NEW_YEAR),
    ("2025-01-28", "2025-02-04", _SPRING),
    ("2025-04-04", "2025-04-06", _QINGMING),
    ("2025-05-01", "2025-05-05", _LABOUR),
    ("2025-05-31", "2025-06-02", _DRAGON),
    ("2025-10-01", "2025-10-08", _BOTH),
    ("2026-01-01", "2026-01-03", _NEW_YEAR),
    ("2026-02-15", "2026-02-23", _SPRING),
    ("2026-04-04", "2026-04-06", _QINGMING),
    ("2026-05-01", "2026-05-05", _LABOUR),
    ("2026-06-19", "2026-06-21", _DRAGON),
    ("2026-09-25", "2026-09-27", _MOON),
    ("2026-10-01", "2026-10-07", _NATIONAL),
)
_ON = (
    *("2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"),
    *("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"),
)

YEARS = ((2025, True), (2026, True), (2027, False))
"""Year, and whether its days are announced and entered."""


def special_days() -> Iterator[tuple[dt.date, str, tuple[str, str]]]:
    """Days off and make-up days in order: date, `off` or `on`, name in zh and en."""
    days = [(dt.date.fromisoformat(day), "on", _MAKE_UP) for day in _ON]
    for first, last, name in _OFF:
        day, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
        while day <= end:
            days.append((day, "off", name))
            day += dt.timedelta(days=1)
    yield from sorted(days)
