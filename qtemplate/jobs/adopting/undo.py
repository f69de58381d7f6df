"""`adopt BOOK --undo`: the workbook without what the program brought into it.

As long as nobody else saved it, it becomes the very file it was. Else our columns and sheets go, what the program wrote
into the team's own columns goes back to what stood there, and everything that people made since stays.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...apply import Workspace
from ...apply.reshape import Reshaped
from ...config import Config
from ...errors import ConfigError, WorkbookRefused
from ...files.digest import digest_file
from ...files.owner_file import read_owner
from ...journal import Journal
from ...ooxml.patch import patch_bytes
from ...ooxml.reading.book import Book, open_book
from ...ooxml.take_out import take_out
from ...plan import Phrase as P
from ...plan.progress import Progress, silent
from ...register import Register
from ...report.answer import Answer, Section
from ...sheets.adopt.removal import Removal, plan_removal
from ...sheets.reading.reader import read_register
from ...texts import make_error, quote
from ..known_things import UPGRADE, is_undone, upgrade_record
from ..moment import local_now
from ..undo_upgrade import put_back
from ..workspace import holding
from .apply import RUN
from .beside import undo_beside
from .returning import Returned, cells_to_return

EXIT_PEOPLE, EXIT_LATER = 3, 5


def undo_adoption(config: Config, moment: dt.datetime | None = None, *, progress: Progress = silent) -> Answer:
    """Takes the adoption back.

    Returns:
        Exit code 3 when something that people made is in the way, 5 when the workbook cannot be written now, else 0.

    Raises:
        ConfigError: This workspace has adopted no workbook.
        RegisterUnreadable: The workbook cannot be read any more.
        RegisterChanged: Somebody saves it right now.
    """
    path, now = config.register.path, local_now(config, moment)
    with holding(config) as workspace:
        journal = workspace.journal
        run = journal.setting(RUN) or ""
        record = upgrade_record(journal, run) if run else None
        if record is None:
            raise make_error(ConfigError, "adopt.not_adopted", folder=config.workspace)
        if config.register.source is not None:
            return undo_beside(workspace, run, moment)
        progress("take_out")
        sha256 = digest_file(path)
        if sha256 == record["before"] or is_undone(journal, run):
            return _answer(run, P.of("adopt.undo_nothing", book=str(path)))
        backup = config.workspace / "backups" / str(record["backup"])
        data = backup.read_bytes() if backup.is_file() else b""
        former = data if hashlib.sha256(data).hexdigest() == record["before"] else None
        if former is not None and journal.is_own_write(sha256) and journal.untouched_since(str(record["after"])):
            done = put_back(workspace, run, record, sha256, former, now)
            return _replaced(run, done, P.of("adopt.undone", book=str(path)))
        return _without_ours(workspace, run, record, former, now)


def _without_ours(
    workspace: Workspace, run: str, record: Mapping[str, Any], former: bytes | None, now: dt.datetime
) -> Answer:
    path = workspace.config.register.path
    book = open_book(path)
    register = read_register(book)
    ours = _ours(workspace, record, former, book, register)
    if ours is None:
        facts = {"book": str(path), "backup": str(Path("backups") / str(record["backup"]))}
        return _answer(run, P.of("adopt.undo_no_map", **facts), EXIT_PEOPLE)
    returned = cells_to_return(workspace.journal, register, ours.theirs, run, _given(path))
    data = book.data
    try:
        if returned.cells:
            data, _ = patch_bytes(data, edits={register.sheet: returned.cells})
        data = take_out(data, ours.cuts[:1], ours.sheets).data  # our sheets hold formulas about our columns
        for cut in ours.cuts[1:]:
            data = take_out(data, [cut]).data
    except WorkbookRefused as refused:
        return _answer(run, P.of("adopt.undo_in_the_way", problem=quote(refused), book=path.name), EXIT_PEOPLE)
    done = put_back(workspace, run, record, book.sha256, data, now)
    said = P.of("adopt.taken_out", book=str(path), columns=len(ours.columns), sheets=len(ours.sheets))
    return _replaced(run, done, said, ours, returned)


def _given(path: Path) -> dict[str, dict[str, str]]:
    owner = read_owner(path)
    given = {} if owner is None else owner.given
    return {key: {id: cell[1] for id, cell in cells.items()} for key, cells in given.items()}


def _ours(
    workspace: Workspace, record: Mapping[str, Any], former: bytes | None, book: Book, register: Register
) -> Removal | None:
    return plan_removal(
        book,
        register,
        ids=workspace.journal.ids_given(),
        added=_sheets(workspace.journal, record),
        former=None if former is None else open_book(former),
        first=int(record.get("first", 0)),
    )


def _sheets(journal: Journal, record: Mapping[str, Any]) -> list[str] | None:
    """The sheets that came when the workbook was adopted, and with upgrades since."""
    if (added := record.get("sheets")) is None:
        return None
    upgrades = [run for run, kind in journal.run_kinds().items() if kind == UPGRADE and not is_undone(journal, run)]
    return [*added, *(name for run in upgrades for name in (upgrade_record(journal, run) or {}).get("sheets", ()))]


def _replaced(
    run: str, done: Reshaped | P, said: P, ours: Removal | None = None, returned: Returned | None = None
) -> Answer:
    if not isinstance(done, Reshaped):
        return _answer(run, P.of("adopt.undo_later", reason=done), EXIT_LATER)
    lines = [said]
    if returned is not None and returned.cells:
        lines.append(P.of("adopt.returned", n=len(returned.cells)))
    if returned is not None and returned.changed:
        lines.append(P.of("adopt.not_returned", cells=returned.changed[:8], n=len(returned.changed)))
    if ours is not None and ours.gone:
        lines.append(P.of("adopt.ours_gone", names=ours.gone))
    lines.append(P.of("adopt.undo_copy", copy=str(done.copy)))
    facts: dict[str, Any] = {"copy": str(done.copy)}
    if ours is not None and returned is not None:
        facts |= {"columns": ours.columns, "sheets": ours.sheets, "returned": len(returned.cells)}
    return Answer({"run": run, "adopt": said.key.rpartition(".")[2], **facts}, (Section.of(None, tuple(lines)),), 0)


def _answer(run: str, said: P, code: int = 0) -> Answer:
    data = {"run": run, "adopt": said.key.rpartition(".")[2], "copy": None}
    return Answer(data, (Section.of(None, (said,)),), code)
