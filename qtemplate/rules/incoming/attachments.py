"""Files that came with a mail: names under which they are kept beside the register, and which are not. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any

EXECUTABLE = frozenset(
    {"exe", "com", "bat", "cmd", "scr", "pif", "msi", "msp", "jar", "js", "jse", "vbs", "vbe", "wsf", "wsh", "hta"}
    | {"lnk", "iso", "img", "ps1", "reg", "dll", "cpl", "chm", "apk", "app", "dmg"}
    | {"xlsm", "xltm", "docm", "dotm", "pptm", "xlam"}
)
"""Suffixes of files that do something when they are opened."""

RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.I)
UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*;；、，,\s\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+')
LONGEST = 80
MOST_FILES = 20


def safe_name(name: str) -> str:
    """A name that every system takes and that the cell 附件 can list."""
    clean = UNSAFE.sub("_", name).strip("._ ") or "file"
    stem, dot, suffix = clean.rpartition(".")
    if dot and len(suffix) <= 8:
        clean = f"{stem[:LONGEST]}.{suffix}"
    clean = clean[: LONGEST + 9]
    return f"_{clean}" if RESERVED.fullmatch(clean) else clean


def is_executable(name: str) -> bool:
    return name.rpartition(".")[2].strip().casefold() in EXECUTABLE


def keep_files(id: str, files: Iterable[Sequence[Any]], taken: Collection[str]) -> list[tuple[str, str]]:
    """Digest and path beside the register of the files that are kept, `MOST_FILES` at the most.

    Args:
        id: Of the feedback.
        files: Name, media type, digest and size of each.
        taken: Paths that the row names already.
    """
    kept: list[tuple[str, str]] = []
    used, seen = set(taken), set[str]()
    for name, kind, digest, size in files:
        if is_executable(name) or not size or digest in seen or len(kept) >= MOST_FILES:
            continue
        seen.add(digest)
        clean = safe_name(name or f"file.{str(kind).rpartition('/')[2]}")
        path, count = f"attachments/{id}/{clean}", 1
        while path in used:
            count += 1
            stem, dot, suffix = clean.rpartition(".")
            path = f"attachments/{id}/{stem or suffix}-{count}{dot}{suffix if stem else ''}"
        used.add(path)
        kept.append((digest, path))
    return kept
