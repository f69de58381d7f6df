"""The records of `web/export/`: for each open link what its page shows and asks, public facts only."""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from msgspec.json import decode

from ..plan.new_page import FORM_FILE, NewPage
from ..plan.pages import PageRecord

FOR_THE_GROUP = 0o640
"""The server may be another user, of the folder's group; nobody else reads what stands on a page."""

_RECORD = re.compile(r"[0-9a-f]{32}\.json")


def read_record(folder: Path, digest: str) -> PageRecord | None:
    """The record of a link; None where there is none, or none that can be read."""
    path = f"{folder}{os.sep}{digest}.json"
    try:
        written = os.stat(path)  # noqa: PTH116 - paths as objects took a tenth of the time of a page
        return _record_in(path, written.st_mtime_ns, written.st_ino, written.st_size)
    except (OSError, ValueError):
        return None


@lru_cache(512)
def _record_in(path: str, *written: int) -> PageRecord:
    """A record as it was written; a file that is replaced is another one."""
    return decode(_bytes_of(path), type=PageRecord)


def read_new_page(folder: Path) -> NewPage | None:
    """What the page offers on which anybody reports something; None where no run has said so."""
    path = f"{folder}{os.sep}{FORM_FILE}"
    try:
        written = os.stat(path)  # noqa: PTH116 - as above
        return _new_page_in(path, written.st_mtime_ns, written.st_ino, written.st_size)
    except (OSError, ValueError):
        return None


@lru_cache(4)
def _new_page_in(path: str, *written: int) -> NewPage:
    return NewPage.from_json(_bytes_of(path))


def _bytes_of(path: str) -> bytes:
    with open(path, "rb", 0) as file:  # noqa: PTH123 - as above
        return file.read()


def write_whole(path: Path, data: bytes, mode: int = 0o660) -> None:
    """Puts a file in its place in one step; it is whole or not there.

    Args:
        path: Its place.
        data: Its bytes.
        mode: Who may read it; the run and the server may be two users of one group.

    Raises:
        OSError: It could not be written; nothing is left of it.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(mode)
        part.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def record_bytes(record: Mapping[str, Any]) -> bytes:
    """A record as its file holds it."""
    return (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode()


BOARD = "board.html"
"""The board's file in `web/export/`."""


def write_board(folder: Path, board: bytes | None) -> None:
    """Writes the board, or takes it away; one that says the same stays as it is.

    Raises:
        OSError: It could not be written.
    """
    path = folder / BOARD
    if board is None:
        path.unlink(missing_ok=True)
        return
    with contextlib.suppress(OSError):
        if path.read_bytes() == board:
            return
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(path, board, FOR_THE_GROUP)


def write_records(folder: Path, records: Mapping[str, bytes]) -> None:
    """Makes a folder hold just these records; other files in it are none of ours to touch.

    Raises:
        OSError: One could not be written.
    """
    if not records and not folder.is_dir():
        return
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.iterdir():
        if _RECORD.fullmatch(file.name) and file.name not in records:
            file.unlink()
    for name, data in records.items():
        path = folder / name
        known = b""
        with contextlib.suppress(OSError):
            known = path.read_bytes()
        if known != data:
            write_whole(path, data, FOR_THE_GROUP)
