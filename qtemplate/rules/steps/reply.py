"""The step that replies: explained (M11), solved (M14), in progress (M15), declined (M16); approval and delivery. Pure.

A reply leaves only with its required content and a person's approval. The approval is bound to a digest of what the
reply says and to whom: a later change of either asks again (ISO 10002:2018, 7.8 and 7.9).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace

from ...choices import Approval, ContactWay, ReplyState, ReplyType
from ...fields import Field
from ...plan import FactName, Finding, NewRow, Phrase, Plan, Recipient, Remember, Severity
from ...plan.keys import MessageKey
from ...plan.mail_kinds import REPLIES, MailKind
from ...plan.replies import REPLY_OF, SPOKEN
from ...register import is_missing, plain
from ...texts import say
from ..approval import (
    EDITION,
    bind_approval,
    how_to_approve_again,
    is_approved,
    is_outdated,
    is_returned,
    reply_print,
)
from ..approving.evidence import decided_in_cell, why_returned
from ..case import Case, case_by_id, cases
from ..contact_log import final_calls, how_to_log, is_spoken, latest, may_be_final
from ..digests.approval_requests import ask_for_approval
from ..mail_facts import quoting_message, reporter
from ..outcomes import implemented
from ..propose import of_older_copy, propose, was_ours, written_values
from ..rulebook import ContactEntry, RuleBook
from ..situation import Situation
from ..standing import dates, equals, has, history, live, moments_by_id, numbered, of_ids, replied, values
from .followers import follower_mails, followers_to_tell, remembered

OUTBOX = {
    "sent": ReplyState.SENT,
    "partial": ReplyState.SENT,
    "failed": ReplyState.FAILED,
    "unknown": ReplyState.UNKNOWN,
    "cancelled": ReplyState.DRAFT,
}
MOST_QUOTED = 200

Logged = Mapping[str, tuple[ContactEntry, ...]]
"""Id -> the outgoing contacts that people have logged."""


class Standing(Struct, frozen=True):
    """Where one reply stands: its state, and what is to be done about it."""

    state: ReplyState
    replied_at: dt.datetime | None = None
    plan: Plan = field(default_factory=Plan)


def reply(situation: Situation) -> Plan:
    """Messages for approved replies, reply_state (A), replied_at and responded_at (PA), findings for the rest."""
    calls = _calls(situation)
    spoken = of_ids(situation, calls) & live(situation)
    wanted = has(situation, Field.REPLY_TYPE) & live(situation) & numbered(situation) & ~history(situation)
    wanted |= spoken
    states, times = values(situation, Field.REPLY_STATE).copy(), dates(situation, Field.REPLIED_AT).copy()
    states[wanted] = None
    plans = [*_of_history(situation)]
    logged, merged = _by_id(situation.rulebook), followers_to_tell(situation)
    # where a person typed 答复时间 the final reply was given already and is not mailed again
    told = replied(situation) & ~was_ours(situation, Field.REPLIED_AT)
    for case in cases(situation, wanted):
        if told[case.place] or spoken[case.place]:
            standing = _told(case)
            if spoken[case.place]:
                times[case.place] = calls[case.id]
        else:
            standing = _standing(case, logged.get(case.id, ()), merged.get(case.id, ()))
        states[case.place] = standing.state.value
        if standing.replied_at is not None and case.value(Field.REPLY_TYPE) != ReplyType.IN_PROGRESS:
            times[case.place] = standing.replied_at
        plans.append(standing.plan)
    plan = Plan.join(plans)
    plan += propose(situation, Field.REPLY_STATE, states, Phrase("because.reply_state"), rows=wanted)
    plan += propose(situation, Field.REPLIED_AT, times, Phrase("because.reply_sent"), rows=wanted)
    return plan + _responses(situation, logged) + _log(situation, logged)


def _of_history(situation: Situation) -> Iterator[Plan]:
    """Replies that a person approved and that do not leave, since the feedback came in before mail began."""
    since = situation.memory.since
    rows = has(situation, Field.REPLY_TYPE) & live(situation) & numbered(situation) & history(situation)
    for case in cases(
        situation, rows & equals(situation, Field.REPLY_APPROVAL, Approval.APPROVED) & ~replied(situation)
    ):
        facts = {"since": f"{since:%Y-%m-%d %H:%M}"}
        yield Plan((case.finding("QT518", Severity.WARNING, Field.RECEIVED_AT, **facts),))


def _calls(situation: Situation) -> dict[str, dt.datetime]:
    """The final replies that people logged, without those of cycles in which the program's own mail was first."""
    calls = final_calls(situation)
    if calls:
        for key, id, _ in situation.memory.went(MailKind.SOLVED, MailKind.DECLINED, MailKind.EXPLAINED):
            case = case_by_id(situation, id) if id in calls else None
            if case is not None and key.cycle == case.cycle:
                calls = {known: at for known, at in calls.items() if known != id}
    return calls


