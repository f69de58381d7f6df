"""Files that came in, put away: done, or a problem with the sentence beside it that says what to do."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from ...forms.file_names import free_path, kept_name, printable, reason_file
from ...plan import Finding, Phrase, Severity
from ...texts import say

NOISE = ("~$", ".")
"""Beginnings of names that are no deliveries: owner files, hidden and half-copied ones."""

UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart", ".download")
STILL_COPIED = 60.0
"""Seconds within which what cannot be read may still be on its way."""


def is_noise(file: Path) -> bool:
    return file.name.startswith(NOISE) or file.suffix.lower() in UNFINISHED


def just_written(file: Path) -> bool:
    """Whether a file may still be on its way; one from a clock that is ahead is not."""
    try:
        return abs(dt.datetime.now().timestamp() - file.lstat().st_mtime) < STILL_COPIED
    except OSError:  # it is gone, or soon back
        return True


def put_away(file: Path, folder: Path) -> Path:
    """Moves a file, or a link as such, into a folder under a name that is free.

    Raises:
        OSError: It could not be moved.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = free_path(folder, kept_name(file))
    shutil.move(file, path)
    return path


def put_aside(file: Path, folder: Path, problem: Phrase, language: str) -> bool:
    """Moves a file to the problems and writes beside it why; False where it has to stay where it is."""
    try:
        moved = put_away(file, folder)
    except OSError:
        return False
    with contextlib.suppress(OSError), reason_file(moved).open("x", encoding="utf-8") as reason:
        reason.write(printable(say(problem, language)) + "\n")
    return True


def problems_in(folder: Path) -> Iterator[Finding]:
    """What lies below a folder of problems, with its reasons; a text is a reason there, unless it has one itself."""
    for file in sorted(folder.glob("*/*")):
        reason = _reason(file)
        if not is_noise(file) and not (file.suffix.lower() == ".txt" and reason is None):
            yield problem_of(file, reason or "?")


def problem_of(file: Path, problem: object) -> Finding:
    return Finding("QT830", Severity.WARNING, facts=(("file", shown(file)), ("problem", problem)))


def shown(file: Path) -> str:
    """A file by its channel and name."""
    return f"{file.parent.name}/{kept_name(file)}"


def _reason(file: Path) -> str | None:
    reason = reason_file(file)
    with contextlib.suppress(OSError):
        if stat.S_ISREG(reason.lstat().st_mode):
            return reason.read_text(encoding="utf-8", errors="replace").strip().rstrip("。.")
    return None
