"""Step: ask the reporter whether it is solved (M18, M19), the silence rule, telling of reopening (M20) and end (M21).

Pure. One request and one reminder per cycle; silence after both counts as no objection, and the reporter is told.
"""

from __future__ import annotations

import datetime as dt

import pandas as pd

from ...choices import Clock, CloseType, Confirmation, Level, ReplyType
from ...fields import Field
from ...plan import CellEdit, FactName, Memory, Message, Phrase, Plan, Recipient
from ...register import Register, is_missing
from ..clocks.times import after_limit
from ..mail_facts import display, reader_language, reporter, reporter_message
from ..propose import propose
from ..rulebook import RuleBook
from ..standing import (
    Mask,
    cycles,
    equals,
    has,
    history,
    int_at,
    level_in,
    live,
    moments_by_id,
    numbered,
    replied,
    rows_by_id,
)

CLOSED_NEWS_DAYS = 7
"""A closing older than this is no news: nobody is mailed about it."""


def confirm(register: Register, rulebook: RuleBook, memory: Memory, now: dt.datetime) -> Plan:
    """Confirmation mails, confirm_sent_at (A), the silence rule, news of reopening and closing."""
    cycle = cycles(register, memory)
    writable = numbered(register) & ~history(register, memory) & ~register.frame.index.isin(list(register.quiet))
    plan = _sent(register, memory, cycle)
    asked = live(register) & replied(register, memory) & writable & ~level_in(register, Level.MINOR)
    asked &= ~equals(register, Field.REPLY_TYPE, ReplyType.DECLINED) & ~has(register, Field.CONFIRMATION)
    plan += _requests(register, rulebook, memory, cycle, asked, now)
    plan += _closing_news(register, rulebook, memory, cycle, has(register, Field.CLOSED_AT) & writable, now)
    return plan + _reopening_news(register, rulebook, memory, cycle, live(register) & writable, now)


def _key(kind: str, register: Register, cycle: pd.Series, row: int) -> str:
    return f"{kind}/{register.value(row, Field.ID)}/{int_at(cycle, row)}"


def _sent(register: Register, memory: Memory, cycle: pd.Series) -> Plan:
    """confirm_sent_at: when M18 of this cycle went out."""
    places = rows_by_id(register)
    sent: dict[str, dt.datetime] = {}
    for key, item in memory.sent.items():
        if key.startswith("M18/") and item.at is not None and item.state in ("sent", "partial"):
            _, id, number = key.split("/", 2)
            if id in places and number == str(int_at(cycle, places[id])):
                sent[id] = item.at
    if not sent:
        return Plan()
    values = moments_by_id(register, sent)
    rows = values.notna().to_numpy() & ~has(register, Field.CLOSED_AT)
    return propose(register, memory, Field.CONFIRM_SENT_AT, values, Phrase("because.confirm_sent"), rows=rows)


def _requests(
    register: Register, rulebook: RuleBook, memory: Memory, cycle: pd.Series, asked: Mask, now: dt.datetime
) -> Plan:
    frame = register.frame
    messages: list[Message] = []
    edits: list[CellEdit] = []
    for row in (int(r) for r in frame.index[asked]):
        to = reporter(register, rulebook, row)
        owner = rulebook.person(register.value(row, Field.OWNER))
        if to is None or (owner is not None and owner.mail.lower() == to.mail.lower()):
            continue
        request, reminder = _key("M18", register, cycle, row), _key("M19", register, cycle, row)
        sent = memory.sent.get(request)
        if sent is None:
            if register.value(row, Field.REPLIED_AT).date() < now.date():  # a day for the reply to be read
                by = after_limit(rulebook, register.value(row, Field.LEVEL), Clock.CONFIRM, now)
                messages.append(_ask(register, rulebook, memory, row, "M18", request, to, by))
            continue
        level = register.value(row, Field.LEVEL)
        due = after_limit(rulebook, level, Clock.CONFIRM, sent.at)
        reminded = memory.sent.get(reminder)
        if reminded is None:
            if due is not None and now >= due:
                by = after_limit(rulebook, level, Clock.SILENCE, now)
                messages.append(_ask(register, rulebook, memory, row, "M19", reminder, to, by))
            continue
        silent = after_limit(rulebook, level, Clock.SILENCE, reminded.at)
        if silent is not None and now >= silent:
            edits.append(
                CellEdit(
                    row,
                    str(register.value(row, Field.ID)),
                    Field.CONFIRMATION,
                    None,
                    Confirmation.SILENT.value,
                    Phrase.of("because.silence", since=sent.at),
                )
            )
    return Plan(edits=tuple(edits), messages=tuple(messages))


def _ask(
    register: Register,
    rulebook: RuleBook,
    memory: Memory,
    row: int,
    kind: str,
    key: str,
    to: Recipient,
    by: dt.datetime | None,
) -> Message:
    shown = "" if by is None else display(dt.datetime.combine(by.date(), dt.time()), reader_language(register, row))
    return reporter_message(register, rulebook, memory, row, kind, key, to, Phrase("because.replied"), reply_by=shown)


def _closing_news(
    register: Register, rulebook: RuleBook, memory: Memory, cycle: pd.Series, closed: Mask, now: dt.datetime
) -> Plan:
    frame = register.frame
    recent = (
        (frame[Field.CLOSED_AT] >= now - dt.timedelta(days=CLOSED_NEWS_DAYS))
        .fillna(False)
        .to_numpy(dtype=bool, copy=True)
    )
    told = equals(register, Field.CLOSE_TYPE, CloseType.SOLVED, CloseType.EXPLAINED, CloseType.IMPROVEMENT)
    messages = []
    for row in (int(r) for r in frame.index[closed & recent & told]):
        key, to = _key("M21", register, cycle, row), reporter(register, rulebook, row)
        if key not in memory.sent and to is not None:
            silent = bool(register.value(row, Field.CONFIRMATION) == Confirmation.SILENT)
            messages.append(
                reporter_message(
                    register, rulebook, memory, row, "M21", key, to, Phrase("because.closed"), silent=silent
                )
            )
    return Plan(messages=tuple(messages))


def _reopening_news(
    register: Register, rulebook: RuleBook, memory: Memory, cycle: pd.Series, rows: Mask, now: dt.datetime
) -> Plan:
    messages = []
    for row in (int(r) for r in register.frame.index[rows & (cycle > 1).to_numpy()]):
        key, to = _key("M20", register, cycle, row), reporter(register, rulebook, row)
        if key not in memory.sent and to is not None and is_missing(register.value(row, Field.REPLIED_AT)):
            facts = {"times": int_at(cycle, row) - 1, **_promise(register, rulebook, memory, row, now)}
            because = Phrase("because.reopened")
            messages.append(reporter_message(register, rulebook, memory, row, "M20", key, to, because, **facts))
    return Plan(messages=tuple(messages))


def _promise(register: Register, rulebook: RuleBook, memory: Memory, row: int, now: dt.datetime) -> dict[str, str]:
    """The limit of the new reply, counted from the reopening; a mail does not promise what is past."""
    began = memory.fact(str(register.value(row, Field.ID)), FactName.REOPENED_AT)
    start = None if began is None else dt.datetime.fromisoformat(began)
    by = after_limit(rulebook, register.value(row, Field.LEVEL), Clock.RESOLVE, start)
    return {} if by is None or by <= now else {"reply_by": display(by, reader_language(register, row))}
