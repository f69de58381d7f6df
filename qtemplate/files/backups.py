"""Copies of the register from before each write, kept by count and age."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
from collections.abc import Collection
from pathlib import Path

from ..errors import NotWritten
from ..texts import make_error


def keep_backup(register: Path, folder: Path, now: dt.datetime, *, keep: int, days: int, made: Collection[str]) -> Path:
    """Copy the register as it is now, and delete old copies. What somebody else put into the folder stays.

    Args:
        register: The file about to be replaced.
        folder: Made when needed.
        now: Names the copy; a second copy of the same second gets a number.
        keep, days: The newest `keep` copies stay, and every copy younger than `days` days.
        made: Names of the copies that were made here before; no other file is touched.

    Returns:
        The copy.

    Raises:
        NotWritten: The folder cannot be written, or the disk is full.
    """
    try:
        target = _copy(register, folder, now)
    except OSError as problem:
        why = problem.strerror or problem
        raise make_error(NotWritten, "register.no_backup", name=register.name, folder=folder, problem=why) from problem
    there = [folder / name for name in {*made, target.name} if (folder / name).is_file()]
    copies = sorted(there, key=lambda file: (file.stat().st_mtime, file.name))
    oldest = now.timestamp() - days * 86_400
    for file in copies[: max(0, len(copies) - keep)]:
        if file.stat().st_mtime < oldest:
            with contextlib.suppress(OSError):  # somebody looks at it: it goes another night
                file.unlink(missing_ok=True)
    return target


def _copy(register: Path, folder: Path, now: dt.datetime) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{register.stem}-{now:%Y%m%d-%H%M%S}"
    target = folder / f"{stem}{register.suffix}"
    number = 1
    while target.exists():
        number += 1
        target = folder / f"{stem}-{number}{register.suffix}"
    part = target.with_suffix(".part")
    try:
        shutil.copyfile(register, part)
        part.replace(target)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    return target
