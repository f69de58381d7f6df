"""What returned forms say, worked into the register: the columns that answers go to, acceptance, hand-backs. Pure.

An answer is merged three ways: it goes in only where the cell is still what the form was made with; where somebody
wrote something else meanwhile, theirs stays and a finding shows both. An answer to an earlier form changes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ...plan import FactName, Finding, NewRow, Phrase, Plan, Remember, Severity
from ...plan.form_kinds import AnswerType, FormAnswer, FormKind
from ...plan.keys import FormKey
from ...register import label_of
from ...texts import field_name, say
from ..case import Case, case_by_id, case_of
from ..form_requests import answer_text, form_key
from ..situation import Situation
from ..transfers import transfer_of

Given = Mapping[str, Any]
"""A collected form: `form` (its key), `file`, `mark` (name of the fact that it was taken up), `at` (when it was
answered), answers by name, and `was` (column -> what it was made with)."""

NOTES = {"QT622": "form.note_late", "QT623": "form.note_kept"}
"""Finding -> what whoever sent the form is told of it."""


def take_answers(situation: Situation) -> Plan:
    """Edits, rows of 沟通记录, findings, what senders are to be told, and the facts about the transfer."""
    plans = []
    for id, given in situation.memory.facts_named(FactName.FORM_ANSWERS).items():
        if given:
            case = case_by_id(situation, id)
            if case is None:
                files = tuple(str(each.get("file", "")) for each in given)
                plans.append(Plan((Finding("QT624", Severity.WARNING, id=id, facts=(("files", files),)),)))
            else:
                plans.append(_of_row(case, given))
            plans.append(Plan(facts=(Remember(id, FactName.FORM_ANSWERS, None),)))
    return Plan.join(plans)


def _of_row(case: Case, given: Sequence[Given]) -> Plan:
    """All forms of a row, in the order they were answered; each sees what the ones before it have changed."""
    plans = []
    for each in sorted(given, key=lambda form: str(form["at"])):
        made = _of_form(case, each)
        made += Plan(facts=tuple(_to_be_told(case, each, made)))
        case = case_of(case.situation.with_facts(made.facts).with_edits(made.edits), case.row)
        plans.append(made)
    return Plan.join(plans)


def _to_be_told(case: Case, given: Given, made: Plan) -> Iterator[Remember]:
    """What who sent the form is told of it: what it says, and what of that does not count."""
    mark = FactName.FORM.about(str(given.get("mark", "")))
    if mark is None or not made.rows:
        return
    language = case.situation.register.language
    notes = []
    for item in made.findings:
        facts = {"field": field_name(item.field, language), "found": item.found, **dict(item.facts)}
        notes.append(say(Phrase.of(NOTES[item.code], **facts), language))
    told = {"form": given["form"], "file": given["file"], "said": made.rows[0].values["summary"], "notes": notes}
    yield case.remember(FactName.FORM_TOLD.of(mark), told)


def _of_form(case: Case, given: Given) -> Plan:
    key = FormKey.parse(str(given["form"]))
    kind = key.kind
    if kind is None:  # of a kind that another version of the program knows
        return Plan()
    noted = Plan(rows=(_contact(case, kind, given),))
    if key != form_key(case, kind):
        return noted + Plan((case.finding("QT622", Severity.WARNING, kind.contract.answered_by, file=given["file"]),))
    if kind in DECIDED:
        decided, taken = DECIDED[kind](case, given)
        noted += decided
        if not taken:
            return noted
    return noted + Plan.join(_merged(case, answer, given) for answer in kind.contract.answers)


def _transfer_decided(case: Case, given: Given) -> tuple[Plan, bool]:
    """A transfer that is accepted or comes back; what else it says counts when it is accepted."""
    if given["decision"] == "accept":
        return Plan(facts=(case.remember(FactName.ACCEPTED_AT, given["at"]),)), True
    key = transfer_of(case)
    others = [list(each) for each in case.fact(FactName.RETURNED_TRANSFERS, ()) if each[0] != key]
    facts = (
        case.remember(FactName.RETURNED, int(case.fact(FactName.RETURNED) or 0) + 1),
        case.remember(FactName.RETURNED_TRANSFERS, [*others, [str(key), given["reason"]]]),
        case.remember(FactName.ACCEPTED_AT, None),
    )
    return Plan(facts=facts), False


DECIDED: Mapping[FormKind, Callable[[Case, Given], tuple[Plan, bool]]] = {FormKind.TRANSFER: _transfer_decided}
"""What an outcome means beyond the cells, for the kinds where it does; and whether the other answers count."""


def _merged(case: Case, answer: FormAnswer, given: Given) -> Plan:
    """The three-way merge of one answer: what the form was made with, what it says, what the register holds now."""
    said, key = str(given.get(answer.name, "")), answer.field
    if key is None or not said or case.cell(key) is None:
        return Plan()
    held = answer_text(case.value(key))
    if held == said and not case.is_wrong(key):
        return Plan()
    if case.is_wrong(key) or held not in ("", given.get("was", {}).get(key, "")):
        shown = str(case.content(key)) if case.is_wrong(key) else held
        return Plan((case.finding("QT623", Severity.WARNING, key, found=shown, form=said),))
    after = dt.datetime.fromisoformat(said) if answer.type is AnswerType.DATE else said
    return Plan(edits=(case.edit(key, after, Phrase("because.form")),))


def _contact(case: Case, kind: FormKind, given: Given) -> NewRow:
    """The answers as they were given, for people to read; `in`, so it never counts as a reply to the reporter."""
    language, contract = case.situation.register.language, kind.contract
    answers = {answer.name: _shown(answer, str(given.get(answer.name, "")), language) for answer in contract.answers}
    said = Phrase.of(f"form.said_{given.get(contract.outcome, kind)}", **answers)
    values = {
        "at": dt.datetime.fromisoformat(given["at"]),
        "id": case.id,
        "direction": "in",
        "way": say(Phrase(f"form.{kind}"), language),
        "who": case.value(contract.answered_by),
        "summary": say(said, language).strip(" ;；,，"),
    }
    return NewRow("contacts", case.id, f"form/{given['form']}/{given['at']}", values)


def _shown(answer: FormAnswer, said: str, language: str) -> str:
    """An answer as people read it: a choice that goes to a column by that column's word."""
    return said if answer.field is None else str(label_of(answer.field, said, language) or "")
