"""The queue of a department: what orders it, who is there to work it off, and where one row stands in it. Pure."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from ..choices import Role
from ..dmn.decision_table import Evaluation
from ..fields import Field
from .case import Case
from .propose import Cells
from .rulebook import Person, RuleBook
from .situation import Situation
from .standing import Mask, dates, decided_with, has, ranks, values

RECURRENT, AGE_DAYS = "recurrent", "age_days"
"""Computed inputs of the priority and points tables: earlier feedback of the same model and fault stands in `related`;
days since the feedback was received."""

POINTS = "points"
"""The output of the points table."""


def computed_inputs(situation: Situation) -> dict[str, Cells]:
    """The computed inputs along the rows; an age is never negative, empty if unknown."""
    received = dates(situation, Field.RECEIVED_AT).astype("M8[D]")
    days = np.where(
        np.isnat(received), np.nan, (np.datetime64(situation.now.date(), "D") - received).astype(np.float64)
    )
    return {RECURRENT: has(situation, Field.RELATED), AGE_DAYS: np.maximum(days, 0)}


def points_of(evaluation: Evaluation) -> npt.NDArray[np.float64]:
    """Points per row, the sum of the rules that match; 0 where none does or it cannot be decided."""
    sums = np.array([result.output or 0 for result in evaluation.results] + [0], dtype=np.float64)
    return np.asarray(sums[evaluation.pattern])


def places_in_queue(
    situation: Situation, priority: Cells, points: npt.NDArray[np.float64] | None, waiting: Mask
) -> Cells:
    """1, 2, 3 … per department for the rows that wait, None for the others.

    The order: priority, most points (if there are any), time of receipt, id; what is not known comes last.
    """
    places = np.flatnonzero(waiting)
    received = dates(situation, Field.RECEIVED_AT)[places]  # NaT is the last of all
    more = np.zeros(len(places)) if points is None else -points[places]
    keys = (ranks(values(situation, Field.ID)[places]), received, more, ranks(priority[places]))
    found = np.full(len(waiting), None, dtype=object)
    counted: Counter[object] = Counter()
    departments = values(situation, Field.DEPARTMENT)
    for place in places[np.lexsort(keys)].tolist():
        counted[departments[place]] += 1
        found[place] = counted[departments[place]]
    return found


def present_for_queue(rulebook: RuleBook, department: str, day: dt.date) -> list[Person]:
    """Who works a department's queue that day: its members who are there, its heads when there is none."""
    there = [
        person
        for role in (Role.MEMBER, Role.HEAD)
        for person in rulebook.with_role(role, department)
        if not person.is_away(day)
    ]
    return list(dict.fromkeys(person for person in there if Role.MEMBER in person.roles)) or there


def capacity_of(people: Sequence[Person]) -> int | None:
    """What these can take together.

    None: somebody without a capacity can take any number, and a department without people has no known capacity.
    """
    if not people or any(person.capacity is None for person in people):
        return None
    return sum(person.capacity or 0 for person in people)


class Standing(Struct, frozen=True):
    """Where a row stands in its queue, and what put the others before it.

    Attributes:
        department, place, length: Whose queue, the row's place in it (from 1), how many wait in all.
        capacity: Of those present; None = not limited, or not known.
        by_priority, by_points, by_time: How many stand before it by a higher priority, by more points within its
            priority, by having come earlier with as many points; they add up to `place - 1`.
    """

    department: str
    place: int
    length: int
    capacity: int | None
    by_priority: int
    by_points: int
    by_time: int


def standing_of(case: Case) -> Standing | None:
    """Where a row stands, in a register with its queues filled in; None when it does not wait."""
    place, priority = case.value(Field.QUEUE), case.value(Field.PRIORITY)
    if place is None:
        return None
    situation, frame = case.situation, case.situation.frame
    department = str(case.value(Field.DEPARTMENT))
    queue = has(situation, Field.QUEUE) & (frame[Field.DEPARTMENT] == department).fillna(False).to_numpy(dtype=bool)
    others = frame.loc[queue, Field.PRIORITY]
    higher, equal = int((others < priority).sum()), (others == priority).to_numpy(dtype=bool)
    richer, table = 0, situation.rulebook.points
    if table is not None:
        points = points_of(decided_with(situation, table, computed_inputs(situation)))
        richer = int((equal & (points[queue] > points[case.place])).sum())
    capacity = capacity_of(present_for_queue(situation.rulebook, department, situation.now.date()))
    return Standing(department, int(place), len(others), capacity, higher, richer, int(place) - 1 - higher - richer)
