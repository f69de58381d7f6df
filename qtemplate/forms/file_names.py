"""Names of files that came in, as people can read them, and names that are free for them in a folder of ours.

A name may come from another system: in GBK, with characters that no sheet can hold, or so long that nothing can be
added to it.
"""

from __future__ import annotations

import os
from pathlib import Path

LONGEST_NAME = 200
"""Bytes of a name that is kept; file systems allow 255, and a number and `.txt` may follow."""


def shown_name(file: Path) -> str:
    """A file's name as text that can be printed and stored: UTF-8, else GBK, else with marks for what is neither."""
    raw = os.fsencode(file.name)
    for encoding in ("utf-8", "gb18030"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            text = raw.decode("utf-8", "replace")
    return printable(text)


def printable(text: str) -> str:
    """A text of one line with a mark for every character that cannot be printed, half characters too."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def kept_name(file: Path) -> str:
    """The name under which a file is kept: as it is shown, cut where it is too long; the suffix stays."""
    name = shown_name(file)
    if len(name.encode()) <= LONGEST_NAME:
        return name
    suffix = Path(name).suffix
    if len(suffix.encode()) > 10:  # no suffix, only a dot somewhere
        suffix = ""
    room = LONGEST_NAME - len(suffix.encode())
    return name.encode()[:room].decode("utf-8", "ignore") + suffix


def reason_file(file: Path) -> Path:
    """The text beside a file that says why it was not taken."""
    return file.with_name(f"{file.name}.txt")


def free_path(folder: Path, name: str) -> Path:
    """A path in a folder whose name nothing has, nor its reason's, and which is nobody else's reason."""
    path, number = folder / name, 1
    while any(map(os.path.lexists, _names_used(path))):
        number += 1
        path = folder / f"{Path(name).stem}-{number}{Path(name).suffix}"
    return path


def _names_used(path: Path) -> list[Path]:
    reasoned = [path.with_suffix("")] if path.suffix.lower() == ".txt" else []
    return [path, reason_file(path), *reasoned]
