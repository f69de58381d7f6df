"""Who carries a clock, and so who hears of it; never an empty chair. Pure.

Where a row names nobody, a role takes the place. Whoever is away is stood in for, see `stand_in`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from ..choices import Clock, ReporterType, Role
from ..fields import Field
from ..plan.keys import MessageKey
from .case import Case
from .rulebook import Person, RuleBook, Rung
from .situation import Situation
from .stand_in import Reached, reach, reach_first, reach_role
from .transfers import returned_keys, transfer_of

OWNER, CONTACT, ASSESSOR = "owner", "contact", "assessor"
CARRIED: tuple[tuple[tuple[Clock, ...], tuple[str, ...]], ...] = (
    ((Clock.RESPOND, Clock.UPDATE, Clock.CONFIRM), (CONTACT,)),
    ((Clock.ASSESS,), (ASSESSOR,)),
    ((Clock.ACCEPT, Clock.CONTAIN), (OWNER,)),
    ((Clock.RESOLVE,), (OWNER, CONTACT)),
    ((Clock.AUTHORITY,), (Role.QUALITY_LEAD,)),
)
"""Clocks, and who carries them, as words of 通知: a role, where no cell of a row names anybody. They come in the order
of the ladder that a new workbook starts with.
"""

CARRIERS = {clock: words for clocks, words in CARRIED for clock in clocks}
"""Clock -> who carries it."""

NAMED_IN = {OWNER: Field.OWNER, CONTACT: Field.CONTACT, ASSESSOR: Field.ASSESSOR}


@dataclass(slots=True)
class Carriers:
    """Answers who is told of a row; what it found is kept for its next rung, and for rows of the same names."""

    situation: Situation
    found: dict[tuple[object, ...], tuple[Person, ...]] = field(default_factory=dict)
    there: dict[tuple[str, ...], tuple[Reached, ...]] = field(default_factory=dict)
    rows: dict[tuple[int, tuple[str, ...], bool], tuple[Reached, ...]] = field(default_factory=dict)
    returned: frozenset[MessageKey] = field(init=False)

    def __post_init__(self) -> None:
        self.returned = returned_keys(self.situation.memory)

    def told(self, case: Case, clock: Clock, rung: Rung) -> tuple[Reached, ...]:
        """Whom a rung tells of a clock of a row, nobody twice."""
        if is_carried(clock, rung):
            every = rung.to == OWNER and not rung.clocks
            return self._carrying(case, CARRIERS[clock] if every else (rung.to,), heads=False)
        if rung.to == Role.HEAD:
            return self._carrying(case, CARRIERS[clock], heads=True)
        role, key = Role(rung.to), ("role", rung.to)  # type: ignore[call-arg] # a StrEnum with labels takes its code alone
        if key not in self.there:
            self.there[key] = reach_role(self.situation.rulebook, role, self.situation.now.date())
        return self.there[key]

    def contact(self, case: Case) -> tuple[Reached, ...]:
        """Who speaks with the reporter."""
        return self._reached(self.named(case, CONTACT))

    def owner(self, case: Case) -> tuple[Reached, ...]:
        """Who works on it."""
        return self._reached(self.named(case, OWNER))

    def named(self, case: Case, word: str) -> tuple[Person, ...]:
        """The person a row names as owner, contact or assessor; where it names nobody known, who takes the place.

        A role that carries a clock is everybody who has it, or the keeper.
        """
        if word not in NAMED_IN:
            role = Role(word)  # type: ignore[call-arg] # a StrEnum with labels takes its code alone
            rulebook = self.situation.rulebook
            return self._once((word,), lambda: rulebook.with_role(role) or rulebook.with_role(Role.KEEPER))
        name = case.value(NAMED_IN[word])
        if word == OWNER and self.returned and transfer_of(case) in self.returned:
            name = None  # handed it back: somebody else has to be found
        staff = case.value(Field.REPORTER_TYPE) == ReporterType.STAFF
        department = case.value(Field.DEPARTMENT)
        return self._once((word, name, staff, department), lambda: self._look(word, name, staff, department))

    def _carrying(self, case: Case, words: tuple[str, ...], *, heads: bool) -> tuple[Reached, ...]:
        """Those whom the row names, or their heads."""
        what = case.place, words, heads
        if what not in self.rows:
            people = [person for word in words for person in self.named(case, word)]
            if heads:
                people = [head for person in people for head in self._heads(person)]
            self.rows[what] = self._reached(people)
        return self.rows[what]

    def _look(self, word: str, name: str | None, staff: bool, department: str | None) -> tuple[Person, ...]:
        rulebook = self.situation.rulebook
        person = rulebook.person(name) if name else None
        if person is not None:
            return (person,)
        for people in _in_their_place(rulebook, word, staff, department):
            first = reach_first(rulebook, people, self.situation.now.date())
            if first is not None:
                return (first.instead_of or first.person,)
        return ()

    def _heads(self, person: Person) -> tuple[Person, ...]:
        """The head of somebody's department; of a head the manager, where there is one."""
        return self._once(("head", person.name), lambda: _above(self.situation.rulebook, person))

    def _once(self, what: tuple[object, ...], look: Callable[[], tuple[Person, ...]]) -> tuple[Person, ...]:
        if what not in self.found:
            self.found[what] = look()
        return self.found[what]

    def _reached(self, people: Iterable[Person]) -> tuple[Reached, ...]:
        known = tuple(dict.fromkeys(people))
        names = tuple(person.name for person in known)
        if names not in self.there:
            self.there[names] = reached(self.situation, known)
        return self.there[names]


def is_carried(clock: Clock, rung: Rung) -> bool:
    """Whether a rung tells those who carry the clock, and nobody above them."""
    return rung.to in NAMED_IN or rung.to in CARRIERS[clock]


def reached(situation: Situation, people: Iterable[Person]) -> tuple[Reached, ...]:
    """These people, or who stands in for them; nobody twice, somebody's own matter first."""
    found: dict[str, Reached] = {}
    for person in people:
        one = reach(situation.rulebook, person, situation.now.date())
        if one is not None and (one.person.mail not in found or one.instead_of is None):
            found[one.person.mail] = one
    return tuple(found.values())


def _in_their_place(rulebook: RuleBook, word: str, staff: bool, department: str | None) -> list[tuple[Person, ...]]:
    """Whom to ask where nobody is named, the likeliest first."""
    service, coordinators = rulebook.with_role(Role.SERVICE), rulebook.with_role(Role.COORDINATOR)
    leads = rulebook.with_role(Role.QUALITY_LEAD)
    if word == OWNER:
        return [rulebook.with_role(Role.HEAD, department) if department else (), coordinators, leads]
    if word == CONTACT:
        return [coordinators, service, leads] if staff else [service, coordinators, leads]
    return [coordinators, service, leads]


def _above(rulebook: RuleBook, person: Person) -> tuple[Person, ...]:
    heads = rulebook.with_role(Role.HEAD, person.department) if person.department else ()
    manager = rulebook.person(person.manager)
    if heads and person not in heads:
        return heads
    return (manager,) if manager is not None else heads
