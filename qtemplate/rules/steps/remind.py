"""Step: reminders by the ladder of 升级阶梯: one digest a person a day, urgent rows also alone. Pure.

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
from ...plan import Memory, Message, Phrase, Plan
from ...register import Register, label_of
from ...texts import say
from ..clocks.times import ClockTable, ClockTimes, clock_times
from ..mail_facts import display, insider
from ..rulebook import Limit, Person, RuleBook, Rung
from ..standing import Mask, assignable, cycles, equals, has, history, int_at, level_in, live, numbered

REMINDED = (Clock.ASSESS, Clock.RESPOND, Clock.ACCEPT, Clock.CONTAIN, Clock.UPDATE, Clock.RESOLVE)
DAY = 86_400.0
MOST_LINES = 50
"""A digest shows so many rows at the most; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing a person is to hear of: a clock of a row, with the days left of its limit (negative = late)."""

    left: float
    row: int
    clock: Clock
    place: int


@dataclass(slots=True)
class Inbox:
    """What one person is to hear of; `seen` keeps a matter of a row from being named twice."""

    person: Person
    sections: dict[str, list[Matter]] = field(default_factory=dict)
    seen: set[tuple[int, str]] = field(default_factory=set)

    def add(self, section: str, mark: str, matter: Matter) -> None:
        if (matter.row, mark) not in self.seen:
            self.seen.add((matter.row, mark))
            self.sections.setdefault(section, []).append(matter)


def remind(register: Register, rulebook: RuleBook, memory: Memory, now: dt.datetime) -> Plan:
    """M10: one digest a person (when `memory.digests`), and one mail per rung, or lack of an owner, for urgent rows."""
    table = clock_times(register, rulebook, now, memory)
    if table is None:
        return Plan()
    quiet = register.frame.index.isin(list(register.quiet))
    active = live(register) & numbered(register) & ~table.paused & ~_snoozed(register, now) & ~quiet
    cycle = cycles(register, memory)
    inboxes: dict[str, Inbox] = {}
    urgent: dict[tuple[int, str], tuple[Matter, str, Person, str]] = {}
    is_urgent = level_in(register, Level.URGENT) & ~history(register, memory)
    digests = memory.digests and _is_workday(rulebook, now)
    if not digests:
        active &= is_urgent
    rows = register.frame.index.to_numpy()
    # who has had today's digest is told no more of what is in it: in the later rounds of a run that is nearly everybody
    today = digest_key(now, "")
    had = {key.removeprefix(today) for key in memory.sent if key.startswith(today)}
    for clock in REMINDED:
        times = table[clock]
        late = times.stands(ClockState.OVERDUE)
        behind = (late | times.stands(ClockState.DUE_SOON)) & times.running & active
        day = np.where(times.natural, DAY, _day(rulebook))
        for rung, mask in _rungs(rulebook, register, times, day):
            told = _tellers(register, rulebook, clock, rung)
            for place in np.flatnonzero(behind & mask).tolist():
                persons = [person for person in told(place) if is_urgent[place] or person.mail not in had]
                if not persons:
                    continue
                matter = Matter(float(times.left[place] / day[place]), int(rows[place]), clock, place)
                section = "escalated" if rung.to != "owner" else "overdue" if late[place] else "due_soon"
                for person in persons:
                    inboxes.setdefault(person.mail, Inbox(person)).add(section, clock.value, matter)
                    worst = urgent.get((place, person.mail)) if is_urgent[place] else None
                    if is_urgent[place] and (worst is None or matter.left < worst[0].left):
                        urgent[place, person.mail] = (matter, _rung_of(rung), person, section)
    _accept_and_approve(register, rulebook, active, inboxes, table, now)
    for matter, person in _without_owner(register, rulebook, active, table, now):
        inboxes.setdefault(person.mail, Inbox(person)).add("to_assign", "assign", matter)
        if is_urgent[matter.place]:
            urgent[matter.place, person.mail] = (matter, "assign", person, "to_assign")
    mails = [_alone(register, rulebook, table, *item, int_at(cycle, item[0].row), memory) for item in urgent.values()]
    messages = [mail for mail in mails if mail is not None]
    if digests:
        messages = [*_digests(register, rulebook, table, memory, inboxes, now), *messages]
    return Plan(messages=tuple(messages))


def digest_key(now: dt.datetime, mail: str) -> str:
    """The key of a person's digest of the day."""
    return f"M10/{now:%Y-%m-%d}/{mail}"


