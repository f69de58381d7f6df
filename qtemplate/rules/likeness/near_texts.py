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
_END = "\0"
_HAN = "\u3400-\u9fff\uf900-\ufaff"
_BETWEEN = rf"[^\w{_END}]+|_+|(?<=[{_HAN}])(?=[^\W{_HAN}])|(?<=[^\W{_HAN}])(?=[{_HAN}])"
_ENGLISH = (
    "the a an of to and or is are was were be been it its i my we our in on at for with has have had that this not "
    "from as but by after when"
)
_EMPTY = rf"(?<= )(?:(?:{'|'.join(_ENGLISH.split())}) )+"
"""English words that stand in every text; Chinese ones are outweighed by being in all of them."""

_SIZES_HAN, _SIZES_OTHER = (1, 2), (3, 4)

Numbers = NDArray[np.int64]


def plain_words(texts: Sequence[str]) -> str:
    """The words of texts between blanks, each text ended: width, case, punctuation and empty words do not matter."""
    cut = (text[:LONGEST].replace(_END, " ") for text in texts)
    joined = unicodedata.normalize("NFKC", "".join(f" {text} {_END}" for text in cut)).casefold()
    return re.sub(_EMPTY, "", re.sub(_BETWEEN, " ", joined))  # once for many texts, in few commands


def pieces(texts: Sequence[str]) -> tuple[Numbers, Numbers]:
    """For every piece: the place of its text, and a number for it that few other pieces share; in any order."""
    units = np.frombuffer(plain_words(texts).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    ends, blank = units == 0, units == ord(" ")
    han = ((units >= 0x3400) & (units <= 0x9FFF)) | ((units >= 0xF900) & (units <= 0xFAFF))
    letter = ~(han | blank | ends)
    owner = np.cumsum(ends) - ends
    owners, slots = [], []
    for size in (*_SIZES_HAN, *_SIZES_OTHER):
        inner, edge = (han, han) if size in _SIZES_HAN else (letter, letter | blank)
        begins = np.arange(max(len(units) - size + 1, 0))
        for at in range(size):
            begins = begins[(edge if at in (0, size - 1) else inner)[begins + at]]
        number = np.full(len(begins), 5381 + size, np.uint64)
        for at in range(size):
            number = (number * np.uint64(33) ^ units[begins + at]) & np.uint64(0xFFFFFFFF)
        owners.append(owner[begins])
        slots.append((number ^ number >> np.uint64(15)) % np.uint64(_SLOTS))
    return np.concatenate(owners), np.concatenate(slots).astype(np.int64)


class NearTexts:
    """Many texts, each a vector of unit length, kept piece by piece.

    Args:
        texts: In any order; an empty one is near to nothing.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        slots, owners, weights = _counted(texts)
        self._size = len(texts)
        spread = np.bincount(slots, minlength=_SLOTS)
        self._rare = np.log((1 + len(texts)) / (1 + spread)) + 1
        weights = weights * self._rare[slots]
        self._owners = owners
        self._weights = weights / np.sqrt(np.bincount(owners, weights**2, minlength=1))[owners]
        self._heads = np.concatenate([[0], np.cumsum(spread)])

    def nearest(self, text: str, least: float, most: int) -> list[tuple[int, float]]:
        """Places and similarities, 0..1, of the texts that are most like `text`, the most similar first.

        Args:
            text: Need not be one of the texts.
            least: Similarity from which on a text counts.
            most: How many at the most.
        """
        slots, _, weights = _counted([text])
        if not len(slots) or not self._size:
            return []
        weights = weights * self._rare[slots]
        weights /= np.sqrt(np.sum(weights**2))
        begins, held = self._heads[slots], self._heads[slots + 1] - self._heads[slots]
        at = np.arange(held.sum()) + np.repeat(begins - (np.cumsum(held) - held), held)  # where all of them are held
        shares = self._weights[at] * np.repeat(weights, held)
        scores = np.bincount(self._owners[at], shares, minlength=self._size)
        places = np.flatnonzero(scores >= least)
        best = places[np.lexsort((places, -scores[places]))][:most]
        return [(int(place), float(scores[place])) for place in best]


def _counted(texts: Sequence[str]) -> tuple[Numbers, Numbers, NDArray[np.float64]]:
    """Slot and text of every piece, each once, slot by slot; and how much its number in the text counts."""
    owners, slots = pieces(texts)
    found, counts = np.unique(slots * len(texts) + owners, return_counts=True)
    return found // len(texts) if texts else found, found % max(len(texts), 1), 1 + np.log(counts)
