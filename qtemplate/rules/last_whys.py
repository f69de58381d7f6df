"""Where a chain of whys ends in blame: a root cause that says no more than this explains nothing. Pure.

The words are a list of 数据字典 that people edit; a workbook that never had it goes by those here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ..dmn.nearest import fold

NAMES: Mapping[str, str] = {"zh": "末级原因", "en": "Last whys"}
"""The header of the list in 数据字典, by language."""

DEFAULTS: Mapping[str, tuple[str, ...]] = {
    "zh": (
        "操作失误", "操作不当", "人为失误", "人为原因", "责任心", "责任心不强", "责任心差", "粗心", "粗心大意",
        "疏忽", "疏忽大意", "培训不足",
    ),
    "en": ("operator error", "human error", "careless", "carelessness", "negligence", "lack of training"),
}  # fmt: skip

_BETWEEN = re.compile(r"[。.！!，,、；;：:/和与及\n]| and |(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")


def in_order(language: str) -> tuple[str, ...]:
    """The words of both languages, those of `language` first: a cause may be written in either."""
    return (*DEFAULTS[language], *(word for other, words in DEFAULTS.items() if other != language for word in words))


def last_whys(lists: Mapping[str, Mapping[str, str]]) -> frozenset[str]:
    """The folded words, from the lists of 数据字典; an empty list has none."""
    own: list[Iterable[str]] = [lists[name] for name in NAMES.values() if name in lists]
    return _folded(word for words in (own or [in_order("zh")]) for word in words)


def ends_in_blame(cause: str, words: frozenset[str]) -> bool:
    """Whether a cause is one of the words, or several of them in a row."""
    if _joined(cause) in words:
        return True
    said = False
    for text in _BETWEEN.split(fold(cause)):
        if part := _joined(text):
            if part not in words:  # nearly always the first part already says more
                return False
            said = True
    return said


def _folded(words: Iterable[str]) -> frozenset[str]:
    return frozenset(_joined(word) for word in words if word.strip())


def _joined(text: str) -> str:
    return " ".join(fold(text).strip(" 。.！!").split())
