"""The derivation of a due time, and that it comes to the same moment as the columns."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from clock_setup import BOOK, CALENDAR, ID, pause, register_of
from hypothesis import strategies as st
from msgspec.structs import replace
from tried import tried

from qtemplate.choices import Clock, Level
from qtemplate.plan import Memory
from qtemplate.rules.case import case_of
from qtemplate.rules.clocks.explain import explain_due
from qtemplate.rules.clocks.times import clock_times
from qtemplate.rules.rulebook import Limit, RuleBook
from qtemplate.rules.situation import Situation
from qtemplate.texts import say

MONDAY = dt.datetime(2026, 9, 28, 16)


def told(row: dict[str, Any], clock: Clock, now: dt.datetime, book: RuleBook = BOOK, language: str = "zh") -> list[str]:
    return [
        say(phrase, language)
        for phrase in explain_due(case_of(Situation(register_of(row), book, Memory(), now), 4), clock)
    ]


def test_segments_days_off_and_pauses_are_told_in_order_of_time() -> None:
    book = replace(BOOK, pauses=(pause(dt.datetime(2026, 10, 8, 17), dt.datetime(2026, 10, 9, 10, 30)),))
    assert told({"level": "major", "received_at": MONDAY}, Clock.RESOLVE, dt.datetime(2026, 10, 9, 11), book) == [
        "答复（重要）：自 2026-09-28 16:00 起，限 10 个工作日",
        "2026-09-28 16:00 至 18:00：2 小时，累计 2 小时",
        "2026-09-29 至 2026-09-30：2 个整日，16 小时，累计 18 小时",
        "2026-10-01 至 2026-10-07 休息 7 天，不计",
        "2026-10-08 09:00 至 12:00：3 小时，累计 21 小时",
        "2026-10-08 13:00 至 17:00：4 小时，累计 25 小时",
        "2026-10-08 17:00 至 2026-10-09 10:30 暂停：扣除 2 小时 30 分",
        "2026-10-09 10:30 至 12:00：1 小时 30 分，累计 26 小时 30 分",
        "2026-10-09 13:00 至 18:00：5 小时，累计 31 小时 30 分",
        "2026-10-10 至 2026-10-16：6 个整日（其间休息 1 天），48 小时，累计 79 小时 30 分",
        "2026-10-17 至 2026-10-18 休息 2 天，不计",
        "2026-10-19 09:00 至 09:30：30 分，累计 80 小时",
        "期限：2026-10-19 09:30",
        "剩余 20% 时提醒：2026-10-15 09:30",
        "截至 2026-10-09 11:00：正常",
    ]


def test_an_urgent_row_is_told_day_and_night_in_english() -> None:
    row = {
        "level": "urgent",
        "received_at": dt.datetime(2026, 11, 20, 23, 0, 30),
        "responded_at": dt.datetime(2026, 11, 21),
    }
    assert told(row, Clock.RESPOND, dt.datetime(2026, 11, 22), language="en") == [
        "First response (Urgent): from 2026-11-20 23:00:30, 2 hours (day and night)",
        "2026-11-20 23:00:30 to 24:00: 0 h 59 min 30 s, 0 h 59 min 30 s in all",
        "2026-11-21 00:00 to 01:00:30: 1 h 0 min 30 s, 2 h in all",
        "due 2026-11-21 01:00:30",
        "warning with 20 % left: 2026-11-21 00:36:30",
        "stopped 2026-11-21 00:00: Done on time",
    ]


def test_a_row_without_level_says_that_the_limit_is_provisional() -> None:
    lines = told({"received_at": dt.datetime(2026, 11, 20, 9)}, Clock.RESPOND, dt.datetime(2026, 11, 20, 17))
    assert lines[0] == "首次响应（等级未定，按一般）：自 2026-11-20 09:00 起，限 1 个工作日"
    assert lines[-3:] == [
        "期限：2026-11-20 18:00",
        "剩余 20% 时提醒：2026-11-20 16:24",
        "截至 2026-11-20 17:00：即将到期：首次响应",
    ]


def test_one_day_off_is_told_as_a_day() -> None:
    free = replace(BOOK, calendar=dataclasses.replace(CALENDAR, days={dt.date(2026, 11, 24): False}))
    lines = told({"level": "major", "received_at": dt.datetime(2026, 11, 23, 16)}, Clock.RESPOND, MONDAY, free, "en")
    assert lines[2] == "2026-11-24 is a day off"


def test_an_open_pause_is_told_up_to_the_beginning_of_today() -> None:
    book = replace(BOOK, pauses=(pause(dt.datetime(2026, 11, 20, 17), None),))
    row = {"level": "major", "received_at": dt.datetime(2026, 11, 20, 16)}
    lines = told(row, Clock.RESPOND, dt.datetime(2026, 11, 24, 15), book)
    assert "2026-11-20 17:00 至 2026-11-24 00:00 暂停：扣除 9 小时" in lines
    assert lines[-1] == "截至 2026-11-24 15:00：暂停"


def test_a_pause_after_the_stop_or_the_due_time_is_not_told() -> None:
    row = {
        "level": "major",
        "received_at": dt.datetime(2026, 11, 20, 16),
        "responded_at": dt.datetime(2026, 11, 20, 17),
    }
    after_stop = pause(dt.datetime(2026, 11, 20, 17, 30), dt.datetime(2026, 11, 23, 10))
    across_stop = pause(dt.datetime(2026, 11, 20, 16, 30), dt.datetime(2026, 11, 23, 10))
    now = dt.datetime(2026, 11, 24)
    assert not any("扣除" in line for line in told(row, Clock.RESPOND, now, replace(BOOK, pauses=(after_stop,))))
    told_across = told(row, Clock.RESPOND, now, replace(BOOK, pauses=(across_stop,)))
    assert "2026-11-20 16:30 至 2026-11-20 17:00 暂停：扣除 30 分" in told_across
    late = pause(dt.datetime(2026, 11, 23, 16), dt.datetime(2026, 11, 24, 10))
    del row["responded_at"]
    assert not any("扣除" in line for line in told(row, Clock.RESPOND, now, replace(BOOK, pauses=(late,))))


def test_follow_up_is_told_by_its_dates() -> None:
    row = {"level": "urgent", "received_at": MONDAY, "closed_at": dt.datetime(2026, 11, 1, 10)}
    assert told(row, Clock.WATCH, dt.datetime(2026, 11, 2)) == [
        "跟踪：自 2026-11-01 10:00 关闭起，至 2027-04-30",
        "截至 2026-11-02 00:00：正常",
    ]


def test_a_stop_that_nobody_noted_leaves_the_state_out() -> None:
    row = {"level": "major", "received_at": dt.datetime(2026, 11, 20, 16), "containment": "换货"}
    assert told(row, Clock.CONTAIN, dt.datetime(2026, 11, 23))[-1].startswith("剩余 20% 时提醒")


def test_what_cannot_be_derived_says_why() -> None:
    row = {"level": "minor", "received_at": MONDAY}
    assert told(row, Clock.CONTAIN, MONDAY) == ["临时措施：未开始，或该等级不适用"]
    assert told(row, Clock.RESPOND, MONDAY, replace(BOOK, calendar=None)) == [
        "没有可用的工作日历或答复时限，未计算期限"
    ]


def test_a_reopening_moves_the_beginning_of_the_derivation() -> None:
    memory = Memory(facts={(ID, "reopened_at"): "2026-10-12T09:00:00"})
    register = register_of({"level": "major", "received_at": MONDAY})
    situation = Situation(register, BOOK, memory, dt.datetime(2026, 10, 13))
    phrases = explain_due(case_of(situation, 4), Clock.RESOLVE)
    assert say(phrases[0], "zh") == "答复（重要）：自 2026-10-12 09:00 起，限 10 个工作日"


moments = st.integers(0, 90 * 86_400).map(lambda n: dt.datetime(2026, 8, 1) + dt.timedelta(seconds=n))
pauses = st.lists(st.tuples(moments, st.one_of(st.none(), st.integers(0, 20 * 86_400))), max_size=4)


@tried(
    st.sampled_from(Level), moments, pauses, st.sampled_from([Clock.RESPOND, Clock.RESOLVE]), moments, st.booleans(),
    few=30, many=2_000,
)  # fmt: skip
def test_the_walk_and_the_columns_come_to_the_same_due_time(
    level: Level, received: dt.datetime, waits: list[tuple[dt.datetime, int | None]], clock: Clock, now: dt.datetime,
    answered: bool,
) -> None:  # fmt: skip
    log = tuple(pause(begin, None if n is None else begin + dt.timedelta(seconds=n)) for begin, n in waits)
    row: dict[str, Any] = {"level": str(level), "received_at": received}
    if answered:
        row |= {"responded_at": received + dt.timedelta(hours=5)}
    situation = Situation(register_of(row), replace(BOOK, pauses=log), Memory(), now)
    table = clock_times(situation)
    assert table is not None
    phrases = explain_due(case_of(situation, 4), clock)
    derived = next(dict(phrase.facts)["due"] for phrase in phrases if phrase.key == "clock.explain_due")
    assert derived == str(table[clock].due[0]).replace("T", " ").removesuffix(":00")


@tried(st.sampled_from(Level), moments, pauses, moments, few=30, many=2_000)
def test_pauses_never_bring_a_due_time_forward(
    level: Level, received: dt.datetime, waits: list[tuple[dt.datetime, int | None]], now: dt.datetime
) -> None:
    log = tuple(pause(begin, None if n is None else begin + dt.timedelta(seconds=n)) for begin, n in waits)
    register = register_of({"level": str(level), "received_at": received})
    plain = clock_times(Situation(register, BOOK, Memory(), now))
    paused = clock_times(Situation(register, replace(BOOK, pauses=log), Memory(), now))
    fewer = clock_times(Situation(register, replace(BOOK, pauses=log[:-1]), Memory(), now))
    assert plain is not None and paused is not None and fewer is not None
    for clock in (Clock.RESPOND, Clock.RESOLVE):
        assert plain[clock].due[0] <= fewer[clock].due[0] <= paused[clock].due[0]
        assert paused[clock].left[0] >= fewer[clock].left[0] >= plain[clock].left[0]


@tried(st.sampled_from(Level), moments, pauses, moments, st.integers(0, 10**6), few=30, many=2_000)
def test_a_running_clock_loses_time_as_time_passes(
    level: Level, received: dt.datetime, waits: list[tuple[dt.datetime, int | None]], now: dt.datetime, later: int
) -> None:
    log = tuple(pause(begin, None if n is None else begin + dt.timedelta(seconds=n)) for begin, n in waits)
    register, book = register_of({"level": str(level), "received_at": received}), replace(BOOK, pauses=log)
    moments = (now, now + dt.timedelta(seconds=later))
    first, second = (clock_times(Situation(register, book, Memory(), moment)) for moment in moments)
    assert first is not None and second is not None
    assert second[Clock.RESOLVE].left[0] <= first[Clock.RESOLVE].left[0] <= first[Clock.RESOLVE].limit[0]


def test_a_limit_of_nothing_is_due_at_its_start() -> None:
    book = replace(BOOK, limits={(Clock.RESPOND, Level.MAJOR): Limit(0, "h")})
    assert told({"level": "major", "received_at": MONDAY}, Clock.RESPOND, MONDAY, book)[1:3] == [
        "期限：2026-09-28 16:00",
        "剩余 20% 时提醒：2026-09-28 16:00",
    ]
