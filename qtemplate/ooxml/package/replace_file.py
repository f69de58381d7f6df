"""A file is replaced in one step: the new contents are complete and on disk before they take over its name.

Source: POSIX rename(2); MoveFileEx with MOVEFILE_REPLACE_EXISTING on Windows (what `os.replace` calls).
"""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import BinaryIO, Final

from qtemplate.errors import RegisterChanged, RegisterLocked
from qtemplate.ooxml.package.exchange_files import exchange_files

TEMPORARY_PREFIX: Final = ".qt-tmp-"
"""Names that watchers ignore."""

_HELD_OPEN: Final = (5, 32, 33)  # ERROR_ACCESS_DENIED, ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION
_PATIENCE: Final = (0.05, 0.1, 0.2, 0.4, 0.8, 1.0)  # seconds


def replace_file(
    target: Path,
    write: Callable[[BinaryIO], str],
    like: os.stat_result,
    before_replace: Callable[[str], None],
    expected: os.stat_result | None = None,
) -> str:
    """Write a file beside the target and put it in the target's place.

    Args:
        target: The file to replace or make; a symbolic link is followed.
        write: Writes the contents and returns their sha256.
        like: Gives mode and owner when the target does not exist yet, as far as the umask lets it.
        before_replace: Called with the sha256 when the new file is complete and on disk; if it raises, the new file
            is removed and the target is as it was.
        expected: The only file that may be replaced: somebody may save the target while the new one is being written.

    Returns:
        The sha256 of the new contents.

    Raises:
        RegisterChanged: The target is no longer the expected file; it stays as somebody saved it.
        RegisterLocked: Windows only: another program has held the target open for two and a half seconds.
        OSError: The disk is full, and the like.
    """
    target = Path(os.path.realpath(target))
    allowed = ~_umask()
    with contextlib.suppress(FileNotFoundError):
        like, allowed = target.stat(), ~0
    number, name = tempfile.mkstemp(prefix=TEMPORARY_PREFIX, dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(number, "wb") as out:
            digest = write(out)
            out.flush()
            os.fsync(out.fileno())
        _give_mode_and_owner(temporary, like, allowed)
        before_replace(digest)
        if expected is None or not _exchange(temporary, target, expected):
            _take_place(temporary, target, expected)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_directory(target.parent)
    return digest


def is_other_file(one: os.stat_result, other: os.stat_result) -> bool:
    """Whether a file was replaced by another one, or written to."""
    return _identity(one) != _identity(other)


def _identity(of: os.stat_result) -> tuple[int, int, int]:
    return of.st_ino, of.st_size, of.st_mtime_ns


def _exchange(temporary: Path, target: Path, expected: os.stat_result) -> bool:
    """Swap names with the target, then check what stood there: a file that somebody saved in between is put back.

    Returns:
        False where the system cannot swap names (see `exchange_files`); a last look before the rename must do there.
    """
    ours = _identity(temporary.stat())
    try:
        if not exchange_files(temporary, target):
            return False
    finally:  # an interruption right here must not take somebody's file for ours either
        given_back = _give_back(temporary, target, (ours, _identity(expected)))
    if given_back:
        raise _changed(target)
    with contextlib.suppress(OSError):  # the register of before; it is replaced, whatever becomes of it
        temporary.unlink()
    return True


def _give_back(temporary: Path, target: Path, known: Collection[tuple[int, int, int]]) -> bool:
    """Put back what the temporary name has come to hold, if it is none of the known files; whether it was put back."""
    with contextlib.suppress(FileNotFoundError):  # a file system that renames where it should exchange
        if _identity(temporary.stat()) not in known:
            temporary.replace(target)
            return True
    return False


def _changed(target: Path) -> RegisterChanged:
    return RegisterChanged(
        "changed.editing", "{path} was saved by somebody while it was being edited; read it again.", path=target
    )


def _take_place(temporary: Path, target: Path, expected: os.stat_result | None) -> None:
    """Rename over the target, waiting for what holds files open for a moment on Windows (scanners, indexers, sync)."""
    for wait in (*_PATIENCE, None):
        try:
            if expected is not None and is_other_file(target.stat(), expected):
                raise _changed(target)
            temporary.replace(target)
            return
        except PermissionError as error:
            if getattr(error, "winerror", None) not in _HELD_OPEN:
                raise
            if wait is None:
                raise RegisterLocked(
                    "locked.writing",
                    "{path} is held open by another program; it is written when it is free.",
                    path=target,
                ) from error
            time.sleep(wait)


def remove_leftovers(folder: Path, older_than: float = 0.0) -> None:
    """Delete temporary files that a killed run left behind.

    Args:
        folder: Where they lie; may be missing.
        older_than: Seconds; younger ones may be another program's work under way.
    """
    if not folder.is_dir():
        return
    for file in folder.glob(f"{TEMPORARY_PREFIX}*"):
        with contextlib.suppress(OSError):
            seen = file.stat()  # a register that changed names with its successor keeps its old moment of writing
            if time.time() - max(seen.st_mtime, seen.st_ctime) >= older_than:
                file.unlink()


def _give_mode_and_owner(path: Path, like: os.stat_result, allowed: int) -> None:
    """Owner and group are given one by one: only root may give files away, but everybody to a group of theirs.

    Another group than that of `like` may do no more than everybody.
    """
    mode = stat.S_IMODE(like.st_mode) & allowed
    if os.name == "posix":
        with contextlib.suppress(PermissionError):
            os.chown(path, -1, like.st_gid)
        with contextlib.suppress(PermissionError):
            os.chown(path, like.st_uid, -1)
        if path.stat().st_gid != like.st_gid:
            mode &= ~0o070 | (mode & 0o007) << 3
    path.chmod(mode)


def _umask() -> int:
    """What is denied to files that this process makes; the system tells it only to who sets it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _sync_directory(directory: Path) -> None:
    """Make the new name survive a power cut; directories cannot be opened on Windows."""
    if os.name != "posix":
        return
    number = os.open(directory, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some network file systems refuse it
            os.fsync(number)
    finally:
        os.close(number)
