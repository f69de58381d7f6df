"""The page to report on as one file that needs no network: it makes a JSON file to be mailed or put into a folder."""

from __future__ import annotations

from markupsafe import Markup

from ..plan.new_page import LETTERS, NewPage
from ..plan.pages import Asks
from ..received.photos import MOST_PHOTOS
from .new_questions import CONTACTS, UNKNOWN, all_questions
from .site import MOST_WORDS
from .words import fill_in, style_sheet, words_in

LONGEST_SIDE = 2_000
"""Pixels of a photo, which the page shrinks and writes anew: what the camera wrote into it is gone then."""


def offline_page(offer: NewPage, channel: str, language: str, mail: str) -> str:
    """The page.

    Args:
        offer: What there is to choose from.
        channel: Code of 反馈渠道.
        language: Its language.
        mail: Where its file may be sent; "" = nowhere.
    """
    words = words_in(language)
    questions = all_questions(offer, channel, language, words)
    told = {
        "products": [{"name": each.name, "kind": each.kind, "models": each.models} for each in offer.products],
        "names": [each.name for each in questions if each.asks is not Asks.TICK],
        "required": [each.name for each in questions if each.required],
        "least": {each.name: each.least for each in questions if each.least},
        "plain": [each.name for each in questions if each.asks is Asks.NAME],
        "contacts": CONTACTS,
        "unknown": UNKNOWN,
        "channel": channel,
        "language": language,
        "letters": LETTERS,
        "photos": MOST_PHOTOS,
        "side": LONGEST_SIDE,
        "says": {
            "contact": words("wrong_contact"),
            "many": words("wrong_photos_many", most=MOST_PHOTOS),
            "photo": words("wrong_photo_type"),
        },
    }
    return fill_in(
        "intake",
        language,
        "",
        offer=offer,
        questions=questions,
        told=told,
        mail=mail,
        style=Markup(style_sheet()),  # our own file
        most_photos=MOST_PHOTOS,
        most_words=MOST_WORDS,
    )