def _snoozed(register: Register, now: dt.datetime) -> np.ndarray:
    """提醒暂停至: a day in the future, or the word for stop."""
    return (
        register.frame[Field.SNOOZE_UNTIL]
        .map(lambda value: value == "stop" or (isinstance(value, dt.date) and value > now.date()), na_action="ignore")
        .fillna(False)
        .to_numpy(dtype=bool, copy=True)
    )


def _is_workday(rulebook: RuleBook, now: dt.datetime) -> bool:
    start = np.array([np.datetime64(now.date(), "s")])
    calendar = rulebook.calendar
    return calendar is not None and float(calendar.working_between(start, start + np.timedelta64(1, "D"))[0]) > 0


def _day(rulebook: RuleBook) -> float:
    return DAY if rulebook.calendar is None else float(rulebook.calendar.standard_day_seconds)


def _rungs(
    rulebook: RuleBook, register: Register, times: ClockTimes, day: npt.NDArray[np.float64]
) -> list[tuple[Rung, Mask]]:
    """The rungs and the rows that have reached them; of several rungs to one role the highest is the last."""
    reached: list[tuple[Rung, Mask]] = []
    for rung in rulebook.ladder:
        if rung.share_left is not None:
            mask = (times.left >= 0) & (times.share <= rung.share_left)
        else:
            mask = (times.left < 0) & (-times.left >= _seconds(rung.after, day))
        if rung.level is not None:
            mask &= level_in(register, rung.level)
        reached.append((rung, mask))
    return reached[::-1]


