"""A large register goes through a night: every row is treated, in bounded memory, and its work grows with its rows.

No clock is looked at: seconds are the machine's. What a night costs is measured by benchmarks/nightly.py.
"""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from person import SHEET
from python_calamine import CalamineWorkbook
from registers import ASSESSED, NOW, WHOLE, make_workspace

from qtemplate.fields import FIELDS
from qtemplate.register import cell_value
from qtemplate.sheets import append_rows

NIGHT = """
import json, re, sys
from datetime import datetime
from pathlib import Path
from qtemplate.config import load_config
from qtemplate.jobs.run import run

calls = 0
def count(frame, event, argument):
    global calls
    calls += event == "call"

if sys.argv[3] == "counted":
    sys.setprofile(count)
report = run(load_config(sys.argv[1]), datetime.fromisoformat(sys.argv[2]))
sys.setprofile(None)
# of this process alone: getrusage counts what the parent held before it as well
peak = int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024
print(json.dumps({"rows": len(report.register.frame), "edits": len(report.edits), "exit": report.exit_code,
                  "mails": len(report.messages), "peak": peak, "calls": calls}))
"""


def large(folder: Path, rows: int) -> Path:
    """A register of feedback that is history: no mail goes about it, but every row is treated."""
    config = make_workspace(folder, [WHOLE])
    text = config.read_text("utf-8")
    config.write_text(
        text.replace("[mail]\n", f"[mail]\nsince = {NOW.isoformat()}\n", 1).replace('since = ""\n', ""), "utf-8"
    )
    lines = []
    for number in range(1, rows):
        row: dict[str, Any] = (ASSESSED if number % 3 else WHOLE) | {
            "received_at": NOW - dt.timedelta(hours=number % 5000, days=number % 300),
            "title": f"第 {number} 号屏幕不亮",
            "description": f"编号 {number * 7919} 的产品早上煮饭时屏幕完全不亮，按键没有反应，已换过插座。",
            "email": f"user{number}@example.com",
            "batch": f"A{number:06d}",
        }
        lines.append({FIELDS[key].zh: cell_value(key, value, "zh") for key, value in row.items()})
    append_rows(folder / "register.xlsx", folder / "register.xlsx", "tblFeedback", lines)
    return config


def night(config: Path, moment: dt.datetime, counted: bool = False) -> dict[str, int]:
    arguments = [sys.executable, "-c", NIGHT, str(config), moment.isoformat(), "counted" if counted else ""]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    told: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return told


def untreated(register: Path) -> list[list[Any]]:
    """Rows that lack what the program writes."""
    cells = CalamineWorkbook.from_path(register).get_sheet_by_name(SHEET).to_python(skip_empty_area=False)
    head = next(at for at, line in enumerate(cells) if FIELDS["id"].zh in line)
    places = [cells[head].index(FIELDS[key].zh) for key in ("id", "status", "check", "respond_by", "clock")]
    return [line for line in cells[head + 1 :] if not all(line[at] for at in places)]


def go_through_a_night(folder: Path, rows: int, megabytes: int) -> None:
    config = large(folder, rows)
    first = night(config, NOW)
    assert (first["rows"], untreated(folder / "register.xlsx")) == (rows, [])
    assert first["edits"] >= 5 * rows
    assert first["peak"] < megabytes
    second = night(config, NOW)
    assert (second["rows"], second["edits"]) == (rows, 0)
    assert second["peak"] < megabytes


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is read from /proc")
def test_p12_two_thousand_rows_go_through_a_night_in_bounded_memory(tmp_path: Path) -> None:
    go_through_a_night(tmp_path, 2_000, 350)


@pytest.mark.campaign
def test_p12_the_work_of_a_night_grows_no_faster_than_its_rows(tmp_path: Path) -> None:
    calls = [night(large(tmp_path / str(rows), rows), NOW, counted=True)["calls"] for rows in (100, 200, 400)]
    assert calls[2] - calls[1] < 2.5 * (calls[1] - calls[0])


@pytest.mark.campaign
def test_p12_twenty_thousand_rows_of_all_columns_go_through_a_night(tmp_path: Path) -> None:
    assert len(FIELDS) >= 70
    go_through_a_night(tmp_path, 20_000, 1_200)
