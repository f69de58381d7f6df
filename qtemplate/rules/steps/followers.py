"""Feedback merged into another: its reporter gets the master's reply as a mail of its own. Pure.

A person merges by filling in 主反馈 and undoes it by emptying it. Each follower's mail has one recipient, the
follower's own number, product and key, and only the reply itself comes from the master: nobody sees that there were
others. Who was merged when the reply was approved is remembered with the approval; a mail to somebody who was added
afterwards waits in the outbox for an approval of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...choices import ContactWay, ReplyState
from ...fields import Field
from ...plan import FactName, Finding, Memory, Message, Phrase, Plan, Recipient, Remember, Severity
from ...register import Register
from ..mail_facts import contact_of, reader_language, reporter, reporter_message, row_texts
from ..propose import finding
from ..rulebook import RuleBook
from ..standing import has, history, numbered

SPOKEN = (ContactWay.PHONE, ContactWay.CHAT, ContactWay.IN_PERSON)
OF_THE_REPLY = (
    Field.SOLUTION,
    Field.IMPLEMENTED_AT,
    Field.CAUSE_FOR_REPORTER,
    Field.REPLY_TEXT,
    Field.ETA,
    Field.INTERIM_ADVICE,
    Field.CONTACT,
)
"""What a follower's mail says in the master's words; everything else is the follower's own."""


def followers(register: Register, memory: Memory) -> dict[str, tuple[int, ...]]:
    """Id of a master that is merged into nothing -> rows merged into it, over any number of steps, in sheet order."""
    merged = has(register, Field.MASTER) & numbered(register)
    if not merged.any():
        return {}
    frame = register.frame
    above = dict(zip(frame.loc[merged, Field.ID], frame.loc[merged, Field.MASTER], strict=True))
    silent = history(register, memory) | frame.index.isin(list(register.quiet))
    found: dict[str, tuple[int, ...]] = {}
    for row, id in frame.loc[merged & ~silent, Field.ID].items():
        seen, master = {id}, above[id]
        while master in above and master not in seen:
            seen.add(master)
            master = above[master]
        if master not in seen:
            found[str(master)] = (*found.get(str(master), ()), int(str(row)))
    return found


def ids_of(register: Register, rows: Sequence[int]) -> list[str]:
    """The ids of the rows, in order."""
    return [str(register.value(row, Field.ID)) for row in rows]


def remembered(register: Register, id: str, rows: Sequence[int]) -> tuple[Remember, ...]:
    """Keeps with an approval whom it covers besides the master's own reporter."""
    return (Remember(id, FactName.APPROVAL_TO, ids_of(register, rows)),) if rows else ()


def follower_mails(
    register: Register,
    rulebook: RuleBook,
    memory: Memory,
    row: int,
    kind: str,
    edition: str,
    rows: Sequence[int],
    told: Sequence[str],
) -> Plan:
    """The master's approved reply for everybody who was merged into it.

    Args:
        row: The master's worksheet row.
        kind: M14, M15 or M16.
        edition: The master's cycle and the print of what it says, part of the keys.
        rows: The followers.
        told: Ids that the approval covers.
    """
    master = str(register.value(row, Field.ID))
    own = reporter(register, rulebook, row)
    reached = {own.mail.casefold()} if own is not None else set()
    messages: list[Message] = []
    findings: list[Finding] = []
    for follower in rows:
        id = str(register.value(follower, Field.ID))
        key = f"{kind}/{id}/{edition}/{master}"
        to, sent = reporter(register, rulebook, follower), memory.sent.get(key)
        if sent is not None:
            if to is not None:
                reached.add(to.mail.casefold())
            if sent.state in ("failed", "unknown"):
                state = ReplyState.FAILED if sent.state == "failed" else ReplyState.UNKNOWN
                findings.append(
                    finding(register, "QT516", Severity.ERROR, follower, Field.REPLY_STATE, key=key, state=state)
                )
        elif register.value(follower, Field.CONTACT_WAY) in SPOKEN:
            if not any(entry.id == id and entry.direction != "in" for entry in rulebook.contacts):
                findings.append(finding(register, "QT513", Severity.WARNING, follower, Field.CONTACT_WAY))
        elif to is None:
            findings.append(finding(register, "QT514", Severity.WARNING, follower, Field.CONTACT_WAY, found=""))
        elif to.mail.casefold() not in reached:
            reached.add(to.mail.casefold())
            covered = id in told or to.insider
            messages.append(_message(register, rulebook, memory, row, follower, kind, key, to, covered))
    return Plan(tuple(findings), messages=tuple(messages))


def _message(
    register: Register,
    rulebook: RuleBook,
    memory: Memory,
    master: int,
    follower: int,
    kind: str,
    key: str,
    to: Recipient,
    covered: bool,
) -> Message:
    because = Phrase.of("because.approved_master", master=register.value(master, Field.ID))
    message = reporter_message(register, rulebook, memory, follower, kind, key, to, because)
    said = row_texts(register, master, reader_language(register, follower), public=True)
    texts = {**message.facts["row"], **{str(field): said[field] for field in OF_THE_REPLY}}
    facts = {**message.facts, "row": texts, "contact": contact_of(register, rulebook, master)}
    return replace(message, facts=facts, approved=covered)
