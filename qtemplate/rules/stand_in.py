"""Who is told when somebody is away: the deputy, and failing that the next one up, never nobody. Pure.

Every reminder, task and approval asks here, so that nothing waits in the inbox of a person who is on leave or has left.

    王芳 is away, her deputy 李娜 too, 李娜's deputy 陈静 is there   →  陈静, for 王芳
    nobody on that chain is there                                →  the department's head, that head's manager,
                                                                    the quality lead, the keeper
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from msgspec import Struct

from ..choices import Role
from .rulebook import Person, RuleBook


class Reached(Struct, frozen=True):
    """Somebody who can be told.

    Attributes:
        person: Who is there and has an address.
        instead_of: Whom they stand in for; None when it is their own matter.
    """

    person: Person
    instead_of: Person | None = None

    @property
    def absent(self) -> str:
        """The name of whom they stand in for, "" where it is their own matter: the fact `instead_of` of a mail."""
        return "" if self.instead_of is None else self.instead_of.name


def is_there(person: Person, day: dt.date) -> bool:
    """Whether mail to them is read on that day: employed, not away, with an address."""
    return person.active and bool(person.mail) and not person.is_away(day)


def reach(rulebook: RuleBook, person: Person, day: dt.date) -> Reached | None:
    """The person, or whoever stands in for them; None only when nobody at all is there."""
    if is_there(person, day):
        return Reached(person)
    stand_in = _first_there(behind(rulebook, person), day)
    return None if stand_in is None else Reached(stand_in, person)


def reach_first(rulebook: RuleBook, people: Iterable[Person], day: dt.date) -> Reached | None:
    """The first of these who is there, else whoever stands in for the first of them."""
    known = list(people)
    there = _first_there(known, day)
    if there is not None:
        return Reached(there)
    return reach(rulebook, known[0], day) if known else None


def reach_role(rulebook: RuleBook, role: Role, day: dt.date, department: str | None = None) -> tuple[Reached, ...]:
    """Everybody in a role, or who stands in for them; nobody twice, in sheet order."""
    found: dict[str, Reached] = {}
    for person in rulebook.with_role(role, department):
        reached = reach(rulebook, person, day)
        if reached is not None:
            known = found.get(reached.person.mail)
            if known is None or known.instead_of is not None:
                found[reached.person.mail] = reached
    return tuple(found.values())


def behind(rulebook: RuleBook, person: Person) -> Iterator[Person]:
    """Who comes after a person, in order: deputies along the chain, then upwards; a chain that returns is cut."""
    seen = {person.name}
    deputy = rulebook.person(person.deputy)
    while deputy is not None and deputy.name not in seen:
        seen.add(deputy.name)
        yield deputy
        deputy = rulebook.person(deputy.deputy)
    heads = rulebook.with_role(Role.HEAD, person.department) if person.department else ()
    yield from heads
    for head in heads:
        manager = rulebook.person(head.manager)
        if manager is not None:
            yield manager
    yield from rulebook.with_role(Role.QUALITY_LEAD)
    yield from rulebook.with_role(Role.KEEPER)


def _first_there(people: Iterable[Person], day: dt.date) -> Person | None:
    return next((person for person in people if is_there(person, day)), None)
