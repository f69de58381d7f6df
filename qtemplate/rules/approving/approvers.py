"""Who decides about a reply: by its level, never whoever wrote it. Pure.

    urgent, major (`[mail] lead_approves`), no level   →  the quality lead
    the others                                         →  the head of the responsible department, else a coordinator
    nobody of these                                    →  quality lead, keeper

Whoever is away is stood in for, see `stand_in`. The authors of a reply are the person who speaks with the reporter and
the owner, whose cause and solution it tells; `[mail] author_approves` lets them decide.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...choices import Role
from ...fields import Field
from ..case import Case
from ..rulebook import Person
from ..stand_in import Reached, behind, reach


def approvers(case: Case) -> tuple[Reached, ...]:
    """Who is told that a reply waits: whoever may decide, and the first of all where everybody who could wrote it."""
    if asked := may_be_asked(case):
        return asked
    day = case.situation.now.date()
    return next(((one,) for person in _candidates(case) if (one := reach(case.situation.rulebook, person, day))), ())


def may_be_asked(case: Case) -> tuple[Reached, ...]:
    """The one person who is asked by mail; nobody where all who could decide wrote it themselves."""
    rulebook, day = case.situation.rulebook, case.situation.now.date()
    wrote = _authors(case)
    standing_in: Reached | None = None
    for people in _by_role(case):
        for person in people:
            one = reach(rulebook, person, day)
            if one is None or one.person.name in wrote or person.name in wrote:
                continue
            if one.instead_of is None:
                return (one,)
            standing_in = standing_in or one
        if standing_in is not None:
            return (standing_in,)
    return ()


def may_decide(case: Case, address: str) -> bool:
    """Whether an answer from that address decides: of whoever may be asked at this level, or could stand in."""
    rulebook, wrote = case.situation.rulebook, _authors(case)
    person = next((p for p in rulebook.people if p.active and p.mail and p.mail.casefold() == address.casefold()), None)
    if person is None or person.name in wrote:
        return False
    return any(
        person == each or person in behind(rulebook, each) for each in _candidates(case) if each.name not in wrote
    )


def _candidates(case: Case) -> Iterator[Person]:
    for people in _by_role(case):
        yield from people


def _by_role(case: Case) -> Iterator[tuple[Person, ...]]:
    rulebook, memory = case.situation.rulebook, case.situation.memory
    level, department = case.value(Field.LEVEL), case.value(Field.DEPARTMENT)
    if level is not None and level not in memory.lead_approves:
        if department is not None:
            yield rulebook.with_role(Role.HEAD, department)
        yield rulebook.with_role(Role.COORDINATOR)
    yield rulebook.with_role(Role.QUALITY_LEAD)
    yield rulebook.with_role(Role.KEEPER)


def _authors(case: Case) -> frozenset[str]:
    """The names of those who wrote what the reply says; nobody where the configuration lets them decide."""
    if case.situation.memory.author_approves:
        return frozenset()
    return frozenset(str(name) for field in (Field.CONTACT, Field.OWNER) if (name := case.value(field)) is not None)
