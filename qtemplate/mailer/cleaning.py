"""Makes text from cells safe for mail: single lines for headers, whole texts for bodies, names for files.

Pure functions of text. Row text is data: nothing here interprets it, and nothing here knows messages.
"""

from __future__ import annotations

import re

# Unicode 15.1, table of Bidi_Control characters: they reorder what a reader sees, so a header or a file name must not
# hold them (a right-to-left override shows "exe.xlsx" for "xslx.exe").
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# C0, DEL, C1, and the two Unicode line separators; line ends are among them.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# What XML 1.0 section 2.2 forbids, so that HTML and text parts survive every reader; tab and line feed stay.
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def clean_line(text: str, limit: int = 200) -> str:
    """Make one line of a header out of any text.

    Args:
        text: What a cell or a template gave.
        limit: Most characters to keep; a cut ends in "…".

    Returns:
        The text with every run of blanks, line ends and controls as one blank, without direction controls.
    """
    line = " ".join(_CONTROL.sub(" ", _BIDI.sub("", _SURROGATE.sub("\ufffd", text))).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def clean_body(text: str) -> str:
    """Make body text out of any text: line ends become "\\n", characters no reader can show are dropped."""
    if text.replace("\n", "").isprintable():  # most texts are: there is nothing to look for
        return text
    text = re.sub("\r\n?|\x85|\u2028|\u2029", "\n", text)
    return _NOT_TEXT.sub("", _SURROGATE.sub("\ufffd", text))


def safe_file_name(name: str) -> str:
    """Make a name that is one file on every system: no folders, no controls, no characters Windows refuses."""
    name = re.sub(r'[<>:"/\\|?*]', "_", clean_line(name, 500)).strip(". ")
    stem, dot, suffix = name.rpartition(".")
    if not dot or len(suffix) > 10:
        return name[:120].strip(". ") or "file"
    return f"{stem[:120].strip('. ')}.{suffix}"


def has_control(text: str) -> bool:
    """Say whether a text holds characters that have no place in an address or an identifier."""
    return bool(_CONTROL.search(text) or _BIDI.search(text) or _SURROGATE.search(text))
