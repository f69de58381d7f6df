"""`adopt BOOK --undo`: the workbook becomes the file it was before it was adopted.

Where people have edited it since, the former file is taken and what they changed in cells of their own goes into it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...apply import Workspace
from ...apply.reshape import Reshaped
from ...config import Config
from ...errors import ConfigError, WorkbookRefused
from ...files.digest import digest_file
from ...ooxml.patch import patch_workbook
from ...ooxml.reading.book import Book, open_book
from ...ooxml.references import column_name
from ...plan import Phrase as P
from ...report.answer import Answer, Section
from ...sheets.adopt.additions import AdoptionTrace, trace_of
from ...texts import make_error
from ..known_things import is_undone, upgrade_record
from ..moment import local_now
from ..undo_upgrade import put_back
from ..workspace import holding
from .apply import RUN

EXIT_PEOPLE, EXIT_LATER = 3, 5

Cells = dict[str, dict[str, Any]]
"""Sheet -> address -> value."""


def undo_adoption(config: Config, moment: dt.datetime | None = None) -> Answer:
    """Takes the adoption back.

    Returns:
        Exit code 3 when it cannot be taken back without loss, 5 when the workbook cannot be written now, else 0.

    Raises:
        ConfigError: This workspace has adopted no workbook.
        RegisterChanged: Somebody saves it right now.
    """
    path = config.register.path
    with holding(config) as workspace:
        run = workspace.journal.setting(RUN) or ""
        record = upgrade_record(workspace.journal, run) if run else None
        if record is None:
            raise make_error(ConfigError, "adopt.not_adopted", folder=config.workspace)
        sha256 = digest_file(path)
        if sha256 == record["before"] or is_undone(workspace.journal, run):
            return _answer(run, P.of("adopt.undo_nothing", book=str(path)))
        backup = config.workspace / "backups" / str(record["backup"])
        data = backup.read_bytes() if backup.is_file() else b""
        stays = P.of("adopt.undo_moved", sheet=path.name, backup=str(backup))
        if hashlib.sha256(data).hexdigest() != record["before"]:
            return _answer(run, stays, code=EXIT_PEOPLE)
        former, present = open_book(data), open_book(path)
        trace = trace_of(present)
        moved = "" if trace is None else _moved(former, present, trace)
        if trace is None or moved:
            return _answer(
                run, P.of("adopt.undo_moved", sheet=moved or path.name, backup=str(backup)), code=EXIT_PEOPLE
            )
        edits = _edits(former, present, trace)
        if edits:
            try:
                data = _patched(data, edits)
            except WorkbookRefused:  # such as a formula that was typed over
                return _answer(run, stays, code=EXIT_PEOPLE)
        return _replace(workspace, run, record, sha256, data, edits, local_now(config, moment))


def _replace(
    workspace: Workspace, run: str, record: Mapping[str, Any], sha256: str, data: bytes, edits: Cells, now: dt.datetime
) -> Answer:
    done = put_back(workspace, run, record, sha256, data, now)
    if not isinstance(done, Reshaped):
        return _answer(run, P.of("adopt.later", reason=done), code=EXIT_LATER)
    number = sum(map(len, edits.values()))
    key = "adopt.undone_edits" if number else "adopt.undone"
    facts = {"book": str(workspace.config.register.path), "copy": str(done.copy), **({"n": number} if number else {})}
    return _answer(run, P.of(key, **facts), edits=number, copy=str(done.copy))


def _moved(former: Book, present: Book, trace: AdoptionTrace) -> str:
    """The sheet that is not where it was, or whose header is not: what people changed can then not be told; else ""."""
    for name in present.sheet_names:
        if name not in former.sheet_names and name not in trace.sheets:
            return name
    for name in former.sheet_names:
        if name not in present.sheet_names:
            return name
    row = former.sheet(trace.register).to_python(skip_empty_area=False)[trace.header_row - 1 :][:1]
    last = max((at for at, cell in enumerate(row[0] if row else [], 1) if cell != ""), default=0)
    return "" if trace.first_column == last + 1 else trace.register


def _edits(former: Book, present: Book, trace: AdoptionTrace) -> Cells:
    """What differs in their sheets, left of our columns."""
    edits: Cells = {}
    for name in former.sheet_names:
        before, after = (book.sheet(name).to_python(skip_empty_area=False) for book in (former, present))
        ends = trace.ends if name == trace.register else range(0)
        for row in range(max(len(before), len(after))):
            was, now = (cells[row] if row < len(cells) else [] for cells in (before, after))
            for at in range(max(len(was), len(now))):
                if at + 1 in ends and row + 1 >= trace.header_row:
                    continue
                old, new = (cells[at] if at < len(cells) else "" for cells in (was, now))
                if old != new:
                    edits.setdefault(name, {})[f"{column_name(at + 1)}{row + 1}"] = None if new == "" else new
    return edits


def _patched(data: bytes, edits: Cells) -> bytes:
    """The former file with these cells.

    Raises:
        WorkbookRefused: One of them cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix="qtemplate-") as scratch:
        path = Path(scratch) / "former.xlsx"
        path.write_bytes(data)
        patch_workbook(path, path, edits=edits)
        return path.read_bytes()


def _answer(run: str, said: P, code: int = 0, edits: int = 0, copy: str | None = None) -> Answer:
    data = {"run": run, "adopt": said.key.rpartition(".")[2], "edits": edits, "copy": copy}
    return Answer(data, (Section.of(None, (said,)),), code)
