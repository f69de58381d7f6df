"""Templates of `templates/pages` and their sentences; what needs no server has pages from here, too."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

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


def fill_in(template: str, language: str, root: str, /, **facts: Any) -> str:
    """One page.

    Args:
        template: Its name.
        language: The reader's.
        root: The way from the page to the first.
        facts: What the template shows.
    """
    shown = {"t": words_in(language), "language": language, "lang": "zh-Hans" if language == "zh" else "en"}
    return environment().get_template(f"{template}.html.j2").render(**shown, root=root, **facts)


def style_sheet() -> str:
    """The only style there is."""
    return (templates_root() / "pages" / "style.css").read_text("utf-8")
