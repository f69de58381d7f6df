"""Reopenings, recurrences, satisfaction."""

from __future__ import annotations

import datetime as dt

import pytest
from figure_rows import NOW, OCTOBER, Case, case, make_rows, rate

from qtemplate.figures.figure import Figure, Reason
from qtemplate.figures.outcomes import recurrence_rate, reopen_rate, satisfaction
from qtemplate.figures.period import Period


def test_the_reopen_rate_counts_rows_and_not_reopenings() -> None:
    rows = make_rows(
        case("a", closed="10-20T09:00"),
        case("b", closed="10-20T09:00", reopened=3),
        case("c", reopened=1),  # back in work
        case("d"),  # has never ended, so it could not come back
        case("e", closed="11-20T09:00"),  # not yet
        case("f", merged=True, reopened=1),
        case("g", "09-01T09:00", closed="10-20T09:00", reopened=1),
    )
    assert reopen_rate(rows, OCTOBER, NOW) == rate("bc", "a")


@pytest.mark.parametrize(
    ("cases", "reason"), [([case("a")], Reason.NEVER_ENDED), ([case("a", "09-05T09:00")], Reason.NO_ROWS)]
)
def test_without_endings_there_is_no_reopen_rate(cases: list[Case], reason: Reason) -> None:
    assert reopen_rate(make_rows(*cases), OCTOBER, NOW) == Figure.missing(reason)


YEAR = Period(dt.datetime(2026, 1, 1), dt.datetime(2026, 7, 1))


def fix(id: str, fixed: str | None, model: str | None = "M1", cause: str | None = "design", **more: object) -> Case:
    return case(id, "01-05T09:00", product="P", model=model, cause=cause, fixed=fixed, **more)


def came(id: str, received: str, model: str = "M1", cause: str = "design", **more: object) -> Case:
    return case(id, received, product="P", model=model, cause=cause, **more)


RECURRENCES: list[tuple[list[Case], Figure]] = [
    ([fix("a", "02-01T09:00"), came("z", "08-01T09:00")], rate("", "a")),
    ([fix("a", "06-01T09:00"), came("z", "08-01T09:00")], rate("a", "")),
    ([fix("a", "06-01T09:00"), came("z", "08-30T09:00")], rate("a", "")),  # day 90, to the second
    ([fix("a", "06-01T09:00"), came("z", "08-30T09:00:01")], rate("", "a")),
    ([fix("a", "07-15T09:00"), came("z", "07-15T09:00")], rate("", "a")),  # came in at the moment of the fix
    ([fix("a", "07-15T09:00"), came("z", "07-15T09:00:01")], rate("a", "")),
    ([fix("a", "06-01T09:00"), came("z", "08-01T09:00", model="M2")], rate("", "a")),
    ([fix("a", "06-01T09:00"), came("z", "08-01T09:00", cause="software")], rate("", "a")),
    ([fix("a", "06-01T09:00"), came("z", "08-01T09:00", merged=True)], rate("", "a")),
    ([fix("a", "06-01T09:00"), came("y", "08-01T09:00"), came("z", "08-02T09:00")], rate("a", "")),  # once
    ([fix("a", "08-20T09:00"), came("z", "08-21T09:00")], Figure.missing(Reason.WINDOW_OPEN)),
    ([fix("a", "08-04T09:00")], rate("", "a")),  # day 90 is today, at this hour
    ([fix("a", "08-04T09:00:01")], Figure.missing(Reason.WINDOW_OPEN)),
    ([fix("a", None)], Figure.missing(Reason.NOT_FIXED)),
    ([fix("a", "02-01T09:00", cause=None), fix("b", "02-01T09:00", model=None)], Figure.missing(Reason.NOT_FIXED)),
    ([fix("a", "02-01T09:00", merged=True)], Figure.missing(Reason.NO_ROWS)),
    ([fix("a", "01-04T09:00")], rate("", "a")),  # a fix older than its own row: the row is no recurrence of itself
    ([fix("a", "01-04T09:00"), fix("b", "01-04T09:00")], rate("ab", "")),
    ([fix("a", "06-01T09:00"), fix("b", "06-02T09:00"), came("z", "06-01T12:00")], rate("a", "b")),
]


@pytest.mark.parametrize(("cases", "expected"), RECURRENCES, ids=range(len(RECURRENCES)))
def test_recurrence_within_ninety_days_of_the_fix(cases: list[Case], expected: Figure) -> None:
    assert recurrence_rate(make_rows(*cases), YEAR, NOW) == expected


def test_satisfaction_is_read_together() -> None:
    rows = make_rows(
        case("a", asked="10-20T09:00", satisfaction=5),
        case("b", asked="10-20T09:00", satisfaction=4),
        case("c", asked="10-20T09:00", satisfaction=1),
        case("d", asked="10-20T09:00"),  # silent
        case("e", satisfaction=3),  # asked on the telephone
        case("f"),  # not asked
        case("g", asked="11-03T09:00"),  # not asked yet
        case("h", asked="10-20T09:00", satisfaction=1, merged=True),
    )
    found = satisfaction(rows, OCTOBER, NOW)
    ids = ("a", "b", "c", "e")
    assert found.mean == Figure(3.25, 13.0, 4, ids, ids)
    assert found.content == rate("ab", "ce")
    assert found.returned == rate("abce", "d")
    assert found.few


@pytest.mark.parametrize(("answers", "few"), [(9, True), (10, False)])
def test_fewer_than_ten_answers_are_few(answers: int, few: bool) -> None:
    assert satisfaction(make_rows(*(case(str(at), satisfaction=4) for at in range(answers))), OCTOBER, NOW).few is few


@pytest.mark.parametrize(
    ("cases", "mean", "returned"),
    [
        ([case("a", asked="10-20T09:00")], Figure.missing(Reason.NO_ANSWER), rate("", "a")),
        ([case("a")], Figure.missing(Reason.NOT_ASKED), Figure.missing(Reason.NOT_ASKED)),
        ([], Figure.missing(Reason.NO_ROWS), Figure.missing(Reason.NO_ROWS)),
    ],
)
def test_without_answers_there_is_no_satisfaction(cases: list[Case], mean: Figure, returned: Figure) -> None:
    found = satisfaction(make_rows(*cases), OCTOBER, NOW)
    assert (found.mean, found.content, found.returned) == (mean, mean, returned)
