"""When a final reply was due at a moment that is past, as far as it was noted when that day moved."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from msgspec import Struct, field
from msgspec.structs import replace

from .period import Mask, Times


class DueHistory(Struct, frozen=True, eq=False):
    """The due moments that were ever written of rows whose due moment moved; a row that is not here kept its own.

    Attributes:
        row: Position of the row.
        since: From when on it was due at that moment.
        due: NaT where it was due no more.
    """

    row: npt.NDArray[np.intp] = field(default_factory=lambda: np.zeros(0, np.intp))
    since: Times = field(default_factory=lambda: np.zeros(0, "M8[s]"))
    due: Times = field(default_factory=lambda: np.zeros(0, "M8[s]"))

    def where(self, mask: Mask) -> DueHistory:
        """Only some rows."""
        own = mask[self.row]
        return replace(self, row=(np.cumsum(mask) - 1)[self.row[own]], since=self.since[own], due=self.due[own])

    def at(self, moment: np.datetime64, present: Times) -> tuple[Times, Mask]:
        """The due moments as they stood at a moment, and of which rows that is a guess.

        Of a row that moved after the moment, and of which nothing was noted up to it, nobody knows whether it had moved
        before: the first one noted stands there, as a guess.

        Args:
            moment: What was noted at it counts.
            present: The due moments of now.
        """
        dues, guessed = present.copy(), np.zeros(len(present), bool)
        if not len(self.row):
            return dues, guessed
        order = np.lexsort((self.since, self.row))
        row, since, due = self.row[order], self.since[order], self.due[order]
        first = np.r_[True, row[1:] != row[:-1]]
        dues[row[first]] = due[first]
        guessed[row[first]] = since[first] > moment
        past = since <= moment
        dues[row[past]] = due[past]  # in order of time: the last one stands
        return dues, guessed
