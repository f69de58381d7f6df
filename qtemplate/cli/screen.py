"""What the terminal is: how large, and whether it takes colours."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TextIO


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
    columns = lines = 0
    with contextlib.suppress(ValueError, OSError):  # closed, or no terminal
        if sys.__stdout__ is not None:
            columns, lines = os.get_terminal_size(sys.__stdout__.fileno())  # `shutil` has it, and loads three packers
    return _wanted("COLUMNS") or columns or 80, _wanted("LINES") or lines or 24


def _wanted(name: str) -> int:
    """What the environment asks for; 0 where it does not say."""
    value = os.environ.get(name, "")
    return int(value) if value.isdecimal() else 0


def width_of(text: str) -> int:
    """Columns that a text takes; a Chinese character is two wide."""
    from unicodedata import east_asian_width

    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
