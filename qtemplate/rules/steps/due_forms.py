"""The step that asks for a verification (M12) with its form; the other forms go with the mails of other steps. Pure."""

from __future__ import annotations

import numpy as np
from msgspec.structs import replace

from ...choices import Clock, Level, Role, VerifyResult
from ...fields import Field
from ...plan import Message, Phrase, Plan
from ...plan.keys import MessageKey
from ...plan.mail_kinds import MailKind
from ...register import plain
from ..case import Case, cases
from ..clocks.times import clock_times
from ..forms.due import to_verify, verification_form
from ..mail_facts import insider_message, limits, row_texts
from ..rulebook import Person
from ..situation import Situation
from ..stand_in import Reached, reach, reach_first

WHO_ARRANGES = (Role.QUALITY_LEAD, Role.COORDINATOR, Role.KEEPER)
"""Who is asked while nobody is named as the verifier: the first role that somebody has but the owner."""


def due_forms(situation: Situation) -> Plan:
    """M12 with 验证报告 about every row whose solution waits for its verification: once, and after each failure."""
    plans = []
    for case in cases(situation, to_verify(situation)):
        form = verification_form(case)
        message = _ask(case)
        if form is not None:
            message = None if message is None else replace(
                message, facts={**message.facts, "form": form.facts["file"]}, forms=(form.key,)
            )  # fmt: skip
        new = () if form is None or form.key in situation.memory.made else (form,)
        plans.append(Plan(messages=() if message is None else (message,), forms=new))
    return Plan.join(plans)


def _ask(case: Case) -> Message | None:
    """The mail to the verifier, or to whoever names one; None where it has gone, or nobody can be reached."""
    situation, verifier = case.situation, case.person(Field.VERIFIER)
    at, owner = case.value(Field.VERIFIED_AT), case.value(Field.OWNER)
    if verifier is not None and verifier.name == owner:
        verifier = None  # who did it does not verify it
    to = _reached(case, verifier, owner)
    if to is None:
        return None
    name = to.instead_of.name if to.instead_of is not None else to.person.name
    since = "first" if at is None else f"{at:%Y-%m-%dT%H:%M}"
    key = MessageKey.about(MailKind.TO_VERIFY, case.id, since, name, cycle=case.cycle)
    if key in situation.memory.sent:
        return None
    language = situation.register.language
    urgent = bool(case.value(Field.LEVEL) == Level.URGENT)
    message = insider_message(
        case,
        MailKind.TO_VERIFY,
        key,
        to.person,
        Phrase("because.to_verify"),
        instead_of=to.absent,
        verifier="" if verifier is None else verifier.name,
        limits=_due(case, language),
        level_code=str(case.value(Field.LEVEL) or ""),
        **_failure(case, language),
    )
    return replace(message, urgent=urgent)


def _reached(case: Case, verifier: Person | None, owner: object) -> Reached | None:
    rulebook, day = case.situation.rulebook, case.situation.now.date()
    if verifier is not None:
        return reach(rulebook, verifier, day)
    for role in WHO_ARRANGES:
        others = [person for person in rulebook.with_role(role) if person.name != owner]
        if others and (found := reach_first(rulebook, others, day)) is not None:
            return found
    return None


def _failure(case: Case, language: str) -> dict[str, object]:
    """The verification that failed before, where one did."""
    if case.value(Field.VERIFY_RESULT) != VerifyResult.FAILED:
        return {}
    texts = row_texts(case, language)
    keys = {"method": Field.VERIFY_METHOD, "verifier": Field.VERIFIER, "at": Field.VERIFIED_AT,
            "result": Field.VERIFY_RESULT, "note": Field.NOTES}  # fmt: skip
    return {"verify": {name: texts[key] for name, key in keys.items()}}


def _due(case: Case, language: str) -> list[dict[str, str]]:
    """When the final reply is due, which waits for the verification."""
    table = clock_times(case.situation)
    clock = None if table is None else table[Clock.RESOLVE]
    if clock is None or not clock.running[case.place] or np.isnat(clock.due[case.place]):
        return []
    return limits({Clock.RESOLVE: plain(clock.due[case.place])}, case.situation.now, language)
