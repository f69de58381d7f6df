"""Step: reminders by the ladder of 升级阶梯: one digest a person a day, urgent rows also alone. Pure.

A digest is made of what is true at the moment, not of what changed, so that it can be made again and says the same.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..choices import Clock, ClockState, Level, ReplyState, Role
from ..fields import Field
from ..plan import Memory, Message, Phrase, Plan
from ..register import Register, label_of
from ..texts import say
from .clock_times import ClockTable, ClockTimes, clock_times
from .mail_facts import display, insider
from .propose import clean
from .rulebook import Limit, Person, RuleBook, Rung
from .standing import cycles, equals, has, live, numbered

REMINDED = (Clock.ASSESS, Clock.RESPOND, Clock.ACCEPT, Clock.CONTAIN, Clock.UPDATE, Clock.RESOLVE)
DAY = 86_400.0
Sections = dict[str, list[dict[str, Any]]]


@dataclass(slots=True)
class Inbox:
    """What one person is to hear of; `seen` keeps a matter of a row from being named twice."""

    person: Person
    sections: Sections = field(default_factory=dict)
    seen: set[tuple[int, str]] = field(default_factory=set)

    def add(self, section: str, row: int, mark: str, line: dict[str, Any]) -> None:
        if (row, mark) not in self.seen:
            self.seen.add((row, mark))
            self.sections.setdefault(section, []).append(line)


def remind(register: Register, rulebook: RuleBook, memory: Memory, now: dt.datetime) -> Plan:
    """M10: one digest a person (when `memory.digests`), and one mail per rung for urgent rows."""
    table = clock_times(register, rulebook, now, memory)
    if table is None:
        return Plan()
    active = live(register) & numbered(register) & ~table.paused & ~_snoozed(register, now)
    quiet = register.frame.index.isin(list(register.quiet))
    cycle = cycles(register, memory)
    inboxes: dict[str, Inbox] = {}
    urgent: dict[tuple[int, str], tuple[float, Message]] = {}
    for clock in REMINDED:
        times = table[clock]
        behind = np.isin(times.state, [ClockState.OVERDUE, ClockState.DUE_SOON]) & times.running & active & ~quiet
        for place in np.flatnonzero(behind):
            row = int(register.frame.index[place])
            for rung in _rungs(rulebook, register, row, times, int(place)):
                for person in _told(register, rulebook, row, clock, rung):
                    line = _line(register, row, clock, times, int(place), rulebook)
                    late = times.state[place] == ClockState.OVERDUE
                    section = "escalated" if rung.to != "owner" else "overdue" if late else "due_soon"
                    inbox = inboxes.setdefault(person.mail, Inbox(person))
                    inbox.add(section, row, clock, line)
                    if register.frame.at[row, Field.LEVEL] == Level.URGENT:
                        alone = _alone(register, row, clock, rung, person, section, line, int(cycle.at[row]))
                        worst = urgent.get((row, person.mail))
                        if worst is None or line["left"] < worst[0]:
                            urgent[row, person.mail] = (line["left"], alone)
    _accept_and_approve(register, rulebook, active, inboxes, table, now)
    mails = [mail for _, mail in urgent.values() if mail.key not in memory.sent]
    if not memory.digests or not _is_workday(rulebook, now):
        return Plan(messages=tuple(mails))
    return Plan(messages=(*_digests(register, memory, inboxes, now), *mails))


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


def _rungs(rulebook: RuleBook, register: Register, row: int, times: ClockTimes, place: int) -> list[Rung]:
    """The rungs that the clock has reached; of several for the same person's role, the highest."""
    level = register.frame.at[row, Field.LEVEL]
    left, share = float(times.left[place]), float(times.share[place])
    day = DAY if times.natural[place] else float(rulebook.calendar.standard_day_seconds if rulebook.calendar else DAY)
    reached: dict[str, Rung] = {}
    for rung in rulebook.ladder:
        if rung.level is not None and rung.level != level:
            continue
        if rung.share_left is not None:
            hit = left >= 0 and share <= rung.share_left
        else:
            hit = left < 0 and -left >= _seconds(rung.after, day)
        if hit:
            reached[rung.to] = rung
    return list(reached.values())


def _seconds(limit: Limit | None, day: float) -> float:
    if limit is None:
        return 0.0
    return limit.number * {"h": 3600.0, "wd": day, "d": DAY}[limit.unit]


def _told(register: Register, rulebook: RuleBook, row: int, clock: Clock, rung: Rung) -> list[Person]:
    frame = register.frame
    if rung.to == "owner":
        column = Field.ASSESSOR if clock is Clock.ASSESS else Field.OWNER
        person = rulebook.person(clean(frame.at[row, column]))
        people = (person,) if person is not None else rulebook.with_role(Role.COORDINATOR)[:1]
    elif rung.to == Role.HEAD:
        department = clean(frame.at[row, Field.DEPARTMENT])
        people = rulebook.with_role(Role.HEAD, department) if department else ()
    else:
        people = next((rulebook.with_role(role) for role in Role if role == rung.to), ())
    return [person for person in people if person.mail and person.active]


