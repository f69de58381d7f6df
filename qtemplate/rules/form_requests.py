"""Forms about a row: their keys, and what they are made with. Pure; `plan/form_kinds.py` says what each kind is."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ..plan import FormRequest, Phrase
from ..plan.form_kinds import FormKind
from ..plan.keys import FormKey
from ..register import is_missing
from ..texts import say
from .case import Case
from .mail_facts import row_texts


def form_key(case: Case, kind: FormKind) -> FormKey:
    """The key of the form that the row would get now; an answer to a form with another key comes too late."""
    return FormKey.about(kind, case.id, case.cycle, *(case.value(key) for key in kind.contract.bound_to))


def form_request(case: Case, kind: FormKind) -> FormRequest:
    """A form about a row, with what the register holds now as the base of a later merge."""
    language = case.situation.register.language
    name = say(Phrase(f"form.{kind}"), language) if language == "zh" else kind
    facts = {
        **row_texts(case, language),
        "file": f"{name}-{case.id}.xlsx",
        "base": {str(key): answer_text(case.value(key)) for key in kind.contract.merged},
    }
    return FormRequest(form_key(case, kind), kind, case.id, language, facts)


def answer_text(value: Any) -> str:
    """A value of the register as an answer spells it: a day as ISO text, a choice as its code, "" for nothing."""
    if is_missing(value):
        return ""
    return value.date().isoformat() if isinstance(value, dt.datetime) else str(value)
