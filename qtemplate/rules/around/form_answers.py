"""What returned transfer forms say, worked into the register: acceptance, planned date, hand-backs. Pure.

A planned date is merged three ways: it goes in only where the cell is still what the form was made with; where somebody
wrote another date meanwhile, theirs stays and a finding shows both. An answer to an earlier transfer changes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...fields import Field
from ...plan import CellEdit, FactName, Finding, Memory, NewRow, Phrase, Plan, Remember, Severity
from ...register import Register, is_missing
from ...texts import say
from ..propose import finding
from ..rulebook import RuleBook
from ..standing import Mask, cycles, equals, explained, history, in_cycle, int_at, live, rows_by_id

WENT = ("sent", "partial")


def transfer_key(id: object, cycle: int, department: object, owner: object) -> str:
    """What identifies a transfer: the feedback, its cycle and who gets it."""
    return f"M03/{id}/{cycle}/{department}/{owner}"


def transfer_of(register: Register, memory: Memory, row: int) -> str:
    """Key of the transfer that the row's department and owner stand for."""
    id, department, owner = (register.value(row, key) for key in (Field.ID, Field.DEPARTMENT, Field.OWNER))
    return transfer_key(id, int_at(cycles(register, memory), row), department, owner)


def returned_keys(memory: Memory) -> frozenset[str]:
    """Transfers that came back."""
    return frozenset(key for kept in memory.facts_named(FactName.RETURNED_TRANSFERS).values() for key, _ in kept)


def handed_over(register: Register, rulebook: RuleBook, memory: Memory) -> Mask:
    """Open rows that a person has given to another owner since: what went out in this cycle went to others only.

    A name that nobody of 人员 has is a slip of the pen, and a transfer that the journal has lost the present owner's.
    """
    back, gone = returned_keys(memory), dict[tuple[str, str], list[str]]()
    for key, item in memory.sent.items():
        if key.startswith("M03/") and key not in back and item.state in WENT:
            _, id, cycle, whom = key.split("/", 3)
            gone.setdefault((id, cycle), []).append(whom)
    if not gone:
        return np.zeros(len(register.frame), dtype=bool)
    names = [person.name for person in rulebook.people if person.active]
    over = live(register) & equals(register, Field.OWNER, *names) & ~explained(register) & ~history(register, memory)
    over &= ~register.frame.index.isin(list(register.quiet)) & ~in_cycle(register, memory, Field.IMPLEMENTED_AT)
    ids, owners = register.frame[Field.ID].array, register.frame[Field.OWNER].array
    cycle = cycles(register, memory).array
    for place in np.flatnonzero(over).tolist():
        went = gone.get((ids[place], str(cycle[place])), ())
        over[place] = bool(went) and not any(whom.endswith(f"/{owners[place]}") for whom in went)
    return over


def take_answers(register: Register, memory: Memory, now: dt.datetime) -> Plan:
    """Edits of planned_at, rows of 沟通记录, findings, and the facts accepted_at, returned and returned_transfers."""
    places = rows_by_id(register)
    plans = []
    for id, answers in memory.facts_named(FactName.FORM_ANSWERS).items():
        if answers:
            row = places.get(id)
            done = Plan(facts=(Remember(id, FactName.FORM_ANSWERS, None),))
            if row is None:
                gone = Finding("QT624", Severity.WARNING, id=id, facts=(("files", _files(answers)),))
                plans.append(Plan((gone,)) + done)
            else:
                plans += [*_of_row(register, memory, row, id, answers, now), done]
    return Plan.join(plans)


def _files(answers: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(str(answer.get("file", "")) for answer in answers)


def _of_row(
    register: Register, memory: Memory, row: int, id: str, answers: Sequence[Mapping[str, Any]], now: dt.datetime
) -> list[Plan]:
    plans = []
    current = transfer_of(register, memory, row)
    times = int(memory.fact(id, FactName.RETURNED, 0))
    returns = [tuple(each) for each in memory.fact(id, FactName.RETURNED_TRANSFERS, ())]
    planned = register.value(row, Field.PLANNED_AT)
    for answer in answers:
        key = str(answer["form"]).replace("transfer/", "M03/", 1)
        plans.append(Plan(rows=(_contact(register, row, id, answer, now),)))
        if key != current:
            plans.append(Plan((finding(register, "QT622", Severity.WARNING, row, Field.OWNER, file=answer["file"]),)))
        elif answer["decision"] == "return":
            times += 1
            returns = [*(each for each in returns if each[0] != key), (key, answer["reason"])]
            facts = (
                Remember(id, FactName.RETURNED, times),
                Remember(id, FactName.RETURNED_TRANSFERS, [list(each) for each in returns]),
                Remember(id, FactName.ACCEPTED_AT, None),
            )
            plans.append(Plan(facts=facts))
        else:
            plans.append(Plan(facts=(Remember(id, FactName.ACCEPTED_AT, answer["at"]),)))
            merged = _planned(register, row, id, answer, planned)
            plans.append(merged)
            planned = merged.edits[0].after if merged.edits else planned
    return plans


def _planned(register: Register, row: int, id: str, answer: Mapping[str, Any], held: Any) -> Plan:
    """The three-way merge of the planned date."""
    wanted = _day(answer["planned_at"])
    if wanted is None or held == wanted or Field.PLANNED_AT not in register.columns:
        return Plan()
    if (row, Field.PLANNED_AT) in register.wrong or (not is_missing(held) and held != _day(answer["base"])):
        shown = register.wrong.get((row, Field.PLANNED_AT)) or f"{held:%Y-%m-%d}"
        conflict = finding(
            register, "QT623", Severity.WARNING, row, Field.PLANNED_AT, found=shown, form=answer["planned_at"]
        )
        return Plan((conflict,))
    before = None if is_missing(held) else held
    return Plan(edits=(CellEdit(row, id, Field.PLANNED_AT, before, wanted, Phrase("because.form")),))


def _day(text: str) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


def _contact(register: Register, row: int, id: str, answer: Mapping[str, Any], now: dt.datetime) -> NewRow:
    """The answer as it was given, for people to read; `in`, so it never counts as a reply to the reporter."""
    facts = {name: answer[name] for name in ("planned_at", "reason", "note")}
    text = say(Phrase.of(f"form.said_{answer['decision']}", **facts), register.language).strip(" ;；,，")
    values = {
        "at": now.replace(microsecond=0),
        "id": id,
        "direction": "in",
        "way": say(Phrase("form.transfer"), register.language),
        "who": register.value(row, Field.OWNER),
        "summary": text,
    }
    return NewRow("contacts", id, f"form/{answer['form']}/{answer['at']}", values)


def open_returns(register: Register, memory: Memory) -> Plan:
    """A finding for every row that came back and still names the same department and owner."""
    found = []
    places = rows_by_id(register)
    for id, kept in memory.facts_named(FactName.RETURNED_TRANSFERS).items():
        if id in places:
            row = places[id]
            reasons = {str(key): str(reason) for key, reason in kept}
            reason = reasons.get(transfer_of(register, memory, row))
            if reason is not None and is_missing(register.value(row, Field.CLOSED_AT)):
                found.append(finding(register, "QT621", Severity.WARNING, row, Field.OWNER, reason=reason))
    return Plan(tuple(found))
