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
from ...register import is_missing
from ...texts import say
from ..case import Case, case_by_id
from ..situation import Situation
from ..standing import Mask, cycles, equals, explained, history, in_cycle, live, quiet

WENT = ("sent", "partial")


def transfer_key(id: object, cycle: int, department: object, owner: object) -> str:
    """What identifies a transfer: the feedback, its cycle and who gets it."""
    return f"M03/{id}/{cycle}/{department}/{owner}"


def transfer_of(case: Case) -> str:
    """Key of the transfer that the row's department and owner stand for."""
    return transfer_key(case.id, case.cycle, case.value(Field.DEPARTMENT), case.value(Field.OWNER))


def returned_keys(memory: Memory) -> frozenset[str]:
    """Transfers that came back."""
    return frozenset(key for kept in memory.facts_named(FactName.RETURNED_TRANSFERS).values() for key, _ in kept)


def handed_over(situation: Situation) -> Mask:
    """Open rows that a person has given to another owner since: what went out in this cycle went to others only.

    A name that nobody in 人员 has is taken for a typing error, and a transfer that the journal has lost for the present
    owner's.
    """
    back, gone = returned_keys(situation.memory), dict[tuple[str, str], list[str]]()
    for key, item in situation.memory.sent.items():
        if key.startswith("M03/") and key not in back and item.state in WENT:
            _, id, cycle, whom = key.split("/", 3)
            gone.setdefault((id, cycle), []).append(whom)
    frame = situation.frame
    if not gone:
        return np.zeros(len(frame), dtype=bool)
    names = [person.name for person in situation.rulebook.people if person.active]
    over = live(situation) & equals(situation, Field.OWNER, *names) & ~explained(situation) & ~history(situation)
    over &= ~quiet(situation) & ~in_cycle(situation, Field.IMPLEMENTED_AT)
    ids, owners, cycle = frame[Field.ID].array, frame[Field.OWNER].array, cycles(situation).array
    for place in np.flatnonzero(over).tolist():
        went = gone.get((ids[place], str(cycle[place])), ())
        over[place] = bool(went) and not any(whom.endswith(f"/{owners[place]}") for whom in went)
    return over


def take_answers(situation: Situation) -> Plan:
    """Edits of planned_at, rows of 沟通记录, findings, and the facts accepted_at, returned and returned_transfers."""
    plans = []
    for id, answers in situation.memory.facts_named(FactName.FORM_ANSWERS).items():
        if answers:
            case = case_by_id(situation, id)
            done = Plan(facts=(Remember(id, FactName.FORM_ANSWERS, None),))
            if case is None:
                gone = Finding("QT624", Severity.WARNING, id=id, facts=(("files", _files(answers)),))
                plans.append(Plan((gone,)) + done)
            else:
                plans += [*_of_row(case, answers), done]
    return Plan.join(plans)


def _files(answers: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(str(answer.get("file", "")) for answer in answers)


def _of_row(case: Case, answers: Sequence[Mapping[str, Any]]) -> list[Plan]:
    plans = []
    current = transfer_of(case)
    times = int(case.fact(FactName.RETURNED, 0))
    returns = [tuple(each) for each in case.fact(FactName.RETURNED_TRANSFERS, ())]
    planned = case.value(Field.PLANNED_AT)
    for answer in answers:
        key = str(answer["form"]).replace("transfer/", "M03/", 1)
        plans.append(Plan(rows=(_contact(case, answer),)))
        if key != current:
            plans.append(Plan((case.finding("QT622", Severity.WARNING, Field.OWNER, file=answer["file"]),)))
        elif answer["decision"] == "return":
            times += 1
            returns = [*(each for each in returns if each[0] != key), (key, answer["reason"])]
            facts = (
                case.remember(FactName.RETURNED, times),
                case.remember(FactName.RETURNED_TRANSFERS, [list(each) for each in returns]),
                case.remember(FactName.ACCEPTED_AT, None),
            )
            plans.append(Plan(facts=facts))
        else:
            plans.append(Plan(facts=(case.remember(FactName.ACCEPTED_AT, answer["at"]),)))
            merged = _planned(case, answer, planned)
            plans.append(merged)
            planned = merged.edits[0].after if merged.edits else planned
    return plans


def _planned(case: Case, answer: Mapping[str, Any], held: Any) -> Plan:
    """The three-way merge of the planned date."""
    wanted = _day(answer["planned_at"])
    if wanted is None or held == wanted or case.cell(Field.PLANNED_AT) is None:
        return Plan()
    if case.is_wrong(Field.PLANNED_AT) or (not is_missing(held) and held != _day(answer["base"])):
        shown = case.content(Field.PLANNED_AT) if case.is_wrong(Field.PLANNED_AT) else f"{held:%Y-%m-%d}"
        form = answer["planned_at"]
        return Plan((case.finding("QT623", Severity.WARNING, Field.PLANNED_AT, found=shown, form=form),))
    before = None if is_missing(held) else held
    return Plan(edits=(CellEdit(case.row, case.id, Field.PLANNED_AT, before, wanted, Phrase("because.form")),))


def _day(text: str) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


def _contact(case: Case, answer: Mapping[str, Any]) -> NewRow:
    """The answer as it was given, for people to read; `in`, so it never counts as a reply to the reporter."""
    language = case.situation.register.language
    facts = {name: answer[name] for name in ("planned_at", "reason", "note")}
    text = say(Phrase.of(f"form.said_{answer['decision']}", **facts), language).strip(" ;；,，")
    values = {
        "at": case.situation.now.replace(microsecond=0),
        "id": case.id,
        "direction": "in",
        "way": say(Phrase("form.transfer"), language),
        "who": case.value(Field.OWNER),
        "summary": text,
    }
    return NewRow("contacts", case.id, f"form/{answer['form']}/{answer['at']}", values)


def open_returns(situation: Situation) -> Plan:
    """A finding for every row that came back and still names the same department and owner."""
    found = []
    for id, kept in situation.memory.facts_named(FactName.RETURNED_TRANSFERS).items():
        case = case_by_id(situation, id)
        if case is None:
            continue
        reason = {str(key): str(why) for key, why in kept}.get(transfer_of(case))
        if reason is not None and is_missing(case.value(Field.CLOSED_AT)):
            found.append(case.finding("QT621", Severity.WARNING, Field.OWNER, reason=reason))
    return Plan(tuple(found))
