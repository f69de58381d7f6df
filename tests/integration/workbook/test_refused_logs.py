"""A log sheet that takes no rows keeps nothing else back; its rows are owed and come once it is mended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from demo_workspaces import first_run
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet
from person import edit_lines, read_lines
from registers import NOW, REPLIED, WAITING, WHOLE, make_workspace
from workspace_state import facts, mails, message_ids, sheet_cells

from qtemplate.config import load_config
from qtemplate.jobs.run import plan, run
from qtemplate.plan import Result
from qtemplate.report.run_report import RunReport
from qtemplate.texts import say_finding

LOGS = {"暂停记录": "tblPauses", "沟通记录": "tblContacts"}
DAY = dt.timedelta(days=1)

ROWS = [WAITING, WAITING | {"title": "屏幕有时不亮"}, REPLIED, REPLIED | {"title": "按键有时不灵"}]
"""Two rows for each of the logs: the first goes into the blank row of a new sheet, the second is appended."""


def run_at(folder: Path, moment: dt.datetime) -> RunReport:
    return run(load_config(folder / "qtemplate.toml"), moment)


def save(folder: Path, change: Callable[[Worksheet], None], *sheets: str) -> None:
    """A person changes some sheets and saves."""
    book = openpyxl.load_workbook(folder / "register.xlsx")
    for name in sheets:
        change(book[name])
    book.save(folder / "register.xlsx")


def below(ws: Worksheet) -> None:
    ws.cell(last_row(ws) + 1, 2).value = "合计见看板"


def above(ws: Worksheet) -> None:
    ws.cell(last_row(ws) + 1, 2).value = None


def protect(ws: Worksheet) -> None:
    ws.protection.sheet = True


def unprotect(ws: Worksheet) -> None:
    ws.protection.sheet = False


def to_range(ws: Worksheet) -> None:
    del ws.tables[LOGS[ws.title]]


def to_table(ws: Worksheet) -> None:
    table = Table(displayName=f"表{len(ws.title)}{LOGS[ws.title]}", ref=f"A{head(ws)}:{corner(ws)}")
    ws.add_table(table)


def total(ws: Worksheet) -> None:
    """A totals row with a formula that cannot be moved."""
    table, row = ws.tables[LOGS[ws.title]], last_row(ws) + 1
    table.ref = table.ref.rpartition(":")[0] + f":{corner(ws, row)}"
    table.totalsRowCount = 1
    ws.cell(row, 1).value = ArrayFormula(f"A{row}", "=SUM(1,2)")


def no_total(ws: Worksheet) -> None:
    table, row = ws.tables[LOGS[ws.title]], last_row(ws)
    table.ref = table.ref.rpartition(":")[0] + f":{corner(ws, row - 1)}"
    table.totalsRowCount = None
    ws.cell(row, 1).value = None


def head(ws: Worksheet) -> int:
    return next(row for row in range(1, 10) if ws.cell(row, 2).value in ("开始", "反馈编号"))


def last_row(ws: Worksheet) -> int:
    return int(ws.tables[LOGS[ws.title]].ref.rpartition(":")[2].lstrip("ABCDEFGH"))


def corner(ws: Worksheet, row: int | None = None) -> str:
    width = len([cell for cell in ws[head(ws)] if cell.value is not None])
    return f"{get_column_letter(width)}{row or max(head(ws) + 1, ws.max_row)}"


class Sound:
    """What an undisturbed workspace holds night by night, for all that a log refused its rows in."""

    def __init__(self, folder: Path) -> None:
        make_workspace(folder, ROWS)
        first = run_at(folder, NOW)
        self.edits = [(edit.id, edit.field) for edit in first.edits]
        self.rows, self.mails = len(first.rows), len(mails(folder))
        self.lines = read_lines(folder / "register.xlsx")
        run_at(folder, NOW + DAY)
        run_at(folder, NOW + 2 * DAY)
        self.logged, self.facts = logged(folder), facts(folder)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Sound:
    return Sound(tmp_path_factory.mktemp("sound"))


Harm = tuple[Callable[[Worksheet], None], Callable[[Worksheet], None], str]
BELOW: Harm = (below, above, "表格下面有内容")
PROTECTED: Harm = (protect, unprotect, "工作表受保护")
NO_TABLE: Harm = (to_range, to_table, "不再是 Excel 表格")
TOTALLED: Harm = (total, no_total, "汇总行不能下移")


@pytest.mark.parametrize(
    "harms",
    [
        (BELOW, PROTECTED),
        (NO_TABLE, TOTALLED),
        pytest.param((PROTECTED, BELOW), marks=pytest.mark.campaign),
        pytest.param((TOTALLED, NO_TABLE), marks=pytest.mark.campaign),
    ],
)
def test_rows_a_log_does_not_take_come_once_it_is_mended(
    harms: tuple[Harm, Harm], sound: Sound, tmp_path: Path
) -> None:
    """Each of the logs has a harm of its own."""
    make_workspace(tmp_path / "work", ROWS)
    of = dict(zip(LOGS, harms, strict=True))
    save(tmp_path / "work", lambda ws: of[ws.title][0](ws), *LOGS)
    report = run_at(tmp_path / "work", NOW)
    found = [item for item in report.findings if item.code > "QT70"]
    assert sorted((item.code, item.where.sheet) for item in found if item.where) == [
        ("QT714", name) for name in sorted(LOGS)
    ]
    assert all(of[item.where.sheet][2] in say_finding(item, "zh").message for item in found if item.where)
    assert (report.exit_code, report.outcomes[Result.FAILED], report.outcomes[Result.DEFERRED]) == (5, 0, 4)
    assert [(edit.id, edit.field) for edit in report.edits] == sound.edits
    assert read_lines(tmp_path / "work" / "register.xlsx") == sound.lines
    assert len(mails(tmp_path / "work")) == sound.mails > 0
    assert report.rows == () and sound.rows == 4
    assert run_at(tmp_path / "work", NOW + DAY).exit_code == 5
    save(tmp_path / "work", lambda ws: of[ws.title][1](ws), *LOGS)
    mended = run_at(tmp_path / "work", NOW + 2 * DAY)
    assert [item.code for item in mended.findings if item.code == "QT714"] == []
    assert mended.exit_code != 5 and len(mended.rows) == 4
    assert logged(tmp_path / "work") == sound.logged
    assert [name for _, name in facts(tmp_path / "work") if name.startswith("owed:")] == []
    assert facts(tmp_path / "work") == sound.facts
    assert set(message_ids(tmp_path / "work").values()) == {1}
    before = (tmp_path / "work" / "register.xlsx").read_bytes()
    assert run_at(tmp_path / "work", NOW + 2 * DAY).rows == ()
    assert (tmp_path / "work" / "register.xlsx").read_bytes() == before


def logged(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of the logs that belong to a feedback; in which order they came does not matter."""
    cells = sheet_cells(folder / "register.xlsx", LOGS)
    rows = {
        name: [tuple(row[:6]) for row in lines if any(str(v).startswith("QF-") for v in row)]
        for name, lines in cells.items()
    }
    return {name: sorted(found, key=str) for name, found in rows.items()}


