"""`intake/in/web/`: an answer is one file of JSON, and its pictures beside it; it is there as a whole or not at all.

Pictures are written first, under `.files/`, where nobody takes them for answers; the JSON names them.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec.json import encode

from ..received.records import write_whole
from .uploads import Upload

FILES = ".files"
FOR_THE_GROUP = 0o660
"""The run that takes an answer up may be another user of the folder's group."""

STEM = 16
MOST_LATER = 5
"""Later answers to one link that may wait at the same time."""


class TooMany(Exception):
    """Enough waits already."""


def keep_answer(inbox: Path, digest: str, said: Mapping[str, Any], files: Sequence[Upload]) -> bool:
    """Keeps the answer to a link.

    Args:
        inbox: The folder.
        digest: Of the link.
        said: The answer, JSON-like.
        files: Its pictures.

    Returns:
        Whether it is the first to this link that waits; a later one is kept beside it and says so.

    Raises:
        TooMany: Enough later ones wait already.
        OSError: It could not be kept; nothing is left of it.
    """
    stem = digest[:STEM]
    name = f"{stem}-{secrets.token_hex(4)}"
    kept = _keep_files(inbox, name, files)
    content = {
        **said,
        "files": [[each.name, each.media_type, path.name] for each, path in zip(files, kept, strict=True)],
    }
    try:
        first = not said.get("later") and _put_first(inbox, stem, name, encode(content))
        if not first:
            if len(waiting(inbox, digest)) > MOST_LATER:
                raise TooMany
            write_whole(inbox / f"{name}.json", encode({**content, "later": True}))
    except (OSError, TooMany):
        for path in kept:
            with contextlib.suppress(OSError):
                path.unlink()
        raise
    return first


def waiting(inbox: Path, digest: str) -> list[Path]:
    """The answers to a link that no run has taken up yet, the first one first."""
    stem = digest[:STEM]
    return sorted(inbox.glob(f"{stem}*.json"), key=lambda path: (len(path.name), path.name))


def first_answer(inbox: Path, digest: str) -> Mapping[str, Any] | None:
    """What the first answer that waits says; None where none waits."""
    path = f"{inbox}{os.sep}{digest[:STEM]}.json"
    if not os.access(path, os.F_OK):  # as for every page that is looked at
        return None
    try:
        said = json.loads(Path(path).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return said if isinstance(said, dict) else None


def _put_first(inbox: Path, stem: str, name: str, content: bytes) -> bool:
    """Puts it in its place unless one is there: of two that come at once one is the first.

    It gets its name before the disk is asked to be sure of it: so one waiting makes sure of text and name together
    (ext4, XFS and Btrfs write the name of a new file with the file). A power cut in between leaves at most a torn file
    that nobody was thanked for; the run waits for it to be finished, then sets it aside.
    """
    place, part = f"{inbox}{os.sep}{stem}.json", f"{inbox}{os.sep}.{name}.part"
    file = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), FOR_THE_GROUP)
    linked = False
    try:
        try:
            written = 0
            while written < len(content):
                written += os.write(file, content[written:])
            os.chmod(part, FOR_THE_GROUP)  # noqa: PTH101 - whatever the mask of the process is
            os.link(part, place)
            linked = True
            os.fsync(file)
        finally:
            os.close(file)
    except FileExistsError:
        return False
    except OSError:
        if linked:
            with contextlib.suppress(OSError):
                os.unlink(place)  # noqa: PTH108
        raise
    finally:
        with contextlib.suppress(OSError):
            os.unlink(part)  # noqa: PTH108
    return True


def _keep_files(inbox: Path, name: str, files: Sequence[Upload]) -> list[Path]:
    kept: list[Path] = []
    try:
        for number, each in enumerate(files, 1):
            folder = _files_folder(inbox)
            path = folder / f"{name}-{number}{Path(each.name).suffix}"
            write_whole(path, each.data)
            kept.append(path)
    except OSError:
        for path in kept:
            with contextlib.suppress(OSError):
                path.unlink()
        raise
    return kept


def _files_folder(inbox: Path) -> Path:
    """The folder of the pictures; who may write beside it may write into it."""
    folder = inbox / FILES
    if not folder.is_dir():
        with contextlib.suppress(FileExistsError):
            folder.mkdir()
            folder.chmod(inbox.stat().st_mode & 0o7777)
    return folder
