"""The step that reminds, by the ladder of 升级阶梯: one digest a person a day, urgent rows also alone. Pure.

A digest is made of what is true at the moment, not of what changed, so that it can be made again and says the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ...choices import Clock, ClockState, Level, ReplyState, Role
from ...fields import Field
from ...plan import Message, Phrase, Plan
from ...plan.keys import MessageKey
from ...plan.mail_kinds import MailKind
from ...register import label_of
from ..case import Case, case_at, cases
from ..clocks.spans import say_span
from ..clocks.times import ClockTable, ClockTimes, clock_times
from ..mail_facts import display, insider
from ..rulebook import Limit, Person, RuleBook, Rung
from ..situation import Situation
from ..standing import Mask, assignable, equals, has, history, level_in, live, numbered, quiet

REMINDED = (Clock.ASSESS, Clock.RESPOND, Clock.ACCEPT, Clock.CONTAIN, Clock.UPDATE, Clock.RESOLVE)
DAY = 86_400.0
MOST_LINES = 50
"""A digest shows so many rows at the most; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Matter:
    """One line for a person: a clock of a row, with the days left of its limit (negative = late)."""

    left: float
    clock: Clock
    case: Case


@dataclass(slots=True)
class Inbox:
    """All lines for one person; `seen` keeps the same matter of a row from being listed twice."""

    person: Person
    sections: dict[str, list[Matter]] = field(default_factory=dict)
    seen: set[tuple[int, str]] = field(default_factory=set)

    def add(self, section: str, mark: str, matter: Matter) -> None:
        """Puts a matter into a section, unless the row has one of this mark already."""
        if (matter.case.row, mark) not in self.seen:
            self.seen.add((matter.case.row, mark))
            self.sections.setdefault(section, []).append(matter)


@dataclass(frozen=True, slots=True)
class Alert:
    """A separate mail about an urgent row; `mark` names the occasion, so that it goes once for each."""

    matter: Matter
    mark: str
    person: Person
    section: str


