"""How alike two texts are by their pairs of neighbouring characters, and the most similar of many. Pure; numpy only.

The measure is Dice's: twice the shared pairs over all pairs, 1 for equal texts. It finds edited copies and knows
nothing of meaning: 异响 and 噪音很大 share nothing. That is what 故障词典 is for.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

_SEPARATOR = "\0"
_NOISE = re.compile(rf"[^\w{_SEPARATOR}]+|_+")
_SLOTS = 1 << 16
_MOST_COMPARED = 40
_LONGEST_SHOWN = 16
"""Characters of a shared stretch; twice as many letters, which say less each."""
_SHORT_WORDS = 5
_FIRST_UNSPACED = 0x2E80
"""Where the scripts of East Asia begin."""


def normalised(texts: Sequence[str]) -> list[str]:
    """Texts without the differences that do not matter: width, case, blanks, punctuation."""
    joined = unicodedata.normalize("NFKC", _SEPARATOR.join(texts)).casefold()
    parts = _NOISE.sub("", joined).split(_SEPARATOR)
    if len(parts) == len(texts):
        return parts
    return [_NOISE.sub("", unicodedata.normalize("NFKC", text.replace(_SEPARATOR, "")).casefold()) for text in texts]


def similarity(one: str, other: str) -> float:
    """Dice's coefficient of the character pairs, 0..1; repeated pairs count as often as both have them."""
    total = max(len(one) - 1, 0) + max(len(other) - 1, 0)
    if not total:
        return float(one == other)
    pairs = Counter(pairwise(one)) & Counter(pairwise(other))
    return 2 * pairs.total() / total


def shared_parts(one: str, other: str, written: str, most: int = 3) -> list[str]:
    """The longest stretches that both normalised texts hold, as they stand in `written`, the text that `one` is of.

    At least two characters each, shown by their beginnings; of a script with spaces whole words, short ones only where
    nothing longer is shared.
    """
    stretches: list[tuple[int, int]] = []
    start = 0
    while start < len(one) - 1:
        length = 0
        while start + length < len(one) and one[start : start + length + 1] in other:
            length += 1
        if length >= 2:
            stretches.append((length, start))
        start += max(length, 1)
    longest = sorted(stretches, key=lambda part: (-part[0], part[1]))
    at = _places(written)
    if len(at) != len(one):  # characters that mean another thing beside one another
        written, at = one, list(range(len(one)))
    shown = [_shown(written, at[start], at[start + length - 1] + 1) for length, start in longest]
    telling = [text for text in shown if len(text) >= _SHORT_WORDS or (text and _joins(text[0]))]
    return (telling or [text for text in shown if text])[:most]


def _places(written: str) -> list[int]:
    """Of every character of the normalised text the place of what it was made of."""
    folded = (_NOISE.sub("", unicodedata.normalize("NFKC", character).casefold()) for character in written)
    return [place for place, made in enumerate(folded) for _ in made]


def _joins(character: str) -> bool:
    """Whether it is of a script without spaces, where any two characters may be parted."""
    return ord(character) >= _FIRST_UNSPACED


def _shown(written: str, start: int, end: int) -> str:
    """A stretch of a text in whole words, as far as there is room; "" where it holds none."""

    def within_word(place: int) -> bool:
        pair = written[place - 1 : place + 1] if 0 < place < len(written) else ""
        return len(pair) == 2 and pair.isalnum() and not _joins(pair[0]) and not _joins(pair[1])

    while start < end and within_word(start):
        start += 1
    while end > start and within_word(end):
        end -= 1
    if end - start <= _LONGEST_SHOWN * (1 if start < end and _joins(written[start]) else 2):
        return " ".join(written[start:end].split())
    last = start + _LONGEST_SHOWN * (1 if _joins(written[start]) else 2)
    while last > start and within_word(last):
        last -= 1
    return " ".join(written[start:last].split()).rstrip("，。；、,.;: ") + "…"


