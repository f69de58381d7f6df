"""Who gets a feedback: by the table's method, among those who are there, have room and did not hand it back. Pure.

Nobody is passed over silently: the reason of a choice names whom it left out, and why.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from msgspec import Struct

from ...choices import Role
from ...plan import Phrase
from ..rulebook import Person, RuleBook

FIXED, ROUND_ROBIN, LEAST_LOAD = "fixed", "round_robin", "least_load"


class Choice(Struct, frozen=True):
    """Who was picked and why; `person` is None when nobody fits."""

    person: Person | None
    why: Phrase


class Staff(Struct, frozen=True):
    """Who could take a feedback today.

    Attributes:
        rulebook: People, their roles and absences.
        loads: Name -> open feedback.
        turns: Department -> whose turn it was last.
        day: For absences.
    """

    rulebook: RuleBook
    loads: Counter[str]
    turns: Mapping[str, str]
    day: dt.date

    def is_there(self, person: Person) -> bool:
        """Whether the person works here and is not away."""
        return person.active and not person.is_away(self.day)


def choose_owner(staff: Staff, department: str, output: Mapping[str, object], refused: Collection[str] = ()) -> Choice:
    """Picks an owner.

    Args:
        staff: Among whom.
        department: Whose people.
        output: What the table says: `method`, and `person` or `skill`.
        refused: Names of those who handed this feedback back.

    Returns:
        Whom the method picks; an absent person's deputy stands in; the head when nobody fits; else nobody.
    """
    method, skill = str(output.get("method") or LEAST_LOAD), str(output.get("skill") or "")
    if method == FIXED:
        named = staff.rulebook.person(str(output.get("person") or ""))
        if named is None:
            return Choice(None, Phrase.of("assign.fixed_unknown", person=output.get("person") or ""))
        choice = _present(staff, named, refused, Phrase.of("assign.fixed", person=named.name))
        passed = [choice.why]
    else:
        members = staff.rulebook.with_role(Role.MEMBER, department)
        skilled = [person for person in members if not skill or skill in person.skills]
        out = {person.name: why for person in skilled if (why := _why_not(staff, person, refused)) is not None}
        free = [person for person in skilled if person.name not in out]
        passed = list(out.values())
        if members and not skilled:
            passed = [Phrase.of("assign.no_skill", skill=skill)]
        choice = _of_free(method, free, skilled, staff.loads, staff.turns.get(department))
    if choice.person is not None:
        return choice if method == FIXED else Choice(choice.person, _without(choice.why, passed))
    for head in staff.rulebook.with_role(Role.HEAD, department):
        choice = _present(staff, head, refused, Phrase.of("assign.head", person=head.name))
        if choice.person is not None:
            return Choice(choice.person, _without(choice.why, passed))
        passed.append(choice.why)
    return Choice(None, _without(Phrase("assign.nobody"), passed))


def _of_free(
    method: str, free: Sequence[Person], members: Sequence[Person], loads: Counter[str], last: str | None
) -> Choice:
    """The next in turn, or the one with the fewest open; the first in the sheet of equals."""
    if not free:
        return Choice(None, Phrase("assign.nobody"))
    if method == ROUND_ROBIN:
        names = [person.name for person in members]
        start = names.index(last) + 1 if last in names else 0
        ring = names[start:] + names[:start]
        chosen = min(free, key=lambda person: ring.index(person.name))
        return Choice(chosen, Phrase.of("assign.round_robin", person=chosen.name))
    chosen = min(free, key=lambda person: loads[person.name])
    return Choice(chosen, Phrase.of("assign.least_load", person=chosen.name, load=loads[chosen.name]))


def _why_not(staff: Staff, person: Person, refused: Collection[str]) -> Phrase | None:
    """Why a member cannot take one more; None = can."""
    load = staff.loads[person.name]
    if person.name in refused:
        return Phrase.of("assign.refused", person=person.name)
    if person.is_away(staff.day):
        return Phrase.of("assign.away", person=person.name)
    if person.capacity is not None and load >= person.capacity:
        return Phrase.of("assign.full", person=person.name, load=load, capacity=person.capacity)
    return None


def _without(why: Phrase, passed: Sequence[Phrase]) -> Phrase:
    """The reason, with those who were passed over."""
    return Phrase.of("assign.without", how=why, passed=tuple(dict.fromkeys(passed))) if passed else why


def _present(staff: Staff, person: Person, refused: Collection[str], why: Phrase) -> Choice:
    """The person, or the first of the chain of deputies who is there; nobody stands in for somebody who refused."""
    if person.name in refused:
        return Choice(None, Phrase.of("assign.refused", person=person.name))
    if staff.is_there(person):
        return Choice(person, why)
    absent = Phrase.of("assign.away" if person.active else "assign.left", person=person.name)
    for deputy in _deputies(staff.rulebook, person):
        if staff.is_there(deputy) and deputy.name not in refused:
            return Choice(deputy, Phrase.of("assign.deputy", person=deputy.name, absent=absent))
    return Choice(None, Phrase.of("assign.absent", absent=absent))


def _deputies(rulebook: RuleBook, person: Person) -> Iterator[Person]:
    """Deputy, deputy's deputy …; each once, so that deputies of each other end."""
    seen = {person.name}
    current = rulebook.person(person.deputy)
    while current is not None and current.name not in seen:
        seen.add(current.name)
        yield current
        current = rulebook.person(current.deputy)
