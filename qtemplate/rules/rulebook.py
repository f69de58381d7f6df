"""What the rule sheets say, as frozen data: tables, limits, ladder, calendar, people, products, dictionary, logs.

Pure data. `sheets.read_rulebook` makes it; the steps read it. A sheet that is missing or does not parse leaves its part
empty and a finding in `findings`; steps that need that part are skipped.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from ..choices import Clock, Gate, Level, Role, ScoreItem
from ..dmn.decision_table import DecisionTable
from ..plan import Finding
from ..register import CellRef
from .workdays import WorkCalendar

_EVERY, _UP, _GRAVE = frozenset(Level), frozenset(Level) - {Level.MINOR}, frozenset({Level.URGENT, Level.MAJOR})

DEFAULT_GATES: Mapping[Gate, frozenset[Level]] = {
    Gate.VALID: _EVERY,
    Gate.LEVEL: _EVERY,
    Gate.OVERRIDE: _EVERY,
    Gate.CONTAINMENT: _GRAVE,
    Gate.CAUSE: _UP,
    Gate.VERIFIED: _UP,
    Gate.PREVENTION: _GRAVE,
    Gate.REPLY: _EVERY,
    Gate.CONFIRMED: _UP,
    Gate.ASKED: _UP,
    Gate.WATCH: _GRAVE,
    Gate.ACTIONS: _UP,
    Gate.FOLLOWERS: _EVERY,
}
"""What has to hold before a feedback is closed, by level, where 关闭条件 does not say otherwise."""


class Limit(Struct, frozen=True):
    """A time limit: `unit` is `h` (working hours), `wd` (standard working days) or `d` (days)."""

    number: float
    unit: str


class Rung(Struct, frozen=True):
    """One step of 升级阶梯: who is reminded of a clock, and when.

    Attributes:
        level: Only for this level; None = every level.
        share_left: Due-soon rung: reminds when at most this share of the limit is left (0..1); None for overdue rungs.
        after: Overdue rung: reminds this long after the due time; None for due-soon rungs.
        to: `owner`, `contact`, `assessor`, or a `Role` code (`head`, `quality_lead`, …). `owner` on a rung for every
            clock means whoever carries the clock.
        number: 1-based order in the sheet; a row that names several is several rungs of one number.
        clocks: Only of these; empty = every clock.
    """

    number: int
    level: Level | None
    share_left: float | None
    after: Limit | None
    to: str
    clocks: tuple[Clock, ...] = ()

    def is_of(self, clock: Clock) -> bool:
        """Whether it tells of that clock."""
        return not self.clocks or clock in self.clocks


class Person(Struct, frozen=True):
    """A row of 人员; `monthly`: whether 月报 says that the month in figures goes there, None where it says nothing."""

    name: str
    mail: str
    department: str
    roles: tuple[Role, ...]
    manager: str
    deputy: str
    skills: tuple[str, ...]
    capacity: int | None
    away: tuple[tuple[dt.date, dt.date], ...]
    active: bool
    row: int
    monthly: bool | None = None

    def is_away(self, day: dt.date) -> bool:
        """Whether `day` lies in one of the absences (both ends included)."""
        return any(first <= day <= last for first, last in self.away)


class Product(Struct, frozen=True):
    """A row of 产品: a model of a product, its kind (`software` | `hardware`), and the pattern of its batch numbers."""

    product: str
    model: str
    kind: str
    batch_pattern: str
    row: int


class Volume(Struct, frozen=True):
    """A row of 产量: how many of a product, or of a model of it, were sold or in use in a month (its first day)."""

    product: str
    model: str
    month: dt.date
    number: float


class DeclaredPhase(Struct, frozen=True):
    """A row of 阶段: since that day things are different; for one product, or "" for all."""

    day: dt.date
    product: str
    why: str


class FieldRule(Struct, frozen=True):
    """A row of 数据字典: what a column (a field key or a team's own header) must be.

    Attributes:
        required: In every row; where only some need it, `condition` says which.
        unique_with: Columns that are unique together with this one.
        minimum, maximum: Of a number; earliest, latest: of a date.
        condition: A table of one rule; the column is required in the rows it matches.
    """

    field: str
    required: bool
    type: str  # "" | text | number | date | list
    allowed: str  # name of a list, "" = none
    pattern: str
    unique: bool
    minimum: float | None
    maximum: float | None
    severity: str  # error | warning | info
    row: int
    unique_with: tuple[str, ...] = ()
    earliest: dt.datetime | None = None
    latest: dt.datetime | None = None
    condition: DecisionTable | None = None


class Pause(Struct, frozen=True):
    """A row of 暂停记录; `end` None = still waiting."""

    id: str
    start: dt.datetime
    end: dt.datetime | None
    reason: str
    row: int
    where: CellRef | None = None  # the cell that names the feedback


class ContactEntry(Struct, frozen=True):
    """A row of 沟通记录.

    Attributes:
        direction: `out` or `in`.
        way: A ContactWay code or own text.
        final: Whether 是否最终答复 says so; None where it says nothing or the column is absent.
        where: The cell that names the feedback.
    """

    at: dt.datetime
    id: str
    direction: str
    way: str
    who: str
    summary: str
    row: int
    final: bool | None = None
    where: CellRef | None = None


class LogRow(Struct, frozen=True):
    """A row of one of the investigation's logs, such as 措施跟踪.

    Attributes:
        id: The feedback; "" for an action that belongs to none.
        values: Column key -> date or moment, the code of a word, else text; None for nothing.
        where: The cell that names the feedback.
    """

    id: str
    values: Mapping[str, Any]
    row: int
    where: CellRef | None = None

    def text(self, key: str) -> str:
        """A value as text, "" for nothing."""
        value = self.values.get(key)
        return "" if value is None else str(value)


class RuleBook(Struct, frozen=True):
    """All the rule sheets of one workbook.

    Attributes:
        grading, assignment, priority, points, checks: Decision tables bound to the register's fields (inputs are field
            keys or own headers, literals are codes); None when absent or broken.
        limits: (clock, level) -> limit; a clock that a level does not have is absent.
        lists: List name (field key for the product's own enumerations) -> {label: code}, teams' additions included.
        gates: Condition of closing -> the levels at which it is asked.
        scoring: Numbers of 评分设置; an item that it does not name goes by its default.
        logs: Layout key of a log of the investigation -> its rows, in sheet order.
        has_final: 沟通记录 has the column 是否最终答复.
        unread: Those of the logs whose sheet or headers are missing: empty then means unknown.
        sha256: Of the bytes the sheets were read from.
    """

    grading: DecisionTable | None = None
    assignment: DecisionTable | None = None
    priority: DecisionTable | None = None
    points: DecisionTable | None = None
    checks: DecisionTable | None = None
    limits: Mapping[tuple[Clock, Level], Limit] = field(default_factory=dict)
    gates: Mapping[Gate, frozenset[Level]] = field(default_factory=lambda: DEFAULT_GATES)
    ladder: tuple[Rung, ...] = ()
    calendar: WorkCalendar | None = None
    people: tuple[Person, ...] = ()
    products: tuple[Product, ...] = ()
    dictionary: tuple[FieldRule, ...] = ()
    lists: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    faults: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pauses: tuple[Pause, ...] = ()
    contacts: tuple[ContactEntry, ...] = ()
    logs: Mapping[str, tuple[LogRow, ...]] = field(default_factory=dict)
    scoring: Mapping[ScoreItem, float] = field(default_factory=dict)
    volumes: tuple[Volume, ...] = ()
    phases: tuple[DeclaredPhase, ...] = ()
    has_final: bool = False
    findings: tuple[Finding, ...] = ()
    unread: frozenset[str] = frozenset()
    sha256: str = ""

    def person(self, name: str | None) -> Person | None:
        """The person of that name, or None."""
        return next((p for p in self.people if p.name == name), None)

    def is_inside(self, mail: str) -> bool:
        """Whether an address is that of an active person; everybody else is an outsider."""
        return any(p.active and p.mail.lower() == mail.lower() for p in self.people if p.mail)

    def supervisors(self, department: str | None, day: dt.date) -> tuple[Person, ...]:
        """Who decides where a department has nobody to take a feedback: its heads' managers, else the quality leads.

        Only people who are there and can be reached by mail.
        """
        managers = [self.person(head.manager) for head in self.with_role(Role.HEAD, department)] if department else []
        there = [p for p in managers if p is not None and p.active and p.mail and not p.is_away(day)]
        leads = [p for p in self.with_role(Role.QUALITY_LEAD) if p.mail]
        return tuple(dict.fromkeys(there or [p for p in leads if not p.is_away(day)] or leads))

    def with_role(self, role: Role, department: str | None = None) -> tuple[Person, ...]:
        """Active people in a role, optionally of one department, in sheet order."""
        return tuple(
            p
            for p in self.people
            if p.active and role in p.roles and (department is None or p.department == department)
        )
