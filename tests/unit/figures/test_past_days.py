"""As of a past day: what was noted stands, what nobody noted makes a figure n/a, dates and counts always stand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from figure_rows import NOW, OCTOBER, case, clock, make_rows, moment
from msgspec.structs import replace

from qtemplate.choices import Clock, Level
from qtemplate.figures.figure import Figure, Reason
from qtemplate.figures.flow import flow_by_level
from qtemplate.figures.month import Measures, measure
from qtemplate.figures.past import rows_at
from qtemplate.figures.rows import Rows
from qtemplate.figures.timeliness import overdue

END = OCTOBER.end

DUE = "10-20T09:00"
STANDING: list[tuple[str, dict[str, Any], bool | None]] = [
    # a row received on 5 October, looked at on 2 November: was its final reply overdue at the end of October?
    ("it never moved, and nobody replied", {"resolve": clock(DUE)}, True),
    ("replied in time", {"resolve": clock(DUE, "10-19T09:00")}, False),
    ("replied in November", {"resolve": clock(DUE, "11-01T09:00")}, True),
    ("due in November", {"resolve": clock("11-01T09:00")}, False),
    (
        "pulled forward in November: at the end of October it was still in time",
        {"resolve": clock(DUE), "due_before": [("10-05T20:00", "11-15T09:00"), ("11-01T20:00", DUE)]},
        False,
    ),
    (
        "put off in November: at the end of October it was late",
        {"resolve": clock("11-15T09:00"), "due_before": [("10-05T20:00", DUE), ("11-01T20:00", "11-15T09:00")]},
        True,
    ),
    (
        "put off twice, the second time in November",
        {
            "resolve": clock("11-15T09:00"),
            "due_before": [("10-05T20:00", DUE), ("10-15T20:00", "11-10T09:00"), ("11-01T20:00", "11-15T09:00")],
        },
        False,
    ),
    (
        "runs began in November and saw it move, from late to in time: nobody knows",
        {"resolve": clock("11-15T09:00"), "due_before": [("11-01T20:00", DUE), ("11-02T08:00", "11-15T09:00")]},
        None,
    ),
    (
        "runs began in November and saw it move, but late it was both ways",
        {"resolve": clock("10-25T09:00"), "due_before": [("11-01T20:00", DUE), ("11-02T08:00", "10-25T09:00")]},
        True,
    ),
    (
        "the same, replied to in October",
        {"resolve": clock("11-15T09:00", "10-18T09:00"), "due_before": [("11-01T20:00", DUE), ("11-02T08:00", DUE)]},
        False,
    ),
    (
        "closed in October, reopened in November",
        {
            "cycles": [("10-28T09:00", "11-01T09:00", "10-27T09:00")],
            "resolve": clock("11-29T09:00", begun="11-01T09:00"),
            "due_before": [("10-05T20:00", DUE), ("11-01T20:00", "11-29T09:00")],
        },
        False,
    ),
    (
        "replied to late and after October, then reopened",
        {
            "cycles": [(None, "11-02T08:00", "11-01T09:00")],
            "resolve": clock("11-29T09:00", begun="11-02T08:00"),
            "due_before": [("10-05T20:00", DUE), ("11-02T08:00", "11-29T09:00")],
        },
        True,
    ),
    (
        "replied to in October, reopened in November before anybody closed it",
        {
            "cycles": [(None, "11-01T09:00", "10-19T09:00")],
            "resolve": clock("11-29T09:00", begun="11-01T09:00"),
            "due_before": [("10-05T20:00", DUE), ("11-01T20:00", "11-29T09:00")],
        },
        False,
    ),
    (
        "reopened in November, and when it had been replied to nobody noted",
        {
            "cycles": [(None, "11-01T09:00")],
            "resolve": clock("11-29T09:00", begun="11-01T09:00"),
            "due_before": [("10-05T20:00", DUE), ("11-01T20:00", "11-29T09:00")],
        },
        None,
    ),
]


@pytest.mark.parametrize(("said", "row", "late"), STANDING, ids=[said for said, _, _ in STANDING])
def test_whether_a_reply_was_overdue_at_the_end_of_a_month(said: str, row: dict[str, Any], late: bool | None) -> None:
    rows = make_rows(case("a", **row), case("z", resolve=clock(DUE)))
    found = overdue(rows, Clock.RESOLVE, END)
    if late is None:
        assert found == Figure.missing(Reason.DUE_UNKNOWN)
        assert overdue(rows.where(rows.ids == "z"), Clock.RESOLVE, END).ids == ("z",)  # of the others it is known
    else:
        assert found.ids == (("a", "z") if late else ("z",))


# Five feedbacks of October, as of the 15th at 9:00, with the cells of 2 November.
THEN = "10-15T09:00"
FIFTEENTH = dt.datetime(2026, 10, 15, 9)
LIFE = {
    "a": case("a", "10-02T09:00", level="normal", closed="10-10T09:00", resolve=clock("10-30T09:00", "10-09T09:00")),
    "b": case("b", "10-03T09:00", level="urgent", levels=[("10-20T09:00", Level.NORMAL)],  # raised on the 20th
              resolve=clock("10-14T09:00"),
              due_before=[("10-03T20:00", "10-31T09:00"), ("10-20T20:00", "10-14T09:00")]),
    "c": case("c", "10-04T09:00", level="minor", closed="10-25T09:00", resolve=clock("10-12T09:00", "10-24T09:00")),
    "d": case("d", "10-05T09:00", level="minor", cycles=[("10-11T09:00", "10-18T09:00", "10-10T09:00")],  # reopened
              resolve=clock("11-18T09:00", begun="10-18T09:00"),
              due_before=[("10-05T20:00", "10-12T09:00"), ("10-18T20:00", "11-18T09:00")]),
    "e": case("e", "10-20T09:00", level="minor", resolve=clock("10-25T09:00")),  # not received yet
}  # fmt: skip


def life(*ids: str, **more: Any) -> Rows:
    rows = make_rows(*(LIFE[id] for id in ids or LIFE), **more)
    return replace(rows, cells_of=np.datetime64(NOW, "s"), close_by=rows.clocks[Clock.RESOLVE].due)


def seen_then(rows: Rows) -> Measures:
    return measure(rows_at(rows, moment(THEN)), OCTOBER, FIFTEENTH)


def test_the_fifteenth_is_told_on_the_second_of_november_as_it_was_told_on_the_fifteenth() -> None:
    told = seen_then(life(noted="10-01T00:00"))
    assert (told.flow.received.ids, told.flow.closed.ids, told.flow.open.ids) == (tuple("abcd"), ("a", "d"), ("b", "c"))
    assert told.overdue.ids == ("c",)
    assert told.clocks[Clock.RESOLVE].counted == ("a", "d") and told.clocks[Clock.RESOLVE].others == ("c",)
    assert told.on_time_close.counted == ("a", "d") and told.on_time_close.others == ("c",)
    assert (told.reopened.numerator, told.reopened.ids) == (0, ("a", "d"))
    now = measure(replace(life(noted="10-01T00:00"), cells_of=np.datetime64("NaT", "s")), OCTOBER, NOW)
    assert (now.clocks[Clock.RESOLVE].counted, now.clocks[Clock.RESOLVE].others) == (("a",), ("b", "c", "e"))
    assert (now.reopened.counted, now.flow.closed.ids, now.flow.reopened.ids) == (("d",), ("a", "c", "d"), ("d",))


def test_levels_of_a_past_day_are_those_noted_by_then_and_none_before_notes_began() -> None:
    for noted, normal in (("10-01T00:00", ("b",)), ("10-16T00:00", None)):
        (flow,) = flow_by_level(rows_at(life(noted=noted), moment(THEN)), [OCTOBER], FIFTEENTH)
        found = flow.by_level[Level.NORMAL].open
        assert found == Figure.missing(Reason.LEVEL_UNKNOWN) if normal is None else found.ids == normal
        assert flow.total.open.ids == ("b", "c")


def test_a_clock_whose_days_nobody_noted_has_no_rate_on_a_past_day_if_the_row_moved_since() -> None:
    """Only the day of the final reply is noted; that of b moved, so its other days may have."""
    answered = {"respond": clock("10-06T09:00", "10-05T17:00", "10-03T09:00")}
    rows = make_rows(LIFE["a"] | answered, LIFE["b"] | answered)
    then = rows_at(replace(rows, cells_of=np.datetime64(NOW, "s")), moment(THEN))
    found = measure(then, OCTOBER, FIFTEENTH).clocks
    assert found[Clock.RESPOND] == Figure.missing(Reason.DUE_UNKNOWN)
    assert found[Clock.RESOLVE].counted == ("a",)
    alone = measure(then.where(then.ids == "a"), OCTOBER, FIFTEENTH).clocks
    assert alone[Clock.RESPOND].counted == ("a",)


def test_an_answer_counts_from_the_moment_it_was_heard_and_one_without_a_moment_makes_no_mean() -> None:
    heard: dict[str, Any] = {"satisfaction": 5.0, "asked": "10-09T09:00", "resolve": clock(DUE)}
    said = {"before": "10-14T09:00", "after": "10-16T09:00", "nobody knows": None}
    for when, at in said.items():
        confirm = clock("10-20T09:00", at, "10-09T09:00", running=False)
        rows = make_rows(case("a", **heard, confirm=confirm))
        answers = seen_then(replace(rows, cells_of=np.datetime64(NOW, "s"))).satisfaction
        means = {"before": 5.0, "after": None, "nobody knows": None}
        reasons = {"before": None, "after": Reason.NO_ANSWER, "nobody knows": Reason.TIME_UNKNOWN}
        assert (answers.mean.value, answers.mean.reason) == (means[when], reasons[when])


def test_a_first_report_of_a_register_that_no_run_has_seen_moving_is_whole() -> None:
    """Nothing was noted before: everything that rests on dates and counts is there, only what needs levels is not."""
    closed: dict[str, Any] = {"closed": "10-20T09:00", "close_by": "10-30T09:00", "cycle_days": 9.0}
    rows = make_rows(
        case("a", level="normal", **closed, resolve=clock("10-30T09:00", "10-19T09:00")),
        case("b", level="major", close_by="10-15T09:00", resolve=clock("10-15T09:00")),
    )
    told = measure(rows, OCTOBER, NOW)
    values = [each.value for each in (told.flow.received, told.flow.closed, told.flow.open, told.overdue)]
    assert values == [2, 1, 1, 1]
    assert (told.clocks[Clock.RESOLVE].value, told.on_time_close.value, told.cycle.median.value) == (0.5, 0.5, 9.0)
    (flow,) = flow_by_level(rows, [OCTOBER], NOW)
    assert not flow.as_then


def test_the_moment_itself_has_happened() -> None:
    rows = make_rows(case("a", resolve=clock(DUE), due_before=[("10-05T20:00", "10-10T09:00"), ("10-12T20:00", DUE)]))
    for at, due in (("10-12T19:59:59", "10-10T09:00"), ("10-12T20:00", DUE)):
        found, guessed = rows.dues.at(moment(at), rows.clocks[Clock.RESOLVE].due)
        assert found[0] == moment(due) and not guessed.any()
