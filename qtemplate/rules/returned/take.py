"""What returned forms say, worked into the register: the columns that answers go to, the logs, acceptance, hand-backs.

Pure. An answer to an earlier form is noted and changes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from ...fields import FIELDS, Field
from ...plan import FactName, Finding, NewRow, Phrase, Plan, Remember, Severity
from ...plan.form_kinds import FormKind
from ...plan.keys import FormKey
from ...texts import field_name, say
from ..case import Case, case_by_id, case_of
from ..forms.requests import base_text, is_late
from ..situation import Situation
from ..transfers import transfer_of
from .lines import derived, each_once, log_lines
from .merge import Returned, merge
from .summary import open_points, summary, unread_points

Given = Mapping[str, Any]
"""A collected form: `form` (its key), `file`, `mark` (name of the fact that it was taken up), `at` (when it was
answered), answers by name, `was` (column -> what it was made with), `tables`, and `wrong` (what cannot be read)."""

UNLOGGED = ("team", "facts", "bounds", "places", "documents", "elsewhere")
"""Tables of an 8D whose lines no log takes as they are."""

NOTES = {"QT622": "form.note_late", "QT623": "form.note_kept", "QT632": "form.note_unfit"}
"""Finding -> what whoever sent the form is told of it."""


def take_answers(situation: Situation) -> Plan:
    """Edits, rows of the logs, findings, what senders are to be told, and the facts about the transfer."""
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
    whole = Plan.join(plans)
    return replace(whole, rows=each_once(whole.rows))


def _to_be_told(case: Case, given: Given, made: Plan) -> Iterator[Remember]:
    """What who sent the form is told of it: what it says, what of that does not count, and what is still open."""
    mark = FactName.FORM.about(str(given.get("mark", "")))
    if mark is None or not made.rows:
        return
    language = case.situation.register.language
    notes = []
    for item in made.findings:
        facts = {"field": field_name(item.field, language), "found": item.found, **dict(item.facts)}
        notes.append(say(Phrase.of(NOTES[item.code], **facts), language))
    key = FormKey.parse(str(given["form"]))
    if key.kind is not None and not is_late(case, key):
        form = _returned(case, key.kind, given)
        for phrase, points in (("form.note_unread", unread_points(case, key.kind, form)),
                               ("form.note_open", open_points(case, key, form))):  # fmt: skip
            if points:
                notes.append(say(Phrase.of(phrase, points=tuple(points)), language))
    told = {"form": given["form"], "file": given["file"], "said": made.rows[0].values["summary"], "notes": notes}
    yield case.remember(FactName.FORM_TOLD.of(mark), told)


def _returned(case: Case, kind: FormKind, given: Given) -> Returned:
    contract = kind.contract
    names = {answer.name for answer in contract.answers}
    sender, by_page = str(given.get("sender") or ""), str(given.get("by_page") or "")  # who answered on a page instead
    by, before = case.fact(FactName.FORM_SAID.of(str(given["form"])), ("", {}))
    return Returned(
        form=str(given["form"]),
        file=str(given.get("file", "")),
        at=dt.datetime.fromisoformat(given["at"]),
        who=by_page or _who(case, kind, sender),
        title=say(Phrase("form.by_page" if by_page else f"form.{kind}"), case.situation.register.language),
        was=given.get("was"),
        answers={name: str(given.get(name) or "") for name in names},
        tables={name: tuple(lines) for name, lines in (given.get("tables") or {}).items()},
        wrong=given.get("wrong") or {},
        pictures=tuple(given.get("pictures") or ()),
        sender=sender,
        before=before if sender and by == sender else {},
    )


def _who(case: Case, kind: FormKind, sender: str) -> str:
    """Who filled a form in: whose address it came from, else whom it had been sent to."""
    known = next((p.name for p in case.situation.rulebook.people if sender and p.mail.casefold() == sender), None)
    outside = Field.REPORTER if sender and kind.contract.outside else kind.contract.answered_by
    return known or str(case.value(outside) or "")


def _of_form(case: Case, given: Given) -> Plan:
    key = FormKey.parse(str(given["form"]))
    kind = key.kind
    if kind is None:  # of a kind that another version of the program knows
        return Plan()
    form = _returned(case, kind, given)
    noted = Plan(rows=(_contact(case, kind, form),))
    if is_late(case, key):
        return noted + Plan((case.finding("QT622", Severity.WARNING, kind.contract.answered_by, file=given["file"]),))
    if kind in DECIDED:
        decided, taken = DECIDED[kind](case, given)
        noted += decided
        if not taken:
            return noted
    merged = Plan.join(merge(case, field, said, form) for field, said in _for_columns(case, key, form))
    kept = Plan(facts=(*_kept(case, kind, form), *_corrigible(case, form, merged)))
    return noted + merged + log_lines(case, kind, form) + _attached(case, form) + kept


def _corrigible(case: Case, form: Returned, merged: Plan) -> Iterator[Remember]:
    """What a form put into the row, for when its sender corrects it."""
    said = {edit.field: base_text(edit.after) for edit in merged.edits}
    if said and form.sender:
        yield case.remember(FactName.FORM_SAID.of(form.form), [form.sender, {**form.before, **said}])


def _kept(case: Case, kind: FormKind, form: Returned) -> Iterator[Remember]:
    """What of an 8D stands in no log as it was said, for the checks and the score."""
    if kind is FormKind.EIGHT_D:
        tables = {name: [*form.tables.get(name, ())] for name in UNLOGGED}
        conclusion = form.answers.get("conclusion", "")
        yield case.remember(FactName.EIGHT_D, {"cycle": case.cycle, "tables": tables, "conclusion": conclusion})


def _for_columns(case: Case, key: FormKey, form: Returned) -> Iterator[tuple[Field, str]]:
    """(column, answer) of everything that goes to a column."""
    kind = key.kind
    assert kind is not None
    for answer in kind.contract.answers:
        if answer.field is not None:
            yield answer.field, form.answers[answer.name]
    for at, name in enumerate(key.asked, 1):
        if name in FIELDS:
            yield FIELDS[name], form.answers.get(f"missing_{at}", "")
    yield from derived(case, kind, form)


def _attached(case: Case, form: Returned) -> Plan:
    """附件 with the names of the pictures that came with a form."""
    held = str(case.value(Field.ATTACHMENTS) or "")
    new = [path for path in form.pictures if path not in held]
    if not new or case.cell(Field.ATTACHMENTS) is None or case.is_wrong(Field.ATTACHMENTS):
        return Plan()
    return Plan(edits=(case.edit(Field.ATTACHMENTS, "\n".join(filter(None, (held, *new))), form.because),))


def _transfer_decided(case: Case, given: Given) -> tuple[Plan, bool]:
    """A transfer that is accepted or comes back; what else it says counts when it is accepted."""
    if given["decision"] == "accept":
        known, reopened = case.fact(FactName.ACCEPTED_AT), case.fact(FactName.REOPENED_AT)
        if known is not None and (reopened is None or known >= reopened):
            return Plan(), True  # it comes once more, to say what was done: taken is taken
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


def _contact(case: Case, kind: FormKind, form: Returned) -> NewRow:
    """The answers as they were given, for people to read; `in`, so it never counts as a reply to the reporter."""
    values = {
        "at": form.at,
        "id": case.id,
        "direction": "in",
        "way": form.title,
        "who": form.who or None,
        "summary": summary(case, kind, form),
    }
    return NewRow("contacts", case.id, f"form/{form.form}/{form.at.isoformat()}", values)
