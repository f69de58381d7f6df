"""What a page asks, by its kind: the questions of the form that hangs on the same mail. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from ...choices import Confirmation
from ...fields import Field, Kind
from ...plan import Phrase
from ...plan.form_kinds import RATINGS
from ...plan.pages import Asks, PageKind, Question
from ...texts import say
from ...texts.form_words import answer_label
from ..case import Case
from ..forms.requests import offered_values
from ..questions import asked_for

LONG = (Field.DESCRIPTION, Field.SCENE, Field.ENV_HARDWARE, Field.ENV_SOFTWARE, Field.ENV_NETWORK)
MOST_CHOICES = 12
"""Of a longer list a page makes no buttons: the answer is typed."""

PHOTOS = {PageKind.CONFIRM: 5, PageKind.MISSING: 5, PageKind.TASK: 0}


def questions_of(
    case: Case, kind: PageKind, asked: Sequence[Field], language: str, *, inside: bool
) -> tuple[Question, ...]:
    """The questions of a page.

    Args:
        case: The row.
        kind: Of the page.
        asked: The columns that a page about what is missing asks for.
        language: The reader's.
        inside: The reader is a colleague, who may be offered the products and models there are.
    """
    match kind:
        case PageKind.CONFIRM:
            return _about_the_result(language)
        case PageKind.MISSING:
            return tuple(_missing(case, field, language, inside=inside) for field in asked)
        case PageKind.TASK:
            return _about_the_transfer(language)


def _about_the_result(language: str) -> tuple[Question, ...]:
    marks = tuple((str(mark), say(Phrase(f"web.rating_{mark}"), language)) for mark in range(1, 6))
    solved = tuple((str(each), each.label(language)) for each in (Confirmation.SOLVED, Confirmation.NOT_SOLVED))
    agreed = tuple((code, say(Phrase(f"web.{code}"), language)) for code in ("yes", "no"))
    return (
        Question("confirmation", Asks.CHOICE, _ask("confirmation", language), choices=solved, required=True),
        Question("satisfaction", Asks.RATING, _ask("satisfaction", language), choices=marks),
        *(Question(name, Asks.RATING, answer_label(name, None, language), choices=marks) for name in RATINGS),
        Question("agrees", Asks.CHOICE, _ask("agrees", language), choices=agreed),
        Question("opinion", Asks.LONG, _ask("opinion", language)),
    )


def _about_the_transfer(language: str) -> tuple[Question, ...]:
    decided = tuple((code, say(Phrase(f"web.{code}"), language)) for code in ("accept", "return"))
    return (
        Question("decision", Asks.CHOICE, _ask("decision", language), choices=decided, required=True),
        Question("planned_at", Asks.DATE, _ask("planned_at", language)),
        Question("reason", Asks.LONG, _ask("reason", language), required_for="return"),
        Question("note", Asks.LONG, _ask("note", language)),
    )


def _missing(case: Case, field: Field, language: str, *, inside: bool) -> Question:
    (told,) = asked_for((field,), language)
    offered = [str(value) for value in offered_values(case, field, language)] if inside or field.choices else []
    choices = tuple((value, value) for value in offered) if len(offered) <= MOST_CHOICES else ()
    asks = _asks(field, bool(choices))
    hint = (
        "" if asks is Asks.DATE else told["hint"]
    )  # which shows day and hour, as a cell takes them; a page has a calendar
    return Question(str(field), asks, told["label"], hint, choices)


def _asks(field: Field, offered: bool) -> Asks:
    if offered:
        return Asks.CHOICE
    if field.kind in (Kind.DATE, Kind.DATETIME):
        return Asks.DATE
    return Asks.NUMBER if field.kind is Kind.INT else Asks.LONG if field in LONG else Asks.TEXT


def _ask(name: str, language: str) -> str:
    return say(Phrase(f"web.ask_{name}"), language)
