"""In time or not: rows that say nothing yet are left out, and those that are late and still open are not."""

from __future__ import annotations

import datetime as dt

import pytest
from figure_rows import NOW, OCTOBER, Case, case, clock, make_rows, rate

from qtemplate.choices import Clock
from qtemplate.figures.figure import Figure, Reason
from qtemplate.figures.period import Period
from qtemplate.figures.timeliness import clock_rate, cycle_time, on_time_close_rate

RESPOND: dict[str, Case] = {
    "a": case("a", respond=clock("10-06T09:00", "10-05T17:00")),  # in time
    "b": case("b", respond=clock("10-06T09:00", "10-06T09:00")),  # at the last moment
    "c": case("c", respond=clock("10-06T09:00", "10-06T09:01")),  # late
    "d": case("d", respond=clock("10-30T09:00")),  # overdue, unanswered
    "e": case("e", respond=clock("11-03T09:00")),  # not due yet: says nothing
    "f": case("f", respond=clock("11-03T09:00", "10-30T09:00")),  # answered before it is due
    "g": case("g", "09-30T18:00", respond=clock("10-01T09:00", "10-01T08:00")),  # of September
    "h": case("h", "11-01T00:00", respond=clock("11-01T09:00")),  # of November
    "i": case("i", merged=True, respond=clock("10-06T09:00")),  # follows another row
    "j": case("j"),  # has no such clock
    "k": case("k", respond=clock("10-06T09:00", running=False)),  # stopped, nobody knows when
    "l": case("l", respond=clock("11-02T09:00")),  # due at this very moment
}
RATES = [
    ("abcdefghijkl", rate("abf", "cd")),
    ("abcd", rate("ab", "cd")),
    ("d", rate("", "d")),
    ("f", rate("f", "")),
    ("el", Figure.missing(Reason.NOT_DUE)),
    ("ej", Figure.missing(Reason.NOT_DUE)),
    ("hj", Figure.missing(Reason.NO_CLOCK)),
    ("k", Figure.missing(Reason.TIME_UNKNOWN)),
    ("j", Figure.missing(Reason.NO_CLOCK)),
    ("ghi", Figure.missing(Reason.NO_ROWS)),
    ("", Figure.missing(Reason.NO_ROWS)),
]


@pytest.mark.parametrize(("ids", "expected"), RATES)
def test_the_first_response_rate(ids: str, expected: Figure) -> None:
    assert clock_rate(make_rows(*(RESPOND[id] for id in ids)), Clock.RESPOND, OCTOBER, NOW) == expected


def test_a_rate_names_the_rows_that_missed() -> None:
    found = clock_rate(make_rows(*RESPOND.values()), Clock.RESPOND, OCTOBER, NOW)
    assert (found.value, found.n, found.others) == (0.6, 5, ("c", "d"))


def test_every_clock_has_a_rate_of_the_same_shape() -> None:
    for each in Clock:
        rows = make_rows(*({**row, each.value: row["respond"]} for row in RESPOND.values() if "respond" in row))
        assert clock_rate(rows, each, OCTOBER, NOW) == rate("abf", "cd")


def test_what_happened_after_the_moment_asked_about_has_not_happened() -> None:
    rows = make_rows(*RESPOND.values())
    # on the 6th at 9:00 the answer of c has not come, but could still; f's comes much later
    assert clock_rate(rows, Clock.RESPOND, OCTOBER, dt.datetime(2026, 10, 6, 9)) == rate("ab", "")
    assert clock_rate(rows, Clock.RESPOND, OCTOBER, dt.datetime(2026, 10, 6, 9, 0, 30)) == rate("ab", "c")
    assert clock_rate(rows, Clock.RESPOND, OCTOBER, dt.datetime(2026, 10, 5, 8)) == Figure.missing(Reason.NO_ROWS)