@dataclass(slots=True)
class Post:
    """Everything to be sent.

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


def remind(situation: Situation) -> Plan:
    """M10: one digest a person (when `memory.digests`), and one mail per rung, or lack of an owner, for urgent rows."""
    table = clock_times(situation)
    if table is None:
        return Plan()
    active = live(situation) & numbered(situation) & ~table.paused & ~_snoozed(situation) & ~quiet(situation)
    urgent = level_in(situation, Level.URGENT) & ~history(situation)
    digests = situation.memory.digests and _is_workday(situation)
    if not digests:
        active &= urgent
    # nobody gets today's digest twice: in later rounds nearly everybody has had it
    today, sent = situation.now.date(), situation.memory.sent
    had = frozenset(str(key.address) for key in sent if key.kind is MailKind.DIGEST and key.day == today)
    post = Post(urgent, had)
    for clock in REMINDED:
        _climb(situation, table, clock, active, post)
    _accept_and_approve(situation, table, active, post)
    for matter, person in _without_owner(situation, table, active):
        post.inbox(person).add("to_assign", "assign", matter)
        if urgent[matter.case.place]:
            post.alerts[matter.case.place, person.mail] = Alert(matter, "assign", person, "to_assign")
    alone = [mail for alert in post.alerts.values() if (mail := _alone(table, alert)) is not None]
    return Plan(messages=(*(_digests(situation, table, post) if digests else ()), *alone))


def _climb(situation: Situation, table: ClockTable, clock: Clock, active: Mask, post: Post) -> None:
    """Adds the rows that are due soon or overdue by a clock to the inboxes of those the ladder names."""
    times, urgent = table[clock], post.urgent
    late = times.stands(ClockState.OVERDUE)
    behind = (late | times.stands(ClockState.DUE_SOON)) & times.running & active
    day = np.where(times.natural, DAY, _day(situation.rulebook))
    for rung, mask in _rungs(situation, times, day):
        told = _tellers(situation, clock, rung)
        for place in np.flatnonzero(behind & mask).tolist():
            persons = [person for person in told(place) if urgent[place] or person.mail not in post.had]
            if not persons:
                continue
            matter = Matter(float(times.left[place] / day[place]), clock, case_at(situation, place))
            section = "escalated" if rung.to != "owner" else "overdue" if late[place] else "due_soon"
            for person in persons:
                post.inbox(person).add(section, clock.value, matter)
                worst = post.alerts.get((place, person.mail)) if urgent[place] else None
                if urgent[place] and (worst is None or matter.left < worst.matter.left):
                    post.alerts[place, person.mail] = Alert(matter, _rung_of(rung), person, section)


def _snoozed(situation: Situation) -> Mask:
    """提醒暂停至 holds a day in the future, or `stop`."""
    today = situation.now.date()
    return (
        situation.frame[Field.SNOOZE_UNTIL]
        .map(lambda value: value == "stop" or (isinstance(value, dt.date) and value > today), na_action="ignore")
        .fillna(False)
        .to_numpy(dtype=bool, copy=True)
    )


def _is_workday(situation: Situation) -> bool:
    start = np.array([np.datetime64(situation.now.date(), "s")])
    calendar = situation.rulebook.calendar
    return calendar is not None and float(calendar.working_between(start, start + np.timedelta64(1, "D"))[0]) > 0


def _day(rulebook: RuleBook) -> float:
    return DAY if rulebook.calendar is None else float(rulebook.calendar.standard_day_seconds)


def _rungs(situation: Situation, times: ClockTimes, day: npt.NDArray[np.float64]) -> list[tuple[Rung, Mask]]:
    """The rungs, highest first, and the rows that have reached them: of several to one role the highest counts."""
    reached: list[tuple[Rung, Mask]] = []
    for rung in situation.rulebook.ladder:
        if rung.share_left is not None:
            mask = (times.left >= 0) & (times.share <= rung.share_left)
        else:
            mask = (times.left < 0) & (-times.left >= _seconds(rung.after, day))
        if rung.level is not None:
            mask &= level_in(situation, rung.level)
        reached.append((rung, mask))
    return reached[::-1]


def _seconds(limit: Limit | None, day: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    if limit is None:
        return np.zeros(len(day))
    return limit.number * {"h": np.full(len(day), 3600.0), "wd": day, "d": np.full(len(day), DAY)}[limit.unit]


def _tellers(situation: Situation, clock: Clock, rung: Rung) -> Callable[[int], Sequence[Person]]:
    """Who is reminded of a row (by its place in the frame)."""
    frame, rulebook = situation.frame, situation.rulebook
    people = {person.name: person for person in rulebook.people if person.mail and person.active}
    if rung.to == "owner":
        column = frame[Field.ASSESSOR if clock is Clock.ASSESS else Field.OWNER].to_numpy()
        named = {person.name for person in rulebook.people}
        instead = [person for person in rulebook.with_role(Role.COORDINATOR)[:1] if person.mail]

        def owner(place: int) -> Sequence[Person]:
            name = column[place]
            return [people[name]] if name in people else [] if name in named else instead

        return owner
    if rung.to == Role.HEAD:
        departments = frame[Field.DEPARTMENT].to_numpy()
        heads: dict[str, list[Person]] = {}
        for person in rulebook.with_role(Role.HEAD):
            if person.mail:
                heads.setdefault(person.department, []).append(person)
        return lambda place: heads.get(departments[place], [])
    fixed = [p for role in Role if role == rung.to for p in rulebook.with_role(role) if p.mail]
    return lambda place: fixed


def _line(table: ClockTable, matter: Matter) -> dict[str, Any]:
    """A matter as a line of a digest."""
    case, place, times = matter.case, matter.case.place, table[matter.clock]
    language = case.situation.register.language

    def text(field: Field) -> str:
        return display(label_of(field, case.value(field), language), language)

    line: dict[str, Any] = {
        "id": text(Field.ID),
        "product": f"{text(Field.PRODUCT)} {text(Field.MODEL)}".strip() or "–",
        "title": text(Field.TITLE),
        "level": text(Field.LEVEL),
        "level_code": str(case.value(Field.LEVEL) or ""),
        "clock": matter.clock.label(language),
        "owner": text(Field.OWNER),
        "department": text(Field.DEPARTMENT),
        "due": "",
        "late": "",
    }
    if not np.isnat(times.due[place]):
        day = DAY if times.natural[place] else _day(case.situation.rulebook)
        left = float(times.left[place])
        line["due"] = display(times.due[place], language)
        if left == left:  # a clock that has stopped has nothing left: a reply may wait though the answer was given
            line["late"] = say_span(left, day, natural=bool(times.natural[place]), language=language)
    return line


def _alone(table: ClockTable, alert: Alert) -> Message | None:
    """The mail of an urgent row; None when it has gone."""
    case, person = alert.matter.case, alert.person
    register, sent = case.situation.register, case.situation.memory.sent
    key = MessageKey.of_urgent(case.id, alert.matter.clock.value, alert.mark, case.cycle, person.mail)
    if key in sent:
        return None
    facts = {"sections": [{"key": alert.section, "rows": [_line(table, alert.matter)]}], "register": register.path}
    because = Phrase("because.urgent")
    to = (insider(person),)
    return Message(key, MailKind.DIGEST, case.id, to, register.language, facts, urgent=True, because=because)


def _rung_of(rung: Rung) -> str:
    """What a rung is, such as `head+1wd`: inserting a rung must not send again what went out by the others."""
    if rung.share_left is not None:
        return f"{rung.to}-{rung.share_left:g}"
    return f"{rung.to}+{'0' if rung.after is None else f'{rung.after.number:g}{rung.after.unit}'}"


def _accept_and_approve(situation: Situation, table: ClockTable, active: Mask, post: Post) -> None:
    """What waits to be accepted or approved; a transfer made at this very moment has a mail of its own."""
    frame, rulebook = situation.frame, situation.rulebook
    handed = (frame[Field.TRANSFERRED_AT] < situation.now).fillna(False).to_numpy(dtype=bool)
    waiting = active & handed & ~has(situation, Field.ACCEPTED_AT) & ~has(situation, Field.IMPLEMENTED_AT)
    owners = frame[Field.OWNER].to_numpy()
    for place in np.flatnonzero(waiting).tolist():
        person = rulebook.person(owners[place])
        if person is not None and person.mail and person.active:
            matter = _matter(table, Clock.ACCEPT, case_at(situation, place))
            post.inbox(person).add("to_accept", Clock.ACCEPT.value, matter)
    lead = next((person for person in rulebook.with_role(Role.QUALITY_LEAD) if person.mail), None)
    if lead is not None:
        inbox = post.inbox(lead)
        for case in cases(situation, active & equals(situation, Field.REPLY_STATE, ReplyState.WAITING)):
            inbox.add("to_approve", "approve", _matter(table, Clock.RESOLVE, case))


def _matter(table: ClockTable, clock: Clock, case: Case) -> Matter:
    """A matter with the days left of a clock; 0 where the clock does not run."""
    left = float(table[clock].left[case.place])
    return Matter(0.0 if left != left else left / DAY, clock, case)


def _without_owner(situation: Situation, table: ClockTable, active: Mask) -> Iterator[tuple[Matter, Person]]:
    """What assignment found nobody for, and who has to name somebody."""
    if situation.rulebook.assignment is None:
        return
    waiting = active & assignable(situation) & ~has(situation, Field.TRANSFERRED_AT)
    waiting &= ~has(situation, Field.OWNER)
    departments = situation.frame[Field.DEPARTMENT].to_numpy()
    for case in cases(situation, waiting):
        matter = _matter(table, Clock.RESOLVE, case)
        for person in situation.rulebook.supervisors(departments[case.place], situation.now.date()):
            yield matter, person


def _digests(situation: Situation, table: ClockTable, post: Post) -> Iterator[Message]:
    register = situation.register
    for mail, inbox in sorted(post.inboxes.items()):
        key = MessageKey.of_day(MailKind.DIGEST, situation.now.date(), mail)
        if key in situation.memory.sent or not inbox.sections:
            continue
        sections = []
        for name, matters in inbox.sections.items():
            worst = sorted(matters, key=lambda matter: (matter.left, matter.case.row))
            lines = [_line(table, matter) for matter in worst[:MOST_LINES]]
            sections.append({"key": name, "rows": lines, "more": max(0, len(worst) - MOST_LINES)})
        facts = {"sections": sections, "register": register.path}
        because = Phrase("because.digest")
        to = (insider(inbox.person),)
        yield Message(key, MailKind.DIGEST, None, to, register.language, facts, because=because)