def _kind(case: Case) -> ReplyType:
    return ReplyType(case.value(Field.REPLY_TYPE))  # type: ignore[call-arg] # a StrEnum with labels takes its code alone


def _told(case: Case) -> Standing:
    """A reply that a person has given: the approval is spent on it, and after a reopening another one is needed."""
    facts = bind_approval(case) if is_approved(case) else ()
    findings: tuple[Finding, ...] = ()
    if case.value(Field.REPLY_TYPE) in (None, ReplyType.IN_PROGRESS):  # a call was logged as the final reply
        findings = (case.finding("QT156", Severity.WARNING, Field.REPLY_TYPE),)
    return Standing(ReplyState.SENT, plan=Plan(findings, facts=facts))


def _standing(case: Case, calls: tuple[ContactEntry, ...], behind: tuple[Case, ...]) -> Standing:
    """What is lacking, else the approval, else the reply on its way.

    Args:
        case: A row that asks for a reply.
        calls: Contacts that people have logged for it.
        behind: What is merged into it, and gets the same reply.
    """
    kind = _kind(case)
    empty = [field for field in REPLY_OF[kind].must if is_missing(case.value(field))]
    # after a reopening the solution of the earlier cycle still stands there: nobody is asked to approve it again
    former = kind is ReplyType.SOLVED and not empty and not implemented(case.situation)[case.place]
    former = former and _reply_key(case, kind) not in case.situation.memory.sent
    lacking = [Field.IMPLEMENTED_AT] if former else empty
    if lacking:
        severity = Severity.ERROR if is_approved(case) and not former else Severity.WARNING
        gap = case.finding("QT510", severity, lacking[0], found="", kind=kind, fields=lacking)
        return Standing(ReplyState.DRAFT, plan=Plan((gap,)))
    if not is_approved(case):
        return _unapproved(case, kind)
    if is_outdated(case):
        how = how_to_approve_again(case)
        again = case.finding("QT512", Severity.WARNING, Field.REPLY_APPROVAL, kind=kind, how=how)
        return Standing(ReplyState.WAITING, plan=Plan((again,), messages=tuple(ask_for_approval(case))))
    print_, remember = reply_print(case), bind_approval(case)
    if remember:
        remember = (*remember, *decided_in_cell(case, print_), *_forget(case, FactName.RETURNED_REPLY))
    covered = case.fact(FactName.APPROVAL_TO, ())
    if case.fact(FactName.APPROVAL) != print_:
        remember = (*remember, *remembered(case, behind))
        covered = [follower.id for follower in behind] or covered
    to, key, others = reporter(case), _reply_key(case, kind), Plan()
    if behind and case.row not in case.situation.quiet:
        others = follower_mails(case, REPLY_OF[kind].mail, print_[:EDITION], behind, covered)
    if case.value(Field.CONTACT_WAY) in SPOKEN:
        standing = _spoken(case, calls)
    elif to is None:
        gap = case.finding("QT514", Severity.WARNING, Field.CONTACT_WAY, found="")
        standing = Standing(ReplyState.WAITING, plan=Plan((gap,)))
    elif key not in case.situation.memory.sent and case.row in case.situation.quiet:
        return Standing(ReplyState.WAITING)  # nothing is approved by a copied row
    else:
        standing = _mailed(case, REPLY_OF[kind].mail, key, to)
    return replace(standing, plan=Plan(facts=remember) + standing.plan + others)


def _unapproved(case: Case, kind: ReplyType) -> Standing:
    """A reply that nobody has approved is asked about; one that was sent back once it says something else."""
    facts = _forget(case, FactName.APPROVAL, FactName.APPROVAL_TO, FactName.APPROVAL_WORD)
    if case.value(Field.REPLY_APPROVAL) != Approval.REJECTED:
        facts += _forget(case, FactName.RETURNED_REPLY)
    elif case.fact(FactName.RETURNED_REPLY) is None:
        print_ = reply_print(case)
        facts += (case.remember(FactName.RETURNED_REPLY, print_), *decided_in_cell(case, print_))
    if is_returned(case):
        why = why_returned(case)
        said = Phrase.of("reply.because", why=why[:MOST_QUOTED]) if why else ""
        back = case.finding("QT515", Severity.WARNING, Field.REPLY_APPROVAL, kind=kind, why=said)
        return Standing(ReplyState.WAITING, plan=Plan((back,), facts=facts))
    ask = case.finding("QT511", Severity.WARNING, Field.REPLY_APPROVAL, kind=kind)
    return Standing(ReplyState.WAITING, plan=Plan((ask,), messages=tuple(ask_for_approval(case)), facts=facts))


def _forget(case: Case, *names: FactName) -> tuple[Remember, ...]:
    return tuple(case.remember(name, None) for name in names if case.fact(name))


