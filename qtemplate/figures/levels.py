"""Which level a row had at a moment that is past, as far as somebody noted it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from msgspec import Struct, field
from msgspec.structs import replace

from ..choices import Level
from .period import Mask, Times

LEVELS = (*Level, None)
CODES = {level: code for code, level in enumerate(LEVELS)}
NEVER = np.datetime64("NaT", "s")

Codes = npt.NDArray[np.int8]
"""Positions in `LEVELS`, one a row; the last one is for rows without a level."""


class LevelHistory(Struct, frozen=True, eq=False):
    """What is noted of levels.

    Attributes:
        since: When notes began; NaT = there are none.
        graded_at: Per row: when it got its first level; NaT = not known. Empty without notes.
        row, until, code: Rows whose level changed: up to a moment it was the one of that code. Any order.
    """

    since: np.datetime64 = NEVER
    graded_at: Times = field(default_factory=lambda: np.zeros(0, "M8[s]"))
    row: npt.NDArray[np.intp] = field(default_factory=lambda: np.zeros(0, np.intp))
    until: Times = field(default_factory=lambda: np.zeros(0, "M8[s]"))
    code: Codes = field(default_factory=lambda: np.zeros(0, np.int8))

    def knows(self, moment: np.datetime64) -> bool:
        """Whether levels just before a moment are known."""
        return bool(self.since < moment)

    def where(self, mask: Mask) -> LevelHistory:
        """Only some rows."""
        own = mask[self.row]
        graded_at = self.graded_at[mask] if len(self.graded_at) else self.graded_at
        return replace(
            self,
            graded_at=graded_at,
            row=(np.cumsum(mask) - 1)[self.row[own]],
            until=self.until[own],
            code=self.code[own],
        )

    def at(self, moment: np.datetime64, present: Codes) -> Codes:
        """The levels just before a moment; the present ones where that moment lies before all notes.

        Args:
            moment: The end of a month.
            present: The levels the rows have now.
        """
        if not self.knows(moment):
            return present
        codes = present.copy()
        later = np.flatnonzero(self.until >= moment)
        order = np.argsort(self.until[later], kind="stable")[::-1]
        later = later[order]  # the change that came first after it says last
        codes[self.row[later]] = self.code[later]
        codes[self.graded_at >= moment] = CODES[None]
        return codes


def level_codes(levels: npt.NDArray[np.object_]) -> Codes:
    """Texts as positions in `LEVELS`."""
    known: dict[object, int] = {level.value: code for level, code in CODES.items() if level is not None}
    return np.array([known.get(level, CODES[None]) for level in levels.tolist()], np.int8)
