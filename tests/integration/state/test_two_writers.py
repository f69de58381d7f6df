"""A person saves while runs go on, each in a process of its own: no edit of either side is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from person import columns, header_row, read_lines
from registers import ASSESSED, NOW, make_workspace
from where import TESTS
from workspace_state import message_ids

import qtemplate
from qtemplate.config import load_config
from qtemplate.errors import RegisterChanged
from qtemplate.jobs.run import plan, run

ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": os.pathsep.join([str(Path(qtemplate.__file__).parents[1]), str(TESTS / "makers")]),
}

SAVER = """
import random, sys, time
from pathlib import Path
from qtemplate.errors import RegisterChanged
from qtemplate.sheets import edit_cells
register, column, cleared, first, rows, times = Path(sys.argv[1]), *sys.argv[2:4], *map(int, sys.argv[4:])
chance = random.Random(7)
for number in range(times):
    row = first + number % rows
    while True:
        try:
            edit_cells(register, register, "反馈登记", {f"{column}{row}": f"第{number}次", f"{cleared}{row}": None})
            break
        except RegisterChanged:
            pass  # the program was quicker: a person's editor would load the file again
    time.sleep(chance.uniform(0, 0.3))
"""
"""Saves the whole file anew, again and again; types into one column and wipes out one of the program's cells."""


def save_while_running(folder: Path, rows: int, times: int) -> tuple[int, int]:
    """(runs, runs that gave up because the register never rested)."""
    config = load_config(make_workspace(folder, [ASSESSED | {"title": f"反馈 {n}"} for n in range(rows)]))
    run(config, NOW)
    sheet = openpyxl.load_workbook(config.register.path)["反馈登记"]
    at, first = columns(sheet), header_row(sheet) + 1
    letters = [get_column_letter(at[key]) for key in ("notes", "check")]
    command = [sys.executable, "-c", SAVER, str(config.register.path), *letters, str(first), str(rows), str(times)]
    person = subprocess.Popen(command, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True)
    runs = gave_up = 0
    while person.poll() is None:
        runs += 1
        try:
            run(config, NOW)
        except RegisterChanged:
            gave_up += 1
    _, words = person.communicate(timeout=60)
    assert (person.returncode, words) == (0, "")
    run(config, NOW)
    lines = read_lines(config.register.path)
    last = {number % rows: f"第{number}次" for number in range(times)}
    assert {place: line["notes"] for place, line in enumerate(lines)} == last
    assert all(line["check"] and line["id"] for line in lines)
    left = plan(config, NOW, digests=False)
    assert (left.edits, left.rows, left.messages) == ((), (), ())
    assert set(message_ids(folder).values()) == {1}
    assert not list(folder.glob(".qt-tmp-*"))
    return runs, gave_up


def test_saves_and_runs_side_by_side_lose_nothing(tmp_path: Path) -> None:
    runs, gave_up = save_while_running(tmp_path, rows=5, times=25)
    assert gave_up < runs


@pytest.mark.campaign
def test_five_hundred_saves_and_runs_side_by_side_lose_nothing(tmp_path: Path) -> None:
    runs, gave_up = save_while_running(tmp_path, rows=9, times=500)
    print(f"{runs} runs beside 500 saves, {gave_up} left to the next one")
    assert gave_up < runs
