"""Step: the three replies (M14 solved, M15 in progress, M16 declined), their approval and what became of them. Pure.

A reply leaves only with its required content and a person's approval. The approval is bound to a digest of what the
reply says and to whom: a later change of either asks again (ISO 10002:2018, 7.8 and 7.9).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from ...choices import Approval, ContactWay, ReplyState, ReplyType
from ...fields import PUBLIC, Field
from ...plan import FactName, Finding, Memory, NewRow, Phrase, Plan, Recipient, Remember, Severity
from ...register import Register, is_missing, plain
from ...texts import say
from ..mail_facts import display, fingerprint, reporter, reporter_message
from ..propose import finding, of_older_copy, propose, was_ours, written_values
from ..rulebook import ContactEntry, RuleBook
from ..standing import cycles, has, history, int_at, live, moments_by_id, numbered, replied, rows_by_id
from .followers import follower_mails, followers, remembered

KIND = {ReplyType.SOLVED: "M14", ReplyType.IN_PROGRESS: "M15", ReplyType.DECLINED: "M16"}
CONTENT = {
    ReplyType.SOLVED: (Field.CAUSE_FOR_REPORTER, Field.SOLUTION, Field.IMPLEMENTED_AT),
    ReplyType.IN_PROGRESS: (Field.REPLY_TEXT, Field.ETA),
    ReplyType.DECLINED: (Field.REPLY_TEXT,),
}
SPOKEN = (ContactWay.PHONE, ContactWay.CHAT, ContactWay.IN_PERSON)
OUTBOX = {
    "sent": ReplyState.SENT,
    "partial": ReplyState.SENT,
    "failed": ReplyState.FAILED,
    "unknown": ReplyState.UNKNOWN,
    "cancelled": ReplyState.DRAFT,
}
SAID = tuple(
    field
    for field in PUBLIC
    if field not in (Field.RESPOND_BY, Field.RESOLVE_BY, Field.CONTACT, Field.RECEIVED_AT, Field.CHANNEL)
)
"""What the digest of an approval covers; deadlines and the contact's name may change without asking again."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one reply stands: its state, and what is to be done about it."""

    state: ReplyState
    replied_at: dt.datetime | None = None
    plan: Plan = field(default_factory=Plan)


def reply(register: Register, rulebook: RuleBook, memory: Memory, now: dt.datetime) -> Plan:
    """Messages for approved replies, reply_state (A), replied_at and responded_at (PA), findings for the rest."""
    frame = register.frame
    wanted = has(register, Field.REPLY_TYPE) & live(register) & numbered(register) & ~history(register, memory)
    states = frame[Field.REPLY_STATE].where(~wanted, None)
    times = frame[Field.REPLIED_AT].copy()
    cycle = cycles(register, memory)
    plans: list[Plan] = []
    logged = _by_id(rulebook)
    # a person who typed 答复时间 has given the final reply already: it is not mailed once more
    merged = followers(register, memory)
    told = frame.index[replied(register, memory) & ~was_ours(register, memory, Field.REPLIED_AT)]
    for row in (int(r) for r in frame.index[wanted]):
        calls = logged.get(str(register.value(row, Field.ID)), ())
        behind = merged.get(str(register.value(row, Field.ID)), ())
        standing = _standing(register, rulebook, memory, row, int_at(cycle, row), calls, row in told, behind)
        states.at[row] = standing.state.value
        if standing.replied_at is not None and register.value(row, Field.REPLY_TYPE) != ReplyType.IN_PROGRESS:
            times.at[row] = standing.replied_at
        plans.append(standing.plan)
    plan = Plan.join(plans)
    plan += propose(register, memory, Field.REPLY_STATE, states, Phrase("because.reply_state"), rows=wanted)
    plan += propose(register, memory, Field.REPLIED_AT, times, Phrase("because.reply_sent"), rows=wanted)
    return plan + _responses(register, memory, logged) + _log(register, memory, logged)


