"""Who may send a form back by mail: whom its kind names, who stands behind them, and who keeps the register. Pure.

From outside only the forms that go there come back, and only from the reporter's own address. Everybody else's is set
aside with a sentence; a person who knows better takes it up with `forms collect FILE --accept`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...choices import Role
from ...fields import Field
from ...plan import Phrase
from ...plan.form_kinds import FormKind
from ...plan.keys import FormKey
from ..case import Case, case_by_id
from ..rulebook import Person
from ..situation import Situation
from .links import doubted, is_reporter, staff_of

FOR_OTHERS = (Role.KEEPER, Role.QUALITY_LEAD, Role.COORDINATOR)
"""Roles that hand in what somebody else has filled in."""

OF_THE_CASE = (FormKind.FOLLOW_UP, FormKind.MISSING, FormKind.MINUTES)
"""Kinds that anybody of the feedback's people may answer: they speak with the reporter, or sat in the meeting."""


def why_not_from(situation: Situation, key: FormKey, mail: Mapping[str, Any]) -> Phrase | None:
    """Why a form does not count though it is ours: its sender may not answer it. None where they may.

    Args:
        situation: The register as it is.
        key: Of the form.
        mail: What the mail said that it came with: `sender` (an address in small letters) and `auth`.
    """
    case, kind, sender = case_by_id(situation, str(key.id)), key.kind, str(mail["sender"])
    if case is None or kind is None:
        return None  # nothing can come of it, and that is said elsewhere
    if doubt := doubted(mail):
        return Phrase.of("form.unproven", sender=sender, auth=doubt)
    if kind.contract.outside and is_reporter(case, sender):
        return None
    person = next((p for p in situation.rulebook.people if p.active and p.mail.casefold() == sender), None)
    if person is None:
        return Phrase.of("form.stranger", sender=sender, id=case.id)
    if _may_answer(case, kind, key, person):
        return None
    asked = [each.name for each in _asked(case, kind, key)]
    return Phrase.of("form.not_asked", name=person.name, asked=tuple(asked) or ("–",))


def _may_answer(case: Case, kind: FormKind, key: FormKey, person: Person) -> bool:
    rulebook = case.situation.rulebook
    if any(role in person.roles for role in FOR_OTHERS):
        return True
    if kind in OF_THE_CASE:
        return staff_of(case, person.mail.casefold()) is not None or kind is FormKind.MINUTES
    asked = list(_asked(case, kind, key))
    if kind is FormKind.VERIFICATION and not asked:
        return bool(person.name != case.value(Field.OWNER))  # nobody is named yet: anybody but the owner verifies
    heads = [head for each in asked for head in rulebook.with_role(Role.HEAD, each.department)]
    deputies = [rulebook.person(each.deputy) for each in asked]
    return any(known is not None and known.name == person.name for known in (*asked, *deputies, *heads))


def _asked(case: Case, kind: FormKind, key: FormKey) -> Iterator[Person]:
    """Whom the form is for: by its key, and by the column that names who answers it by now."""
    for person in case.situation.rulebook.people:
        if person.name == case.value(kind.contract.answered_by) or (kind.contract.bound_to and key.is_for(person.name)):
            yield person
