"""LibreOffice edits and saves the register while `watch` runs: no edit is lost on either side.

The editor is a real one, driven through UNO (`office_editor.py`); `watch` is a process of its own.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from office import needs_office, office
from ooxml_lint import lint
from person import SHEET
from registers import ASSESSED, NOW, make_workspace
from scenes import scene_rows
from workspace_state import message_ids, sheet_cells

import qtemplate
from qtemplate.config import load_config
from qtemplate.fields import FIELDS
from qtemplate.jobs.run import plan, run
from qtemplate.ooxml.references import column_name
from qtemplate.register import label_of
from qtemplate.sheets.standard import OwnColumn

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(qtemplate.__file__).parents[1])}
TAG = "标记"


pytestmark = needs_office


@contextlib.contextmanager
def watching(folder: Path) -> Iterator[None]:
    """`watch` on a workspace; its words go to a file, and it must end cleanly."""
    words = folder.parent / "watch.txt"
    command = [sys.executable, "-m", "qtemplate", "watch", "--now", NOW.isoformat(), "--trace"]
    with words.open("w") as out:
        process = subprocess.Popen(command, cwd=folder, env=ENVIRONMENT, stdout=out, stderr=subprocess.STDOUT)
        try:
            wait_until(lambda: words.stat().st_size > 0, 60)
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(120) == 0, words.read_text()
    assert "Traceback" not in words.read_text()


def wait_until(done: Callable[[], bool], seconds: float) -> float:
    """The clock time at which it was done."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
    return time.time()


def read_register_lines(register: Path) -> tuple[dict[str, int], dict[int, dict[str, Any]]]:
    """Key -> column, and worksheet row -> key -> what the cell holds."""
    cells = sheet_cells(register, [SHEET])[SHEET]
    names = {field.zh: key for key, field in FIELDS.items()}
    head = next(number for number, line in enumerate(cells) if line[0] == FIELDS["id"].zh)
    at = {names.get(name, name): column for column, name in enumerate(cells[head], 1) if name}
    lines = {
        number: {key: line[column - 1] if line[column - 1] != "" else None for key, column in at.items()}
        for number, line in enumerate(cells[head + 1 :], head + 2)
        if any(value != "" for value in line)
    }
    return at, lines


class Story:
    """What the person did: tag -> key -> what the cell must still hold."""

    def __init__(self, folder: Path) -> None:
        self.register = folder / "register.xlsx"
        rows = [dict(row) for row in scene_rows()]
        for at, row in enumerate(rows):
            row[TAG] = f"甲{at}"
        make_workspace(folder, rows, own=[OwnColumn(TAG)])
        run(load_config(folder / "qtemplate.toml"), NOW)
        self.typed: dict[str, dict[str, Any]] = {
            line[TAG]: {"title": line["title"], TAG: line[TAG]}
            for line in read_register_lines(self.register)[1].values()
        }

    def order(self, number: int) -> tuple[dict[str, str], tuple[int, ...]]:
        """Cells to type for a save, and rows to insert before."""
        at, lines = read_register_lines(self.register)
        first = min(lines)
        tags = [lines[row][TAG] for row in sorted(lines)]
        assert set(tags) == set(self.typed)

        def cell(key: str, row: int) -> str:
            return f"{column_name(at[key])}{row}"

        if number % 5 == 4:  # a new feedback in the middle of the others
            row, tag = first + number % len(tags), f"乙{number}"
            given = {**ASSESSED, "title": f"第{number}次保存的新反馈", TAG: tag, "channel_ref": f"000{number}"}
            words = {key: label_of(key, value, "zh") if key in FIELDS else value for key, value in given.items()}
            self.typed[tag] = {"title": given["title"], TAG: tag, "channel_ref": given["channel_ref"]}
            return {cell(key, row): f"'{text}" if key == "channel_ref" else str(text) for key, text in words.items()}, (
                row,
            )
        tag = tags[number % len(tags)]
        row, severity = first + tags.index(tag), 3 + number % 3
        self.typed[tag] |= {"notes": f"第{number}次保存", "severity": severity}
        words = {"notes": f"第{number}次保存", "severity": str(severity), "check": ""}  # a cell of ours, wiped out
        return {cell(key, row): text for key, text in words.items()}, ()

    def check(self) -> None:
        lines = {line[TAG]: line for line in read_register_lines(self.register)[1].values()}
        found = {tag: {key: lines[tag].get(key) for key in typed} for tag, typed in self.typed.items()}
        assert found == self.typed
        ids = [line["id"] for line in lines.values()]
        assert None not in ids and len(set(ids)) == len(ids) == len(self.typed)
        assert all(line["check"] and line["status"] for line in lines.values())


def edit_together(root: Path, saves: int, seed: int) -> list[float]:
    """So many saves; every other one waits for the program. Seconds from a save to the program's cells."""
    chance, folder = random.Random(seed), root / "work"
    story, spans = Story(folder), []
    with office(root / "profile") as editor, watching(folder):
        for number in range(saves):
            cells, insert = story.order(number)
            saved = editor.save(story.register, cells, insert, think=chance.choice((0.0, 0.5, 2.5)))
            if number % 2 == 0 or number == saves - 1:
                written_anew = partial(has_other_inode, story.register, story.register.stat().st_ino)
                spans.append(wait_until(written_anew, 60) - saved)
            else:
                time.sleep(chance.uniform(0, 3))
        wait_until(lambda: idle(folder), 60)
    story.check()
    left = plan(load_config(folder / "qtemplate.toml"), NOW, digests=False)
    assert (left.edits, left.rows, left.messages, left.forms) == ((), (), (), ())
    assert set(message_ids(folder).values()) == {1}
    newest = max((folder / "backups").iterdir(), key=lambda file: file.stat().st_mtime_ns)
    assert lint(story.register) == lint(newest)  # no more flaws than the other editor left in its last save
    return spans


def has_other_inode(register: Path, before: int) -> bool:
    """Whether another file has taken the register's place."""
    return register.stat().st_ino != before


def idle(folder: Path) -> bool:
    """Whether the register has rested and nobody has it open."""
    register = folder / "register.xlsx"
    return time.time() - register.stat().st_mtime > 4 and not list(folder.glob(".~lock*"))


def test_two_saves_of_another_editor_and_the_watch_lose_nothing(tmp_path: Path) -> None:
    assert len(edit_together(tmp_path, 2, seed=1)) == 2


@pytest.mark.campaign
def test_fifty_saves_of_another_editor_and_the_watch_lose_nothing(tmp_path: Path) -> None:
    spans = edit_together(tmp_path, 50, seed=2)
    print(f"from a save to the program's cells: median {statistics.median(spans):.1f} s, longest {max(spans):.1f} s")
    assert max(spans) < 60
