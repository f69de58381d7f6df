"""Who has the register open: the owner files of Excel, WPS and LibreOffice, and which of them are stale.

Owner files are hints: they are written a moment after the workbook is opened, and stay behind after a crash. A recent
one counts, an old one is reported and ignored. Layout of Excel's: one byte length, the name in the system's code page,
padded with blanks to 55 bytes, two bytes length, the name again as UTF-16 (165 bytes in all); LibreOffice's is one line
of texts with commas. Source: svl/source/misc/msodocumentlockfile.cxx of LibreOffice.
"""

from __future__ import annotations

import time
from pathlib import Path

from msgspec import Struct

STALE_AFTER = 24 * 3600.0
"""Seconds after which an owner file is taken for one that a crash left behind."""


LONGEST_NAME = 52


class Owner(Struct, frozen=True):
    """Somebody who has the register open; `name` is "" if the file does not say, `stale` means that the file is old."""

    name: str
    file: Path
    stale: bool


def owner_files(register: Path) -> tuple[Path, ...]:
    """Every name an owner file of this register can have, whether it exists or not."""
    name = register.name
    return tuple(
        register.with_name(candidate)
        for candidate in dict.fromkeys(
            (
                f"~${name}",
                f"~${name[2:]}",
                f".~lock.{name}#",
                f".~{name}",
                f".~{name[1:]}",
                f".~{name[2:]}",
            )
        )
    )


def find_owner(register: Path) -> Owner | None:
    """Who has the register open, as far as owner files tell; a stale one only if there is no recent one."""
    stale: Owner | None = None
    for file in owner_files(register):
        try:
            data = file.read_bytes()
            age = time.time() - file.stat().st_mtime
        except FileNotFoundError:
            continue
        except OSError:  # Windows: the editor that owns it does not share it, so it is alive
            return Owner("", file, False)
        owner = Owner(_name(file, data), file, age > STALE_AFTER)
        if not owner.stale:
            return owner
        stale = owner
    return stale


def _name(file: Path, data: bytes) -> str:
    if file.name.startswith(".~lock."):
        parts = data.decode("utf-8", "replace").split(";")[0].split(",")
        return next((part.strip() for part in parts[:3] if part.strip()), "")
    for at in (55, 54):  # Excel's place of the second length, then the one other programs use
        length = int.from_bytes(data[at : at + 2], "little")
        if 0 < length <= LONGEST_NAME:
            return data[at + 2 : at + 2 + 2 * length].decode("utf-16-le", "replace").strip("\0 ")
    return data[1 : 1 + data[0]].decode("gb18030", "replace").strip("\0 ") if data else ""
