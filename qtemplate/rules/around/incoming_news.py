"""What is to be said of rows that something came in about: answers to be read, addresses that fail, guesses. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from ...fields import FIELDS, Field
from ...plan import FactName, Finding, Severity
from ...register import is_missing
from ..case import Case, case_by_id
from ..incoming.unread import unread
from ..situation import Situation


def incoming_news(after: Situation) -> Iterator[Finding]:
    """The findings, each as long as it is true.

    Args:
        after: With this run's edits.
    """
    for heard in unread(after):
        code, key = ("QT843", Field.CLOSED_AT) if _is_closed(heard.case) else ("QT842", Field.CONFIRMATION)
        yield heard.case.finding(code, Severity.WARNING, key, at=heard.at, who=heard.who, words=heard.words)
    for (id, name), value in after.memory.facts.items():
        address = FactName.CAME_BACK.about(name)
        if address is None and name != FactName.GUESSED:
            continue
        case = case_by_id(after, id)
        if case is None:
            continue
        if address is None:
            for key in value:
                if key in FIELDS and is_missing(case.content(key)):
                    yield case.finding("QT845", Severity.INFO, key, guess=value[key])
        elif str(case.value(Field.EMAIL) or "").casefold() == address and not _is_closed(case):
            at = dt.datetime.fromisoformat(value[0])
            yield case.finding("QT841", Severity.WARNING, Field.EMAIL, at=at, status=value[1])


def _is_closed(case: Case) -> bool:
    return not is_missing(case.value(Field.CLOSED_AT))
