"""Which forms are due about a row, by its level and how far it has come. Pure.

A form is due only where the workbook has the logs that its answers go to; one from before them goes on without.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from msgspec.structs import replace

from ...choices import Level
from ...fields import Field
from ...plan import FormRequest
from ...plan.form_kinds import FormKind
from ...plan.look_back import VERIFICATION
from ..case import Case
from ..gaps import Gaps
from ..outcomes import failed, implemented, verified
from ..situation import Situation
from ..standing import Mask, dates, ends_without_solution, explained, history, level_in, live, numbered, quiet
from .requests import form_request

LOGS: Mapping[FormKind, tuple[str, ...]] = {
    FormKind.TRANSFER: (),
    FormKind.EIGHT_D: ("actions", "causes", "options"),
    FormKind.WHY: ("actions", "causes"),
    FormKind.VERIFICATION: ("verifications",),
    FormKind.MINUTES: ("meetings", "actions"),
    FormKind.FOLLOW_UP: ("surveys",),
    FormKind.MISSING: ("decisions",),
}
"""Kind of form -> the logs that its answers go to."""

INVESTIGATED_BY: Mapping[str, FormKind] = {
    Level.URGENT: FormKind.EIGHT_D,
    Level.MAJOR: FormKind.EIGHT_D,
    Level.NORMAL: FormKind.WHY,
}
"""Level -> the form in which its cause is looked for; a minor one needs none beside the transfer form."""


def has_logs(situation: Situation, kind: FormKind) -> bool:
    """Whether the workbook has every log that the answers of a kind go to."""
    rulebook = situation.rulebook
    return all(log in rulebook.logs and log not in rulebook.unread for log in LOGS[kind])


def investigation(case: Case) -> FormKind | None:
    """The kind of form that goes with a transfer: 8D for urgent and major ones, 5-Why for normal ones.

    None where cause and solution are known already, unless the feedback was reopened since.
    """
    kind = INVESTIGATED_BY.get(str(case.value(Field.LEVEL) or ""))
    known = case.value(Field.ROOT_CAUSE) is not None and case.value(Field.SOLUTION) is not None
    if kind is None or (known and case.cycle == 1) or not has_logs(case.situation, kind):
        return None
    return kind


def follow_up_form(case: Case) -> FormRequest | None:
    """The form that goes with the request to confirm."""
    return form_request(case, FormKind.FOLLOW_UP) if has_logs(case.situation, FormKind.FOLLOW_UP) else None


def missing_form(case: Case, gaps: Gaps, language: str, *, inside: bool) -> FormRequest | None:
    """The form that asks for just what a row lacks or has wrong, in the language of whoever is asked."""
    if not has_logs(case.situation, FormKind.MISSING):
        return None
    return form_request(case, FormKind.MISSING, gaps.fields, language=language, inside=inside)


def verification_form(case: Case) -> FormRequest | None:
    """The form that asks for a verification: another one after each that failed, without what that one said."""
    if not has_logs(case.situation, FormKind.VERIFICATION):
        return None
    made = form_request(case, FormKind.VERIFICATION)
    at = case.value(Field.VERIFIED_AT)
    if at is None or made.key not in case.situation.memory.made:
        return made
    answered = ("f_verify_result", "f_verified_at")
    cells = {name: value for name, value in made.facts["cells"].items() if name not in answered}
    return replace(made, key=made.key.asking((f"{at:%Y-%m-%dT%H:%M}",)), facts={**made.facts, "cells": cells})


def to_verify(situation: Situation) -> Mask:
    """Rows whose solution was implemented lately and waits for its verification."""
    late = dates(situation, Field.IMPLEMENTED_AT) >= np.datetime64(situation.now - VERIFICATION)
    rows = late & live(situation) & numbered(situation) & ~history(situation) & ~quiet(situation)
    rows &= ~level_in(situation, Level.MINOR) & ~explained(situation) & ~ends_without_solution(situation)
    return rows & implemented(situation) & ~verified(situation) & ~failed(situation)
