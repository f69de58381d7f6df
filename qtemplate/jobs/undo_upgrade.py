"""Taking an `upgrade` back: the register becomes again the very file it was, if nobody but the program saved it since.

Where the program itself wrote since, every cell must be as the upgrade left it, but for the sheets it writes whole.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

from ..apply import Workspace
from ..apply.reshape import Reshaped, reshape_register
from ..files.digest import digest_file
from ..ooxml.package.replace_file import replace_file
from ..ooxml.reading.book import open_book
from ..plan import Phrase
from ..report.answer import Answer, Section
from ..sheets.upgrading.content import content_digest
from .known_things import is_undone, mark_undone, set_things


def undo_upgrade(workspace: Workspace, run: str, record: Mapping[str, Any], now: dt.datetime) -> Answer:
    """Puts the register back as it was before an upgrade.

    Args:
        workspace: Held.
        run: The upgrade.
        record: What it did.
        now: Aware; names the copy of what is replaced.

    Returns:
        Exit code 3 when it cannot be taken back this way, 5 when the register cannot be written now, else 0.

    Raises:
        RegisterChanged: Somebody saves the register right now.
    """
    path = workspace.config.register.path
    backup = workspace.config.workspace / "backups" / str(record["backup"])
    sha256 = digest_file(path)
    if sha256 == record["before"] or is_undone(workspace.journal, run):
        return _answer(run, "undo.upgrade_nothing", {})
    if sha256 != record["after"] and not _only_ours(workspace, record, sha256):
        return _answer(run, "undo.upgrade_changed", {"backup": str(backup)}, 3)
    data = backup.read_bytes() if backup.is_file() else b""
    if hashlib.sha256(data).hexdigest() != record["before"]:
        return _answer(run, "undo.upgrade_no_copy", {"backup": str(backup)}, 3)
    done = put_back(workspace, run, record, sha256, data, now)
    if isinstance(done, Phrase):
        return _answer(run, "undo.later", {"reason": done}, 5)
    return _answer(run, "undo.upgrade_done", {"copy": str(done.copy)})


def _only_ours(workspace: Workspace, record: Mapping[str, Any], sha256: str) -> bool:
    """Whether the program wrote the register last and every cell is as the upgrade left it, but for its own sheets."""
    if not workspace.journal.is_own_write(sha256):
        return False
    return content_digest(open_book(workspace.config.register.path)) == record.get("content")


def put_back(
    workspace: Workspace, run: str, record: Mapping[str, Any], sha256: str, data: bytes, now: dt.datetime
) -> Reshaped | Phrase:
    """Replaces the register by these bytes, as a run of its own; or says why that cannot be now."""
    journal, path = workspace.journal, workspace.config.register.path
    name = f"{now:%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}"
    journal.begin_run(name, "undo", now, dt.datetime.now(dt.UTC).isoformat())

    def replace(before_replace: Callable[[str], None]) -> str:
        stat = path.stat()
        return replace_file(path, _writer(data), stat, before_replace, stat)

    done = reshape_register(workspace, name, now, sha256, replace)
    if isinstance(done, Reshaped):
        mark_undone(journal, run, name)
        set_things(journal, record["things"])
    summary = {"rows": journal.known_rows(), "exit": 5 if isinstance(done, Phrase) else 0}
    journal.end_run(name, dt.datetime.now(dt.UTC).isoformat(), summary)
    return done


def _writer(data: bytes) -> Callable[[BinaryIO], str]:
    def write(out: BinaryIO) -> str:
        out.write(data)
        return hashlib.sha256(data).hexdigest()

    return write


def _answer(run: str, key: str, facts: Mapping[str, Any], code: int = 0) -> Answer:
    data = {"run": run, "edits": [], "upgrade": key.rpartition("_")[2], **facts}
    return Answer(data, (Section(None, (Phrase.of(key, run=run, **facts),)),), code)
