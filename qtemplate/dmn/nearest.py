"""The known word nearest to a mistyped one.

Pure.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable


def fold(text: str) -> str:
    """A word for comparison: width, case and outer spaces do not count (Unicode NFKC, case folding)."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def distance(one: str, other: str) -> int:
    """Edit distance: insertions, deletions, replacements and swaps of neighbours (optimal string alignment)."""
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, left in enumerate(one, 1):
        current = [row]
        for column, right in enumerate(other, 1):
            cost = min(above[column] + 1, current[-1] + 1, above[column - 1] + (left != right))
            if row > 1 and column > 1 and left == other[column - 2] and one[row - 2] == right:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        before, above = above, current
    return above[-1]


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that differs least from `word`; empty when none is near (more than half of it, at least 1).

    Ties go to the earlier word.
    """
    wanted = fold(word)
    best, best_distance = "", max(1, len(wanted) // 2) + 1
    for candidate in known:
        found = distance(wanted, fold(candidate))
        if found < best_distance:
            best, best_distance = candidate, found
    return best
