"""Received, closed, reopened, open; and how old what is open is."""

from __future__ import annotations

import datetime as dt

import numpy as np
from figure_rows import NOW, OCTOBER, case, count, make_rows
from msgspec.structs import replace

from qtemplate.choices import Level
from qtemplate.figures.flow import Flow, ageing, flow_by_level
from qtemplate.figures.levels import LevelHistory
from qtemplate.figures.period import Period, last_months

ROWS = make_rows(
    case("a", "08-10T09:00", level="urgent", closed="09-01T00:00"),
    case("b", "09-30T23:59", level="urgent"),
    case("c", "10-01T00:00", level="minor", closed="10-31T23:59"),
    case("d", "10-31T23:59"),  # no level yet
    case("e", "10-05T09:00", level="minor", merged=True, closed="10-06T09:00"),
    case("f", "08-20T09:00", level="minor", cycles=[("09-10T09:00", "10-02T09:00")], closed="10-20T09:00"),
    case("g", "08-20T09:00", level="major", cycles=[(None, "09-02T09:00")]),  # reopened before anybody closed it
)
MONTHS = [Period.of_month(2026, month) for month in (8, 9, 10)]


def flow(received: str, closed: str, reopened: str, still_open: str) -> Flow:
    return Flow(count(received), count(closed), count(reopened), count(still_open))


def test_what_came_in_and_went_out_month_by_month() -> None:
    found = flow_by_level(ROWS, MONTHS, NOW)
    assert [each.total for each in found] == [
        flow("afg", "", "", "afg"),
        flow("b", "af", "", "bg"),
        flow("cd", "cf", "f", "bdg"),
    ]


def test_levels_add_up_to_the_whole_and_rows_without_one_have_a_place() -> None:
    noted = replace(ROWS, levels=LevelHistory(np.datetime64("2026-10-01", "s"), np.full(7, np.datetime64("NaT", "s"))))
    october = flow_by_level(noted, MONTHS, NOW)[2].by_level
    assert october == {
        Level.URGENT: flow("", "", "", "b"),
        Level.MAJOR: flow("", "", "", "g"),
        Level.NORMAL: flow("", "", "", ""),
        Level.MINOR: flow("c", "cf", "f", ""),
        None: flow("d", "", "", "d"),
    }


def test_a_row_closed_twice_in_a_month_left_twice() -> None:
    rows = make_rows(case("a", cycles=[("10-06T09:00", "10-07T09:00")], closed="10-08T09:00"))
    assert flow_by_level(rows, [OCTOBER], NOW)[0].total == flow("a", "aa", "a", "")


def test_a_month_that_is_not_over_ends_now() -> None:
    october = flow_by_level(ROWS, [OCTOBER], dt.datetime(2026, 10, 20, 9))[0].total
    assert october == flow("c", "f", "f", "bcg")  # what happened at this very second has happened
    assert flow_by_level(ROWS, [OCTOBER], dt.datetime(2026, 10, 20, 8, 59, 59))[0].total == flow("c", "", "f", "bcfg")
    assert flow_by_level(ROWS, [OCTOBER], dt.datetime(2026, 9, 15))[0].total == flow("", "", "", "g")


def test_a_past_day_is_seen_as_it_was() -> None:
    september = flow_by_level(ROWS, [MONTHS[1]], dt.datetime(2026, 9, 15))[0].total
    assert september == flow("", "af", "", "g")


def test_the_last_twelve_months_end_with_this_one() -> None:
    months = last_months(dt.datetime(2026, 3, 31, 12))
    assert [(month.start.year, month.start.month) for month in months] == [
        *((2025, month) for month in range(4, 13)),
        *((2026, month) for month in range(1, 4)),
    ]
    assert [month.end for month in months[:-1]] == [month.start for month in months[1:]]


def test_open_rows_stand_in_bands_of_whole_working_days() -> None:
    ages = {"a": 0.0, "b": 3.99, "c": 4.0, "d": 7.9, "e": 8.0, "f": 15.9, "g": 16.0, "h": 30.9, "i": 31.0, "j": 400.0}
    closed = [case("k", closed="10-20T09:00", age_days=5.0), case("l", merged=True, age_days=5.0)]
    found = ageing(make_rows(*(case(id, age_days=days) for id, days in ages.items()), *closed), np.datetime64(NOW, "s"))
    bands = {"0-3": "ab", "4-7": "cd", "8-15": "ef", "16-30": "gh", ">30": "ij"}
    assert found == {band: count(ids) for band, ids in bands.items()}
    assert list(found) == list(bands)