class Texts:
    """Many normalised texts with an index of their character pairs, to find the one most alike."""

    def __init__(self, texts: Sequence[str]) -> None:
        slots, owners = _pairs(texts)
        order = np.argsort(slots, kind="stable")
        self._owners, self._slots = owners[order], slots[order]
        self._texts = texts
        self._pairs = np.maximum(np.fromiter(map(len, texts), np.int64, len(texts)) - 1, 0)

    def most_similar(
        self,
        asked: Sequence[str],
        least: float,
        *,
        among: Callable[[NDArray[np.intp], NDArray[np.intp]], NDArray[np.bool_]],
    ) -> list[tuple[int, float] | None]:
        """For each asked text the place and similarity of the most similar one, the first of equals.

        Args:
            asked: Normalised.
            least: Similarity from which on a text counts, above 0 and up to 1.
            among: Gets pairs, as places of asked texts and of texts, and says which count.

        Returns:
            None where none reaches `least`.
        """
        askers, places, bounds = self._likely(asked, least)
        counts = among(askers, places)
        askers, places, bounds = askers[counts], places[counts], bounds[counts]
        order = np.lexsort((places, -bounds, askers))  # the likeliest first
        begins = np.searchsorted(askers[order], np.arange(len(asked) + 1)).tolist()
        found: list[tuple[int, float] | None] = []
        for text, begin, end in zip(asked, begins, begins[1:], strict=False):
            few = order[begin : min(end, begin + _MOST_COMPARED)]
            found.append(self._best(text, least, places[few].tolist(), bounds[few].tolist()))
        return found

    def _likely(
        self, asked: Sequence[str], least: float
    ) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float64]]:
        """The pairs whose similarity can reach `least`: places of both texts, and an upper bound of it."""
        slots, askers = _pairs(asked)
        once = np.unique(askers * _SLOTS + slots)
        slots, askers = (once % _SLOTS).astype(np.uint16), once // _SLOTS
        begins = np.searchsorted(self._slots, slots)
        held = np.searchsorted(self._slots, slots, side="right") - begins
        at = np.arange(held.sum()) + np.repeat(begins - (np.cumsum(held) - held), held)  # where those texts stand
        size = len(self._texts)
        hits = np.bincount(np.repeat(askers * size, held) + self._owners[at], minlength=len(asked) * size)
        own = np.maximum(np.fromiter(map(len, asked), np.int64, len(asked)) - 1, 0)
        enough = (self._pairs[None, :] + own[:, None]) * (least / 2 * 0.999)  # a little less, as floats round
        near = np.flatnonzero(hits >= enough.ravel())
        askers, places = near // size, near % size
        # pairs that meet in one slot, and pairs that stand twice, can only raise it
        total = np.maximum(self._pairs[places] + own[askers], 1)
        bounds = 2 * np.minimum(hits[near], own[askers]) / total
        kept = bounds >= least
        return askers[kept], places[kept], bounds[kept]

    def _best(
        self, text: str, least: float, places: Sequence[int], bounds: Sequence[float]
    ) -> tuple[int, float] | None:
        """Place and similarity of the most similar of some texts, the likeliest first."""
        best: tuple[int, float] | None = None
        for place, bound in zip(places, bounds, strict=True):
            if best is not None and bound < best[1]:
                break
            score = similarity(text, self._texts[place])
            if score >= least and (best is None or score > best[1] or (score == best[1] and place < best[0])):
                best = (place, score)
        return best


def _pairs(texts: Sequence[str]) -> tuple[NDArray[np.uint16], NDArray[np.int64]]:
    """The slots of all pairs of neighbouring characters, text by text, and whose they are."""
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    units = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    ends = np.cumsum(lengths)
    own = np.ones(max(len(units) - 1, 0), np.bool_)
    seams = ends[(ends > 0) & (ends < len(units))] - 1
    own[seams] = False  # the pair where two texts meet is nobody's
    owners = np.repeat(np.arange(len(texts)), lengths)[:-1] if len(units) else np.zeros(0, np.int64)
    return _slots(units)[own], owners[own]


def _slots(units: NDArray[np.uint32]) -> NDArray[np.uint16]:
    """A small number per pair of neighbours; different pairs may share one."""
    mixed = (units[:-1] * np.uint32(40503) + units[1:]) * np.uint32(2654435761)
    return (mixed >> np.uint32(16)).astype(np.uint16)
