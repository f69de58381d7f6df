"""Many keywords looked up in many texts at once.

Pure. The texts are laid end to end as one array of UTF-16 units, and one table lookup per unit finds every place where
some keyword could begin; only those few places are compared. For 14 keywords in 100,000 texts of 50 characters this
takes a quarter of the time of `keyword in text` in a loop (benchmarks/rules.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

_SEPARATOR = "\0"


def _units(text: str) -> NDArray[np.uint16]:
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)


def _by_loop(texts: Sequence[str], keywords: Sequence[str]) -> dict[str, NDArray[np.bool_]]:
    return {word: np.fromiter((word in text for text in texts), np.bool_, len(texts)) for word in keywords}


def find_keywords(texts: NDArray[Any], keywords: Sequence[str]) -> dict[str, NDArray[np.bool_]]:
    """Which texts contain which keywords.

    Args:
        texts: Array of str, shape (n,).
        keywords: Different strings; the empty one is in every text.

    Returns:
        Per keyword a boolean array of shape (n,).
    """
    plain: list[str] = texts.tolist()
    if len(keywords) < 2 or not all(keywords):
        return _by_loop(plain, keywords)
    wanted = {word: _units(word) for word in keywords}
    longest = max(map(len, wanted.values()))
    units = _units(_SEPARATOR.join(plain) + _SEPARATOR * longest)
    starters = np.zeros(2**16, np.bool_)
    starters[[0, *(word[0] for word in wanted.values())]] = True
    places = np.flatnonzero(starters.take(units))
    first = units[places]
    ends = places[first == 0]
    if len(ends) != len(plain) - 1 + longest:  # a text that holds the separator itself
        return _by_loop(plain, keywords)
    found = {}
    for word, spelled in wanted.items():
        at = places[first == spelled[0]]
        for step, unit in enumerate(spelled[1:], 1):
            at = at[units[at + step] == unit]
        hit = np.zeros(len(plain), np.bool_)
        hit[np.searchsorted(ends, at)] = True
        found[word] = hit
    return found
