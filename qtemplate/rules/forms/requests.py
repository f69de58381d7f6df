"""Forms about a row: their keys, and what they are made with. Pure; `plan/form_kinds.py` says what each kind is."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from ...choices import Confirmation
from ...fields import Field, Kind
from ...plan import FormRequest, Phrase
from ...plan.form_kinds import MOST_MISSING, RATINGS, FormKind
from ...plan.form_parts import MOST_SIMILAR, SIMILAR, AnswerType, FormAnswer
from ...plan.keys import FormKey
from ...register import is_missing, label_of
from ...texts import say, show
from ...texts.form_words import form_word
from ..case import Case
from ..gaps import ONE_OF_SEVERAL
from ..likeness.similar_cases import similar_cases
from ..mail_facts import public_texts, row_text, row_texts

LONGEST_BASE = 100
"""Characters of a cell that stand in a form's mark as they are; of a longer one a digest does."""

MOST_SHARED = 3
"""So many stretches of words are shown that a similar case shares."""

TYPED = (Kind.DATE, Kind.DATETIME, Kind.INT, Kind.SCALE)
"""Kinds of columns whose values a form shows by their types."""

SHOWN_TYPED = tuple(field for field in Field if field.kind in TYPED)


def form_key(case: Case, kind: FormKind, asked: Sequence[Field] = ()) -> FormKey:
    """The key of the form that the row would get now; an answer to a form with another key comes too late.

    Args:
        case: The row.
        kind: Of the form.
        asked: The columns that a form of a kind without columns of its own asks for.
    """
    key = FormKey.about(kind, case.id, case.cycle, *(case.value(key) for key in kind.contract.bound_to))
    return key if kind is not FormKind.MISSING else key.asking(map(str, asked))


def is_late(case: Case, key: FormKey) -> bool:
    """Whether a form that came back was made for somebody else, or in an earlier cycle."""
    kind = key.kind
    return kind is None or key.subject != form_key(case, kind).subject


def form_request(
    case: Case, kind: FormKind, asked: Sequence[Field] = (), *, language: str | None = None, inside: bool = False
) -> FormRequest:
    """A form about a row, with what the register holds now as the base of a later merge.

    One that may leave the house shows public facts, and only those that nobody has to approve.

    Args:
        case: The row.
        kind: Of the form.
        asked: As for `form_key`.
        language: None = the reporter's where it may leave the house, else the register's.
        inside: It goes to a colleague, who may be offered the products and models there are.
    """
    contract, register = kind.contract, case.situation.register
    language = language or (case.language if contract.outside else register.language)
    name = say(Phrase(f"form.{kind}"), language) if language == "zh" else kind
    asked = asked[:MOST_MISSING]
    shown: dict[str, Any]
    if contract.outside:
        shown = dict(public_texts(case, language, quoting=False))
    else:
        texts = row_texts(case, language)
        shown = {**texts, **{str(key): typed for key in SHOWN_TYPED if (typed := _typed(case, key)) is not None}}
    facts = {
        **shown,
        "file": f"{name}-{case.id}.xlsx",
        "base": {str(key): base_text(case.content(key)) for key in (*contract.merged, *asked)},
        "cells": {
            **dict(_cells(case, kind, language)),
            **dict(_questions(case, asked, language, inside=inside)),
            **(_similar(case, language) if contract.similar_before else {}),
        },
    }
    return FormRequest(form_key(case, kind, asked), kind, case.id, language, facts)


def minutes_form(case: Case, begins: dt.datetime, place: str, present: Sequence[str]) -> FormRequest:
    """The form for the minutes of one meeting, with who was invited; each meeting about a feedback has its own.

    Args:
        case: The row.
        begins: When the meeting begins; naive, the register's zone.
        place: Room or link.
        present: Names.
    """
    made, separator = form_request(case, FormKind.MINUTES), "、"
    if made.language != "zh":
        separator = ", "
    cells = {"f_held_at": begins, "f_place": place, "f_present": separator.join(present)}
    file = str(made.facts["file"]).replace(".xlsx", f"-{begins:%Y%m%d-%H%M}.xlsx")
    facts = {**made.facts, "file": file, "cells": {**made.facts["cells"], **cells}}
    return replace(made, key=made.key.asking((f"{begins:%Y-%m-%dT%H:%M}",)), facts=facts)


