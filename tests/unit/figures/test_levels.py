"""Which level a row counts under in a month: the one of its end, as far as that was noted."""

from __future__ import annotations

import pytest
from figure_rows import NOW, case, make_rows

from qtemplate.choices import Level
from qtemplate.figures.figure import Figure, Reason
from qtemplate.figures.flow import flow_by_level
from qtemplate.figures.month_table import level_key, make_month_table
from qtemplate.figures.period import Period

MONTHS = {month: Period.of_month(2026, month) for month in range(7, 12)}

CASES = [
    # what is noted, since 15 August, of a row received on 1 July; its level at the ends of August to October
    ("never changed", {"level": "major", "graded": "07-02T09:00"}, "major major major"),
    ("when it was graded nobody wrote down", {"level": "major"}, "major major major"),
    ("graded in September", {"level": "major", "graded": "09-02T09:00"}, "none major major"),
    ("graded in the last second of August", {"level": "minor", "graded": "08-31T23:59:59"}, "minor minor minor"),
    ("graded as September began", {"level": "minor", "graded": "09-01T00:00"}, "none minor minor"),
    (
        "raised twice",
        {"level": "urgent", "levels": [("09-10T09:00", Level.NORMAL), ("10-05T09:00", Level.MAJOR)]},
        "normal major urgent",
    ),
    (
        "raised and lowered within a month",
        {"level": "normal", "levels": [("09-20T09:00", Level.URGENT), ("09-10T09:00", Level.NORMAL)]},
        "normal normal normal",
    ),
    (
        "its level was emptied and set anew",
        {"level": "minor", "graded": "07-02T09:00", "levels": [("08-20T09:00", Level.MAJOR), ("10-20T09:00", None)]},
        "none none minor",
    ),
    ("has none", {"level": None}, "none none none"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "row", "levels"), CASES, ids=[said for said, _, _ in CASES])
def test_a_row_counts_under_the_level_of_the_months_end(said: str, row: dict[str, object], levels: str) -> None:
    rows = make_rows(case("a", "07-01T09:00", **row), noted="08-15T00:00")
    months = [MONTHS[month] for month in (7, 8, 9, 10)]
    july, *flows = flow_by_level(rows, months, NOW)
    assert [
        level_key(level) for each in flows for level, flow in each.by_level.items() if flow.open.n
    ] == levels.split()
    assert [each.as_then for each in (july, *flows)] == [False, True, True, True]
    assert (july.total.open.n, {flow.open.reason for flow in july.by_level.values()}) == (1, {Reason.LEVEL_UNKNOWN})
    table = make_month_table(rows, NOW)
    keys = [level_key(level) for level in (*Level, None)]
    shown = [key for month in range(4) for key in keys if table.columns[f"open_{key}"][month, 0]]
    assert shown == ["none", *levels.split()]  # July: those of which it is not known stand there


def test_without_notes_nothing_is_said_by_level_but_of_the_present_month() -> None:
    rows = make_rows(case("a", "07-01T09:00", level="major", graded="09-02T09:00"))
    june, august, november = flow_by_level(rows, [Period.of_month(2026, 6), MONTHS[8], MONTHS[11]], NOW)
    assert (august.total.open.ids, august.by_level[Level.MAJOR].open) == (("a",), Figure.missing(Reason.LEVEL_UNKNOWN))
    assert november.by_level[Level.MAJOR].open.ids == ("a",)  # the present month ends now
    assert june.by_level[Level.MAJOR].open.value == 0  # nobody to have a level
    assert [june.as_then, august.as_then, november.as_then] == [True, False, True]


def test_what_was_received_and_closed_in_a_month_counts_under_the_level_of_its_end() -> None:
    raised = {"level": "urgent", "graded": "09-06T09:00", "levels": [("10-02T09:00", Level.NORMAL)]}
    rows = make_rows(case("a", "09-05T09:00", closed="10-05T09:00", **raised), noted="08-15T00:00")
    september, october = flow_by_level(rows, [MONTHS[9], MONTHS[10]], NOW)
    assert september.by_level[Level.NORMAL].received.ids == october.by_level[Level.URGENT].closed.ids == ("a",)
    assert october.by_level[Level.NORMAL].closed.n == september.by_level[Level.URGENT].received.n == 0


def test_some_rows_keep_their_own_notes() -> None:
    rows = make_rows(
        case("a", "07-01T09:00", level="urgent"),
        case("b", "07-01T09:00", level="urgent", graded="07-02T09:00", levels=[("09-10T09:00", Level.MINOR)]),
        noted="07-01T00:00",
    )
    alone = rows.where(rows.ids == "b")
    assert flow_by_level(alone, [MONTHS[8]], NOW)[0].by_level[Level.MINOR].open.ids == ("b",)
