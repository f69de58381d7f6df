"""An answer that surely belongs to a case, from somebody of the case: what it says goes in, once. Pure.

A code of the reporter answers the question whether it is solved; one of the owner takes a transfer or hands it back.
Everything else is put into 沟通记录 and shown to a person. Nothing that a person wrote is replaced.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from ...choices import Approval, Confirmation, ContactWay, Status
from ...fields import Field
from ...plan import CellEdit, FactName, NewRow, Phrase, Plan, Remember
from ...plan.form_kinds import FormKind
from ...plan.keys import MessageKey
from ...plan.mail_kinds import MailKind
from ...plan.received import Received
from ...register import is_missing
from ..approval import EDITION, is_outdated, reply_print, word_to_approve
from ..approving.approvers import may_decide
from ..approving.evidence import decided_by_mail
from ..case import Case
from ..confirmation_requests import request_key
from ..forms.requests import form_key
from ..outcomes import answered
from ..rulebook import Person
from ..transfers import transfer_of
from .codes import Code, Said, only_thanks, read_code
from .links import Link

LONGEST = 2_000
"""Characters of an answer that 沟通记录 gets; the rest is in the mail."""

REOPEN = "reopen"
"""Setting: an answer to a closed case reopens it; else a person decides."""


def answer_of_reporter(case: Case, item: Received, closed_answer: str) -> Plan:
    """What the reporter answers."""
    mail, code = item.content, read_code(item.content["text"])
    plan = Plan(rows=tuple(contact_row(case, item)))
    thanks = only_thanks(mail["text"])
    if not is_missing(case.value(Field.CLOSED_AT)):
        agreed = thanks or (code is not None and code.said in (Said.SOLVED, Said.MARK))
        if not agreed and closed_answer == REOPEN:
            return plan + _edits(case, item, {Field.CONFIRMATION: Confirmation.NOT_SOLVED.value}, over=True)
        return plan if agreed else plan + heard(case, item)
    plan += waiting_over(case, item)
    given = _given(code) if code is not None and _asked(case) else None
    if given is not None:
        return plan + _answered(case, item, given)
    return plan if thanks and not _asked(case) else plan + heard(case, item)


def answer_of_owner(case: Case, item: Received, person: Person, link: Link) -> Plan | None:
    """A transfer that its owner takes or hands back by mail; None where the mail does neither, or is another's."""
    code, owner = read_code(item.content["text"]), case.person(Field.OWNER)
    if code is None or code.said not in (Said.ACCEPT, Said.RETURN) or owner is None:
        return None
    transfer = transfer_of(case)
    answers_another = link.key is not None and link.key.kind is MailKind.TRANSFER and link.key != transfer
    if person.name not in (owner.name, owner.deputy) or answers_another or transfer not in case.situation.memory.sent:
        return None
    given = {
        "form": form_key(case, FormKind.TRANSFER),
        "file": item.content["subject"],
        "mark": "",
        "at": item.at.isoformat(),
        "was": {},
        "decision": "accept" if code.said is Said.ACCEPT else "return",
        "planned_at": "",
        "reason": code.words if code.said is Said.RETURN else "",
        "note": code.words if code.said is Said.ACCEPT else "",
    }
    waiting = [*(case.fact(FactName.FORM_ANSWERS) or ()), given]
    return Plan(facts=(case.remember(FactName.FORM_ANSWERS, waiting),))


def linked_answer(case: Case, item: Received, link: Link, closed_answer: str, *, proved: bool) -> Plan:
    """An answer that a person linked to a case: as if its sender had been known.

    Args:
        case: Which the person named.
        item: The mail.
        link: The mail of ours that it answers, where it is one about that case.
        closed_answer: As for `answer_of_reporter`.
        proved: Whether the mail server has no doubt about the sender; a colleague's code counts only then.
    """
    sender, people = item.content["sender"], case.situation.rulebook.people
    person = next((p for p in people if p.active and p.mail and p.mail.casefold() == sender), None)
    if person is None:
        return answer_of_reporter(case, item, closed_answer)
    taken = answer_of_owner(case, item, person, link) if proved else None
    return taken if taken is not None else Plan(rows=tuple(contact_row(case, item)))


def answer_of_approver(case: Case, item: Received, link: Link) -> Plan | Phrase | None:
    """An approval, or a reply that is sent back, by whoever was asked for it in M17.

    Returns:
        What it does; why it does not count; None where the mail is no such answer.
    """
    mail, code, key = item.content, read_code(item.content["text"]), link.key
    if key is None or key.kind is not MailKind.APPROVAL or code is None or code.said not in (Said.APPROVE, Said.RETURN):
        return None
    if key.person.casefold() != mail["sender"] or not may_decide(case, mail["sender"]):
        return Phrase.of("intake.not_approver", id=case.id, sender=mail["sender"])
    print_, who = reply_print(case), mail["name"] or mail["sender"]
    if key != MessageKey.about(MailKind.APPROVAL, case.id, print_[:EDITION], key.person):
        return Phrase.of("intake.reply_changed", id=case.id)
    if case.cell(Field.REPLY_APPROVAL) is None or not _awaits_decision(case, print_):
        return Phrase.of("intake.decided_already", id=case.id)
    if code.said is Said.RETURN:
        because = Phrase.of("because.returned_by_mail", name=who, at=item.at, why=code.words[:200])
        evidence = decided_by_mail(case, item, Approval.REJECTED, print_, code.words[:LONGEST])
        facts = (evidence, case.remember(FactName.RETURNED_REPLY, print_))
        return Plan(edits=_typed(case, Approval.REJECTED, because), facts=facts)
    word = word_to_approve(case)
    edits = () if word is None else _typed(case, word, Phrase.of("because.approved_by_mail", name=who, at=item.at))
    # a workbook without another word of approval: the one that stands there is for the new words from now on
    bound = () if word is not None else (case.remember(FactName.APPROVAL, print_),)
    given = word or Approval(case.value(Field.REPLY_APPROVAL))  # type: ignore[call-arg] # labels are no arguments
    return Plan(edits=edits, facts=(*bound, decided_by_mail(case, item, given, print_)))


