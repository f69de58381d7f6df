"""What people suffer from with clocks, in whole nights on a real register: levels, pauses and calendars that change.

The single cases (P17 to P21) are in tests/unit/cases/clocks.toml, the calendar's in test_workdays.py.
"""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from demo_workspaces import first_run
from person import Line, edit_lines, read_lines
from registers import ASSESSED, NOW, make_workspace
from scenes import scene_rows
from told import Told

from qtemplate.config import load_config
from qtemplate.jobs.run import plan, run

DAY = dt.timedelta(days=1)
NORMAL = ASSESSED | {"severity": 3}
CLOCKS = {"respond_by", "update_by", "resolve_by", "clock"}


def write_below(register: Path, sheet: str, header: str, *values: Any) -> None:
    """A person fills the first free row of a sheet, from the column with this header on."""
    book = openpyxl.load_workbook(register)
    ws = book[sheet]
    head = next(cell for row in ws.iter_rows(max_row=6) for cell in row if cell.value == header)
    row = next(row for row in range(head.row + 1, 999) if ws.cell(row, head.column).value is None)
    for offset, value in enumerate(values):
        ws.cell(row, head.column + offset, value)
    book.save(register)


def change_first(register: Path, **values: Any) -> None:
    def change(lines: list[Line]) -> None:
        lines[0].update(values)

    edit_lines(register, change)


def test_p20_a_raised_level_keeps_start_and_pause_and_the_log_shows_old_and_new(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "work"
    config = load_config(make_workspace(folder, [NORMAL]))
    run(config, NOW)
    register = folder / "register.xlsx"
    before = read_lines(register)[0]["resolve_by"]
    change_first(register, level="紧急", override_reason="媒体关注")
    write_below(register, "暂停记录", "反馈编号", "QF-2026-0001", NOW, NOW + DAY, "等用户寄回样机")
    run(config, NOW + DAY)
    after = read_lines(register)[0]["resolve_by"]
    # urgent: five days round the clock from the receipt, 15 July 09:30, and the day of the pause
    assert (before, after) == (dt.datetime(2026, 8, 12, 9, 30), dt.datetime(2026, 7, 21, 9, 30))
    changes = Told(folder, capsys, "log", "QF-2026-0001", "--json").data["changes"]
    told = [(item["before"], item["after"]) for item in changes if item["field"] == "resolve_by"]
    assert (before.isoformat(), after.isoformat()) in told


def test_p22_a_changed_calendar_moves_due_times_and_mails_nobody(tmp_path: Path) -> None:
    folder = tmp_path / "work"
    first_run(folder, scene_rows())
    config = load_config(folder / "qtemplate.toml")
    later = NOW + dt.timedelta(minutes=5)
    run(config, later)
    write_below(folder / "register.xlsx", "工作日历", "日期", dt.date(2026, 7, 27), "休", "高温假")
    found = plan(config, later)
    moved = [edit for edit in found.edits if edit.field in ("respond_by", "update_by", "resolve_by")]
    assert moved and all(edit.after > edit.before for edit in moved)
    assert {edit.field for edit in found.edits} <= CLOCKS
    assert (found.messages, found.forms) == ((), ())


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of a process cannot be changed here")
def test_p23_a_fresh_row_is_not_overdue_at_birth_wherever_the_server_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for zone in ("America/Los_Angeles", "Asia/Shanghai", "UTC"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        folder = tmp_path / zone.replace("/", "-")
        received = dt.datetime(2026, 7, 15, 17)
        run(load_config(make_workspace(folder, [NORMAL | {"received_at": received}])), dt.datetime(2026, 7, 15, 17, 30))
        line = read_lines(folder / "register.xlsx")[0]
        assert (line["clock"], line["respond_by"]) == ("正常", dt.datetime(2026, 7, 16, 17))
