"""What somebody answered on a page, worked into its case as the form that hangs on the same mail is. Pure.

The first answer to a link that is open counts. A later one, or one to a link that was withdrawn meanwhile, is put into
沟通记录 and shown to a person; none is lost and none counts twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from ...choices import Confirmation
from ...fields import FIELDS, Field
from ...plan import FactName, NewRow, Phrase, Plan
from ...plan.form_kinds import FormKind
from ...plan.keys import FormKey
from ...plan.pages import PageKind, PageRecord
from ...plan.received import Received
from ...register import is_missing
from ...texts import say
from ..case import Case
from ..forms.requests import is_late
from ..pages.open import answered_fact
from .answers import LONGEST, heard, waiting_over


def named(case: Case, item: Received) -> Received:
    """The answer with the name of whoever had got the link."""
    fact = case.fact(FactName.PAGE.of(item.content["link"])) or {}
    reporter = case.value(Field.REPORTER) if item.content["page"] != PageKind.TASK else None
    return replace(item, content={**item.content, "name": str(fact.get("who") or reporter or "")})


def answer_of_page(case: Case, item: Received) -> Plan | Phrase:
    """What an answer does; why it is for a person where it belongs to nothing any more."""
    said = item.content
    fact: Mapping[str, Any] | None = case.fact(FactName.PAGE.of(said["link"])) if said["link"] else None
    if fact is None or said["later"] or fact["record"]["answered_at"] or is_late(case, FormKey.parse(fact["form"])):
        if said["page"] == PageKind.TASK:
            return Phrase.of("intake.page_late", id=case.id)
        return noted(case, item) + waiting_over(case, item) + heard(case, item)
    record = PageRecord.from_json(fact["record"])
    answers = {question.name: said["answers"].get(question.name, "") for question in record.questions}
    # a page that was open before asked for cells that somebody has filled in since
    answers |= {name: text for name, text in said["answers"].items() if name in fact["was"] and name not in answers}
    shown = list(_shown(record, answers))
    facts = [case.remember(FactName.PAGE.of(said["link"]), answered_fact(fact, shown, item.at))]
    if not is_missing(case.value(Field.CLOSED_AT)):
        return noted(case, item) + heard(case, item) + Plan(facts=tuple(facts))
    given = {
        "file": say(Phrase("form.by_page"), case.situation.register.language),
        "mark": "",
        "at": item.at.isoformat(),
        "was": fact["was"],
        "by_page": said["name"] or "–",
        **_given(case, record.kind, FormKey.parse(fact["form"]), answers),
    }
    facts.append(case.remember(FactName.FORM_ANSWERS, [*(case.fact(FactName.FORM_ANSWERS) or ()), given]))
    return Plan(facts=tuple(facts)) + waiting_over(case, item)


def _shown(record: PageRecord, answers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(question, answer) of what was answered, in words."""
    asked = {question.name: question for question in record.questions}
    for name, said in answers.items():
        if said and name in asked:
            yield asked[name].label, dict(asked[name].choices).get(said, said)
        elif said and name in FIELDS:
            yield FIELDS[name].header(record.language), said


def _given(case: Case, kind: PageKind, form: FormKey, answers: Mapping[str, str]) -> dict[str, str]:
    """The answers as the form of the same questions has them."""
    if kind is PageKind.MISSING:
        told = [name for name in answers if name in FIELDS and answers[name]]
        asked = FormKey.about(FormKind.MISSING, case.id, case.cycle).asking(told)
        return {"form": str(asked), **{f"missing_{at}": answers[name] for at, name in enumerate(told, 1)}}
    if kind is PageKind.CONFIRM:
        said = next((each for each in Confirmation if each == answers["confirmation"]), None)
        label = "" if said is None else said.label(case.situation.register.language)
        return {"form": str(form), **answers, "confirmation": label}
    return {"form": str(form), **answers}


def noted(case: Case, item: Received) -> Plan:
    """The words for 沟通记录."""
    said, language = item.content, case.situation.register.language
    values: dict[str, Any] = {
        "at": item.at,
        "id": case.id,
        "direction": "in",
        "way": say(Phrase("form.by_page"), language),
        "who": said["name"] or None,
        "summary": said["text"][:LONGEST],
    }
    return Plan(rows=(NewRow("contacts", case.id, f"page/{item.number}", values),))
