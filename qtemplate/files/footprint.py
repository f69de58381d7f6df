"""Whether what a run read is still the same: files, folders and trees, by a cheap look first and by content in doubt.

A look trusts size, times and inode alone only where the newest of the times is well before the moment at which the
mark was taken: on file systems with coarse times, two writes right after each other look alike. Else the content is
compared. Handed names and marks; light, for an idle look is to cost nearly nothing.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

TRUSTED_AFTER = 2_000_000_000
"""Nanoseconds between the last change and the mark from which size, times and inode tell enough; FAT counts in 2 s."""

NOISE = ("~$", ".")
"""Beginnings of names that are no deliveries: owner files, hidden and half-copied ones."""


class Mark(NamedTuple):
    """What a file or folder looked like.

    Attributes:
        shape: Size, times and inode as one text; "" where nothing is there.
        newest: The newest of the times, nanoseconds of the epoch.
        content: Digest; "" where nothing is there, or a file is empty.
    """

    shape: str = ""
    newest: int = 0
    content: str = ""


class Thing(NamedTuple):
    """Something that a run read: how it is looked at, where it is, and which names of it matter.

    Attributes:
        kind: `file` its bytes · `tree` every file below, by its bytes · `names` which of `of` are in a folder ·
            `beside` which names of a folder begin with the first of `of` or are one of the others · `nothing` a folder
            in which nothing may lie but noise, at most one folder deep.
        path: The file or folder.
        of: Names, see `kind`.
    """

    kind: str
    path: str
    of: tuple[str, ...] = ()


def mark_of(thing: Thing) -> Mark:
    """How something is now, with its content.

    Raises:
        OSError: It cannot be read.
    """
    shape, newest = _shape(thing)
    return Mark(shape, newest, _content(thing))


def still(thing: Thing, mark: Mark, taken: int, *, doubt: bool = False) -> Mark | None:
    """The mark as it is now where the content is the same, else None.

    Args:
        thing: What is looked at.
        mark: How it was.
        taken: When the mark was taken, nanoseconds of the epoch.
        doubt: Compare the content in any case, as on a file system of another machine, whose clock is its own.
    """
    try:
        shape, newest = _shape(thing)
        told = thing.kind != "nothing" and not doubt  # what lies in a folder of a folder does not show in its times
        if told and shape == mark.shape and newest + TRUSTED_AFTER <= taken:
            return mark
        return Mark(shape, newest, mark.content) if _content(thing) == mark.content else None
    except OSError:
        return None


def _shape(thing: Thing) -> tuple[str, int]:
    if thing.kind == "tree":
        return _tree_shape(thing.path)
    if thing.kind == "nothing":
        return "", 0
    try:
        found = Path(thing.path).stat()
    except FileNotFoundError:
        return "", 0
    size = found.st_size if thing.kind == "file" else 0
    if thing.kind == "file" and not size:
        return "", 0
    newest = max(found.st_mtime_ns, found.st_ctime_ns)
    return f"{size}:{found.st_mtime_ns}:{found.st_ctime_ns}:{found.st_ino}", newest


def _tree_shape(path: str) -> tuple[str, int]:
    seen, newest = hashlib.sha256(), 0
    for name, entry in _below(path):
        found = entry.stat(follow_symlinks=True)
        newest = max(newest, found.st_mtime_ns, found.st_ctime_ns)
        seen.update(f"{name}\0{found.st_size}\0{found.st_mtime_ns}\0{found.st_ctime_ns}\0{found.st_ino}\n".encode())
    return seen.hexdigest() if newest else "", newest


def _content(thing: Thing) -> str:
    match thing.kind:
        case "file":
            return _digest(thing.path)
        case "tree":
            parts = [f"{name}\0{_digest(entry.path)}\n" for name, entry in _below(thing.path)]
            return _digest_of(parts) if parts else ""
        case "names":
            folder = Path(thing.path)
            return _digest_of(f"{name}\n" for name in thing.of if (folder / name).exists())
        case "beside":
            begins, others = thing.of[0], set(thing.of[1:])
            near = (each for each in _names(thing.path) if each.casefold().startswith(begins) or each in others)
            return _digest_of(f"{name}\n" for name in sorted(near))
    return "".join(_deliveries(thing.path, 1))


def _deliveries(path: str, deep: int) -> Iterator[str]:
    """Names of what lies in a folder, or in the folders in it, noise left out."""
    try:
        entries = list(os.scandir(path))
    except FileNotFoundError:
        return
    for entry in entries:
        if deep and entry.is_dir(follow_symlinks=False):
            yield from _deliveries(entry.path, deep - 1)
        elif not entry.name.startswith(NOISE):
            yield f"{entry.name}/"


def _names(path: str) -> list[str]:
    try:
        return [each.name for each in os.scandir(path)]
    except (FileNotFoundError, NotADirectoryError):
        return []


def _below(path: str, before: str = "") -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Every file below a folder with its relative name, in order; what Python compiled itself is left out."""
    try:
        entries = sorted(os.scandir(path), key=lambda each: each.name)
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        if not entry.is_dir():
            yield before + entry.name, entry
        elif entry.name != "__pycache__":
            yield from _below(entry.path, f"{before}{entry.name}/")


def tree_shape(path: str) -> str:
    """Names, sizes, times and inodes of every file below a folder, as one digest; "" where there is none."""
    return _tree_shape(path)[0]


def _digest(path: str) -> str:
    try:
        with Path(path).open("rb") as file:
            data = hashlib.file_digest(file, "sha256")
            return data.hexdigest() if file.tell() else ""
    except FileNotFoundError:
        return ""


def _digest_of(parts: Iterable[str]) -> str:
    seen = hashlib.sha256()
    for part in parts:
        seen.update(part.encode("utf-8", "surrogateescape"))
    return seen.hexdigest()
