"""What happened while somebody was away, told once when they are back. Pure."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from ...fields import Field
from ...plan import Phrase
from ...plan.mail_kinds import MailKind
from ...register import is_missing, label_of
from ...texts import say
from ...texts.display import display
from ..case import Case, cases
from ..rulebook import Person
from ..situation import Situation
from ..stand_in import is_there
from ..standing import Mask, equals, has, numbered
from .lines import case_facts

LOOKED_BACK = dt.timedelta(days=14)
"""Somebody who has been back for longer knows by now, whatever was told."""

HAPPENED = (
    *(Field.RECEIVED_AT, Field.ASSESSED_AT, Field.TRANSFERRED_AT, Field.ACCEPTED_AT, Field.CONTAINED_AT),
    *(Field.IMPLEMENTED_AT, Field.VERIFIED_AT, Field.RESPONDED_AT, Field.REPLIED_AT, Field.CLOSED_AT),
)


def absence_told(situation: Situation, person: Person) -> tuple[dt.date, dt.date] | None:
    """First and last day of the absence that the person's digest of this day tells of; None on any other day."""
    today = situation.now.date()
    over = [(first, last) for first, last in person.away if last < today and today - last <= LOOKED_BACK]
    if not over or not is_there(person, today):
        return None
    first, last = max(over, key=lambda each: each[1])
    told = any(
        key.kind is MailKind.DIGEST and key.address == person.mail and key.day is not None and last < key.day < today
        for key in situation.memory.sent
    )
    return None if told else (first, last)


def told_on_return(situation: Situation, person: Person) -> list[dict[str, Any]]:
    """A line for each of the person's cases that anything happened to, or that waits: what happened, how it stands."""
    absence = absence_told(situation, person)
    if absence is None:
        return []
    mine = np.logical_or.reduce(
        [equals(situation, field, person.name) for field in (Field.OWNER, Field.CONTACT, Field.ASSESSOR)]
    )
    rows: Mask = mine & numbered(situation) & ~_settled_before(situation, absence[0])
    return [_line(case, *absence) for case in cases(situation, rows)]


def _settled_before(situation: Situation, day: dt.date) -> Mask:
    """Merged, or closed before the absence began."""
    closed_at = situation.frame[Field.CLOSED_AT].to_numpy(dtype="M8[s]")
    return has(situation, Field.MASTER) | (closed_at < np.datetime64(day, "s"))


def _line(case: Case, first: dt.date, last: dt.date) -> dict[str, Any]:
    language = case.situation.register.language
    events = []
    for field in HAPPENED:
        at = case.value(field)
        if not is_missing(at) and first <= at.date() <= last:
            day = display(at.date(), language)
            events.append((at, say(Phrase.of("back.event", what=field.header(language), day=day), language)))
    status, clock = (label_of(field, case.value(field), language) for field in (Field.STATUS, Field.CLOCK))
    stands = say(Phrase("back.and"), language).join(str(part) for part in (status, clock) if part)
    return case_facts(case) | {
        "news": [text for _, text in sorted(events, key=lambda event: event[0])]
        or [say(Phrase("back.nothing"), language)],
        "clock": stands,
    }
