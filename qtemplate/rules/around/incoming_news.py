"""What is to be said of rows that something came in about: answers to be read, addresses that fail, guesses. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from ...fields import FIELDS, Field
from ...plan import FactName, Finding, Severity
from ...register import is_missing
from ..case import Case, case_by_id
from ..situation import Situation


def incoming_news(after: Situation) -> Iterator[Finding]:
    """The findings, each as long as it is true.

    Args:
        after: With this run's edits.
    """
    for (id, name), value in after.memory.facts.items():
        address = FactName.CAME_BACK.about(name)
        if name not in (FactName.HEARD, FactName.GUESSED) and address is None:
            continue
        case = case_by_id(after, id)
        if case is None:
            continue
        if address is not None:
            if str(case.value(Field.EMAIL) or "").casefold() == address and is_missing(case.value(Field.CLOSED_AT)):
                yield case.finding("QT841", Severity.WARNING, Field.EMAIL, at=_moment(value[0]), status=value[1])
        elif name == FactName.GUESSED:
            missing = [key for key in value if key in FIELDS and is_missing(case.content(key))]
            for key in missing:
                yield case.finding("QT845", Severity.INFO, key, guess=value[key])
        elif not _read(case, value):
            closed = not is_missing(case.value(Field.CLOSED_AT))
            code, key = ("QT843", Field.CLOSED_AT) if closed else ("QT842", Field.CONFIRMATION)
            yield case.finding(code, Severity.WARNING, key, at=_moment(value[0]), who=value[1], words=value[2])


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def _read(case: Case, heard: list[object]) -> bool:
    """Whether a person has dealt with an answer: 确认结果 says something else, or the reporter was spoken to since."""
    at, _, _, cycle, held = heard
    now = case.content(Field.CONFIRMATION)
    if cycle != case.cycle or (not is_missing(now) and str(now) != held):
        return True
    moment = _moment(str(at))
    contacts = case.situation.rulebook.contacts
    return any(entry.id == case.id and entry.direction != "in" and entry.at > moment for entry in contacts)
