"""One row of a situation: what a step talks about. Pure.

Whole columns are asked in `standing`; a `Case` is for the few rows that a mask has picked out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import numpy as np
from msgspec import Struct

from ..fields import Field
from ..plan import CellEdit, FactName, Finding, Phrase, Remember, Severity
from ..register import CellRef, is_missing, label_of, plain
from ..texts import show
from .rulebook import Person
from .situation import Situation
from .standing import Mask, cycles, places_by_id

MOST_SHOWN = 80
"""So many characters of a cell stand in a finding."""


class Case(Struct, frozen=True):
    """A feedback, by its row.

    Attributes:
        situation: What it is a row of.
        row: Its worksheet row.
        place: Its position in the frame.
    """

    situation: Situation
    row: int
    place: int

    @property
    def id(self) -> str:
        """The feedback's id; "" while it has none."""
        id = self.value(Field.ID)
        return "" if is_missing(id) else str(id)

    @property
    def language(self) -> str:
        """What the reporter reads; the register's own language where none is set."""
        return str(self.value(Field.LANGUAGE) or self.situation.register.language)

    @property
    def cycle(self) -> int:
        """1 until it is reopened, 2 after the first reopening, …"""
        return int(cycles(self.situation)[self.place])

    @property
    def reopened_at(self) -> dt.datetime | None:
        """When the present cycle began; None in the first."""
        known = self.fact(FactName.REOPENED_AT)
        return None if known is None else dt.datetime.fromisoformat(known)

    def value(self, key: str) -> Any:
        """The frame value as plain Python: datetime, str, int, float, bool; None for missing."""
        return plain(self.situation.answers.cells(key)[self.place])

    def is_wrong(self, key: str) -> bool:
        """Whether the cell holds what cannot be read as a value of its column."""
        return (self.row, key) in self.situation.register.wrong

    def content(self, key: str) -> Any:
        """What stands in the cell: its value, or the text that could not be read as one."""
        return self.situation.register.wrong.get((self.row, key), self.value(key))

    def cell(self, key: str) -> CellRef | None:
        """Where the value lives; None when the sheet lacks the column."""
        return self.situation.register.cell(self.row, key)

    def person(self, key: str) -> Person | None:
        """The person of 人员 whom the cell names."""
        return self.situation.rulebook.person(self.value(key))

    def fact(self, name: str, default: Any = None) -> Any:
        """What the journal remembers about the feedback."""
        return self.situation.memory.fact(self.id, name, default)

    def remember(self, name: str, value: Any) -> Remember:
        """A fact about it for the journal to keep; None forgets it."""
        return Remember(self.id, name, value)

    def edit(self, key: str, after: Any, because: Phrase) -> CellEdit:
        """An edit of one of its cells."""
        return CellEdit(self.row, self.id or None, key, self.value(key), after, because)

    def finding(self, code: str, severity: Severity, key: str, /, found: str | None = None, **facts: Any) -> Finding:
        """A finding about one of its cells; `found` defaults to what the cell shows."""
        if found is None:
            language = self.situation.register.language
            content = self.content(key)
            shown = content if self.is_wrong(key) else label_of(key, content, language)
            found = "" if shown is None else show(shown, language)[:MOST_SHOWN]
        return Finding(code, severity, self.cell(key), found, tuple(facts.items()), self.id or None, key)


def case_of(situation: Situation, row: int) -> Case:
    """The case in a worksheet row."""
    place: Any = situation.frame.index.get_loc(row)  # an int: every row stands there once
    return Case(situation, row, place)


def case_at(situation: Situation, place: int) -> Case:
    """The case at a position of the frame."""
    return Case(situation, int(situation.frame.index[place]), place)


def case_by_id(situation: Situation, id: str) -> Case | None:
    """The case with that id; None when no row has it."""
    place = places_by_id(situation).get(id)
    return None if place is None else case_at(situation, place)


def cases(situation: Situation, rows: Mask) -> Iterator[Case]:
    """The cases of these rows, in the order of the sheet."""
    places = np.flatnonzero(rows)
    if len(places):  # mostly none
        for row, place in zip(situation.frame.index.to_numpy()[places].tolist(), places.tolist(), strict=True):
            yield Case(situation, row, place)
