"""Comparing what people type with known names: headers, labels, words. Pure text, knows fields but no files.

Forgiven are spaces, line breaks, full-width variants, case, and marks such as `*` or a trailing colon.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache

from ..fields import FIELDS, Field
from .layout import WORDS

IGNORED = re.compile(r"[\s\u200b-\u200f\ufeff*_：:]+")


def fold(text: object) -> str:
    """The form in which two spellings of one name are equal."""
    return _fold(str(text))


@lru_cache(4096)  # a look at a workbook asks tens of thousands of times for some hundred names
def _fold(text: str) -> str:
    return IGNORED.sub("", unicodedata.normalize("NFKC", text)).casefold()


def by_folded(names: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Key -> spellings, turned into folded spelling -> key; the first key wins."""
    known: dict[str, str] = {}
    for key, spellings in names.items():
        for spelling in (key, *spellings):
            known.setdefault(fold(spelling), key)
    return known


FIELD_BY_HEADER: dict[str, Field] = {
    folded: FIELDS[key] for folded, key in by_folded({f.value: (f.zh, f.en) for f in Field}).items()
}
"""Folded zh header, en header or key -> field."""

WORD_BY_LABEL: dict[str, str] = by_folded(WORDS)
"""Folded label -> canonical word; ambiguous words (软件, Error …) mean the same everywhere they are asked for."""


def field_of(header: object) -> Field | None:
    """The field a header names, or None."""
    return FIELD_BY_HEADER.get(fold(header)) if isinstance(header, str) else None


def word_of(value: object, *allowed: str) -> str | None:
    """The canonical word among `allowed` that a cell means; booleans mean yes and no."""
    if isinstance(value, bool):
        value = "yes" if value else "no"
    found = WORD_BY_LABEL.get(fold(value)) if isinstance(value, str) else None
    return found if found in allowed else None


def nearest(text: str, known: Sequence[str]) -> str:
    """The known name most like `text`, or empty; half of the characters must agree, more in alphabetic scripts."""
    folded = {fold(name): name for name in known}
    close = get_close_matches(fold(text), list(folded), n=1, cutoff=0.6 if text.isascii() else 0.5)
    return folded[close[0]] if close else ""
