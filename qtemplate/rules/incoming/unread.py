"""Answers that a person has to read, as long as nobody has dealt with them. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from msgspec import Struct

from ...fields import Field
from ...plan import FactName
from ...register import is_missing
from ..case import Case, case_by_id
from ..situation import Situation


class Heard(Struct, frozen=True):
    """An answer: when it came, who wrote it, its beginning."""

    case: Case
    at: dt.datetime
    who: str
    words: str


def unread(situation: Situation) -> Iterator[Heard]:
    """The last such answer of each feedback, until 确认结果 says something else or the reporter was spoken to since."""
    for id, (at, who, words, cycle, held) in situation.memory.facts_named(FactName.HEARD).items():
        case, moment = case_by_id(situation, id), dt.datetime.fromisoformat(at)
        if case is None or cycle != case.cycle:
            continue
        now = case.content(Field.CONFIRMATION)
        if not is_missing(now) and str(now) != held:
            continue
        spoken = (entry for entry in situation.rulebook.contacts if entry.id == id and entry.direction != "in")
        if not any(entry.at > moment for entry in spoken):
            yield Heard(case, moment, who, words)
