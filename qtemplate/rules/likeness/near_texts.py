"""The texts of many that tell the most similar thing, by how rare the pieces are that both hold. Pure; numpy only.

The measure is the cosine of tf-idf vectors over pieces of neighbouring characters: single ones and pairs in Chinese,
groups of three and four in other scripts, which stand for word stems. A piece that every text has says nothing, one
that few have says much; so it finds paraphrases that share few words, where `similar_texts` finds edited copies.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

LONGEST = 600
"""Characters of a text that are looked at: a story repeats itself after that."""

_SLOTS = 1 << 18
_WORDS = re.compile(r"[^\W_]+")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_ENGLISH = (
    "the a an of to and or is are was were be been it its i my we our in on at for with has have had that this not "
    "from as but by after when"
)
_EMPTY = frozenset(_ENGLISH.split())
"""English words that stand in every text; Chinese ones are outweighed by being in all of them."""

Slots = NDArray[np.int64]


def pieces(text: str) -> list[str]:
    """The pieces of a text, repeated ones too: width, case, punctuation and empty words do not matter."""
    found: list[str] = []
    for word in _WORDS.findall(unicodedata.normalize("NFKC", text[:LONGEST]).casefold()):
        if _HAN.search(word):
            found += word
            found += [word[at : at + 2] for at in range(len(word) - 1)]
        elif word not in _EMPTY:
            framed = f" {word} "
            found += [framed[at : at + size] for size in (3, 4) for at in range(len(framed) - size + 1)]
    return found


class NearTexts:
    """Many texts, each a vector of unit length, kept piece by piece.

    Args:
        texts: In any order; an empty one is near to nothing.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        counted = [_counted(text) for text in texts]
        self._size = len(texts)
        owners = np.repeat(np.arange(len(texts)), [len(slots) for slots, _ in counted])
        slots = np.concatenate([slots for slots, _ in counted]) if counted else np.zeros(0, np.int64)
        weights = np.concatenate([weight for _, weight in counted]) if counted else np.zeros(0)
        spread = np.bincount(slots, minlength=_SLOTS)
        self._rare = np.log((1 + len(texts)) / (1 + spread)) + 1
        weights = weights * self._rare[slots]
        lengths = np.sqrt(np.bincount(owners, weights**2, minlength=max(len(texts), 1)))
        order = np.argsort(slots, kind="stable")
        self._owners = owners[order]
        self._weights = (weights / lengths[owners])[order] if len(owners) else weights
        self._heads = np.concatenate([[0], np.cumsum(spread)])

    def nearest(self, text: str, least: float, most: int) -> list[tuple[int, float]]:
        """Places and similarities, 0..1, of the texts that are most like `text`, the most similar first.

        Args:
            text: Need not be one of the texts.
            least: Similarity from which on a text counts.
            most: How many at the most.
        """
        slots, weights = _counted(text)
        if not len(slots) or not self._size:
            return []
        weights = weights * self._rare[slots]
        weights /= np.sqrt(np.sum(weights**2))
        scores = np.zeros(self._size)
        for slot, weight in zip(slots.tolist(), weights.tolist(), strict=True):
            part = slice(self._heads[slot], self._heads[slot + 1])
            scores[self._owners[part]] += self._weights[part] * weight  # a text holds a slot once
        places = np.flatnonzero(scores >= least)
        best = places[np.lexsort((places, -scores[places]))][:most]
        return [(int(place), float(scores[place])) for place in best]


def _counted(text: str) -> tuple[Slots, NDArray[np.float64]]:
    """The slots of a text's pieces, each once, and how much their number counts."""
    slots = np.fromiter(map(_slot, pieces(text)), np.int64)
    found, counts = np.unique(slots, return_counts=True)
    return found, 1 + np.log(counts)


def _slot(piece: str) -> int:
    """A number for a piece, the same in every process; different pieces may share one."""
    number = 5381
    for character in piece:
        number = (number * 33 ^ ord(character)) & 0xFFFFFFFF
    return (number ^ number >> 15) % _SLOTS
