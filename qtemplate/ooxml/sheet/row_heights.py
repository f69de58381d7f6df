"""How high a row must be for its wrapped texts to be read.

An office program that trusts a file gives a row without a height one line, whatever it holds: LibreOffice fits rows on
loading only in files of programs it does not know, and takes one that says it is Excel's at its word.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from qtemplate.ooxml.markup import attribute, blank_comments, tags, truth
from qtemplate.ooxml.references import LAST_COLUMN

LINE: Final = 13.5
"""Points; a line of 10 point type, also in the tall faces of Chinese."""

_SIZE: Final = 10.0
_USUAL_SIZE: Final = 11.0  # what a row without a height has room for
_MARGIN: Final = 3.0
_HIGHEST: Final = 408.0  # 409 points are all that a row may have
_USUAL_WIDTH: Final = 9.140625
_FULL: Final = "\u1100-\u11ff\u2014-\u201d\u2026\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffe6"
_PIECES: Final = re.compile(rf"([{_FULL}])|[^\s{_FULL}]+|\s+")
"""What stays together in a line: a full-width character, a word, blanks."""

Widths = Sequence[tuple[int, int, float]]
"""First and last column, and the width of each in digits of the usual type; infinite for one that is folded away."""

Text = tuple[str, float, float]
"""A wrapped text, the width of its column, and the size of its type in points."""


def column_widths(head: bytes) -> Widths:
    """The widths that a sheet states.

    Args:
        head: The sheet before its rows.
    """
    found, usual = [], _USUAL_WIDTH
    for tag in tags(blank_comments(head)):
        text = head[tag.start : tag.end]
        if tag.name == b"col" and not tag.closing:
            low, high, width = (attribute(text, name) or "" for name in (b"min", b"max", b"width"))
            wide = math.inf if truth(attribute(text, b"hidden")) else number(width)
            if low.isdecimal() and high.isdecimal() and wide is not None:
                found.append((int(low), int(high), wide))
        elif tag.name == b"sheetFormatPr" and not tag.closing:
            usual = number(attribute(text, b"defaultColWidth")) or usual
    return [*found, (1, LAST_COLUMN, usual)]


def width_of(column: int, widths: Widths) -> float:
    """The width of a column, from 1."""
    return next((width for low, high, width in widths if low <= column <= high), _USUAL_WIDTH)


def number(text: str | None) -> float | None:
    """A measure as sheets state it, such as `13.5`; None for what is none."""
    return float(text) if text and len(text) < 30 and text.replace(".", "", 1).isdecimal() else None


def height_for(texts: Iterable[Text]) -> float | None:
    """The height in points of a row with these texts; None where a line of the usual type will do."""
    height = 0.0
    for text, width, size in texts:
        lines = _lines(text, width * _SIZE / size)
        if lines > 1 or size > _USUAL_SIZE:
            height = max(height, LINE * size / _SIZE * lines + _MARGIN)
    return min(height, _HIGHEST) or None


@lru_cache(maxsize=4096)  # what a log says it says again and again
def _lines(text: str, width: float) -> int:
    """The lines of a wrapped text, rather one too many; words stay whole."""
    if width == math.inf:
        return 1
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
