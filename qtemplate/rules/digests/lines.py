"""The lines of a digest: one a feedback, escalations folded to one a person who is late. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from msgspec import Struct, field

from ...choices import Clock
from ...fields import Field
from ...plan import Phrase
from ...register import label_of
from ...texts import say
from ...texts.display import display
from ..case import Case
from ..clocks.spans import say_span
from ..clocks.times import ClockTable
from ..likeness.similar_cases import similar_cases
from ..rulebook import Person, RuleBook
from ..workdays import DAY
from .call_sheet import Calls, reply_facts
from .inboxes import APPROVE, BACK, ESCALATED, LEFT, Entry, Inbox, Matter

MOST_LINES = 50
"""A section of a digest shows so many lines at the most; the rest is counted."""

MOST_IDS = 10
"""So many numbers stand in a folded line."""


class Lines(Struct, frozen=True):
    """Puts matters into lines.

    Attributes:
        table: The clocks.
        calls: The calls to be made.
        callers: Row -> the addresses of those who have to make the call.
    """

    table: ClockTable
    calls: Calls
    callers: dict[int, frozenset[str]] = field(default_factory=dict)

    def sections(self, inbox: Inbox) -> list[dict[str, Any]]:
        """The sections of a person's digest."""
        made = []
        for name, entries in inbox.sections().items():
            lines = self._folded(entries) if name == ESCALATED else self._plain(name, entries, inbox.person)
            made.append(_section(name, lines))
        made += [_section(name, lines) for name, lines in ((LEFT, inbox.left), (BACK, inbox.back)) if lines]
        return made

    def line(self, section: str, entry: Entry, to: Person) -> dict[str, Any]:
        """The line of one feedback for one person."""
        matter, case = entry.matter, entry.matter.case
        language = case.situation.register.language
        made = self._facts(matter)
        todo = (*entry.todo, *_teachers(matter))
        made["todo"] = say(Phrase("todo.and"), language).join(dict.fromkeys(say(each, language) for each in todo))
        if matter.instead_of is not None:
            made["instead_of"] = matter.instead_of.name
        if section == APPROVE:
            made["reply"] = reply_facts(case)
        elif to.mail in self.callers.get(case.row, ()):
            made["call"] = self.calls.sheet(case)
        return made

    def _plain(self, section: str, entries: Sequence[Entry], to: Person) -> list[dict[str, Any]]:
        return [self.line(section, entry, to) if at < MOST_LINES else {} for at, entry in enumerate(entries)]

    def _folded(self, entries: Sequence[Entry]) -> list[dict[str, Any]]:
        """One line a responsible person or department: how many, the worst of them, and all their numbers."""
        groups: dict[tuple[str, str], list[Matter]] = {}
        for entry in entries:
            groups.setdefault(_responsible(entry.matter), []).append(entry.matter)
        lines = []
        for (name, department), matters in groups.items():
            worst = matters[0]
            line = self._facts(worst) | {"owner": name, "department": department, "count": len(matters)}
            if worst.instead_of is not None:
                line["instead_of"] = worst.instead_of.name
            lines.append(line | {"ids": folded_ids([matter.case.id for matter in matters])})
        return lines

    def _facts(self, matter: Matter) -> dict[str, Any]:
        case, place, times = matter.case, matter.case.place, self.table[matter.clock]
        language = case.situation.register.language
        line: dict[str, Any] = {**case_facts(case), "clock": matter.clock.label(language)}
        if not np.isnat(times.due[place]):
            natural, left = bool(times.natural[place]), float(times.left[place])
            day = DAY if natural else standard_day(case.situation.rulebook)
            # a clock that has stopped has nothing left: a reply may wait for approval although the answer was given
            late = "" if left != left else say_span(left, day, natural=natural, language=language)
            line |= {"due": display(times.due[place], language), "late": late}
        return line


def _teachers(matter: Matter) -> Iterator[Phrase]:
    """The earlier cases that whoever assesses this one may look at."""
    if matter.clock is Clock.ASSESS:
        ids = tuple(other.case.id for other in similar_cases(matter.case))
        if ids:
            yield Phrase.of("todo.similar", ids=ids)


def case_facts(case: Case) -> dict[str, Any]:
    """Which feedback it is."""
    language = case.situation.register.language

    def text(field: Field) -> str:
        return display(label_of(field, case.value(field), language), language)

    return {
        "id": text(Field.ID),
        "product": f"{text(Field.PRODUCT)} {text(Field.MODEL)}".strip() or "–",
        "title": text(Field.TITLE),
        "level": text(Field.LEVEL),
        "level_code": str(case.value(Field.LEVEL) or ""),
        "clock": "",
        "owner": text(Field.OWNER),
        "department": text(Field.DEPARTMENT),
        "due": "",
        "late": "",
    }


def folded_ids(ids: Iterable[str]) -> list[str]:
    """The numbers of a folded line; what is left out ends in …"""
    known = list(ids)
    return known if len(known) <= MOST_IDS else [*known[:MOST_IDS], "…"]


def standard_day(rulebook: RuleBook) -> float:
    """Seconds of a standard working day."""
    return float(DAY) if rulebook.calendar is None else float(rulebook.calendar.standard_day_seconds)


def _section(name: str, lines: list[dict[str, Any]]) -> dict[str, Any]:
    left_out = sum(int(line.get("count", 1)) for line in lines[MOST_LINES:])
    return {"key": name, "rows": lines[:MOST_LINES], "more": left_out}


def _responsible(matter: Matter) -> tuple[str, str]:
    if matter.of is not None:
        return matter.of.name, matter.of.department
    case = matter.case
    return str(case.value(Field.OWNER) or ""), str(case.value(Field.DEPARTMENT) or "")
