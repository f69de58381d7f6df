"""The digest by which a state of the register is recognised."""

from __future__ import annotations

import hashlib
from pathlib import Path


def digest_file(path: Path) -> str:
    """sha256 of a file in hex; "" while there is none: some programs delete the old file, then rename the new one."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""
