"""The world in the way, in words: what the system says about a file becomes an error that tells what to do."""

from __future__ import annotations

import errno

from ..errors import NotWritten
from . import make_error

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


def in_the_way(error: OSError) -> NotWritten:
    """The error of a file or folder, as one of ours."""
    where = error.filename2 or error.filename or "?"
    problem = error.strerror or type(error).__name__
    if error.errno in FULL:
        return make_error(NotWritten, "world.full", where=where, problem=problem)
    if error.errno in FORBIDDEN:
        return make_error(NotWritten, "world.forbidden", where=where, problem=problem)
    return make_error(NotWritten, "world.other", where=where, problem=problem)
