"""The step that hands over: transfers with their 转交单 (M03), failed verifications (M13), recurrence (M22). Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from msgspec.structs import replace

from ...choices import Clock, Level, Role, VerifyResult
from ...fields import Field
from ...plan import Finding, FormRequest, Message, Phrase, Plan, Severity
from ...plan.form_kinds import FormKind
from ...plan.keys import MessageKey
from ...plan.look_back import RECURRENCE
from ...plan.mail_kinds import MailKind
from ...register import plain
from ...texts.display import display
from ..carriers import Carriers
from ..case import Case, case_by_id, cases
from ..clocks.times import after_limit, clock_times
from ..forms.due import investigation
from ..forms.requests import form_key, form_request
from ..likeness.double_entry import perhaps_twice
from ..likeness.similar_cases import similar_cases
from ..mail_facts import insider, insider_message, limits, record_groups, row_text, row_texts
from ..outcomes import implemented
from ..rulebook import Person
from ..situation import Situation
from ..stand_in import Reached, reach, reach_first
from ..standing import (
    Mask,
    dates,
    equals,
    explained,
    has,
    history,
    in_cycle,
    incomplete,
    level_in,
    live,
    numbered,
    quiet,
)
from ..transfers import handed_over, last_return, transfer_of

OWNERS_CLOCKS = (Clock.RESPOND, Clock.ACCEPT, Clock.CONTAIN, Clock.UPDATE, Clock.RESOLVE)
"""The clocks that a mail about one feedback shows its owner."""


def follow_up(situation: Situation) -> Plan:
    """Transfer mails with their forms, M13 to the owner and M22 to the quality lead, or to who stands in for them."""
    rows = live(situation) & numbered(situation) & ~history(situation) & ~quiet(situation)
    told = Plan(messages=(*_failed(situation, rows), *_recurrence(situation, rows)))
    return _transfers(situation, rows) + told


def running_limits(case: Case) -> dict[Clock, dt.datetime]:
    """The owner's clocks that run, and when each is due."""
    table = clock_times(case.situation)
    if table is None:
        return {}
    return {
        clock: plain(table[clock].due[case.place])
        for clock in OWNERS_CLOCKS
        if table[clock].running[case.place] and not np.isnat(table[clock].due[case.place])
    }


def _transfers(situation: Situation, rows: Mask) -> Plan:
    ready = rows & has(situation, Field.LEVEL) & has(situation, Field.DEPARTMENT) & has(situation, Field.OWNER)
    ready &= ~explained(situation) & ~incomplete(situation)
    # what was reopened is handed over once more
    ready &= ~in_cycle(situation, Field.TRANSFERRED_AT) & ~implemented(situation)
    accepted = in_cycle(situation, Field.ACCEPTED_AT)
    ready &= ~accepted | handed_over(situation)
    messages: list[Message] = []
    forms: list[FormRequest] = []
    findings: list[Finding] = []
    made = situation.memory.made
    for case in cases(situation, ready):
        owner, key = case.person(Field.OWNER), transfer_of(case)
        if owner is not None and not owner.active:
            continue  # has left: QT150 asks for somebody else
        if (owner is None or not owner.mail) and not accepted[case.place]:
            findings.append(case.finding("QT333", Severity.WARNING, Field.OWNER))
        asked = owner is not None and owner.mail and key not in situation.memory.sent
        kinds = _kinds(case)
        if not asked and all(form_key(case, kind) in made for kind in kinds):
            continue  # what was handed over waits for weeks, and is not put together again every night
        carried = tuple(form_request(case, kind) for kind in kinds)
        forms += carried[::-1]  # the transfer form is made last: there alone it says that the other was not wanted
        if owner is not None and asked:
            to = reach(situation.rulebook, owner, situation.now.date()) or Reached(owner)
            messages.append(_transfer(case, key, owner, to, carried))
    new = tuple(form for form in forms if form.key not in made)
    return Plan(tuple(findings), messages=tuple(messages), forms=new)


def _kinds(case: Case) -> tuple[FormKind, ...]:
    """The forms that go with a transfer."""
    report, made = investigation(case), case.situation.memory.made
    if report is None or (form_key(case, FormKind.TRANSFER) in made and form_key(case, report) not in made):
        return (FormKind.TRANSFER,)  # nothing is looked for, or it was handed over before the workbook had the logs
    return FormKind.TRANSFER, report