def test_a_pause_that_is_owed_rests_the_clocks_and_knows_when_it_ended(tmp_path: Path) -> None:
    for name in ("sound", "work"):
        make_workspace(tmp_path / name, [WAITING, WAITING])
    save(tmp_path / "work", protect, "暂停记录")
    for name in ("sound", "work"):
        run_at(tmp_path / name, NOW)
        run_at(tmp_path / name, NOW + DAY)
    assert read_lines(tmp_path / "work" / "register.xlsx") == read_lines(tmp_path / "sound" / "register.xlsx")
    assert {line["clock"] for line in read_lines(tmp_path / "work" / "register.xlsx")} == {"暂停"}
    for name in ("sound", "work"):
        edit_lines(tmp_path / name / "register.xlsx", lambda lines: lines[0].update(status=None))
        run_at(tmp_path / name, NOW + 2 * DAY)
    save(tmp_path / "work", unprotect, "暂停记录")
    for name in ("sound", "work"):
        run_at(tmp_path / name, NOW + 3 * DAY)
    assert logged(tmp_path / "work") == logged(tmp_path / "sound")
    assert [row[1:3] for row in logged(tmp_path / "work")["暂停记录"]] == [(NOW, NOW + 2 * DAY), (NOW, "")]
    assert read_lines(tmp_path / "work" / "register.xlsx") == read_lines(tmp_path / "sound" / "register.xlsx")
    assert facts(tmp_path / "work") == facts(tmp_path / "sound")