def _awaits_decision(case: Case, reply: str) -> bool:
    """Whether nobody has decided about the reply as it is now."""
    word = case.value(Field.REPLY_APPROVAL)
    if word == Approval.REJECTED:
        return case.fact(FactName.RETURNED_REPLY) not in (None, reply)
    return word is None or is_outdated(case)


def _typed(case: Case, word: Approval, because: Phrase) -> tuple[CellEdit, ...]:
    held = case.value(Field.REPLY_APPROVAL) == word.value  # sent back once more
    return () if held else (case.edit(Field.REPLY_APPROVAL, word.value, because),)


def heard(case: Case, item: Received) -> Plan:
    """Somebody wrote about the case, and a person has to read it; silence is over."""
    words = " ".join(str(item.content["text"] or item.content["subject"]).split())[:200]
    who = item.content["name"] or item.content["sender"]
    held = case.content(Field.CONFIRMATION)
    kept = [item.at.isoformat(), who, words, case.cycle, "" if is_missing(held) else str(held)]
    return Plan(facts=(case.remember(FactName.HEARD, kept),))


def contact_row(case: Case, item: Received) -> Iterator[NewRow]:
    """The answer for 沟通记录, with the new words only; none where it stands there already."""
    mail = item.content
    words = str(mail["text"]).strip() or str(mail["subject"])
    files = "、".join(name for name, *_ in mail["files"] if name)
    summary = "\n".join(filter(None, (words if len(words) <= LONGEST else words[: LONGEST - 1] + "…", files)))
    who = mail["name"] or mail["sender"]
    known = {(entry.id, entry.at, entry.summary) for entry in case.situation.rulebook.contacts}
    if (case.id, item.at, summary) not in known:
        values: dict[str, Any] = {"at": item.at, "id": case.id, "direction": "in", "way": ContactWay.EMAIL.value}
        yield NewRow("contacts", case.id, f"mail/{item.number}", {**values, "who": who, "summary": summary})


def waiting_over(case: Case, item: Received) -> Plan:
    """等待外部 ends when the one who was waited for answers."""
    if case.value(Field.STATUS) != Status.WAITING:
        return Plan()
    facts: tuple[Remember, ...] = ()
    since = case.fact(FactName.PAUSED)
    if since is not None:
        over = max(item.at, dt.datetime.fromisoformat(since))
        facts = (case.remember(FactName.PAUSE_OVER, over.isoformat()),)
    return Plan(edits=(case.edit(Field.STATUS, None, _because(item)),), facts=facts)


def _asked(case: Case) -> bool:
    """Whether the reporter was asked in this cycle."""
    return request_key(case) in case.situation.memory.sent


def _given(code: Code) -> Mapping[Field, Any] | None:
    """What a code puts into the row; None where it is none of the reporter's."""
    match code.said:
        case Said.SOLVED:
            told: dict[Field, Any] = {Field.CONFIRMATION: Confirmation.SOLVED.value}
        case Said.NOT_SOLVED:
            told = {Field.CONFIRMATION: Confirmation.NOT_SOLVED.value}
        case Said.MARK:
            told = {}
        case _:
            return None
    if code.mark is not None:
        told[Field.SATISFACTION] = code.mark
    if code.words:
        told[Field.OPINION] = code.words[:LONGEST]
    return told


def _answered(case: Case, item: Received, given: Mapping[Field, Any]) -> Plan:
    """The answers in their cells; where one of them holds something else already, a person decides about all."""
    taken = [field for field, value in given.items() if _is_other(case, field, value)]
    return heard(case, item) if taken else _edits(case, item, given)


def _is_other(case: Case, field: Field, value: Any) -> bool:
    held = case.content(field)
    if is_missing(held) or held == value or held == Confirmation.SILENT:
        return False
    return bool(answered(case.situation, field)[case.place])


def _edits(case: Case, item: Received, given: Mapping[Field, Any], *, over: bool = False) -> Plan:
    edits: list[CellEdit] = []
    for field, value in given.items():
        if case.cell(field) is not None and (over or case.value(field) != value):
            edits.append(case.edit(field, value, _because(item)))
    return Plan(edits=tuple(edits))


def _because(item: Received) -> Phrase:
    who = item.content["name"] or item.content["sender"]
    return Phrase.of("because.linked" if "linked" in item.content else "because.mailed", who=who, at=item.at)
