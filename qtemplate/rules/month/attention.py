"""The open rows that need somebody first: past a limit before near it, grave before light, long before short. Pure."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from msgspec import Struct

from ...choices import Clock, ClockState, Level
from ...fields import Field
from ...plan import Phrase
from ..case import Case, case_at
from ..clocks.spans import say_span
from ..clocks.times import NAMED, ClockTable, clock_times
from ..situation import Situation
from ..standing import examples, live, numbered
from ..workdays import DAY

_GRAVITY = {level.value: place for place, level in enumerate(Level)}


class Attention(Struct, frozen=True):
    """A row that needs somebody: which clock, when it is or was due, and how much is left or how late it is."""

    case: Case
    clock: Clock
    due: dt.datetime
    late: bool
    left: float
    natural: bool

    def span(self, language: str) -> str:
        """`超 2 个工作日`."""
        calendar = self.case.situation.rulebook.calendar
        day = DAY if self.natural or calendar is None else calendar.standard_day_seconds
        return say_span(self.left, day, natural=self.natural, language=language)

    def todo(self) -> Phrase:
        """What would stop the clock."""
        return Phrase(f"todo.{self.clock}")

    def value(self, field: Field) -> Any:
        return self.case.value(field)


def needs_attention(situation: Situation) -> tuple[Attention, ...]:
    """Open rows by their worst running clock; rows in time and rows that wait are not among them."""
    table = clock_times(situation)
    if table is None:
        return ()
    rows = live(situation) & numbered(situation) & ~examples(situation) & ~table.paused
    asked = np.flatnonzero(rows & (table.named >= 0)).tolist()
    found = (_look(situation, table, place) for place in asked)
    return tuple(sorted((each for each in found if each is not None), key=_order))


def _look(situation: Situation, table: ClockTable, place: int) -> Attention | None:
    clock = NAMED[table.named[place]]
    times = table[clock]
    late = bool(times.stands(ClockState.OVERDUE)[place])
    if not late and not bool(times.stands(ClockState.DUE_SOON)[place]):
        return None
    due = times.due[place].astype("M8[s]").item()
    return Attention(case_at(situation, place), clock, due, late, float(times.left[place]), bool(times.natural[place]))


def _order(each: Attention) -> tuple[bool, int, dt.datetime, int]:
    gravity = _GRAVITY.get(str(each.value(Field.LEVEL)), len(_GRAVITY))
    return not each.late, gravity, each.due, each.case.row
