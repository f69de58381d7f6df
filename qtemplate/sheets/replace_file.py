"""A file is replaced in one step: everything new is on disk beside it before its name changes hands.

Source: POSIX rename(2); MoveFileEx with MOVEFILE_REPLACE_EXISTING on Windows (what `os.replace` calls).
"""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final

TEMPORARY_PREFIX: Final = ".qt-tmp-"
"""Names that watchers ignore."""


def replace_file(
    target: Path,
    write: Callable[[BinaryIO], str],
    like: os.stat_result,
    before_replace: Callable[[str], None],
) -> str:
    """Write a file beside the target and put it in the target's place.

    Args:
        target: The file to replace or make; a symbolic link is followed.
        write: Writes the contents and returns their sha256.
        like: Whose mode and owner the file gets when the target does not exist yet.
        before_replace: Called with the sha256 when the new file is complete and on disk; if it raises, the new file
            is removed and the target is as it was.

    Returns:
        The sha256 of the new contents.

    Raises:
        OSError: The disk is full, the target is held open on Windows, and the like.
    """
    target = Path(os.path.realpath(target))
    with contextlib.suppress(FileNotFoundError):
        like = target.stat()
    number, name = tempfile.mkstemp(prefix=TEMPORARY_PREFIX, dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(number, "wb") as out:
            digest = write(out)
            out.flush()
            os.fsync(out.fileno())
        _give_mode_and_owner(temporary, like)
        before_replace(digest)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_directory(target.parent)
    return digest


def _give_mode_and_owner(path: Path, like: os.stat_result) -> None:
    if os.name == "posix":
        with contextlib.suppress(PermissionError):  # only root may give files away
            os.chown(path, like.st_uid, like.st_gid)
    path.chmod(stat.S_IMODE(like.st_mode))


def _sync_directory(directory: Path) -> None:
    """Make the new name last over a power cut; directories cannot be opened on Windows."""
    if os.name != "posix":
        return
    number = os.open(directory, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some network file systems refuse it
            os.fsync(number)
    finally:
        os.close(number)