def _line(
    register: Register, row: int, clock: Clock, times: ClockTimes | None, place: int, rulebook: RuleBook
) -> dict[str, Any]:
    frame, language = register.frame, register.language

    def text(field: Field) -> str:
        return display(label_of(field, clean(frame.at[row, field]), language), language)

    line: dict[str, Any] = {
        "id": text(Field.ID),
        "product": f"{text(Field.PRODUCT)} {text(Field.MODEL)}".strip() or "–",
        "title": text(Field.TITLE),
        "level": text(Field.LEVEL),
        "level_code": str(clean(frame.at[row, Field.LEVEL]) or ""),
        "clock": clock.label(language),
        "owner": text(Field.OWNER),
        "department": text(Field.DEPARTMENT),
        "due": "",
        "late": "",
        "left": 0.0,
    }
    if times is not None and not np.isnat(times.due[place]):
        natural = bool(times.natural[place])
        day = DAY if natural or rulebook.calendar is None else float(rulebook.calendar.standard_day_seconds)
        left = float(times.left[place])
        line |= {"due": display(times.due[place], language), "late": _late(left, day, language), "left": left / day}
    return line


def _late(left: float, day: float, language: str) -> str:
    """`超 3 天`, `剩 4 小时`, `3 d late`, `4 h left`; working days and hours, whole numbers."""
    amount = abs(left)
    days, hours = int(amount // day), max(1, int(amount // 3600))
    unit = Phrase.of("time.days", n=days) if days else Phrase.of("time.hours", n=hours)
    return say(Phrase.of("time.late" if left < 0 else "time.left", amount=unit), language)


def _alone(
    register: Register,
    row: int,
    clock: Clock,
    rung: Rung,
    person: Person,
    section: str,
    line: dict[str, Any],
    cycle: int,
) -> Message:
    id = str(register.frame.at[row, Field.ID])
    key = f"M10U/{id}/{clock.value}/{rung.number}/{cycle}/{person.mail}"
    facts = {"sections": [{"key": section, "rows": [line]}]}
    return Message(
        key, "M10", id, (insider(person),), register.language, facts, urgent=True, because=Phrase("because.urgent")
    )


def _accept_and_approve(
    register: Register,
    rulebook: RuleBook,
    active: np.ndarray,
    inboxes: dict[str, Inbox],
    table: ClockTable,
    now: dt.datetime,
) -> None:
    """What waits for a person's word; a transfer of this very moment has its own mail."""
    frame = register.frame
    waiting = (
        active
        & (frame[Field.TRANSFERRED_AT] < now).fillna(False).to_numpy(dtype=bool, copy=True)
        & ~has(register, Field.ACCEPTED_AT)
    )
    waiting &= ~has(register, Field.IMPLEMENTED_AT)
    for place in np.flatnonzero(waiting):
        person = rulebook.person(clean(frame.iat[place, frame.columns.get_loc(Field.OWNER)]))
        if person is not None and person.mail:
            row = int(frame.index[place])
            inboxes.setdefault(person.mail, Inbox(person)).add(
                "to_accept",
                row,
                Clock.ACCEPT,
                _line(register, row, Clock.ACCEPT, table[Clock.ACCEPT], int(place), rulebook),
            )
    lead = next((person for person in rulebook.with_role(Role.QUALITY_LEAD) if person.mail), None)
    if lead is None:
        return
    for place in np.flatnonzero(active & equals(register, Field.REPLY_STATE, ReplyState.WAITING)):
        row = int(frame.index[place])
        inboxes.setdefault(lead.mail, Inbox(lead)).add(
            "to_approve",
            row,
            "approve",
            _line(register, row, Clock.RESOLVE, table[Clock.RESOLVE], int(place), rulebook),
        )


def _digests(register: Register, memory: Memory, inboxes: dict[str, Inbox], now: dt.datetime) -> list[Message]:
    messages = []
    for mail in sorted(inboxes):
        key = f"M10/{now:%Y-%m-%d}/{mail}"
        inbox = inboxes[mail]
        if key in memory.sent or not inbox.sections:
            continue
        sections = [
            {"key": name, "rows": sorted(rows, key=lambda line: (line["left"], line["id"]))}
            for name, rows in inbox.sections.items()
        ]
        messages.append(
            Message(
                key,
                "M10",
                None,
                (insider(inbox.person),),
                register.language,
                {"sections": sections, "register": register.path},
                because=Phrase("because.digest"),
            )
        )
    return messages
