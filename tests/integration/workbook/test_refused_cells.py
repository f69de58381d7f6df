"""A cell that cannot be written is left out and named; the night goes on around it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from demo_workspaces import first_run
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet
from person import columns, header_row, read_lines
from registers import ASSESSED, NOW, WHOLE, make_workspace
from workbook_makers import read_parts, write_parts
from workspace_state import mails, message_ids, sheet_cells

from qtemplate.config import load_config
from qtemplate.jobs.run import plan, run
from qtemplate.plan import Result
from qtemplate.report.run_report import RunReport
from qtemplate.texts import say_finding

SHEET = "反馈登记"
DAY = dt.timedelta(days=1)


def spoil(folder: Path, change: Callable[[Worksheet, dict[str, int], int], None]) -> None:
    """A person saves the register with something in it; `change` gets the sheet, its columns and the first row."""
    book = openpyxl.load_workbook(folder / "register.xlsx")
    change(book[SHEET], columns(book[SHEET]), header_row(book[SHEET]) + 1)
    book.save(folder / "register.xlsx")


def run_at(folder: Path, moment: dt.datetime = NOW) -> RunReport:
    return run(load_config(folder / "qtemplate.toml"), moment)


def left_out(report: RunReport) -> list[tuple[str, str | None]]:
    """Address and field of what was left out."""
    return [(item.where.address, item.field) for item in report.findings if item.code == "QT711" and item.where]


def formula(ws: Worksheet, at: dict[str, int], row: int) -> None:
    ws.cell(row, at["suggested_level"]).value = '=IF(1>0,"自己算","")'


def array(ws: Worksheet, at: dict[str, int], row: int) -> None:
    cell = ws.cell(row, at["suggested_level"])
    cell.value = ArrayFormula(cell.coordinate, "=SUM(1,2)")


def merge(ws: Worksheet, at: dict[str, int], row: int) -> None:
    column = at["suggested_level"]
    ws.merge_cells(start_row=row, end_row=row, start_column=column - 1, end_column=column)


@pytest.mark.parametrize("change", [formula, array, merge])
def test_one_cell_does_not_keep_the_others_from_being_written(
    change: Callable[[Worksheet, dict[str, int], int], None], tmp_path: Path
) -> None:
    make_workspace(tmp_path / "work", [ASSESSED, WHOLE])
    spoil(tmp_path / "work", change)
    sound, report = first_run(tmp_path / "sound", [ASSESSED, WHOLE]), run_at(tmp_path / "work")
    assert [field for _, field in left_out(report)] == ["suggested_level"]
    assert (report.exit_code, report.outcomes[Result.FAILED], report.outcomes[Result.DEFERRED]) == (3, 0, 0)
    assert {(e.id, e.field) for e in sound.edits} - {(e.id, e.field) for e in report.edits} <= {
        ("QF-2026-0001", "suggested_level")
    } | {("QF-2026-0001", "level")}
    lines = read_lines(tmp_path / "work" / "register.xlsx")
    assert [line["id"] for line in lines] == ["QF-2026-0001", "QF-2026-0002"]
    assert all(line["status"] and line["check"] for line in lines)
    assert len(mails(tmp_path / "work")) == len(mails(tmp_path / "sound")) > 0


def test_the_finding_stands_in_the_sheet_and_the_next_run_writes_nothing(tmp_path: Path) -> None:
    make_workspace(tmp_path, [ASSESSED, WHOLE])
    spoil(tmp_path, formula)
    run_at(tmp_path)
    shown = openpyxl.load_workbook(tmp_path / "register.xlsx")["校验结果"]
    said = [[cell.value for cell in row] for row in shown.iter_rows() if any(cell.value == "QT711" for cell in row)]
    assert len(said) == 1 and any("有人写了公式" in str(value) for value in said[0])
    before = (tmp_path / "register.xlsx").read_bytes()
    again = run_at(tmp_path)
    assert (tmp_path / "register.xlsx").read_bytes() == before
    assert len(left_out(again)) == 1
    assert set(message_ids(tmp_path).values()) == {1}


def test_once_the_cell_is_free_it_is_filled(tmp_path: Path) -> None:
    make_workspace(tmp_path, [ASSESSED])
    spoil(tmp_path, formula)
    run_at(tmp_path)

    def free(ws: Worksheet, at: dict[str, int], row: int) -> None:
        ws.cell(row, at["suggested_level"]).value = None

    spoil(tmp_path, free)
    report = run_at(tmp_path)
    assert left_out(report) == []
    assert read_lines(tmp_path / "register.xlsx")[0]["suggested_level"] == "重要"


def test_a_column_full_of_formulas_is_one_finding(tmp_path: Path) -> None:
    make_workspace(tmp_path, [dict(ASSESSED) for _ in range(40)])

    def fill(ws: Worksheet, at: dict[str, int], row: int) -> None:
        for below in range(row, row + 40):
            ws.cell(below, at["suggested_level"]).value = "=1+1"
            ws.cell(below, at["clock"]).value = "=2+2"

    spoil(tmp_path, fill)
    report = run_at(tmp_path)
    assert sorted(field or "" for _, field in left_out(report)) == ["clock", "suggested_level"]
    words = [say_finding(item, "en").message for item in report.findings if item.code == "QT711"]
    assert all("39 more cells" in sentence for sentence in words)
    assert all(line["check"] for line in read_lines(tmp_path / "register.xlsx"))


def test_a_row_whose_id_cannot_be_written_waits_as_a_whole(tmp_path: Path) -> None:
    make_workspace(tmp_path, [ASSESSED, WHOLE])

    def hide(ws: Worksheet, at: dict[str, int], row: int) -> None:
        ws.merge_cells(start_row=row, end_row=row + 1, start_column=at["id"], end_column=at["id"])

    spoil(tmp_path, hide)
    report = run_at(tmp_path)
    lines = read_lines(tmp_path / "register.xlsx")
    assert [line["id"] for line in lines] == ["QF-2026-0001", None]
    assert (lines[1]["check"], lines[1]["status"]) == (None, None)
    assert not any("QF-2026-0002" in message.key for message in report.messages)
    again = run_at(tmp_path, NOW + DAY)
    assert [item[1] for item in left_out(again)] == ["id"]

    def unmerge(ws: Worksheet, at: dict[str, int], row: int) -> None:
        ws.unmerge_cells(start_row=row, end_row=row + 1, start_column=at["id"], end_column=at["id"])

    spoil(tmp_path, unmerge)
    free = run_at(tmp_path, NOW + DAY)
    assert [line["id"] for line in read_lines(tmp_path / "register.xlsx")] == ["QF-2026-0001", "QF-2026-0002"]
    assert any("QF-2026-0002" in message.key for message in free.messages)
    assert set(message_ids(tmp_path).values()) == {1}


def test_a_workbook_that_cannot_be_written_at_all_is_still_kept_back_as_a_whole(tmp_path: Path) -> None:
    make_workspace(tmp_path, [ASSESSED, WHOLE])

    def protect(ws: Worksheet, at: dict[str, int], row: int) -> None:
        ws.protection.sheet = True

    spoil(tmp_path, protect)
    before = (tmp_path / "register.xlsx").read_bytes()
    report = run_at(tmp_path)
    assert (tmp_path / "register.xlsx").read_bytes() == before
    assert (report.exit_code, [item.code for item in report.findings if item.code > "QT70"]) == (5, ["QT710"])
    finding = next(item for item in report.findings if item.code == "QT710")
    assert "已锁定，工作表又受保护" in say_finding(finding, "zh").message
    assert "is locked and the sheet is protected" in say_finding(finding, "en").message


def test_a_plan_leaves_it_out_as_the_run_will_and_changes_nothing(tmp_path: Path) -> None:
    make_workspace(tmp_path, [ASSESSED])
    spoil(tmp_path, formula)
    before = (tmp_path / "register.xlsx").read_bytes()
    report = plan(load_config(tmp_path / "qtemplate.toml"), NOW)
    assert [field for _, field in left_out(report)] == ["suggested_level"]
    assert report.edits and not any(edit.field == "suggested_level" for edit in report.edits)
    assert (tmp_path / "register.xlsx").read_bytes() == before


def test_a_sheet_of_the_program_that_cannot_be_renewed_keeps_nothing_else_back(tmp_path: Path) -> None:
    make_workspace(tmp_path, [ASSESSED, WHOLE])
    book = openpyxl.load_workbook(tmp_path / "register.xlsx")
    book["校验结果"].merge_cells("A6:C9")
    book.save(tmp_path / "register.xlsx")
    for moment in (NOW, NOW + DAY):
        report = run_at(tmp_path, moment)
        assert [item.code for item in report.findings if item.code > "QT70"] == ["QT713"]
        assert (report.exit_code, report.outcomes[Result.FAILED], report.outcomes[Result.DEFERRED]) == (3, 0, 0)
    assert [line["id"] for line in read_lines(tmp_path / "register.xlsx")] == ["QF-2026-0001", "QF-2026-0002"]
    assert set(message_ids(tmp_path).values()) == {1}


@pytest.mark.parametrize("typed", ["_x0000_", "\ufffe", pytest.param("\uffff", marks=pytest.mark.campaign)])
def test_a_character_that_no_workbook_keeps_is_told_and_the_findings_are_renewed(typed: str, tmp_path: Path) -> None:
    make_workspace(tmp_path, [ASSESSED | {"product": "电饭§煲"}, WHOLE])
    parts = read_parts(tmp_path / "register.xlsx")
    texts = "xl/sharedStrings.xml"
    assert parts[texts].count("电饭§煲".encode()) == 1
    parts[texts] = parts[texts].replace("§".encode(), typed.encode())
    write_parts(tmp_path / "register.xlsx", parts)
    for moment in (NOW, NOW + DAY):
        report = run_at(tmp_path, moment)
        assert [item.code for item in report.findings if item.code > "QT70"] == []
        cells = sheet_cells(tmp_path / "register.xlsx", [SHEET, "校验结果"])
        told = [cell for line in cells["校验结果"] for cell in line]
        assert "电饭\ufffd煲" in told
        assert [line[0] for line in cells[SHEET] if "QF-" in str(line[0])] == ["QF-2026-0001", "QF-2026-0002"]
