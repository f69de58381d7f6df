"""What the page asks on which anybody reports something: two short steps, by product, channel and language."""

from __future__ import annotations

from collections.abc import Callable

from ..choices import ReporterType
from ..plan.new_page import LONGEST, NewPage, OfferedProduct, reporter_type
from ..plan.pages import Asks, Question
from .form_answers import TICKED

UNKNOWN = "-"
"""The answer where a product or model is not in the list."""

MOST_LISTED = 200
"""Of a longer list the page would be heavy on a phone: the answer is typed."""

LEAST_TITLE, LEAST_STORY = 4, 15
CONTACTS = ("email", "phone", "contact_other")

Words = Callable[..., str]


def first_questions(offer: NewPage, language: str, words: Words) -> tuple[Question, ...]:
    """Which product, and what happened."""
    names = tuple((each.name, each.name) for each in offer.products)
    categories = tuple((code, zh if language == "zh" else en) for code, zh, en in offer.categories)
    return (
        _listed("product", names, words),
        Question("category", Asks.LIST, words("new_category"), "", categories, required=True),
        _text("title", Asks.TEXT, words, required=True, least=LEAST_TITLE),
        _text("description", Asks.LONG, words, required=True, least=LEAST_STORY),
    )


def second_questions(offer: NewPage, product: str, channel: str, words: Words) -> tuple[Question, ...]:
    """Details of the product, the scene, and who reports it.

    Args:
        offer: What there is.
        product: As it was answered in the first step.
        channel: Code of 反馈渠道.
        words: Of the reader's language.
    """
    known = offer.product(product) or OfferedProduct("")
    models = tuple((each, each) for each in known.models)
    outside = reporter_type(channel) == ReporterType.CUSTOMER
    return (
        _listed("model", models, words, asked=known.name),
        _text("version", Asks.NAME, words) if known.kind == "software" else _text("batch", Asks.NAME, words),
        _text("scene", Asks.LONG, words, required=True),
        _text("first_guess", Asks.LONG, words),
        _text("reporter", Asks.NAME, words, required=True),
        _text("organisation", Asks.NAME, words, required=not outside),
        _text("email", Asks.EMAIL, words),
        _text("phone", Asks.PHONE, words),
        _text("contact_other", Asks.TEXT, words),
        Question("consent", Asks.TICK, words("new_consent"), "", ((TICKED, words("new_agreed")),), required=True),
    )


def all_questions(offer: NewPage, channel: str, language: str, words: Words) -> tuple[Question, ...]:
    """Both steps as one, for whatever product: models are typed, version and batch are both asked for."""
    second = {each.name: each for each in second_questions(offer, "", channel, words)}
    model = _text("model", Asks.NAME, words, required=True)
    del second["model"]
    return (*first_questions(offer, language, words), model, _text("version", Asks.NAME, words), *second.values())


def _listed(name: str, offered: tuple[tuple[str, str], ...], words: Words, *, asked: str = "?") -> Question:
    """One of a list, or typed where there is none, or too long a one."""
    if not offered or len(offered) > MOST_LISTED:
        return _text(name, Asks.NAME, words, required=bool(asked))
    choices = (*offered, (UNKNOWN, words("new_unlisted")))
    return Question(name, Asks.LIST, words(f"new_{name}"), words(f"new_hint_{name}"), choices, required=True)


def _text(name: str, asks: Asks, words: Words, *, required: bool = False, least: int = 0) -> Question:
    one_of = "contact" if name in CONTACTS else ""
    label, hint = words("new_title_field" if name == "title" else f"new_{name}"), words(f"new_hint_{name}")
    return Question(name, asks, label, hint, (), required, one_of, least, LONGEST[name])
