"""Step: transfers with their 转交单 (M03), failed verifications (M13), recurrence (M22). Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from ...choices import Clock, Level, Role, VerifyResult
from ...fields import Field
from ...plan import FormRequest, Memory, Message, Phrase, Plan, Severity
from ...register import Register, plain
from ..around.form_answers import handed_over, transfer_key
from ..clocks.times import after_limit, clock_times
from ..mail_facts import about, display, insider, limits, record_groups, row_texts
from ..propose import finding
from ..rulebook import Person, RuleBook
from ..standing import (
    cycles,
    equals,
    explained,
    has,
    history,
    in_cycle,
    incomplete,
    int_at,
    level_in,
    live,
    numbered,
    rows_by_id,
)

RECENT = pd.Timedelta(days=7)
"""A recurrence is reported while the newer feedback is at most this old."""


def follow_up(register: Register, rulebook: RuleBook, memory: Memory, now: dt.datetime) -> Plan:
    """Transfer mails with their forms, M13 to the owner and M22 to the quality lead."""
    quiet = register.frame.index.isin(list(register.quiet))
    rows = live(register) & numbered(register) & ~history(register, memory) & ~quiet
    return Plan.join(
        (
            _transfers(register, rulebook, memory, rows, now),
            _failed(register, rulebook, memory, rows, now),
            _recurrence(register, rulebook, memory, rows, now),
        )
    )


OWNERS_CLOCKS = (Clock.RESPOND, Clock.ACCEPT, Clock.CONTAIN, Clock.UPDATE, Clock.RESOLVE)
"""What an owner is told of in a mail about one feedback."""


def running_limits(
    register: Register, rulebook: RuleBook, memory: Memory, rows: Iterable[int], now: dt.datetime
) -> dict[int, dict[Clock, dt.datetime]]:
    """Worksheet row -> the owner's clocks that run, and when each is due."""
    rows = list(rows)
    table = clock_times(register, rulebook, now, memory) if rows else None
    if table is None:
        return {row: {} for row in rows}
    places = table.index.get_indexer(pd.Index(rows))
    return {
        row: {
            clock: plain(table[clock].due[place])
            for clock in OWNERS_CLOCKS
            if table[clock].running[place] and not np.isnat(table[clock].due[place])
        }
        for row, place in zip(rows, places.tolist(), strict=True)
    }


def _transfers(register: Register, rulebook: RuleBook, memory: Memory, rows: np.ndarray, now: dt.datetime) -> Plan:
    frame = register.frame
    ready = rows & has(register, Field.LEVEL) & has(register, Field.DEPARTMENT) & has(register, Field.OWNER)
    ready &= ~explained(register) & ~incomplete(register, rulebook)
    for done in (Field.TRANSFERRED_AT, Field.IMPLEMENTED_AT):
        ready &= ~in_cycle(register, memory, done)  # what was reopened is handed over once more
    accepted, over = in_cycle(register, memory, Field.ACCEPTED_AT), handed_over(register, rulebook, memory)
    ready &= ~accepted | over
    spoken = frozenset(frame.index[accepted])
    cycle = cycles(register, memory)
    messages, forms, findings = [], [], []
    known = running_limits(register, rulebook, memory, (int(r) for r in frame.index[ready]), now)
    for row, due in known.items():
        id, owner = register.value(row, Field.ID), rulebook.person(register.value(row, Field.OWNER))
        key = transfer_key(
            id, int_at(cycle, row), register.value(row, Field.DEPARTMENT), register.value(row, Field.OWNER)
        )
        if owner is not None and not owner.active:
            continue  # has left: QT144 asks for somebody else
        form = transfer_form(register, row, key)
        forms.append(form)
        if owner is None or not owner.mail:
            if row not in spoken:
                findings.append(finding(register, "QT333", Severity.WARNING, row, Field.OWNER))
        elif key not in memory.sent:
            messages.append(_transfer(register, rulebook, row, key, owner, form, due, now))
    return Plan(tuple(findings), messages=tuple(messages), forms=tuple(f for f in forms if f.key not in memory.made))


