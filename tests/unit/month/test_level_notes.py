"""What runs note of levels: each change with its moment, nothing where there is none."""

from __future__ import annotations

import datetime as dt
from typing import Any

from registers import ASSESSED, memory_of, register_of, standard_rules

from qtemplate.choices import Level
from qtemplate.figures.flow import flow_by_level
from qtemplate.figures.period import Period
from qtemplate.plan import FactName, Remember
from qtemplate.rules.around.levels import level_rows
from qtemplate.rules.month.rows import figure_rows
from qtemplate.rules.situation import Situation

NIGHTS = [dt.datetime(2026, 7, day, 20) for day in (14, 15, 16, 17)]


class Nights:
    """Runs one after the other over one row: what it holds, and whether the program wrote it."""

    def __init__(self) -> None:
        self.facts: dict[tuple[str, str], Any] = {}
        self.written: str | None = None

    def night(self, now: dt.datetime, level: str | None, *, by_program: bool) -> list[Remember]:
        known = memory_of({"QF-2026-0001": {"level": self.written}} if self.written else {}, facts=self.facts)
        row = ASSESSED | {"level": level, "assessed_at": None if level is None else NIGHTS[0]}
        after = Situation(register_of(row), standard_rules(), known, now)
        facts = [*level_rows(after, {4} if by_program else ()).facts]
        self.facts |= {(each.id, each.name): each.value for each in facts}
        self.written = level if by_program else self.written
        self.after = Situation(register_of(row), standard_rules(), memory_of({}, facts=self.facts), now)
        return facts

    def noted(self) -> Any:
        return self.facts.get(("QF-2026-0001", FactName.LEVELS))


def test_a_level_that_stays_as_the_program_gave_it_is_not_noted() -> None:
    row = Nights()
    assert row.night(NIGHTS[0], None, by_program=False) == [
        Remember("", FactName.LEVELS_SINCE, [NIGHTS[0].isoformat(), {}])
    ]
    assert row.night(NIGHTS[1], "normal", by_program=True) == []
    assert row.night(NIGHTS[2], "normal", by_program=False) == []


def test_each_change_is_noted_once_whoever_made_it() -> None:
    row = Nights()
    row.night(NIGHTS[0], "normal", by_program=True)
    row.night(NIGHTS[1], "major", by_program=False)  # a person overrules
    assert row.night(NIGHTS[2], "major", by_program=False) == []
    row.night(NIGHTS[3], "urgent", by_program=True)
    assert row.noted() == [["", "normal"], [NIGHTS[1].isoformat(), "major"], [NIGHTS[3].isoformat(), "urgent"]]
    day = Period(NIGHTS[0], dt.datetime(2026, 7, 16))
    (flow,) = flow_by_level(figure_rows(row.after), [day], NIGHTS[3])
    assert flow.by_level[Level.MAJOR].open.n == 1


def test_what_a_person_had_graded_before_notes_began_has_no_moment() -> None:
    row = Nights()
    assert row.night(NIGHTS[0], "major", by_program=False)[0].value == [
        NIGHTS[0].isoformat(),
        {"QF-2026-0001": "major"},
    ]
    assert row.night(NIGHTS[1], "major", by_program=False) == []
    row.night(NIGHTS[2], "minor", by_program=False)
    assert row.noted() == [["", "major"], [NIGHTS[2].isoformat(), "minor"]]


def test_a_first_level_that_a_person_typed_is_noted_without_a_moment() -> None:
    row = Nights()
    row.night(NIGHTS[0], None, by_program=False)
    row.night(NIGHTS[1], "major", by_program=False)
    row.night(NIGHTS[2], "urgent", by_program=False)
    assert row.noted() == [["", "major"], [NIGHTS[2].isoformat(), "urgent"]]
