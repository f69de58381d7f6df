"""Pages as the server shows them: who asks, the way to the first page, the reader's language, what is answered."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from msgspec import Struct
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header
from werkzeug.wrappers import Request

from .site import BODY_MB
from .words import fill_in

FORM_KB, FORM_PARTS = 256, 60
"""Of a form without its files."""


class Asked(Request):
    """What a browser asks, within the limits of what it may send."""

    max_content_length = BODY_MB << 20
    max_form_memory_size = FORM_KB << 10
    max_form_parts = FORM_PARTS


class Answer(Struct, frozen=True):
    """What it gets: a page and its status, or where to go on."""

    page: str
    status: int = 200
    location: str = ""


def go_to(location: str) -> Answer:
    """To another page, or to the same one by looking: a reload sends nothing twice. `location` holds nothing typed."""
    return Answer("", 303, location)


def root(asked: Request) -> str:
    """The way from the page that is asked for to the first; a proxy may have put the pages below a path of its own."""
    return "../" * (asked.path.count("/") - 1)


def page(asked: Request, template: str, language: str, /, **facts: Any) -> str:
    """One page."""
    return fill_in(template, language, root(asked), **facts)


def no_such_page(asked: Request) -> Answer:
    """What every link that is not open looks like."""
    return Answer(page(asked, "no_page", readers_language(asked)), 404)


def address(asked: Request) -> str:
    """The network address of whoever asks, as the server knows it."""
    return asked.remote_addr or "?"


def from_here(asked: Request) -> bool:
    """Whether the browser says that a page of ours sent this, or says nothing of it."""
    return asked.environ.get("HTTP_SEC_FETCH_SITE", "same-origin") in ("same-origin", "none")


def readers_language(asked: Request) -> str:
    """What the browser asks for, where nothing else tells the reader's language."""
    return _best_language(asked.environ.get("HTTP_ACCEPT_LANGUAGE", "")[:LONGEST_HEADER])


LONGEST_HEADER = 200


@lru_cache(256)
def _best_language(asked: str) -> str:
    best = parse_accept_header(asked, LanguageAccept).best_match(("zh-CN", "zh", "en"))
    return "en" if best == "en" else "zh"
