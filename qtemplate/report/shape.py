"""The look of a report on a terminal: colours, and at most a screen of it."""

from __future__ import annotations

from enum import StrEnum
from unicodedata import east_asian_width

from msgspec import Struct

from ..plan import Severity

LEAST = 3
"""So many findings are shown on the smallest screen."""


class Paint(StrEnum):
    """Colours by what they mean; the numbers are those of ECMA-48, section 8.3.117."""

    STRONG = "1"
    GOOD = "32"
    MIND = "33"
    BAD = "31"
    PALE = "2"


OF_SEVERITY = {Severity.ERROR: Paint.BAD, Severity.WARNING: Paint.MIND, Severity.INFO: Paint.PALE}
OF_EXIT = {0: Paint.GOOD, 3: Paint.MIND, 5: Paint.BAD}


class Shape(Struct, frozen=True):
    """A terminal.

    Args:
        columns, lines: Its size; 0 lines = as long as it may be.
        colours: Whether it takes them.
    """

    columns: int = 80
    lines: int = 0
    colours: bool = False

    def paint(self, text: str, paint: Paint) -> str:
        return f"\x1b[{paint.value}m{text}\x1b[0m" if self.colours else text

    def rows_of(self, line: str) -> int:
        """Rows of the screen that a line takes; escapes are not counted, for they are put in afterwards."""
        wide = sum(2 if east_asian_width(character) in "WF" else 1 for character in line)
        return max(1, -(-wide // self.columns))

    def fit(self, lines: list[str], around: list[str], most: int) -> int:
        """How many of the lines have room beside those around them: `LEAST` at least, `most` at most."""
        if not self.lines:
            return min(len(lines), most)
        room = self.lines - 2 - sum(map(self.rows_of, around))
        taken = 0
        for number, line in enumerate(lines[:most]):
            taken += self.rows_of(line)
            if taken > room:
                return min(max(number, LEAST), len(lines))
        return min(len(lines), most)


PLAIN = Shape()
