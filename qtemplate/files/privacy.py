"""What a workspace keeps is as private as its register: who may not read the register reads no copy of its rows either.

POSIX modes only; elsewhere a folder hands its rights down to what is made in it.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path


@contextlib.contextmanager
def as_private_as(register: Path) -> Iterator[None]:
    """Whatever this process makes until the block ends gives group and others no more than the register does.

    What the umask denies stays denied.
    """
    denied = _denied(register)
    if not denied:
        yield
        return
    before = os.umask(0o077)
    os.umask(before | denied)
    try:
        yield
    finally:
        os.umask(before)


def make_private(paths: Iterable[Path], register: Path) -> None:
    """Takes from files and folders that are there already what the register denies; nothing is ever added."""
    denied = _denied(register)
    for path in paths if denied else ():
        with contextlib.suppress(OSError):  # it is not there, or somebody else's
            mode = path.lstat().st_mode
            if mode & denied and not stat.S_ISLNK(mode):
                path.chmod(stat.S_IMODE(mode) & ~denied)


def _denied(register: Path) -> int:
    """Bits of group and others that the register lacks; a folder may be entered by those who may read."""
    if os.name != "posix":
        return 0
    try:
        mode = register.stat().st_mode
    except OSError:  # nothing to be compared with; the run says so where it reads
        return 0
    return 0o077 & ~(mode | (mode & 0o044) >> 2)
