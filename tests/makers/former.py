"""Workspaces as a former version left them: `tests/fixtures/<version>/<language>`.

Each holds the sample workbook of that version (`sample.xlsx`), the same after its demo run (`register.xlsx`), the
settings and the journal of that run (`state.db.xz`). They are never made again: they are what people have on their
disks. The demo ran in `/srv/quality/<language>`.
"""

from __future__ import annotations

import lzma
import re
import shutil
from pathlib import Path
from typing import Any

from where import FIXTURES

from qtemplate.sheets import open_book

FORMER_NOW = "2026-07-15T20:00"
"""The moment of the demo run, in Asia/Shanghai."""


def former_workspace(folder: Path, language: str, version: str = "0.1") -> Path:
    """A workspace in `folder`, made new, as that version left it; forms and delivered mail are not among it."""
    kept = FIXTURES / version / language
    (folder / ".qtemplate").mkdir(parents=True)
    for name in ("register.xlsx", "qtemplate.toml"):
        shutil.copyfile(kept / name, folder / name)
    (folder / ".qtemplate" / "state.db").write_bytes(lzma.decompress((kept / "state.db.xz").read_bytes()))
    return folder


def former_sample(target: Path, language: str, version: str = "0.1") -> Path:
    """The sample workbook of that version at `target`, before any run."""
    shutil.copyfile(FIXTURES / version / language / "sample.xlsx", target)
    return target


def filled(path: Path) -> dict[tuple[str, int, int], Any]:
    """Every filled cell of a workbook."""
    book = open_book(path)
    return {
        (name, row, at): value
        for name in book.sheet_names
        for row, line in enumerate(book.sheet(name).to_python(skip_empty_area=False), 1)
        for at, value in enumerate(line, 1)
        if value != ""
    }


BACK_TO_WORK = ("in_work", "处理中", "In work")


_UP_TO_THE_MINUTE = re.compile(r"(不晚于|not later than) \d{4}-\d\d-\d\d \d\d:\d\d")
_NOW = re.compile(r"(?<=不晚于)现在|(?<=not later than) now")


def by_newer_rules(edits: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of a run's edits in the workspace of 0.1 that it makes by rules which 0.1 did not have.

    A failed verification goes back to work, a reopened case is not answered with the former solution, and the watch
    date is suggested once a way of closing is chosen. A moment in the future is called later than now, not later than
    the minute of the run, which was another one every time.
    """
    return [
        edit
        for edit in edits
        if (edit["field"] == "status" and edit["after"] in BACK_TO_WORK)
        or (edit["field"] == "watch_until" and edit["before"] is None)
        or (edit["id"] == "QF-2026-0075" and edit["field"] == "reply_state")
        or (edit["field"] == "check" and _UP_TO_THE_MINUTE.sub(r"\1", edit["before"]) == _NOW.sub("", edit["after"]))
    ]
