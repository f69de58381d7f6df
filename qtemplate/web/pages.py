"""Pages put into words: the templates of `templates/pages`, the sentences of the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from flask import request
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ..plan import Phrase
from ..resources import templates_root
from ..texts import say

LANGUAGES = ("zh", "en")


@lru_cache
def environment() -> Environment:
    """Everything is escaped, and a name that does not exist is an error."""
    return Environment(
        loader=FileSystemLoader(templates_root() / "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def words_in(language: str) -> Callable[..., str]:
    """What puts a phrase of the pages into words of a language."""

    def words(key: str, /, **facts: Any) -> str:
        return say(Phrase.of(f"web.{key}", **facts), language)

    return words


def root() -> str:
    """The way from the page that is asked for to the first; a proxy may have put the pages below a path of its own."""
    return "../" * (request.path.count("/") - 1)


def page(template: str, language: str, /, **facts: Any) -> str:
    """One page."""
    shown = {"t": words_in(language), "language": language, "lang": "zh-Hans" if language == "zh" else "en"}
    shown["root"] = root()
    return environment().get_template(f"{template}.html.j2").render(**shown, **facts)


def readers_language() -> str:
    """What the browser asks for, where nothing else tells the reader's language."""
    best = request.accept_languages.best_match(("zh-CN", "zh", "en"))
    return "en" if best == "en" else "zh"


def style_sheet() -> str:
    """The only style there is."""
    return (templates_root() / "pages" / "style.css").read_text("utf-8")
