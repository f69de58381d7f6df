"""Bare text in a rule cell that was probably meant as a test: `contains Smoke`, `非 Smoke`, `*Smoke*`, `A|B`.

Read word for word it would never hold, and nobody would notice. Quotes say that the very text is meant. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from .feel_values import Kind
from .unary_tests import AnyValue, Comparison, Contains, Interval, Literal, OneOf, Operator, UnaryTests

_CONTAINS: Final = re.compile(
    r"(?:包含|含有|包括)\s*[:：]?\s*(?P<zh>.+)|(?:contains?|containing|includes?|including)(?:\s*:\s*|\s+)(?P<en>.+)",
    re.IGNORECASE | re.DOTALL,
)
_LACKS: Final = re.compile(
    r"(?:不包含|不含有?|不包括)\s*[:：]?\s*(?P<zh>.+)"
    r"|(?:not\s+contains?|not\s+containing|does\s+not\s+contain)(?:\s*:\s*|\s+)(?P<en>.+)",
    re.IGNORECASE | re.DOTALL,
)
_IS_NOT: Final = re.compile(r"(?:非\s*[:：\s]|不是\s*[:：]?|is\s+not\s+)\s*(?P<rest>.+)", re.IGNORECASE | re.DOTALL)
_PERHAPS_NOT: Final = re.compile(r"(?:非|not\s+)(?P<rest>.+)", re.IGNORECASE | re.DOTALL)
_OR: Final = re.compile(r"\s*[|｜]+\s*")
_PERHAPS_OR: Final = re.compile(r"\s*或者?\s*|\s+or\s+", re.IGNORECASE)
_STARS: Final = "*＊%％"


class LooksLikeTest(Struct, frozen=True):
    """A bare text that was probably meant as a test.

    Attributes:
        text: As typed.
        meant: The test, as one types it in Chinese and in English.
        sure: Whether hardly anybody would mean the text itself.
    """

    text: str
    meant: tuple[str, str]
    sure: bool


def text_like_test(node: UnaryTests) -> LooksLikeTest | None:
    """The bare text of a cell that looks most like a test; None if none does."""
    texts = [] if isinstance(node, AnyValue) else list(_bare_texts(node))
    found = [looks for text, part in texts if (looks := _look_at(text, part)) is not None]
    first = next((looks for looks in found if looks.sure), found[0] if found else None)
    words = _CONTAINS.fullmatch(texts[0][0]) if texts else None
    if words and first is not None and isinstance(node, OneOf) and len(node.tests) == len(texts) > len(found):
        # `包含Smoke, 起火`: one word for the whole list
        listed = [*_words(words["zh"] or words["en"]), *(text for text, _ in texts[1:])]
        return LooksLikeTest(first.text, _called("包含", "contains", listed), True)
    return first


def _bare_texts(node: OneOf | UnaryTests) -> Iterator[tuple[str, bool]]:
    """Texts that were typed without quotes, and whether each is looked for within the value."""
    for test in () if isinstance(node, AnyValue) else node.tests:
        if isinstance(test, Interval) or (
            isinstance(test, Comparison) and test.operator not in (Operator.EQUAL, Operator.UNEQUAL)
        ):
            continue
        end = test.part if isinstance(test, Contains) else test.endpoint
        if isinstance(end, Literal) and end.kind is Kind.TEXT and isinstance(end.source, str):
            yield end.source, isinstance(test, Contains)


def _look_at(text: str, part: bool) -> LooksLikeTest | None:
    if part:
        words = [word.strip(_STARS) for one in _OR.split(text) for word in _words(one)]
        plain = [word for word in words if word]
        sure = _OR.search(text) is not None or text[0] in _STARS or text[-1] in _STARS
        return LooksLikeTest(text, _called("包含", "contains", plain), sure) if plain not in ([], [text]) else None
    if found := _CONTAINS.fullmatch(text):
        return LooksLikeTest(text, _called("包含", "contains", _words(found["zh"] or found["en"])), True)
    if found := _LACKS.fullmatch(text):
        zh, en = _called("不包含", "contains", _words(found["zh"] or found["en"]))
        return LooksLikeTest(text, (zh, f"not({en})"), True)
    if found := _IS_NOT.fullmatch(text):
        return LooksLikeTest(text, _called("非", "not", _words(found["rest"])), True)
    parts = [word for word in _OR.split(text) if word]
    starred = [word.strip(_STARS) for word in parts if _is_starred(word)]
    if starred and all(starred):
        sure = any(word[0] in _STARS for word in parts)
        return LooksLikeTest(text, _called("包含", "contains", [word.strip(_STARS) for word in parts]), sure)
    if len(parts) > 1:
        return LooksLikeTest(text, ("，".join(parts), ", ".join(parts)), True)
    if found := _PERHAPS_NOT.fullmatch(text):
        return LooksLikeTest(text, _called("非", "not", _words(found["rest"])), False)
    parts = _words(text)
    return LooksLikeTest(text, ("，".join(parts), ", ".join(parts)), False) if len(parts) > 1 and all(parts) else None


def _words(text: str) -> list[str]:
    """What stands between "or"s."""
    return [word.strip(" \t\"'") for word in _PERHAPS_OR.split(text.strip())]


def _is_starred(word: str) -> bool:
    """`*x*`, `*x`, `x*` or `%x%`; a star within is part of a size such as `M8*30`."""
    return word[0] in "*＊" or word[-1] in "*＊" or (word[0] in "%％" and word[-1] in "%％")


def _called(zh: str, en: str, words: Sequence[str]) -> tuple[str, str]:
    return f"{zh}({'，'.join(words)})", f"{en}({', '.join(words)})"
