"""What lies beside the register and matters to it: conflict copies, and an owner file that a crash left behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..plan import Finding, Phrase, Severity
from .locks import find_owner
from .sync_roots import conflict_copies


def look_beside(register: Path) -> Iterator[Finding]:
    """Findings about the files around the register."""
    copies = tuple(file.name for file in conflict_copies(register))
    if copies:
        yield Finding("QT704", Severity.WARNING, facts=(("files", copies),))
    owner = find_owner(register)
    if owner is not None and owner.stale:
        holder = owner.name or Phrase("run.somebody")
        yield Finding("QT705", Severity.WARNING, facts=(("file", owner.file.name), ("holder", holder)))