def _transfer(case: Case, key: MessageKey, owner: Person, to: Reached, forms: tuple[FormRequest, ...]) -> Message:
    """The mail to the owner, or to who stands in; with what the one before said who handed it back."""
    situation = case.situation
    language, rulebook, now = situation.register.language, situation.rulebook, situation.now
    due = running_limits(case)
    accept_by = after_limit(rulebook, case.value(Field.LEVEL), Clock.ACCEPT, now)  # this mail starts it
    if accept_by is not None:
        due[Clock.ACCEPT] = accept_by
    urgent = bool(case.value(Field.LEVEL) == Level.URGENT)
    heads = rulebook.with_role(Role.HEAD, case.value(Field.DEPARTMENT)) if urgent else ()
    texts, before = row_texts(case, language), last_return(case)
    message = insider_message(
        case,
        MailKind.TRANSFER,
        key,
        to.person,
        Phrase("because.assigned"),
        instead_of=to.absent,
        returned=None if before is None else {"by": before[0], "reason": before[1]},
        record=record_groups(case, language),
        similar=[_in_short(other.case, other.shared) for other in similar_cases(case)],
        why=texts[Field.LEVEL_REASON] or texts[Field.LEVEL],
        limits=limits(due, now, language),
        owner=owner.name,
        department=texts[Field.DEPARTMENT],
        level_code=str(case.value(Field.LEVEL)),
        form=str(forms[0].facts["file"]),
        report=str(forms[1].facts["file"]) if len(forms) > 1 else "",
    )
    cc = tuple(insider(head) for head in heads if head.mail and head.mail != to.person.mail)
    keys = tuple(form.key for form in forms)
    return replace(message, cc=cc, forms=keys, pictures=texts[Field.ATTACHMENTS], urgent=urgent)


def _failed(situation: Situation, rows: Mask) -> Iterator[Message]:
    language, carriers = situation.register.language, Carriers(situation)
    for case in cases(situation, rows & equals(situation, Field.VERIFY_RESULT, VerifyResult.FAILED)):
        to = next(iter(carriers.owner(case)), None)
        at = case.value(Field.VERIFIED_AT)
        key = MessageKey.about(MailKind.NOT_VERIFIED, case.id, display(at, "en") or "failed")
        timeless = situation.memory.sent.get(MessageKey.about(MailKind.NOT_VERIFIED, case.id, "failed"))
        told = timeless is not None and timeless.at == at  # the time was filled in after the owner was told
        if to is None or key in situation.memory.sent or told:
            continue
        yield insider_message(
            case,
            MailKind.NOT_VERIFIED,
            key,
            to.person,
            Phrase("because.verify_failed"),
            instead_of=to.absent,
            verify=_verification(row_texts(case, language)),
            limits=limits(running_limits(case), situation.now, language),
            level_code=str(case.value(Field.LEVEL) or ""),
        )


def _verification(texts: Mapping[str, str]) -> dict[str, str]:
    return {
        "method": texts[Field.VERIFY_METHOD],
        "verifier": texts[Field.VERIFIER],
        "at": texts[Field.VERIFIED_AT],
        "result": texts[Field.VERIFY_RESULT],
        "note": texts[Field.NOTES],
    }


def _recurrence(situation: Situation, rows: Mask) -> Iterator[Message]:
    leads = situation.rulebook.with_role(Role.QUALITY_LEAD)
    lead = reach_first(situation.rulebook, leads, situation.now.date())
    if lead is None:
        return
    since = situation.now - RECURRENCE
    recent = dates(situation, Field.RECEIVED_AT) >= np.datetime64(since)
    wanted = rows & recent & has(situation, Field.RELATED) & level_in(situation, Level.URGENT, Level.MAJOR)
    for case in cases(situation, wanted):
        key = MessageKey.about(MailKind.RECURRENCE, case.id)
        if key in situation.memory.sent:
            continue
        named = [case_by_id(situation, id) for id in str(case.value(Field.RELATED)).split("、")]
        earlier = [other for other in named if other is not None and not perhaps_twice(case, other)]
        if earlier:
            yield insider_message(
                case,
                MailKind.RECURRENCE,
                key,
                lead.person,
                Phrase("because.related"),
                instead_of=lead.absent,
                related=[_in_short(other) for other in earlier],
                why=str(case.value(Field.FAULT) or ""),
                level_code=str(case.value(Field.LEVEL) or ""),
            )


def _in_short(case: Case, shared: Sequence[str] = ()) -> dict[str, str]:
    """An earlier case with what it taught, and words that another one shares with it."""
    language = case.situation.register.language
    return {
        "id": case.id,
        "title": row_text(case, Field.TITLE, language),
        "received_at": row_text(case, Field.RECEIVED_AT, language),
        "cause": row_text(case, Field.ROOT_CAUSE, language),
        "solution": row_text(case, Field.SOLUTION, language),
        "shared": ("、" if language == "zh" else ", ").join(shared),
    }
