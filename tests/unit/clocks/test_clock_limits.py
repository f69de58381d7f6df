"""Limits: their units and words, what is counted from a moment, and how early a warning comes."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from clock_setup import BOOK, CALENDAR, FRIDAY, ROW, clocks, register_of, table_of
from msgspec.structs import replace

from qtemplate.choices import Clock, ClockState, Level
from qtemplate.plan import Memory
from qtemplate.rules.clocks.phrases import limit_phrase
from qtemplate.rules.clocks.times import after_limit, clock_times, due_soon_share, limit_seconds
from qtemplate.rules.rulebook import Limit, Rung
from qtemplate.rules.situation import Situation
from qtemplate.rules.workdays import WorkCalendar
from qtemplate.texts import say


@pytest.mark.parametrize(
    ("level", "clock", "start", "due"),
    [
        (Level.MAJOR, Clock.RESPOND, FRIDAY, dt.datetime(2026, 11, 23, 16)),
        ("major", Clock.CONFIRM, FRIDAY, dt.datetime(2026, 11, 25, 16)),
        (Level.URGENT, Clock.RESPOND, FRIDAY, dt.datetime(2026, 11, 20, 18)),
        (Level.MAJOR, Clock.WATCH, FRIDAY, dt.datetime(2027, 2, 18, 16)),
        (Level.MAJOR, Clock.RESPOND, None, None),
        (Level.URGENT, Clock.RESPOND, None, None),
        (Level.MAJOR, Clock.RESPOND, dt.datetime(1926, 11, 20, 16), None),
        (Level.MINOR, Clock.CONTAIN, FRIDAY, None),
        (None, Clock.RESPOND, FRIDAY, None),
    ],
)
def test_a_limit_counted_from_a_moment(
    level: object, clock: Clock, start: dt.datetime | None, due: dt.datetime | None
) -> None:
    assert after_limit(BOOK, level, clock, start) == due


@pytest.mark.parametrize("calendar", [None, WorkCalendar({})])
@pytest.mark.parametrize("clock", [Clock.RESPOND, Clock.SILENCE])
def test_without_working_time_no_limit_can_be_counted(calendar: WorkCalendar | None, clock: Clock) -> None:
    assert after_limit(replace(BOOK, calendar=calendar), Level.MAJOR, clock, FRIDAY) is None


def test_a_limit_of_a_second_has_a_share_too() -> None:
    book = replace(BOOK, limits={(Clock.RESPOND, Level.MAJOR): Limit(1 / 3600, "h")})
    assert table_of(ROW, now=FRIDAY, book=book)[Clock.RESPOND].share.tolist() == [1]


@pytest.mark.parametrize(
    ("limit", "urgent", "seconds"),
    [
        (Limit(8, "h"), False, (8 * 3600, False)),
        (Limit(1.5, "h"), True, (5400, True)),
        (Limit(2, "wd"), False, (16 * 3600, False)),
        (Limit(2, "wd"), True, (48 * 3600, True)),
        (Limit(30, "d"), False, (30 * 86400, True)),
        (Limit(30, "d"), True, (30 * 86400, True)),
    ],
)
def test_units_of_a_limit(limit: Limit, urgent: bool, seconds: tuple[int, bool]) -> None:
    assert limit_seconds(limit, urgent, CALENDAR) == seconds


@pytest.mark.parametrize(
    ("limit", "words", "urgent"),
    [
        (Limit(8, "h"), "8 个工作小时", "8 小时（昼夜连续）"),
        (Limit(2, "wd"), "2 个工作日", "2 天（昼夜连续）"),
        (Limit(180, "d"), "180 天", "180 天"),
    ],
)
def test_a_limit_in_words(limit: Limit, words: str, urgent: str) -> None:
    assert (say(limit_phrase(limit, False), "zh"), say(limit_phrase(limit, True), "zh")) == (words, urgent)


def test_a_limit_of_nothing_is_due_at_once_and_has_no_share() -> None:
    book = replace(BOOK, limits={(Clock.RESPOND, Level.MAJOR): Limit(0, "h")})
    table = clock_times(Situation(register_of(ROW), book, Memory(), FRIDAY + dt.timedelta(seconds=1)))
    assert table is not None
    respond = table[Clock.RESPOND]
    assert (str(respond.due[0]), respond.left[0], respond.state[0]) == ("2026-11-20T16:00:00", -1, ClockState.OVERDUE)
    assert np.isnan(respond.share[0])


def test_the_ladder_says_how_early_a_level_is_warned() -> None:
    ladder = (
        Rung(1, None, 0.2, None, "owner"), Rung(2, Level.URGENT, 0.5, None, "owner"),
        Rung(3, None, None, Limit(0, "wd"), "owner"),
    )  # fmt: skip
    book = replace(BOOK, ladder=ladder)
    assert [due_soon_share(book, level, Clock.RESOLVE) for level in Level] == [0.5, 0.2, 0.2, 0.2]
    assert due_soon_share(BOOK, Level.URGENT, Clock.RESOLVE) == 0.2
    early = replace(BOOK, ladder=(Rung(1, Level.MAJOR, 0.9, None, "owner"),))
    assert clocks(ROW, dt.datetime(2026, 11, 20, 17), early)["clock"] == "即将到期：首次响应"
