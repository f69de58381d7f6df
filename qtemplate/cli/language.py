"""The language of the terminal: what `--lang` says, else QTEMPLATE_LANG, else a locale that names one, else English."""

from __future__ import annotations

import os
from collections.abc import Sequence

LOCALES = ("LC_ALL", "LC_MESSAGES", "LANG")
NAMELESS = ("", "C", "POSIX")
"""Locales of every machine that nobody has set up; they say nothing about who sits before it."""


def terminal_language(chosen: str | None = None) -> str:
    """`"zh"` or `"en"`."""
    named = chosen or os.environ.get("QTEMPLATE_LANG") or _of_the_locale()
    return "zh" if named.lower().startswith(("zh", "chinese")) else "en"


def language_asked_for(arguments: Sequence[str]) -> str:
    """The same before the arguments are understood: their help and their faults are told in it, too."""
    chosen = None
    for place, argument in enumerate(arguments):
        name, given, value = argument.partition("=")
        if name == "--lang":
            chosen = value if given else next(iter(arguments[place + 1 : place + 2]), None)
    return terminal_language(chosen if chosen in ("zh", "en") else None)


def _of_the_locale() -> str:
    for name in LOCALES:
        value = os.environ.get(name, "")
        if value.partition(".")[0].partition("@")[0].upper() not in NAMELESS:
            return value
    if os.name == "nt":
        import locale  # Windows has a language of its own and no such variables

        return locale.getlocale()[0] or ""
    return ""
