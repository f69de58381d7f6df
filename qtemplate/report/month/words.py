"""Figures in words: what a cell of the page and a line on the terminal say."""

from __future__ import annotations

from ...choices import Category, CauseCode, Choice, Level
from ...figures.figure import Figure
from ...plan import Phrase
from ...texts import say

CODES: dict[str, type[Choice]] = {"cause": CauseCode, "category": Category}
"""Columns whose values are codes."""


def word(name: str, language: str) -> str:
    """A word of the month's catalogue."""
    return say(Phrase(f"month.{name}"), language)


def rate(figure: Figure, language: str) -> str:
    """`92%（23/25）`, or why there is none."""
    if figure.value is None or figure.numerator is None:
        return missing(figure, language)
    facts = {"percent": f"{figure.value * 100:.0f}", "hits": f"{figure.numerator:.0f}", "n": figure.n}
    return say(Phrase.of("month.rate_of", **facts), language)


def number(figure: Figure, language: str, digits: int = 0) -> str:
    """A count or a mean."""
    return missing(figure, language) if figure.value is None else f"{figure.value:.{digits}f}"


def days(figure: Figure, language: str) -> str:
    """Working days to one digit."""
    if figure.value is None:
        return missing(figure, language)
    return say(Phrase.of("month.days", n=f"{figure.value:.1f}"), language)


def missing(figure: Figure, language: str) -> str:
    """`无（尚无到期的）`."""
    none = word("none", language)
    if figure.reason is None:
        return none
    why = word(f"none_{figure.reason}", language)
    return f"{none}（{why}）" if language == "zh" else f"{none} ({why})"


def label(column: str, value: str, language: str) -> str:
    """The label of a code, else the value."""
    known = CODES.get(column)
    member = None if known is None else known._value2member_map_.get(value)
    return member.label(language) if isinstance(member, Choice) else value


def level_name(level: Level | None, language: str) -> str:
    return word("no_level", language) if level is None else level.label(language)
