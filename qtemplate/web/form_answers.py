"""What was sent with a page, held against what the page asked: answers as text, and what is wrong with them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field

from ..plan.pages import Asks, PageRecord, Question
from ..received.plain import plain_text
from .site import MOST_WORDS

RATINGS = ("1", "2", "3", "4", "5")
MOST_LINE = 300
ONE_OF = (Asks.CHOICE, Asks.RATING, Asks.LIST, Asks.TICK)
TICKED = "yes"

_EMAIL = re.compile(r"[^\s@<>,;:\"'()\[\]\\]{1,64}@[^\s@<>,;:\"'()\[\]\\.]+(?:\.[^\s@<>,;:\"'()\[\]\\.]+)+")
_PHONE = re.compile(r"[+(]?[0-9][0-9 ()/.+\-]{4,38}")
_LINK = re.compile(r"://|www\.|@", re.I)


class Sent(Struct, frozen=True):
    """What was sent: answers by name, as they are shown again, and name -> phrase of what is wrong."""

    answers: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)


def read_answers(questions: Sequence[Question], form: Mapping[str, str]) -> Sent:
    """Reads a form.

    Args:
        questions: Of the page that it belongs to.
        form: Names and texts as they came.
    """
    answers = {each.name: plain_text(form.get(each.name, "")) for each in questions}
    wrong = dict(_wrong(questions, answers))
    return Sent(answers, wrong)


def _wrong(questions: Sequence[Question], answers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    decision = answers.get("decision", "")
    for question in questions:
        said = answers[question.name]
        needed = question.required or bool(question.required_for and question.required_for == decision)
        if not said:
            if needed:
                yield question.name, _lacking(question)
        elif (problem := _fault(question, said)) is not None:
            yield question.name, problem
    if not any(answers.values()) and not any(question.required for question in questions):
        yield questions[0].name, "nothing"


def _lacking(question: Question) -> str:
    if question.asks is Asks.TICK:
        return "tick"
    return "choose" if question.asks in ONE_OF else "fill_in"


def _fault(question: Question, said: str) -> str | None:
    if question.asks in ONE_OF:
        return _not_offered(question, said)
    most = question.most or (MOST_WORDS if question.asks is Asks.LONG else MOST_LINE)
    if len(said) > most or (question.asks is not Asks.LONG and "\n" in said):
        return "long"
    if len(said) < question.least:
        return "short"
    match question.asks:
        case Asks.DATE:
            return None if _is_date(said) else "date"
        case Asks.NUMBER:
            return None if said.isdecimal() and said.isascii() and len(said) < 10 else "number"
        case Asks.NAME:
            return "name" if _LINK.search(said) else None
        case Asks.EMAIL:
            return None if _EMAIL.fullmatch(said) else "email"
        case Asks.PHONE:
            return None if _PHONE.fullmatch(said) else "phone"
        case _:
            return None


def _not_offered(question: Question, said: str) -> str | None:
    if question.asks is Asks.TICK:
        return None if said == TICKED else "tick"
    offered = RATINGS if question.asks is Asks.RATING else dict(question.choices)
    return None if said in offered else "choose"


def _is_date(said: str) -> bool:
    try:
        return 2000 <= dt.date.fromisoformat(said).year < 2200 and len(said) == 10
    except ValueError:
        return False


def shown_answers(record: PageRecord, answers: Mapping[str, str]) -> list[tuple[str, str]]:
    """(question, answer) of what was answered, in words."""
    told = []
    for question in record.questions:
        said = answers.get(question.name, "")
        if said:
            told.append((question.label, dict(question.choices).get(said, said)))
    return told