def _standing(
    register: Register,
    rulebook: RuleBook,
    memory: Memory,
    row: int,
    cycle: int,
    calls: tuple[ContactEntry, ...],
    told: bool,
    behind: tuple[int, ...],
) -> Standing:
    id, kind = str(register.value(row, Field.ID)), ReplyType(register.value(row, Field.REPLY_TYPE))  # type: ignore[call-arg]
    lacking = [field for field in CONTENT[kind] if is_missing(register.value(row, field))]
    to, way = reporter(register, rulebook, row), register.value(row, Field.CONTACT_WAY)
    print_ = fingerprint(
        {
            "to": to.mail if to else "",
            "kind": kind,
            "cycle": cycle,
            "way": str(way),
            "says": {str(field): display(register.value(row, field), "en") for field in SAID},
        }
    )
    bound, approved = memory.fact(id, FactName.APPROVAL), register.value(row, Field.REPLY_APPROVAL) == Approval.APPROVED
    if told:
        # the approval is spent on this reply: after a reopening it needs another one
        spent = (Remember(id, FactName.APPROVAL, print_),) if approved and bound != print_ else ()
        return Standing(ReplyState.SENT, plan=Plan(facts=spent))
    if lacking:
        severity = Severity.ERROR if approved else Severity.WARNING
        gap = finding(register, "QT510", severity, row, lacking[0], found="", kind=kind, fields=lacking)
        return Standing(ReplyState.DRAFT, plan=Plan((gap,)))
    if not approved:
        forget = (Remember(id, FactName.APPROVAL, None),) if bound else ()
        if memory.fact(id, FactName.APPROVAL_TO):
            forget = (*forget, Remember(id, FactName.APPROVAL_TO, None))
        code = "QT515" if register.value(row, Field.REPLY_APPROVAL) == Approval.REJECTED else "QT511"
        ask = finding(register, code, Severity.WARNING, row, Field.REPLY_APPROVAL, kind=kind)
        return Standing(ReplyState.WAITING, plan=Plan((ask,), facts=forget))
    remember: tuple[Remember, ...] = ()
    if bound is None:
        remember = (Remember(id, FactName.APPROVAL, print_), *remembered(register, id, behind))
    elif bound != print_:
        again = finding(register, "QT512", Severity.WARNING, row, Field.REPLY_APPROVAL, kind=kind)
        return Standing(ReplyState.WAITING, plan=Plan((again,)))
    covered = next(
        (fact.value for fact in remember if fact.name == FactName.APPROVAL_TO),
        memory.fact(id, FactName.APPROVAL_TO, ()),
    )
    edition = f"{cycle}/{print_[:8]}"
    others = Plan()
    if behind and row not in register.quiet:
        others = follower_mails(register, rulebook, memory, row, KIND[kind], edition, behind, covered)
    if way in SPOKEN:
        standing = _spoken(register, memory, row, calls, remember)
    elif to is None:
        gap = finding(register, "QT514", Severity.WARNING, row, Field.CONTACT_WAY, found="")
        standing = Standing(ReplyState.WAITING, plan=Plan((gap,), facts=remember))
    else:
        key = f"{KIND[kind]}/{id}/{edition}"
        standing = _mailed(register, rulebook, memory, row, KIND[kind], key, to, remember)
    return replace(standing, plan=standing.plan + others)


def _mailed(
    register: Register,
    rulebook: RuleBook,
    memory: Memory,
    row: int,
    kind: str,
    key: str,
    to: Recipient,
    remember: tuple[Remember, ...],
) -> Standing:
    sent = memory.sent.get(key)
    if sent is not None:
        state = OUTBOX.get(sent.state, ReplyState.QUEUED)
        findings: tuple[Finding, ...] = ()
        if state in (ReplyState.FAILED, ReplyState.UNKNOWN):
            findings = (finding(register, "QT516", Severity.ERROR, row, Field.REPLY_STATE, key=key, state=state),)
        if state is ReplyState.DRAFT:
            findings = (finding(register, "QT517", Severity.WARNING, row, Field.REPLY_APPROVAL, key=key),)
        return Standing(state, sent.at if state is ReplyState.SENT else None, Plan(findings, facts=remember))
    if row in register.quiet:
        return Standing(ReplyState.WAITING)
    message = reporter_message(register, rulebook, memory, row, kind, key, to, Phrase("because.approved"))
    message = replace(message, approved=True)
    return Standing(ReplyState.QUEUED, plan=Plan(messages=(message,), facts=remember))


