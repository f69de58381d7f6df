"""How high a row must be for its wrapped texts to be read.

An office program that trusts a file gives a row without a height one line, whatever it holds: LibreOffice fits rows on
loading only in files of programs it does not know, and takes one that says it is Excel's at its word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from qtemplate.ooxml.markup import attribute, blank_comments, tags

LINE: Final = 13.5
"""Points; a line of 10 point type, also in the tall faces of Chinese."""

_MARGIN: Final = 3.0
_MOST_LINES: Final = 30  # 409 points are all that a row may have
_USUAL_WIDTH: Final = 9.140625
_FULL: Final = "\u1100-\u11ff\u2014-\u201d\u2026\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffe6"
_PIECES: Final = re.compile(rf"([{_FULL}])|[^\s{_FULL}]+|\s+")
"""What stays together in a line: a full-width character, a word, blanks."""

Widths = Sequence[tuple[int, int, float]]
"""First and last column, and the width of each in digits of the usual type."""


def column_widths(head: bytes) -> Widths:
    """The widths that a sheet states.

    Args:
        head: The sheet before its rows.
    """
    found = []
    for tag in tags(blank_comments(head)):
        if tag.name == b"col" and not tag.closing:
            text = head[tag.start : tag.end]
            low, high, width = (attribute(text, name) or "" for name in (b"min", b"max", b"width"))
            if low.isdecimal() and high.isdecimal() and width.replace(".", "", 1).isdecimal():
                found.append((int(low), int(high), float(width)))
    return found


def width_of(column: int, widths: Widths) -> float:
    """The width of a column, from 1."""
    return next((width for low, high, width in widths if low <= column <= high), _USUAL_WIDTH)


def height_for(texts: Iterable[tuple[str, float]]) -> float | None:
    """The height in points of a row with these texts, each with the width of its column; None where a line will do."""
    lines = max((_lines(text, width) for text, width in texts), default=1)
    return None if lines == 1 else LINE * min(lines, _MOST_LINES) + _MARGIN


@lru_cache(maxsize=4096)  # what a log says it says again and again
def _lines(text: str, width: float) -> int:
    """The lines of a wrapped text, rather one too many; words stay whole."""
    if "\n" in text:
        return sum(_lines(part, width) for part in text.split("\n"))
    if len(text) * 2 <= width:
        return 1
    room = max(width - 1, 2.0)
    lines, used = 1, 0.0
    for piece in _PIECES.finditer(text):
        blank = piece[0].isspace()
        long = 1.9 if piece[1] else (0.45 if blank else 0.87) * len(piece[0])
        if used + long > room and not blank:
            more, rest = divmod(long, room)
            lines, used = lines + (used > 0) + int(more), rest
        else:
            used += long
    return lines
