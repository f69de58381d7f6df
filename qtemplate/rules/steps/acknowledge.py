"""The step that acknowledges what was received (M01) and asks for what is missing (M02). Pure."""

from __future__ import annotations

from collections.abc import Iterator

from ...choices import ContactWay, ReplyState, Role
from ...fields import Field
from ...plan import Message, Phrase, Plan
from ...plan.keys import MessageKey
from ...plan.mail_kinds import MailKind
from ..case import Case, cases
from ..mail_facts import display, fingerprint, insider_message, reporter, reporter_message
from ..questions import ASKED_OF_REPORTER, asked_for
from ..rulebook import Person
from ..situation import Situation
from ..standing import Mask, equals, has, history, incomplete, live, numbered, quiet, replied, requirements


def acknowledge(situation: Situation) -> Plan:
    """M01 to the reporter of every new record, M02 for what is missing."""
    fresh = live(situation) & numbered(situation) & ~history(situation) & ~replied(situation)
    fresh &= has(situation, Field.RECEIVED_AT) & ~quiet(situation)
    return Plan(messages=(*_thanks(situation, fresh), *_missing(situation, fresh)))


def _thanks(situation: Situation, fresh: Mask) -> Iterator[Message]:
    spoken = equals(situation, Field.CONTACT_WAY, ContactWay.PHONE, ContactWay.CHAT, ContactWay.IN_PERSON)
    # whoever gets the reply in this very run need not be told that the feedback was received
    answered = equals(situation, Field.REPLY_STATE, ReplyState.QUEUED, ReplyState.SENT) & ~spoken
    to_thank = fresh & has(situation, Field.TITLE) & ~has(situation, Field.RESPONDED_AT) & ~answered
    for case in cases(situation, to_thank):
        key, to = MessageKey.about(MailKind.ACKNOWLEDGEMENT, case.id), reporter(case)
        if key not in situation.memory.sent and to is not None:
            because = Phrase("because.received")
            yield reporter_message(case, MailKind.ACKNOWLEDGEMENT, key, to, because, **_promises(case))


def _promises(case: Case) -> dict[str, str]:
    """The limits that are still ahead; a mail does not promise what is past."""
    known = {field.value: case.value(field) for field in (Field.RESPOND_BY, Field.RESOLVE_BY)}
    now = case.situation.now
    return {name: display(due, case.language) for name, due in known.items() if due is not None and due > now}


def _missing(situation: Situation, fresh: Mask) -> Iterator[Message]:
    needs = requirements(situation)
    for case in cases(situation, fresh & incomplete(situation)):
        fields = [need.field for need in needs if need.rows[case.place]]
        print_ = fingerprint({"fields": [str(field) for field in fields]})[:8]
        key = MessageKey.about(MailKind.MISSING, case.id, print_)
        if key in situation.memory.sent:
            continue
        to, because = reporter(case), Phrase.of("because.missing", fields=fields)
        if to is not None and ASKED_OF_REPORTER.issuperset(fields):
            yield reporter_message(case, MailKind.MISSING, key, to, because, missing=asked_for(fields, case.language))
        elif (recorder := _recorder(case)) is not None:
            asked = asked_for(fields, situation.register.language)
            yield insider_message(case, MailKind.MISSING, key, recorder, because, missing=asked)


def _recorder(case: Case) -> Person | None:
    """Who recorded the row, else the keeper of the register."""
    person = case.person(Field.RECORDER)
    keeper = next((p for p in case.situation.rulebook.with_role(Role.KEEPER) if p.mail), None)
    return person if person is not None and person.mail and person.active else keeper
