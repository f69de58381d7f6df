"""What the first working day of a month brings: the month to whom 人员 says (M26), and its signals (M23, QT901). Pure.

A run that comes a few days late still brings it. What was told of a month is told once: its mails have one key a month.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from ...choices import Role
from ...fields import Field
from ...figures.month import Month
from ...figures.monthly_charts import MonthlyChart, Signal
from ...plan import Finding, Message, NewRow, Phrase, Plan, Severity
from ...plan.keys import MessageKey
from ...plan.mail_kinds import MailKind
from ...register import label_of
from ...texts import say
from ...texts.display import display
from ..mail_facts import insider
from ..rulebook import Person
from ..situation import Situation
from ..stand_in import Reached, reach
from .attention import Attention
from .changes import chart_name, say_signal
from .look import MonthLook
from .once import remembered, signals_to_tell

DAYS_LATE = 4
"""So many days after the first working day a run still tells the month."""

READERS = frozenset({Role.QUALITY_LEAD, Role.HEAD})
"""Who gets the month where 月报 says nothing."""

MOST_IDS = 12


def month_to_tell(situation: Situation) -> dt.date | None:
    """The first day of the month before, if this is the time to tell it."""
    today, calendar = situation.now.date(), situation.rulebook.calendar
    first = today.replace(day=1)
    while calendar is not None and calendar.standard_day_seconds and not calendar.segments_of(first):
        first += dt.timedelta(days=1)
        if first > today:
            return None
    if not first <= today <= first + dt.timedelta(days=DAYS_LATE):
        return None
    return (today.replace(day=1) - dt.timedelta(days=1)).replace(day=1)


def month_news(look: MonthLook) -> Plan:
    """The mails, findings and proposed improvements of a month that is over; nothing where the register was empty."""
    situation, month = look.situation, look.month
    if not month.this.flow.received.n and not month.this.flow.open.n and not month.this.flow.closed.n:
        return Plan()
    signals = signals_to_tell(situation, month)
    findings = tuple(_finding(chart, signal) for chart, signal in signals)
    warnings = tuple(_warnings(look, signals))
    plan = Plan(findings, messages=(*_months(look), *warnings)) + _improvements(situation, signals)
    return plan + remembered(situation, month, signals) if warnings else plan


def month_message(look: MonthLook, to: Reached) -> Message:
    """The month for one reader."""
    situation, month = look.situation, look.month
    language = situation.register.language
    facts: dict[str, Any] = {
        "month": f"{month.period.start:%Y-%m}",
        "to_do": [say(each, language) for each in look.to_do],
        "changes": [say(each, language) for each in look.changes],
        "figures": list(_counts(month, language)),
        "first": [_line(each, language) for each in look.attention],
        "register": situation.register.path,
        "instead_of": to.absent,
    }
    key = MessageKey.of_month(MailKind.MONTH, month.period.start, to.person.mail)
    return Message(key, MailKind.MONTH, None, (insider(to.person),), language, facts, because=Phrase("because.month"))


def readers(situation: Situation) -> tuple[Reached, ...]:
    """To whom the month goes: as 月报 says, else quality leads and heads; who is away is stood in for."""
    asked = (each for each in situation.rulebook.people if each.active and _reads(each))
    return _reached(situation, asked)


def _reads(person: Person) -> bool:
    return bool(READERS & set(person.roles)) if person.monthly is None else person.monthly


def _reached(situation: Situation, people: Iterable[Person]) -> tuple[Reached, ...]:
    found: dict[str, Reached] = {}
    for person in people:
        to = reach(situation.rulebook, person, situation.now.date())
        if to is not None and (to.person.mail not in found or to.instead_of is None):
            found[to.person.mail] = to
    return tuple(found.values())


def _months(look: MonthLook) -> Iterator[Message]:
    for to in readers(look.situation):
        message = month_message(look, to)
        if message.key not in look.situation.memory.sent:
            yield message


def _warnings(look: MonthLook, signals: tuple[tuple[MonthlyChart, Signal], ...]) -> Iterator[Message]:
    situation, language = look.situation, look.situation.register.language
    if not signals:
        return
    told = [{"what": say(say_signal(chart, each), language), "ids": ", ".join(each.ids[:MOST_IDS]),
             "more": max(0, len(each.ids) - MOST_IDS)} for chart, each in signals]  # fmt: skip
    month = look.month.period.start
    for to in _reached(situation, situation.rulebook.with_role(Role.QUALITY_LEAD)):
        key = MessageKey.of_month(MailKind.SIGNAL, month, to.person.mail)
        if key not in situation.memory.sent:
            facts = {"month": f"{month:%Y-%m}", "signals": told, "register": situation.register.path}
            facts["instead_of"] = to.absent
            because = Phrase("because.signal")
            yield Message(key, MailKind.SIGNAL, None, (insider(to.person),), language, facts, because=because)


def _finding(chart: MonthlyChart, signal: Signal) -> Finding:
    return Finding("QT901", Severity.INFO, facts=(("what", say_signal(chart, signal)), ("n", len(signal.ids))))


def _improvements(situation: Situation, signals: Iterable[tuple[MonthlyChart, Signal]]) -> Plan:
    """A proposed improvement for each signal that is bad news, once: not where 措施跟踪 has it, or cannot be read."""
    rulebook, language = situation.rulebook, situation.register.language
    if "actions" in rulebook.unread:
        return Plan()
    known = {row.text("text") for row in rulebook.logs.get("actions", ())}
    leads = rulebook.with_role(Role.QUALITY_LEAD)
    rows = []
    for chart, signal in signals:
        since = f"{signal.since.start:%Y-%m}"
        text = say(Phrase.of("month.improve", what=chart_name(chart), since=since), language)
        if signal.high and text not in known:
            values = {"kind": "improvement", "text": text, "owner": leads[0].name if leads else None}
            rows.append(NewRow("actions", "", f"signal/{chart.name}/{signal.rule}/{since}", values))
    return Plan(rows=tuple(rows))


def _counts(month: Month, language: str) -> Iterator[dict[str, str]]:
    this, before = month.this, month.before
    for name, figure, former in (
        ("received", this.flow.received, before.flow.received),
        ("closed", this.flow.closed, before.flow.closed),
        ("open", this.flow.open, before.flow.open),
        ("overdue", this.overdue, before.overdue),
    ):
        values = ["–" if each.value is None else f"{each.value:.0f}" for each in (figure, former)]
        yield {"label": say(Phrase(f"month.{name}"), language), "value": values[0], "before": values[1]}
    rates = (this.on_time_close, before.on_time_close)
    share = ["–" if each.value is None else f"{each.value * 100:.0f} %" for each in rates]
    yield {"label": say(Phrase("month.on_time_close"), language), "value": share[0], "before": share[1]}


def _line(each: Attention, language: str) -> dict[str, str]:
    def shown(field: Field) -> str:
        return display(label_of(field, each.value(field), language), language)

    return {
        "id": each.case.id,
        "title": shown(Field.TITLE),
        "level": shown(Field.LEVEL),
        "owner": shown(Field.OWNER),
        "late": f"{each.clock.label(language)} {each.span(language)}",
        "todo": say(each.todo(), language),
    }
