"""People who have left and still have open rows: one finding a person, and a line in their head's digest. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from msgspec import Struct

from ...choices import Role
from ...fields import Field
from ...plan import Finding, Severity
from ..case import Case, cases
from ..rulebook import Person
from ..situation import Situation
from ..stand_in import Reached, reach, reach_first
from ..standing import Mask, equals
from .lines import case_facts, folded_ids

CARRIED = (Field.OWNER, Field.CONTACT, Field.ASSESSOR)


class Left(Struct, frozen=True):
    """Somebody who has left, the open rows in their name, and who has to hand those on."""

    person: Person
    cases: tuple[Case, ...]
    to: Reached | None

    @property
    def ids(self) -> list[str]:
        return folded_ids([case.id for case in self.cases])

    def line(self) -> dict[str, Any]:
        """The folded line in a digest."""
        known = {"owner": self.person.name, "department": self.person.department, "clock": "", "due": "", "late": ""}
        return case_facts(self.cases[0]) | known | {"count": len(self.cases), "ids": self.ids}


def left_behind(situation: Situation, rows: Mask) -> Iterator[Left]:
    """Each person who has left with some of the rows in their name; their head hands them on, whoever is deputy."""
    for person in situation.rulebook.people:
        if person.active:
            continue
        mine = rows & np.logical_or.reduce([equals(situation, field, person.name) for field in CARRIED])
        found = tuple(cases(situation, mine))
        if found:
            yield Left(person, found, reach_above(situation, person))


def left_finding(left: Left) -> Finding:
    """QT150: one a person, naming who has to hand the rows on."""
    told = "" if left.to is None else left.to.person.name
    facts = (("name", left.person.name), ("n", len(left.cases)), ("ids", left.ids), ("head", told))
    return Finding("QT150", Severity.WARNING, found=left.person.name, facts=facts)


def reach_above(situation: Situation, person: Person) -> Reached | None:
    """The head of somebody's department, or whoever is there in the head's place."""
    heads = situation.rulebook.with_role(Role.HEAD, person.department) if person.department else ()
    day = situation.now.date()
    return reach_first(situation.rulebook, heads, day) or reach(situation.rulebook, person, day)
