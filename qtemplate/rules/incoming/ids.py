"""Numbers of feedback: which are in use, and the next one of a year. Pure."""

from __future__ import annotations

import datetime as dt
import re

import numpy as np

from ...fields import Field
from ..answers import Columns
from ..situation import Situation
from ..standing import Mask


def well_formed(situation: Situation) -> Mask:
    """Rows whose id has the form that the program gives."""
    pattern = re.compile(rf"{re.escape(situation.register.id_prefix)}-(\d{{4}})-(\d{{4,}})")

    def look(columns: Columns) -> Mask:
        ids = columns[Field.ID].tolist()
        return np.array([isinstance(id, str) and pattern.fullmatch(id) is not None for id in ids], dtype=bool)

    return situation.answers.by_row(("well formed", pattern), (Field.ID,), look)


class Numbering:
    """Gives ids that were never given before, in the journal's memory or in the register."""

    def __init__(self, situation: Situation) -> None:
        self._situation = situation
        self._serials: dict[int, int] = {}

    def next(self, received: dt.datetime | None) -> str:
        """The next id of the year in which something was received; 9999-12-31 is no year to count in."""
        now = self._situation.now
        year = now.year if received is None or received > now else received.year
        self._serials = self._serials or self._in_use()
        self._serials[year] = self._serials.get(year, 0) + 1
        return f"{self._situation.register.id_prefix}-{year}-{self._serials[year]:04d}"

    def _in_use(self) -> dict[int, int]:
        """Year -> the highest number that was ever given."""
        highest = dict(self._situation.memory.serials)
        for id in self._situation.frame[Field.ID][well_formed(self._situation)].tolist():
            year, serial = map(int, id.rsplit("-", 2)[1:])
            highest[year] = max(highest.get(year, 0), serial)
        return highest
