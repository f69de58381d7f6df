"""Two files swap names in one step, where the system can do that: no save between the last look and the step is lost.

Source: rename(2), RENAME_EXCHANGE (Linux 3.15; ext4, XFS, Btrfs, tmpfs; most network file systems refuse it).
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from functools import cache
from pathlib import Path
from typing import Any, Final

_HERE: Final = -100  # AT_FDCWD
_EXCHANGE: Final = 2  # RENAME_EXCHANGE
_CANNOT: Final = (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.EPERM)


@cache
def _renameat2() -> Any:
    """The C library's function, or None."""
    return getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None) if sys.platform == "linux" else None


def exchange_files(one: Path, other: Path) -> bool:
    """Swap the names of two existing files on one file system.

    Returns:
        Whether it was done; False where the system or the file system cannot.

    Raises:
        OSError: One of them does not exist, and the like.
    """
    rename = _renameat2()
    if rename is None:
        return False
    if rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in _CANNOT:
        return False
    raise OSError(code, os.strerror(code), str(one), None, str(other))
