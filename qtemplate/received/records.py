"""The records of `web/export/`: for each open link what its page shows and asks, public facts only."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..plan.pages import PageRecord


def read_record(folder: Path, digest: str) -> PageRecord | None:
    """The record of a link; None where there is none, or none that can be read."""
    try:
        return PageRecord.from_json(json.loads((folder / f"{digest}.json").read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write_whole(path: Path, data: bytes) -> None:
    """Puts a file in its place in one step; it is whole or not there.

    Raises:
        OSError: It could not be written; nothing is left of it.
    """
    part = path.with_name(f".{path.name}.part")
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


def record_bytes(record: Mapping[str, Any]) -> bytes:
    """A record as its file holds it."""
    return (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode()