def _transfer(
    register: Register,
    rulebook: RuleBook,
    row: int,
    key: str,
    owner: Person,
    form: FormRequest,
    due: Mapping[Clock, dt.datetime],
    now: dt.datetime,
) -> Message:
    language = register.language
    accept_by = after_limit(rulebook, register.value(row, Field.LEVEL), Clock.ACCEPT, now)  # this mail starts it
    due = {**due, **({} if accept_by is None else {Clock.ACCEPT: accept_by})}
    urgent = bool(register.value(row, Field.LEVEL) == Level.URGENT)
    heads = rulebook.with_role(Role.HEAD, register.value(row, Field.DEPARTMENT)) if urgent else ()
    texts = row_texts(register, row, language, public=False)
    facts = about(
        register,
        rulebook,
        row,
        language,
        public=False,
        record=record_groups(register, row, language),
        why=texts[Field.LEVEL_REASON] or texts[Field.LEVEL],
        limits=limits(due, now, language),
        owner=owner.name,
        department=texts[Field.DEPARTMENT],
        level_code=str(register.value(row, Field.LEVEL)),
        form=str(form.facts["file"]),
    )
    cc = tuple(insider(head) for head in heads if head.mail and head.mail != owner.mail)
    return Message(
        key,
        "M03",
        str(register.value(row, Field.ID)),
        (insider(owner),),
        language,
        facts,
        cc=cc,
        forms=(form.key,),
        urgent=urgent,
        because=Phrase("because.assigned"),
    )


def transfer_form(register: Register, row: int, key: str) -> FormRequest:
    """The 转交单 of a row, with what the register holds now as the base of a later merge."""
    language = register.language
    id = str(register.value(row, Field.ID))
    texts = row_texts(register, row, language, public=False)
    planned = register.value(row, Field.PLANNED_AT)
    base = {str(Field.PLANNED_AT): "" if planned is None else planned.date().isoformat()}
    name = f"转交单-{id}.xlsx" if language == "zh" else f"transfer-{id}.xlsx"
    return FormRequest(
        key.replace("M03/", "transfer/", 1), "transfer", id, language, {**texts, "file": name, "base": base}
    )


def _failed(register: Register, rulebook: RuleBook, memory: Memory, rows: np.ndarray, now: dt.datetime) -> Plan:
    frame, language = register.frame, register.language
    messages = []
    failed = frame.index[rows & equals(register, Field.VERIFY_RESULT, VerifyResult.FAILED)]
    known = running_limits(register, rulebook, memory, (int(r) for r in failed), now)
    for row, due in known.items():
        owner = rulebook.person(register.value(row, Field.OWNER))
        at = register.value(row, Field.VERIFIED_AT)
        key = f"M13/{register.value(row, Field.ID)}/{display(at, 'en') or 'failed'}"
        if owner is None or not owner.mail or not owner.active or key in memory.sent:
            continue
        texts = row_texts(register, row, language, public=False)
        verify = {
            "method": texts[Field.VERIFY_METHOD],
            "verifier": texts[Field.VERIFIER],
            "at": texts[Field.VERIFIED_AT],
            "result": texts[Field.VERIFY_RESULT],
            "note": texts[Field.NOTES],
        }
        facts = about(
            register,
            rulebook,
            row,
            language,
            public=False,
            verify=verify,
            limits=limits(due, now, language),
            level_code=str(register.value(row, Field.LEVEL) or ""),
        )
        messages.append(
            Message(
                key,
                "M13",
                str(register.value(row, Field.ID)),
                (insider(owner),),
                language,
                facts,
                because=Phrase("because.verify_failed"),
            )
        )
    return Plan(messages=tuple(messages))


def _recurrence(register: Register, rulebook: RuleBook, memory: Memory, rows: np.ndarray, now: dt.datetime) -> Plan:
    lead = next((person for person in rulebook.with_role(Role.QUALITY_LEAD) if person.mail), None)
    if lead is None:
        return Plan()
    frame, language = register.frame, register.language
    recent = (frame[Field.RECEIVED_AT] >= now - RECENT).fillna(False).to_numpy(dtype=bool, copy=True)
    wanted = rows & recent & has(register, Field.RELATED) & level_in(register, Level.URGENT, Level.MAJOR)
    places = rows_by_id(register)
    messages = []
    for row in (int(r) for r in frame.index[wanted]):
        key = f"M22/{register.value(row, Field.ID)}"
        if key in memory.sent:
            continue
        earlier = [places[id] for id in str(register.value(row, Field.RELATED)).split("、") if id in places]
        if not earlier:
            continue
        related = [
            {
                "id": str(register.value(other, Field.ID)),
                "title": str(register.value(other, Field.TITLE) or ""),
                "received_at": display(register.value(other, Field.RECEIVED_AT), language),
            }
            for other in earlier
        ]
        facts = about(
            register,
            rulebook,
            row,
            language,
            public=False,
            related=related,
            why=str(register.value(row, Field.FAULT) or ""),
            level_code=str(register.value(row, Field.LEVEL) or ""),
        )
        messages.append(
            Message(
                key,
                "M22",
                str(register.value(row, Field.ID)),
                (insider(lead),),
                language,
                facts,
                because=Phrase("because.related"),
            )
        )
    return Plan(messages=tuple(messages))