def test_a_clock_of_a_later_cycle_has_not_begun_before_the_reopening() -> None:
    again = case("a", resolve=clock("10-25T09:00", "10-24T09:00", begun="10-20T09:00"))
    rows = make_rows(again, case("b", resolve=clock("10-12T09:00")))
    assert clock_rate(rows, Clock.RESOLVE, OCTOBER, dt.datetime(2026, 10, 15)) == rate("", "b")
    assert clock_rate(rows, Clock.RESOLVE, OCTOBER, NOW) == rate("a", "b")


CLOSING: dict[str, Case] = {
    "a": case("a", close_by="10-20T18:00", closed="10-20T18:00"),  # in time
    "b": case("b", close_by="10-20T18:00", closed="10-20T18:01"),  # late
    "c": case("c", close_by="10-20T18:00"),  # due, open
    "d": case("d", close_by="11-20T18:00", closed="10-08T09:00"),  # closed long before
    "e": case("e", "08-01T09:00", close_by="09-20T18:00", closed="10-08T09:00"),  # an old one, closed late
    "f": case("f", "09-01T09:00", close_by="10-02T18:00", closed="09-20T09:00"),  # due in it, closed in time before
    "g": case("g", close_by="11-20T18:00"),  # neither closed nor due
    "h": case("h", "08-01T09:00", close_by="09-20T18:00"),  # due in September; still open
    "i": case("i", close_by="10-20T18:00", closed="10-20T09:00", merged=True),
    "j": case("j", closed="10-20T09:00"),  # nobody said by when
    "k": case("k", close_by="10-20T18:00", closed="11-01T10:00"),  # due in it, closed after it
}


def test_the_on_time_close_rate_counts_what_was_closed_or_due_in_the_period() -> None:
    rows = make_rows(*CLOSING.values())
    assert on_time_close_rate(rows, OCTOBER, NOW) == rate("adf", "bcek")
    september = Period.of_month(2026, 9)
    assert on_time_close_rate(rows, september, NOW) == rate("f", "eh")
    assert on_time_close_rate(rows, Period.of_month(2026, 3), NOW) == Figure.missing(Reason.NONE_CLOSED)


def test_what_is_not_due_yet_is_left_out_of_the_close_rate() -> None:
    rows = make_rows(*CLOSING.values())
    assert on_time_close_rate(rows, OCTOBER, dt.datetime(2026, 10, 20, 18)) == rate("adf", "e")
    november = Period.of_month(2026, 11)
    assert on_time_close_rate(make_rows(CLOSING["g"]), november, NOW) == Figure.missing(Reason.NONE_CLOSED)


def test_a_closing_that_a_reopening_undid_was_none() -> None:
    undone = case("a", close_by="10-30T18:00", cycles=[("10-10T09:00", "10-15T09:00")])
    assert on_time_close_rate(make_rows(undone), OCTOBER, NOW) == rate("", "a")


def test_the_cycle_time_of_what_was_closed_in_the_period() -> None:
    days = {"a": 1.0, "b": 2.0, "c": 3.0, "d": 10.0}
    closed = [case(id, "08-01T09:00", closed="10-20T09:00", cycle_days=number) for id, number in days.items()]
    others = [
        case("e", closed="11-01T09:00", cycle_days=50.0),  # in November
        case("f", closed="10-20T09:00", cycle_days=50.0, merged=True),
        case("g"),  # open
        case("h", closed="10-20T09:00"),  # nobody knows how long
    ]
    found = cycle_time(make_rows(*closed, *others), OCTOBER, NOW)
    ids = tuple(days)
    assert found.median == Figure(2.5, None, 4, ids, ids)
    assert found.mean == Figure(4.0, 16.0, 4, ids, ids)
    assert found.p90.value == pytest.approx(7.9)  # PERCENTILE.INC(1; 2; 3; 10, 90 %)
    assert (found.p90.n, found.p90.numerator) == (4, None)


def test_without_closings_there_is_no_cycle_time() -> None:
    found = cycle_time(make_rows(case("a")), OCTOBER, NOW)
    assert {found.median, found.p90, found.mean} == {Figure.missing(Reason.NONE_CLOSED)}