def _seconds(limit: Limit | None, day: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    if limit is None:
        return np.zeros(len(day))
    return limit.number * {"h": np.full(len(day), 3600.0), "wd": day, "d": np.full(len(day), DAY)}[limit.unit]


def _tellers(register: Register, rulebook: RuleBook, clock: Clock, rung: Rung) -> Callable[[int], Sequence[Person]]:
    """Who is told of a row (by its place in the frame)."""
    people = {person.name: person for person in rulebook.people if person.mail and person.active}
    if rung.to == "owner":
        column = register.frame[Field.ASSESSOR if clock is Clock.ASSESS else Field.OWNER].to_numpy()
        named = {person.name for person in rulebook.people}
        instead = [person for person in rulebook.with_role(Role.COORDINATOR)[:1] if person.mail]

        def owner(place: int) -> Sequence[Person]:
            name = column[place]
            return [people[name]] if name in people else [] if name in named else instead

        return owner
    if rung.to == Role.HEAD:
        departments = register.frame[Field.DEPARTMENT].to_numpy()
        heads: dict[str, list[Person]] = {}
        for person in rulebook.with_role(Role.HEAD):
            if person.mail:
                heads.setdefault(person.department, []).append(person)
        return lambda place: heads.get(departments[place], [])
    fixed = [p for role in Role if role == rung.to for p in rulebook.with_role(role) if p.mail]
    return lambda place: fixed


def _line(register: Register, rulebook: RuleBook, table: ClockTable, matter: Matter) -> dict[str, Any]:
    """A matter as a line of a digest."""
    language, row, place, times = register.language, matter.row, matter.place, table[matter.clock]

    def text(field: Field) -> str:
        return display(label_of(field, register.value(row, field), language), language)

    line: dict[str, Any] = {
        "id": text(Field.ID),
        "product": f"{text(Field.PRODUCT)} {text(Field.MODEL)}".strip() or "–",
        "title": text(Field.TITLE),
        "level": text(Field.LEVEL),
        "level_code": str(register.value(row, Field.LEVEL) or ""),
        "clock": matter.clock.label(language),
        "owner": text(Field.OWNER),
        "department": text(Field.DEPARTMENT),
        "due": "",
        "late": "",
    }
    if not np.isnat(times.due[place]):
        day = DAY if times.natural[place] else _day(rulebook)
        left = float(times.left[place])
        # a clock that has stopped has nothing left: a reply may wait for approval although the answer was given
        line |= {"due": display(times.due[place], language), "late": "" if left != left else _late(left, day, language)}
    return line


def _late(left: float, day: float, language: str) -> str:
    """`超 3 天`, `剩 4 小时`, `3 d late`, `4 h left`; working days and hours, whole numbers."""
    if left == 0:
        return say(Phrase("time.due_now"), language)
    amount = abs(left)
    days, hours = int(amount // day), max(1, int(amount // 3600))
    unit = Phrase.of("time.days", n=days) if days else Phrase.of("time.hours", n=hours)
    return say(Phrase.of("time.late" if left < 0 else "time.left", amount=unit), language)


def _alone(
    register: Register,
    rulebook: RuleBook,
    table: ClockTable,
    matter: Matter,
    mark: str,
    person: Person,
    section: str,
    cycle: int,
    memory: Memory,
) -> Message | None:
    id = str(register.value(matter.row, Field.ID))
    key = f"M10U/{id}/{matter.clock.value}/{mark}/{cycle}/{person.mail}"
    if key in memory.sent:
        return None
    facts = {
        "sections": [{"key": section, "rows": [_line(register, rulebook, table, matter)]}],
        "register": register.path,
    }
    because = Phrase("because.urgent")
    return Message(key, "M10", id, (insider(person),), register.language, facts, urgent=True, because=because)


def _rung_of(rung: Rung) -> str:
    """What a rung is, such as `head+1wd`: a row put into the ladder must not send again what went by the others."""
    if rung.share_left is not None:
        return f"{rung.to}-{rung.share_left:g}"
    return f"{rung.to}+{'0' if rung.after is None else f'{rung.after.number:g}{rung.after.unit}'}"


def _accept_and_approve(
    register: Register,
    rulebook: RuleBook,
    active: Mask,
    inboxes: dict[str, Inbox],
    table: ClockTable,
    now: dt.datetime,
) -> None:
    """What waits for a person's word; a transfer of this very moment has its own mail."""
    rows = register.frame.index.to_numpy()

    def matter(clock: Clock, place: int) -> Matter:
        left = float(table[clock].left[place])
        return Matter(0.0 if left != left else left / DAY, int(rows[place]), clock, place)

    handed = (register.frame[Field.TRANSFERRED_AT] < now).fillna(False).to_numpy(dtype=bool)
    waiting = active & handed & ~has(register, Field.ACCEPTED_AT) & ~has(register, Field.IMPLEMENTED_AT)
    owners = register.frame[Field.OWNER].to_numpy()
    for place in np.flatnonzero(waiting).tolist():
        person = rulebook.person(owners[place])
        if person is not None and person.mail and person.active:
            inbox = inboxes.setdefault(person.mail, Inbox(person))
            inbox.add("to_accept", Clock.ACCEPT.value, matter(Clock.ACCEPT, place))
    lead = next((person for person in rulebook.with_role(Role.QUALITY_LEAD) if person.mail), None)
    if lead is not None:
        inbox = inboxes.setdefault(lead.mail, Inbox(lead))
        for place in np.flatnonzero(active & equals(register, Field.REPLY_STATE, ReplyState.WAITING)).tolist():
            inbox.add("to_approve", "approve", matter(Clock.RESOLVE, place))


def _without_owner(
    register: Register, rulebook: RuleBook, active: Mask, table: ClockTable, now: dt.datetime
) -> Iterator[tuple[Matter, Person]]:
    """What assignment found nobody for, and who has to name somebody."""
    if rulebook.assignment is None:
        return
    waiting = active & assignable(register, rulebook) & ~has(register, Field.TRANSFERRED_AT)
    waiting &= ~has(register, Field.OWNER)
    departments, rows = register.frame[Field.DEPARTMENT].to_numpy(), register.frame.index.to_numpy()
    for place in np.flatnonzero(waiting).tolist():
        left = float(table[Clock.RESOLVE].left[place])
        matter = Matter(0.0 if left != left else left / DAY, int(rows[place]), Clock.RESOLVE, place)
        for person in rulebook.supervisors(departments[place], now.date()):
            yield matter, person


def _digests(
    register: Register,
    rulebook: RuleBook,
    table: ClockTable,
    memory: Memory,
    inboxes: dict[str, Inbox],
    now: dt.datetime,
) -> list[Message]:
    messages = []
    for mail, inbox in sorted(inboxes.items()):
        key = digest_key(now, mail)
        if key in memory.sent or not inbox.sections:
            continue
        sections = []
        for name, matters in inbox.sections.items():
            worst = sorted(matters, key=lambda matter: (matter.left, matter.row))
            lines = [_line(register, rulebook, table, matter) for matter in worst[:MOST_LINES]]
            sections.append({"key": name, "rows": lines, "more": max(0, len(worst) - MOST_LINES)})
        facts = {"sections": sections, "register": register.path}
        because = Phrase("because.digest")
        messages.append(Message(key, "M10", None, (insider(inbox.person),), register.language, facts, because=because))
    return messages
