"""Feedback merged into another: its reporter gets the master's reply as a mail of its own. Pure.

A person merges by filling in 主反馈 and undoes it by emptying it. Each follower's mail has one recipient, the
follower's own number, product and key, and only the reply itself comes from the master: nobody sees that there were
others. Who was merged when the reply was approved is remembered with the approval; a mail to somebody who was added
afterwards waits in the outbox for an approval of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from ...choices import ReplyState
from ...fields import Field
from ...plan import FactName, Finding, Message, Phrase, Plan, Recipient, Remember, Severity
from ...plan.keys import MessageKey
from ...plan.mail_kinds import MailKind
from ...plan.replies import SPOKEN
from ..case import Case
from ..mail_facts import contact_of, public_texts, quoting_message, reporter
from ..merging import followers
from ..situation import Situation
from ..standing import history, quiet

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


def followers_to_tell(situation: Situation) -> dict[str, tuple[Case, ...]]:
    """Id of a master -> what is merged into it and gets mail, in sheet order."""
    silent = history(situation) | quiet(situation)
    found = {
        master: tuple(case for case in behind if not silent[case.place])
        for master, behind in followers(situation).items()
    }
    return {master: behind for master, behind in found.items() if behind}


def remembered(master: Case, behind: Sequence[Case]) -> tuple[Remember, ...]:
    """Keeps with an approval whom it covers besides the master's own reporter."""
    return (master.remember(FactName.APPROVAL_TO, [case.id for case in behind]),) if behind else ()


def follower_mails(master: Case, kind: MailKind, edition: str, behind: Sequence[Case], told: Sequence[str]) -> Plan:
    """The master's approved reply for everybody who was merged into it.

    Args:
        master: Whose reply it is.
        kind: M14, M15 or M16.
        edition: The print of what the master's reply says, part of the keys.
        behind: The followers.
        told: Ids that the approval covers.
    """
    situation, own = master.situation, reporter(master)
    reached = {own.mail.casefold()} if own is not None else set()
    messages: list[Message] = []
    findings: list[Finding] = []
    for case in behind:
        key = MessageKey.about(kind, case.id, edition, master.id, cycle=master.cycle)
        to, sent = reporter(case), situation.memory.sent.get(key)
        if sent is not None:
            if to is not None:
                reached.add(to.mail.casefold())
            if sent.state in ("failed", "unknown"):
                state = ReplyState.FAILED if sent.state == "failed" else ReplyState.UNKNOWN
                findings.append(case.finding("QT516", Severity.ERROR, Field.REPLY_STATE, key=key, state=state))
        elif case.value(Field.CONTACT_WAY) in SPOKEN:
            if not any(entry.id == case.id and entry.direction != "in" for entry in situation.rulebook.contacts):
                findings.append(case.finding("QT513", Severity.WARNING, Field.CONTACT_WAY, how=""))
        elif to is None:
            findings.append(case.finding("QT514", Severity.WARNING, Field.CONTACT_WAY, found=""))
        elif to.mail.casefold() not in reached:
            reached.add(to.mail.casefold())
            message = _message(master, case, kind, key, to)
            messages.append(replace(message, approved=case.id in told or to.insider))
    return Plan(tuple(findings), messages=tuple(messages))


def _message(master: Case, follower: Case, kind: MailKind, key: MessageKey, to: Recipient) -> Message:
    because = Phrase.of("because.approved_master", master=master.id)
    message = quoting_message(follower, kind, key, to, because)
    said = public_texts(master, follower.language, quoting=True)
    texts = {**message.facts["row"], **{str(field): said[field] for field in OF_THE_REPLY}}
    return replace(message, facts={**message.facts, "row": texts, "contact": contact_of(master)})
