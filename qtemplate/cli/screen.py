"""What the terminal is: how large, and whether it takes colours."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TextIO
from unicodedata import east_asian_width


def is_terminal(stream: TextIO) -> bool:
    """Whether somebody looks at it, and not a file or a pipe."""
    try:
        return stream.isatty()
    except ValueError:  # closed
        return False


def has_colours() -> bool:
    """Whether standard output takes colours: a terminal that is not dumb, and nobody minds (https://no-color.org)."""
    return is_terminal(sys.stdout) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def size() -> tuple[int, int]:
    """Columns and lines."""
    found = shutil.get_terminal_size()
    return found.columns, found.lines


def width_of(text: str) -> int:
    """Columns that a text takes; a Chinese character is two wide."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