def answer_text(value: Any) -> str:
    """A value of the register as an answer spells it: a day as ISO text, a choice as its code, "" for nothing."""
    if is_missing(value):
        return ""
    return value.date().isoformat() if isinstance(value, dt.datetime) else str(value)


def base_text(value: Any) -> str:
    """The same as a form's mark has it: a long text by its digest."""
    text = answer_text(value)
    return text if len(text) <= LONGEST_BASE else f"sha256:{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def _typed(case: Case, key: Field) -> Any:
    """A date or a number of a row; None for anything else, which is shown as text."""
    value = case.value(key) if key.kind in TYPED and not case.is_wrong(key) else None
    return value.date() if isinstance(value, dt.datetime) and key.kind is Kind.DATE else value


def _cells(case: Case, kind: FormKind, language: str) -> Iterator[tuple[str, Any]]:
    """Name of a cell -> what it holds beforehand: what the register has already, and the lists that are offered."""
    contract = kind.contract
    if contract.prefilled:
        for answer in contract.answers:
            if answer.field is not None and not case.is_wrong(answer.field):
                value = _typed(case, answer.field) or label_of(answer.field, case.value(answer.field), language)
                if not is_missing(value):
                    yield answer.cell, value
    types = {answer.type for answer in contract.answers} | {column.type for _, column in contract.columns()}
    if AnswerType.PERSON in types:
        yield "l_people", [person.name for person in case.situation.rulebook.people if person.active]
    for answer in contract.answers:
        if answer.type is AnswerType.LISTED:
            yield f"l_{answer.name}", _offered(case, answer, language)


def _similar(case: Case, language: str) -> dict[str, list[str]]:
    """The earlier cases that tell much the same, a column a list; a sentence where there is none."""
    separator, found = "、" if language == "zh" else ", ", similar_cases(case)[:MOST_SIMILAR]
    columns = {
        "id": [other.case.id for other in found],
        "shared": [separator.join(other.shared[:MOST_SHARED]) for other in found],
        "cause": [row_text(other.case, Field.ROOT_CAUSE, language) for other in found],
        "solution": [row_text(other.case, Field.SOLUTION, language) for other in found],
    }
    if not found:
        columns["cause"] = [form_word("similar.none", language)]
    return {f"s_similar_{name}": columns[name] for name in SIMILAR}


def _questions(case: Case, asked: Sequence[Field], language: str, *, inside: bool) -> Iterator[tuple[str, Any]]:
    """What a form asks for that asks for what is missing; what a team has in its lists is shown to colleagues only."""
    for at, field in enumerate(asked, 1):
        yield f"m_missing_{at}", show(ONE_OF_SEVERAL.get(field, field), language)
        if inside:
            yield f"l_missing_{at}", offered_values(case, field, language)


def _offered(case: Case, answer: FormAnswer, language: str) -> list[Any]:
    if answer.name in RATINGS or (answer.field is not None and answer.field.kind is Kind.SCALE):
        return [1, 2, 3, 4, 5]
    if answer.field is Field.CONFIRMATION:
        return [Confirmation.SOLVED.label(language), Confirmation.NOT_SOLVED.label(language)]
    return [] if answer.field is None else offered_values(case, answer.field, language)


def offered_values(case: Case, field: Field, language: str) -> list[Any]:
    """What a column allows: the values of its list in 数据字典, the codes' labels in the reader's language."""
    if field is Field.MODEL:
        product = case.value(Field.PRODUCT)
        models = [each.model for each in case.situation.rulebook.products if product in (None, each.product)]
        return list(dict.fromkeys(models))
    if field is Field.PRODUCT:
        return list(dict.fromkeys(each.product for each in case.situation.rulebook.products))
    known = case.situation.rulebook.lists.get(field.value, {})
    if field.choices is None:
        return list(known) if field.kind is Kind.ENUM else []
    codes = {str(member) for member in field.choices}
    teams = [label for label, code in known.items() if str(code) not in codes]
    return [*(member.label(language) for member in field.choices), *teams]
