"""A key that only this workspace knows, in a file that only its user may read."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

BYTES = 32


def read_key(path: Path) -> bytes | None:
    """The key; None where there is none, or none that can be used."""
    with contextlib.suppress(OSError, ValueError):
        key = bytes.fromhex(path.read_text("ascii").strip())
        if len(key) == BYTES:
            return key
    return None


def make_key(path: Path) -> bytes:
    """The key, made where there is none; the file is whole or not there, and was never anybody else's to read.

    Raises:
        OSError: It cannot be written.
    """
    known = read_key(path)
    if known is not None:
        return known
    key = secrets.token_bytes(BYTES)
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(key.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    return key
