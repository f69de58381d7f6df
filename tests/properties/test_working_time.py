"""Working time equals a walk over the days, second by second, on calendars of any shape."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st
from tried import tried

from qtemplate.rules.workdays import DAY, WorkCalendar

FIRST = dt.date(2026, 1, 1)
seconds_of_day = st.integers(0, DAY)
segments = st.lists(st.tuples(seconds_of_day, seconds_of_day), max_size=3).map(tuple)
calendars = st.builds(
    WorkCalendar,
    st.dictionaries(st.integers(0, 6), segments, max_size=7),
    st.dictionaries(st.integers(0, 200).map(lambda n: FIRST + dt.timedelta(days=n)), st.booleans(), max_size=40),
).filter(lambda calendar: calendar.standard_day_seconds >= 1800)  # shorter days only make the walks long
moments = st.integers(0, 200 * DAY).map(lambda n: dt.datetime(2026, 1, 1) + dt.timedelta(seconds=n))
amounts = st.one_of(st.integers(0, 20_000), st.integers(0, 20).map(lambda hours: hours * 3600))


def worked_seconds(
    calendar: WorkCalendar, day: dt.date, known: dict[Any, list[tuple[int, int]]]
) -> list[tuple[int, int]]:
    """The worked seconds of a day as disjoint intervals; `known` keeps those of earlier days of the same kind."""
    kind = day.weekday(), calendar.days.get(day)
    if kind not in known:
        known[kind] = _intervals(calendar, *kind)
    return known[kind]


def _intervals(calendar: WorkCalendar, weekday: int, exception: bool | None) -> list[tuple[int, int]]:
    """Found by marking the seconds of the day one by one."""
    own = list(calendar.segments.get(weekday, ()))
    if exception is False:
        return []
    marked = _marks(own)
    if exception and not marked.any():
        week = [_marks(list(calendar.segments.get(other, ()))) for other in range(7)]
        filled = [marks for marks in week if marks.any()]
        marked = max(filled, key=lambda marks: sum(np.array_equal(marks, another) for another in filled))
    edges = np.flatnonzero(np.diff(np.concatenate([[False], marked, [False]]).astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _marks(pairs: list[tuple[int, int]]) -> npt.NDArray[np.bool_]:
    marks = np.zeros(DAY, bool)
    for start, end in pairs:
        marks[start:end] = True
    return marks


def walk_forward(calendar: WorkCalendar, start: dt.datetime, seconds: int) -> dt.datetime:
    """The brute-force answer: day after day, interval after interval."""
    if seconds == 0:
        return start
    day, since = start.date(), int((start - dt.datetime.combine(start.date(), dt.time())).total_seconds())
    known: dict[Any, list[tuple[int, int]]] = {}
    while True:
        for begin, end in worked_seconds(calendar, day, known):
            begin = max(begin, since)
            if end - begin >= seconds:
                return dt.datetime.combine(day, dt.time()) + dt.timedelta(seconds=begin + seconds)
            seconds -= max(0, end - begin)
        day, since = day + dt.timedelta(days=1), 0


def walk_between(calendar: WorkCalendar, start: dt.datetime, end: dt.datetime) -> int:
    total, day = 0, start.date()
    known: dict[Any, list[tuple[int, int]]] = {}
    while day <= end.date():
        midnight = dt.datetime.combine(day, dt.time())
        for first, last in worked_seconds(calendar, day, known):
            begin = max(start, midnight + dt.timedelta(seconds=first))
            total += max(0, int((min(end, midnight + dt.timedelta(seconds=last)) - begin).total_seconds()))
        day += dt.timedelta(days=1)
    return total


@tried(calendars, moments, amounts, few=30, many=2_000)
def test_adding_equals_the_walk(calendar: WorkCalendar, start: dt.datetime, seconds: int) -> None:
    assert calendar.add_working(start, seconds).item() == walk_forward(calendar, start, seconds)


@tried(calendars, moments, st.integers(0, 20 * DAY), few=30, many=2_000)
def test_measuring_equals_the_walk(calendar: WorkCalendar, start: dt.datetime, length: int) -> None:
    end = start + dt.timedelta(seconds=length)
    expected = walk_between(calendar, start, end)
    assert calendar.working_between(start, end) == expected
    assert calendar.working_between(end, start) == -expected


@tried(calendars, moments, amounts.filter(bool), few=30, many=2_000)
def test_the_end_is_the_first_moment_at_which_the_time_has_passed(
    calendar: WorkCalendar, start: dt.datetime, seconds: int
) -> None:
    end = calendar.add_working(start, seconds)
    assert calendar.working_between(start, end) == seconds
    assert calendar.working_between(start, end - np.timedelta64(1, "s")) == seconds - 1


@tried(calendars, moments, amounts, amounts, few=30, many=2_000)
def test_more_time_ends_no_earlier_and_in_two_parts_at_the_same_moment(
    calendar: WorkCalendar, start: dt.datetime, first: int, second: int
) -> None:
    once = calendar.add_working(start, first + second)
    assert once >= calendar.add_working(start, first)
    assert second == 0 or once == calendar.add_working(calendar.add_working(start, first), second)


@tried(calendars, st.lists(moments, min_size=2, max_size=30), amounts, few=30, many=2_000)
def test_a_later_start_ends_no_earlier(calendar: WorkCalendar, starts: list[dt.datetime], seconds: int) -> None:
    ends = calendar.add_working(np.array(sorted(starts), "M8[s]"), seconds)
    assert seconds == 0 or (np.diff(ends) >= np.timedelta64(0, "s")).all()


@tried(calendars, st.lists(moments, min_size=1, max_size=30), amounts, few=30, many=2_000)
def test_a_column_gives_what_its_cells_give_one_by_one(
    calendar: WorkCalendar, starts: list[dt.datetime], seconds: int
) -> None:
    column = calendar.add_working(np.array(starts, "M8[s]"), seconds)
    assert column.tolist() == [calendar.add_working(start, seconds).item() for start in starts]
