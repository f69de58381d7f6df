"""The bytes of everything that came in, kept under their digest before anything is made of them."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path


def digest_of(data: bytes) -> str:
    """By what bytes are known: half of their sha256, since every line of a list carries it."""
    return hashlib.sha256(data).hexdigest()[:32]


def raw_path(folder: Path, digest: str) -> Path:
    """Where the bytes with that digest lie below a folder."""
    return folder / digest[:2] / digest


def keep_raw(folder: Path, data: bytes) -> None:
    """Keeps the bytes, on the disk for sure when this returns; the same bytes are kept once.

    Raises:
        OSError: They could not be kept.
    """
    path = raw_path(folder, digest_of(data))
    if path.is_file() and path.stat().st_size == len(data):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink()
        raise
