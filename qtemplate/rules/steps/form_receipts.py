"""The step that tells who sent a form what became of it (M28), and the keeper what was set aside. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...choices import Role
from ...fields import Field
from ...plan import FactName, Message, Phrase, Plan, Remember
from ...plan.keys import FormKey, MessageKey
from ...plan.mail_kinds import MailKind
from ...texts import say
from ..case import Case, case_by_id
from ..mail_facts import insider, insider_message
from ..situation import Situation
from ..stand_in import Reached, reach, reach_role

DIGITS = 16
"""Hexadecimal digits of a digest that tell one file of a feedback from another."""


def answer_senders(situation: Situation) -> Plan:
    """One mail a form that came, until it has gone; and one a keeper about what was set aside together."""
    plans = []
    for (id, name), told in situation.memory.facts.items():
        if (digest := FactName.FORM_TOLD.about(name)) is not None:
            messages = list(_receipt(situation, id, digest[:DIGITS], told))
        elif (digest := FactName.FORM_ASIDE.about(name)) is not None:
            messages = list(_aside(situation, digest[:DIGITS], told))
        else:
            continue
        plans.append(Plan(messages=tuple(messages)) if messages else Plan(facts=(Remember(id, name, None),)))
    return Plan.join(plans)


def _receipt(situation: Situation, id: str, digest: str, told: Mapping[str, Any]) -> Iterator[Message]:
    """The mail to whom the form had been sent; none when it has gone, or the row is no more."""
    case, key = case_by_id(situation, id), MessageKey.about(MailKind.FORM_TAKEN, id, digest)
    to = None if case is None else _sender(case, FormKey.parse(str(told["form"])))
    if case is None or to is None or key in situation.memory.sent:
        return
    form = FormKey.parse(str(told["form"]))
    yield insider_message(
        case,
        MailKind.FORM_TAKEN,
        key,
        to.person,
        Phrase("because.form_came"),
        instead_of=to.absent,
        name=say(Phrase(f"form.{form.kind}"), situation.register.language),
        file=told["file"],
        said=told.get("said", ""),
        notes=list(told.get("notes", ())),
        problem=told.get("problem", ""),
        topic=str(case.value(Field.TITLE) or ""),
    )


def _sender(case: Case, form: FormKey) -> Reached | None:
    """Whom the form had been sent to, by the address of 人员 and no other; else the keeper.

    That is the person its key ends with; where it is bound to none, whoever may answer it by now.
    """
    rulebook, day = case.situation.rulebook, case.situation.now.date()
    asked = [person for person in rulebook.people if form.is_for(person.name)]
    if asked:
        return reach(rulebook, max(asked, key=lambda person: len(person.name)), day)
    named = None if form.kind is None else case.person(form.kind.contract.answered_by)
    if named is not None and (reached := reach(rulebook, named, day)) is not None:
        return reached
    return next(iter(reach_role(rulebook, Role.KEEPER, day)), None)


def _aside(situation: Situation, digest: str, told: Mapping[str, Any]) -> Iterator[Message]:
    """The mails to the keepers that have not been made."""
    for keeper in reach_role(situation.rulebook, Role.KEEPER, situation.now.date()):
        key = MessageKey.of_files(digest, keeper.person.mail)
        if key not in situation.memory.sent:
            facts = {**told, "instead_of": keeper.absent, "register": situation.register.path}
            to, language = (insider(keeper.person),), situation.register.language
            because = Phrase("because.form_came")
            yield Message(key, MailKind.FORM_TAKEN, None, to, language, facts, because=because)
