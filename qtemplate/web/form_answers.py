"""What was sent with a page, held against what the page asked: answers as text, and what is wrong with them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from ..plan.pages import Asks, PageRecord, Question
from .site import MOST_WORDS

_HARMFUL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
RATINGS = ("1", "2", "3", "4", "5")
MOST_LINE = 300


class Sent(Struct, frozen=True):
    """What was sent: answers by name, as they are shown again, and name -> phrase of what is wrong."""

    answers: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)


def read_answers(record: PageRecord, form: Mapping[str, str]) -> Sent:
    """Reads a form.

    Args:
        record: Of the page that it belongs to.
        form: Names and texts as they came.
    """
    answers = {each.name: plain_text(form.get(each.name, "")) for each in record.questions}
    wrong = dict(_wrong(record, answers))
    return Sent(answers, wrong)


def plain_text(text: str) -> str:
    """Text without what no keyboard types: control characters, marks that turn its direction."""
    return _HARMFUL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _wrong(record: PageRecord, answers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    decision = answers.get("decision", "")
    for question in record.questions:
        said = answers[question.name]
        needed = question.required or bool(question.required_for and question.required_for == decision)
        if not said:
            if needed:
                yield question.name, "choose" if question.asks in (Asks.CHOICE, Asks.RATING) else "fill_in"
        elif (problem := _fault(question, said)) is not None:
            yield question.name, problem
    if not any(answers.values()) and not any(question.required for question in record.questions):
        yield record.questions[0].name, "nothing"


def _fault(question: Question, said: str) -> str | None:
    match question.asks:
        case Asks.CHOICE:
            return None if said in dict(question.choices) else "choose"
        case Asks.RATING:
            return None if said in RATINGS else "choose"
        case Asks.DATE:
            return None if _is_date(said) else "date"
        case Asks.NUMBER:
            return None if said.isdecimal() and said.isascii() and len(said) < 10 else "number"
        case Asks.LONG:
            return None if len(said) <= MOST_WORDS else "long"
        case Asks.TEXT:
            return None if len(said) <= MOST_LINE and "\n" not in said else "long"


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
