"""Pages as the server shows them: the way to the first one, the reader's language."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from .words import fill_in


def root() -> str:
    """The way from the page that is asked for to the first; a proxy may have put the pages below a path of its own."""
    return "../" * (request.path.count("/") - 1)


def page(template: str, language: str, /, **facts: Any) -> str:
    """One page."""
    return fill_in(template, language, root(), **facts)


def readers_language() -> str:
    """What the browser asks for, where nothing else tells the reader's language."""
    return _best_language(request.headers.get("Accept-Language", "")[:LONGEST_HEADER])


LONGEST_HEADER = 200


@lru_cache(256)
def _best_language(asked: str) -> str:
    best = parse_accept_header(asked, LanguageAccept).best_match(("zh-CN", "zh", "en"))
    return "en" if best == "en" else "zh"
