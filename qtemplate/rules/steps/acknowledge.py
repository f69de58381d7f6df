"""Step: acknowledge what was received (M01), ask for what is missing (M02). Pure."""

from __future__ import annotations

import datetime as dt

import numpy as np

from ...choices import ContactWay, ReplyState, Role
from ...fields import Field
from ...plan import Memory, Message, Phrase, Plan, Recipient
from ...register import Register
from ...texts import say
from ..mail_facts import about, display, fingerprint, insider, reader_language, reporter, reporter_message
from ..rulebook import RuleBook
from ..standing import equals, has, history, incomplete, live, numbered, replied, requirements

ASKED_OF_REPORTER = frozenset(
    {
        Field.PRODUCT,
        Field.MODEL,
        Field.VERSION,
        Field.BATCH,
        Field.DESCRIPTION,
        Field.SCENE,
        Field.ORGANISATION,
    }
)
"""What only the reporter can tell; anything else is asked of the person who recorded the row."""


def acknowledge(register: Register, rulebook: RuleBook, memory: Memory, now: dt.datetime) -> Plan:
    """M01 to the reporter of every new record, M02 for what is missing."""
    fresh = live(register) & numbered(register) & ~history(register, memory) & ~replied(register, memory)
    fresh &= has(register, Field.RECEIVED_AT) & ~register.frame.index.isin(list(register.quiet))
    spoken = equals(register, Field.CONTACT_WAY, ContactWay.PHONE, ContactWay.CHAT, ContactWay.IN_PERSON)
    # whoever gets the reply in this very run needs no word that it was received
    answered = equals(register, Field.REPLY_STATE, ReplyState.QUEUED, ReplyState.SENT) & ~spoken
    messages: list[Message] = []
    to_thank = fresh & has(register, Field.TITLE) & ~has(register, Field.RESPONDED_AT) & ~answered
    for row in register.frame.index[to_thank]:
        key = f"M01/{register.value(row, Field.ID)}"
        to = reporter(register, rulebook, int(row))
        if key not in memory.sent and to is not None:
            promised = _promises(register, int(row), now)
            because = Phrase("because.received")
            messages.append(reporter_message(register, rulebook, memory, int(row), "M01", key, to, because, **promised))
    return Plan(messages=(*messages, *_missing(register, rulebook, memory, fresh)))


def _promises(register: Register, row: int, now: dt.datetime) -> dict[str, str]:
    """The limits that are still ahead; a mail does not promise what is past."""
    language = reader_language(register, row)
    known = {field.value: register.value(row, field) for field in (Field.RESPOND_BY, Field.RESOLVE_BY)}
    return {name: display(due, language) for name, due in known.items() if due is not None and due > now}


def _missing(register: Register, rulebook: RuleBook, memory: Memory, fresh: np.ndarray) -> list[Message]:
    messages = []
    needs = requirements(register, rulebook)
    for place in np.flatnonzero(fresh & incomplete(register, rulebook)).tolist():
        row = int(register.frame.index[place])
        fields = [need.field for need in needs if need.rows[place]]
        id = str(register.value(row, Field.ID))
        key = f"M02/{id}/{fingerprint({'fields': [str(field) for field in fields]})[:8]}"
        if key in memory.sent:
            continue
        to = reporter(register, rulebook, row)
        because = Phrase.of("because.missing", fields=fields)
        if to is not None and ASKED_OF_REPORTER.issuperset(fields):
            asked = _asked(fields, reader_language(register, row))
            messages.append(reporter_message(register, rulebook, memory, row, "M02", key, to, because, missing=asked))
            continue
        recorder = _recorder(register, rulebook, row)
        if recorder is not None:
            language = register.language
            facts = about(register, rulebook, row, language, public=False, missing=_asked(fields, language))
            messages.append(Message(key, "M02", id, (recorder,), language, facts, because=because))
    return messages


def _recorder(register: Register, rulebook: RuleBook, row: int) -> Recipient | None:
    person = rulebook.person(register.value(row, Field.RECORDER))
    keeper = next((p for p in rulebook.with_role(Role.KEEPER) if p.mail), None)
    chosen = person if person is not None and person.mail and person.active else keeper
    return None if chosen is None else insider(chosen)


def _asked(fields: list[Field], language: str) -> list[dict[str, str]]:
    names = {Field.PHONE: Phrase("check.contact"), Field.SCENE: Phrase("check.environment")}
    return [
        {
            "label": say(names[field], language) if field in names else field.header(language),
            "hint": say(Phrase(f"hint.{field.value}"), language),
        }
        for field in fields
    ]