def _reply_key(case: Case, kind: ReplyType) -> MessageKey:
    """The reply's mail: another text is another edition of it."""
    return MessageKey.about(REPLY_OF[kind].mail, case.id, reply_print(case)[:EDITION], cycle=case.cycle)


def _mailed(case: Case, kind: MailKind, key: MessageKey, to: Recipient) -> Standing:
    """The reply as a mail, or what became of it."""
    sent = case.situation.memory.sent.get(key)
    if sent is not None:
        state = OUTBOX.get(sent.state, ReplyState.QUEUED)
        findings: tuple[Finding, ...] = ()
        if state in (ReplyState.FAILED, ReplyState.UNKNOWN):
            findings = (case.finding("QT516", Severity.ERROR, Field.REPLY_STATE, key=key, state=state),)
        if state is ReplyState.DRAFT:
            findings = (case.finding("QT517", Severity.WARNING, Field.REPLY_APPROVAL, key=key),)
        return Standing(state, sent.at if state is ReplyState.SENT else None, Plan(findings))
    eta = case.value(Field.ETA)
    if kind is MailKind.IN_PROGRESS and eta is not None and eta.date() < case.situation.now.date():
        past = case.finding("QT158", Severity.ERROR, Field.ETA, kind=_kind(case))
        return Standing(ReplyState.DRAFT, plan=Plan((past,)))
    message = quoting_message(case, kind, key, to, Phrase("because.approved"))
    return Standing(ReplyState.QUEUED, plan=Plan(messages=(replace(message, approved=True),)))


def _spoken(case: Case, calls: tuple[ContactEntry, ...]) -> Standing:
    """A reply by telephone, chat or in person is given once somebody logged it in 沟通记录.

    Here without the word of 是否最终答复, which counts by itself. Calls of an earlier cycle, and calls before there was
    a solution to speak of, were about something else.
    """
    since = [case.value(Field.RECEIVED_AT), case.reopened_at]
    if case.value(Field.REPLY_TYPE) == ReplyType.SOLVED:
        since.append(case.value(Field.IMPLEMENTED_AT))
    earliest = max((moment for moment in since if moment is not None), default=dt.datetime.min)
    told = [entry for entry in calls if is_spoken(entry) and may_be_final(case.situation, entry)]
    outgoing = [entry.at for entry in told if latest(entry.at) >= earliest]
    if outgoing:
        return Standing(ReplyState.SENT, max(outgoing))
    ask = case.finding("QT513", Severity.WARNING, Field.CONTACT_WAY, how=how_to_log(case.situation))
    return Standing(ReplyState.QUEUED, plan=Plan((ask,)))


def _by_id(rulebook: RuleBook) -> dict[str, tuple[ContactEntry, ...]]:
    """Outgoing contacts per id."""
    found: dict[str, tuple[ContactEntry, ...]] = {}
    for entry in rulebook.contacts:
        if entry.direction != "in":
            found[entry.id] = (*found.get(entry.id, ()), entry)
    return found


def _responses(situation: Situation, logged: Logged) -> Plan:
    """responded_at: the first reply sent or contact logged; M01 does not count."""
    first: dict[str, dt.datetime] = {}
    for _, id, at in situation.memory.went(*REPLIES):
        first[id] = min(first.get(id, at), at)
    for id, entries in logged.items():
        earliest = min(entry.at for entry in entries)
        first[id] = min(first.get(id, earliest), earliest)
    if not first:
        return Plan()
    moments = moments_by_id(situation, first)
    rows = ~np.isnat(moments)
    return propose(situation, Field.RESPONDED_AT, moments, Phrase("because.first_response"), rows=rows)


def _log(situation: Situation, logged: Logged) -> Plan:
    """Every reply that went out is written into 沟通记录 once, and again where an older copy has lost the line."""
    lost, language = of_older_copy(situation), situation.register.language
    contacts = written_values(situation, Field.CONTACT)
    rows: list[NewRow] = []
    facts: list[Remember] = []
    for key, id, at in situation.memory.went(*REPLIES):
        case = case_by_id(situation, id)
        if case is None:
            continue
        stands = not lost[case.place] or any(entry.at == at for entry in logged.get(case.id, ()))
        if case.fact(FactName.LOGGED.of(key)) and stands:
            continue
        cells = {
            "at": at,
            "id": case.id,
            "direction": "out",
            "way": ContactWay.EMAIL.value,
            "who": case.value(Field.CONTACT) or plain(contacts[case.place]),
            "summary": say(Phrase(f"log.{key.kind}"), language),
            "final": "no" if key.kind is MailKind.IN_PROGRESS else "yes",
        }
        rows.append(NewRow("contacts", case.id, f"contact/{key}", cells))
        facts.append(case.remember(FactName.LOGGED.of(key), True))
    return Plan(rows=tuple(rows), facts=tuple(facts))