def test_the_end_of_a_pause_that_could_not_be_written_is_written_later_as_it_was(tmp_path: Path) -> None:
    first_run(tmp_path, [WAITING, WHOLE])
    save(tmp_path, protect, "暂停记录")
    edit_lines(tmp_path / "register.xlsx", lambda lines: lines[0].update(status=None))
    report = run_at(tmp_path, NOW + DAY)
    assert (report.exit_code, [item.code for item in report.findings if item.code > "QT70"]) == (5, ["QT714"])
    assert run_at(tmp_path, NOW + 2 * DAY).exit_code == 5
    save(tmp_path, unprotect, "暂停记录")
    run_at(tmp_path, NOW + 3 * DAY)
    assert [row[1:3] for row in logged(tmp_path)["暂停记录"]] == [(NOW, NOW + DAY)]
    assert not {name for _, name in facts(tmp_path)} & {"paused", "pause_over"}
    left = plan(load_config(tmp_path / "qtemplate.toml"), NOW + 3 * DAY)
    assert (left.edits, left.rows) == ((), ())


def test_one_log_that_takes_nothing_does_not_hold_the_other_back(tmp_path: Path) -> None:
    make_workspace(tmp_path, ROWS)
    save(tmp_path, protect, "暂停记录")
    report = run_at(tmp_path, NOW)
    assert [row.sheet for row in report.rows] == ["contacts", "contacts"]
    assert [item.where.sheet for item in report.findings if item.code == "QT714" and item.where] == ["暂停记录"]
    assert [len(rows) for rows in logged(tmp_path).values()] == [0, 2]


def test_a_table_beside_a_log_gets_none_of_its_rows(tmp_path: Path) -> None:
    make_workspace(tmp_path, ROWS)

    def add_beside(ws: Worksheet) -> None:
        ws.cell(head(ws), 10).value, ws.cell(head(ws) + 1, 10).value = "另记", "一行"
        ws.add_table(Table(displayName=f"A{LOGS[ws.title]}", ref=f"J{head(ws)}:J{head(ws) + 1}"))

    save(tmp_path, add_beside, *LOGS)
    assert run_at(tmp_path, NOW).exit_code != 5
    assert [len(rows) for rows in logged(tmp_path).values()] == [2, 2]


def test_a_log_whose_sheet_has_another_name_takes_its_rows(tmp_path: Path) -> None:
    make_workspace(tmp_path, ROWS)
    book = openpyxl.load_workbook(tmp_path / "register.xlsx")
    for name in LOGS:
        book[name].title = f"{name}（旧）"
    book.save(tmp_path / "register.xlsx")
    report = run_at(tmp_path, NOW)
    assert (len(report.rows), report.outcomes[Result.SKIPPED]) == (4, 0)
    lines = sheet_cells(tmp_path / "register.xlsx", [f"{name}（旧）" for name in LOGS]).values()
    assert [sum(any(str(v).startswith("QF-") for v in row) for row in rows) for rows in lines] == [2, 2]


def test_a_log_whose_table_has_another_name_takes_its_rows(tmp_path: Path) -> None:
    make_workspace(tmp_path, ROWS)

    def rename(ws: Worksheet) -> None:
        table = ws.tables.pop(LOGS[ws.title])
        table.displayName = table.name = f"{table.name}2"
        ws.tables[table.name] = table

    save(tmp_path, rename, *LOGS)
    assert run_at(tmp_path, NOW).exit_code != 5
    assert [len(rows) for rows in logged(tmp_path).values()] == [2, 2]
