"""Replacing the register by one with more columns, sheets or values, or by the copy from before that.

The same looks as before any write, at the same ends: nobody has it open, nobody saved it meanwhile, a copy is kept, and
the journal knows the digest of the new file before it takes the old one's place.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from ..errors import NotWritten, RegisterLocked
from ..plan import Phrase
from ..texts import quote
from ..texts.world import in_the_way
from .ends import why_never
from .workspace import Workspace

Replace = Callable[[Callable[[str], None]], str]
"""Makes the new file and puts it in the register's place; calls back with its digest right before. Gives the digest."""


class Reshaped(Struct, frozen=True):
    """The register was replaced: its digest now, and the copy of what it was."""

    sha256: str
    copy: Path


def reshape_register(
    workspace: Workspace,
    run: str,
    now: dt.datetime,
    sha_before: str,
    replace: Replace,
    note: Callable[[Reshaped], None] = lambda done: None,
) -> Reshaped | Phrase:
    """Replace the register.

    Args:
        workspace, run, now: As for `apply_plan`.
        sha_before: Digest of the register as it was read.
        replace: Makes the new file and replaces the register by it.
        note: Told what the register will be and where its copy lies, before it is replaced.

    Returns:
        What was done, or why nothing can be done now.

    Raises:
        RegisterChanged: Somebody saved the register since it was read.
        WorkbookRefused: The new file cannot be made.
    """
    journal, ends, moment = workspace.journal, workspace.ends, now.replace(tzinfo=None, microsecond=0)
    reason = why_never(workspace.config) or ends.holder()
    if reason is not None:
        return reason
    copies: list[Path] = []

    def before_replace(sha256: str) -> None:
        copy = ends.before_replace(sha_before, now)
        assert copy is not None  # the ends are real
        copies.append(copy)
        note(Reshaped(sha256, copy))
        journal.about_to_replace(sha256, moment)
        ends.require_turn()

    ends.require_unchanged(sha_before)
    journal.write_ahead(run, moment, sha_before, (), ())
    try:
        sha256 = replace(before_replace)
    except Exception as problem:
        journal.drop_pending()
        match problem:
            case RegisterLocked():
                return Phrase.of("run.open_by", holder=problem.holder or Phrase("run.somebody"))
            case OSError():
                return Phrase.of("run.not_written", problem=quote(in_the_way(problem)))
            case NotWritten():
                return Phrase.of("run.not_written", problem=quote(problem))
        raise
    pending = journal.pending()
    if pending is not None:
        journal.commit_pending(pending)
    return Reshaped(sha256, copies[0])
