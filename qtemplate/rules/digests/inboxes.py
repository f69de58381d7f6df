"""What each person is told: one line a feedback, under the heading that asks most of them. Pure."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, field

from ...choices import Clock
from ...plan import Phrase
from ..case import Case
from ..rulebook import Person
from ..stand_in import Reached
from ..standing import Mask

APPROVE, OVERDUE, ESCALATED, SOON = "to_approve", "overdue", "escalated", "due_soon"
COMPLETE, CALL, ASSIGN, ACCEPT, VERIFY = "to_complete", "to_call", "to_assign", "to_accept", "to_verify"
LOW, ACT, LEFT, BACK, READ, REVISE = "low_score", "to_act", "left", "back", "to_read", "to_revise"
STRONGEST = (APPROVE, READ, REVISE, LOW, OVERDUE, ASSIGN, ACT, SOON, COMPLETE, CALL, ACCEPT, VERIFY, ESCALATED)
"""Where a feedback stands that a person is told of for several reasons; in the mail 升级到您 follows 已超时."""


class Matter(Struct, frozen=True):
    """One thing a person is told: a clock of a row, with the days left of its limit (negative = late).

    Attributes:
        left: Days of the limit.
        clock: Which one.
        case: The row.
        todo: What is asked of them.
        of: Who carries the clock, where it is escalated to somebody else.
        instead_of: For whom they stand in.
    """

    left: float
    clock: Clock
    case: Case
    todo: Phrase
    of: Person | None = None
    instead_of: Person | None = None


class Entry(Struct):
    """The line of one feedback: where it stands, its worst matter there, and all that is to be done."""

    section: str
    matter: Matter
    todo: list[Phrase]


class Inbox(Struct):
    """What one person is told.

    Attributes:
        person: Who.
        lines: Worksheet row -> its line.
        left: Lines about people who have left.
        back: Lines about what happened while the person was away.
        seen: Keeps a matter of a row from being named twice.
    """

    person: Person
    lines: dict[int, Entry] = field(default_factory=dict)
    left: list[dict[str, Any]] = field(default_factory=list)
    back: list[dict[str, Any]] = field(default_factory=list)
    seen: set[tuple[int, str]] = field(default_factory=set)

    def add(self, section: str, mark: str, matter: Matter) -> None:
        """Puts a matter into the line of its row, unless the row has one of this mark already."""
        row = matter.case.row
        if (row, mark) in self.seen:
            return
        self.seen.add((row, mark))
        line = self.lines.get(row)
        if line is None:
            self.lines[row] = Entry(section, matter, [matter.todo])
            return
        rank, known = STRONGEST.index(section), STRONGEST.index(line.section)
        if rank < known or (rank == known and matter.left < line.matter.left):
            line.section, line.matter = section, matter
            line.todo.insert(0, matter.todo)
        else:
            line.todo.append(matter.todo)

    def sections(self) -> dict[str, list[Entry]]:
        """Section -> its lines, the worst first."""
        found: dict[str, list[Entry]] = {}
        for line in sorted(self.lines.values(), key=lambda line: (line.matter.left, line.matter.case.row)):
            found.setdefault(line.section, []).append(line)
        return found


class Alert(Struct, frozen=True):
    """An urgent row's mail of its own; `mark` says for what it goes, so that it goes once for that."""

    matter: Matter
    mark: str
    person: Person
    section: str


class Post(Struct):
    """All that is to be said.

    Attributes:
        urgent: Rows that also get mails of their own.
        had: Addresses whose digest of the day has gone.
        inboxes: By address.
        alerts: By position in the frame and address.
    """

    urgent: Mask
    had: frozenset[str]
    inboxes: dict[str, Inbox] = field(default_factory=dict)
    alerts: dict[tuple[int, str], Alert] = field(default_factory=dict)

    def inbox(self, person: Person) -> Inbox:
        """The person's inbox."""
        return self.inboxes.setdefault(person.mail, Inbox(person))

    def wants(self, place: int, to: Reached) -> bool:
        """Whether there is still somebody to tell: in later rounds nearly everybody has had the digest of the day."""
        return bool(self.urgent[place]) or to.person.mail not in self.had
