"""The digest by which bytes of a register are recognised."""

from __future__ import annotations

import hashlib
from pathlib import Path


def digest_file(path: Path) -> str:
    """sha256 of a file, hexadecimal; "" when it is gone for the moment (some programs delete before they rename)."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""