def _spoken(
    register: Register, memory: Memory, row: int, calls: tuple[ContactEntry, ...], remember: tuple[Remember, ...]
) -> Standing:
    """A reply by telephone, chat or in person is given once somebody logged it in 沟通记录.

    Calls of an earlier cycle, and calls before there was a solution to speak of, were about something else.
    """
    since = [register.value(row, Field.RECEIVED_AT)]
    reopened = memory.fact(str(register.value(row, Field.ID)), FactName.REOPENED_AT)
    if reopened is not None:
        since.append(dt.datetime.fromisoformat(reopened))
    if register.value(row, Field.REPLY_TYPE) == ReplyType.SOLVED:
        since.append(register.value(row, Field.IMPLEMENTED_AT))
    earliest = max((moment for moment in since if moment is not None), default=dt.datetime.min)
    outgoing = [entry.at for entry in calls if entry.at >= earliest and entry.way != ContactWay.EMAIL]
    if outgoing:
        return Standing(ReplyState.SENT, max(outgoing), Plan(facts=remember))
    ask = finding(register, "QT513", Severity.WARNING, row, Field.CONTACT_WAY)
    return Standing(ReplyState.QUEUED, plan=Plan((ask,), facts=remember))


def _by_id(rulebook: RuleBook) -> dict[str, tuple[ContactEntry, ...]]:
    """Contacts per id that are replies: M01 and other automatic mails are logged with their kind and do not count."""
    found: dict[str, tuple[ContactEntry, ...]] = {}
    for entry in rulebook.contacts:
        if entry.direction != "in":
            found[entry.id] = (*found.get(entry.id, ()), entry)
    return found


def _responses(register: Register, memory: Memory, logged: dict[str, tuple[ContactEntry, ...]]) -> Plan:
    """responded_at: the first reply sent or contact logged; M01 does not count."""
    first: dict[str, dt.datetime] = {}
    for key, sent in memory.sent.items():
        kind, _, rest = key.partition("/")
        if kind in KIND.values() and sent.state in ("sent", "partial") and sent.at is not None:
            id = rest.partition("/")[0]
            first[id] = min(first.get(id, sent.at), sent.at)
    for id, entries in logged.items():
        earliest = min(entry.at for entry in entries)
        first[id] = min(first.get(id, earliest), earliest)
    if not first:
        return Plan()
    values = moments_by_id(register, first)
    return propose(
        register, memory, Field.RESPONDED_AT, values, Phrase("because.first_response"), rows=values.notna().to_numpy()
    )


def _log(register: Register, memory: Memory, logged: dict[str, tuple[ContactEntry, ...]]) -> Plan:
    """Every reply that went out is written into 沟通记录 once, and again where an older copy has lost the line."""
    rows = []
    places = rows_by_id(register)
    lost = set(register.frame[Field.ID][of_older_copy(register, memory)])
    contacts = written_values(register, memory, Field.CONTACT)
    for key, sent in memory.sent.items():
        kind, _, rest = key.partition("/")
        id = rest.partition("/")[0]
        if kind not in KIND.values() or sent.state not in ("sent", "partial") or sent.at is None or id not in places:
            continue
        if memory.fact(id, FactName.LOGGED.of(key)) and (
            id not in lost or any(entry.at == sent.at for entry in logged.get(id, ()))
        ):
            continue
        row = places[id]
        language = register.language
        rows.append(
            (
                NewRow(
                    "contacts",
                    id,
                    f"contact/{key}",
                    {
                        "at": sent.at,
                        "id": id,
                        "direction": "out",
                        "way": ContactWay.EMAIL.value,
                        "who": register.value(row, Field.CONTACT) or plain(contacts.at[row]),
                        "summary": say(Phrase(f"log.{kind}"), language),
                    },
                ),
                Remember(id, FactName.LOGGED.of(key), True),
            )
        )
    return Plan(rows=tuple(row for row, _ in rows), facts=tuple(fact for _, fact in rows))
