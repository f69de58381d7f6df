"""Which program this is: another version, another source or other libraries may come to other answers."""

from __future__ import annotations

import functools
import hashlib
import sys
from pathlib import Path

from ... import __version__
from ...files.footprint import tree_shape
from ...resources import templates_root

PACKAGE = Path(__file__).resolve().parents[2]


@functools.cache
def program_identity() -> str:
    """One text for version, source, shipped templates, Python and what is installed beside it; asked once a process.

    Sources are told by their names, sizes, times and inodes: in a checkout they change without a new version.
    """
    parts = [__version__, sys.version, tree_shape(str(PACKAGE)), tree_shape(str(templates_root()))]
    for folder in sys.path:
        if folder.endswith(("site-packages", "dist-packages")) and Path(folder).is_dir():
            parts.append(str(Path(folder).stat().st_mtime_ns))  # installing anything changes it
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
