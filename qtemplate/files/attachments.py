"""Whether the attachments that rows name exist: looked up on disk here, judged by the rules.

Names are looked for below one folder; a name that leads out of it counts as missing and is never touched.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd

NAMES = re.compile(r"[\n;；|]+|、|,\s+|，")
ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)


def missing_attachments(column: pd.Series[Any], root: Path | None) -> tuple[tuple[int, str], ...]:
    """(row, name) of every named file that is not below `root`, in row order; web addresses are left alone.

    Args:
        column: Texts of the attachments field, index = worksheet row.
        root: The folder; None if attachments are not checked.
    """
    if root is None:
        return ()
    base = root.resolve()
    known: dict[str, bool] = {}
    missing = []
    for row, text in column.items():
        if not isinstance(text, str):
            continue
        for name in filter(None, map(str.strip, NAMES.split(text))):
            if name not in known:
                known[name] = bool(ADDRESS.match(name)) or exists_below(base, name)
            if not known[name]:
                missing.append((int(str(row)), name))
    return tuple(missing)


def named_attachments(column: pd.Series[Any]) -> tuple[str, ...]:
    """The names of files in a column, once each, in its order; web addresses are none."""
    texts = (text for text in column.tolist() if isinstance(text, str))
    names = (name for text in texts for name in map(str.strip, NAMES.split(text)))
    return tuple(dict.fromkeys(name for name in names if name and not ADDRESS.match(name)))


def exists_below(base: Path, name: str) -> bool:
    """Whether `name` is a file or folder inside `base`."""
    try:
        path = (base / name.replace("\\", "/")).resolve()
        return path.is_relative_to(base) and path != base and path.exists()
    except (OSError, ValueError):  # too long, null characters, a loop of links
        return False
