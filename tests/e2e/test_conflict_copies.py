"""Conflict copies: told cell by cell, and merged on order without overwriting anything."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from demo_workspaces import first_run
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import TableColumn
from person import SHEET, columns, edit_lines, header_row, read_lines
from scenes import scene_rows
from told import LATER, Told
from workspace_state import copy_workspace

COPY = "register (林静的冲突副本 2026-07-15).xlsx"
NEW: dict[str, Any] = {
    "received_at": None, "channel": "服务热线", "reporter_type": "外部客户", "reporter": "只在副本里的人",
    "phone": "057188886666", "product": "智能电饭煲", "title": "只在副本里的反馈", "batch": "000123",
    "description": "这一条只写进了冲突副本，登记表里没有，不能丢。",
}  # fmt: skip


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a row in every state, after its first run."""
    folder = tmp_path_factory.mktemp("ran")
    first_run(folder, scene_rows())
    return folder


@pytest.fixture
def workspace(ran: Path, tmp_path: Path) -> Path:
    """A copy of that workspace that is a test's own."""
    copy_workspace(ran, tmp_path / "workspace")
    return tmp_path / "workspace"


@pytest.fixture(scope="module")
def worked_on(ran: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That workspace, with a copy of its register in which somebody went on working, as others did in the register."""
    workspace = tmp_path_factory.mktemp("worked_on") / "workspace"
    copy_workspace(ran, workspace)
    shutil.copyfile(workspace / "register.xlsx", workspace / COPY)

    def there(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        lines[0]["notes"] = "副本里写的备注"
        lines[1]["notes"] = "副本里的说法"
        lines[2]["reply_approval"] = "批准"
        lines[3]["level"] = "轻微"
        return [*lines, NEW | {"received_at": lines[0]["received_at"]}]

    def here(lines: list[dict[str, Any]]) -> None:
        lines[0]["notes"] = None
        lines[1]["notes"] = "登记表里的说法"
        lines[2]["reply_approval"] = None

    edit_lines(workspace / COPY, there)
    edit_lines(workspace / "register.xlsx", here)
    return workspace


@pytest.fixture
def copied(worked_on: Path, tmp_path: Path) -> Path:
    """A copy of both that is a test's own."""
    copy_workspace(worked_on, tmp_path / "workspace")
    return tmp_path / "workspace"


def address(workspace: Path, key: str, place: int) -> str:
    ws = openpyxl.load_workbook(workspace / "register.xlsx")[SHEET]
    return f"{SHEET}!{get_column_letter(columns(ws)[key])}{header_row(ws) + 1 + place}"


def test_p11_a_conflict_copy_is_told_cell_by_cell(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ids = [line["id"] for line in read_lines(copied / "register.xlsx")]
    before = (copied / "register.xlsx").read_bytes()
    told = Told(copied, capsys, "conflicts", "--json", now=LATER)
    (copy,) = told.data["copies"]
    assert (told.code, Path(copy["path"]).name, copy["problem"], told.data["merged"]) == (3, COPY, None, None)
    assert [row["title"] for row in copy["rows"]] == ["只在副本里的反馈"]
    assert copy["fills"] == [
        {"id": ids[0], "field": "notes", "cell": address(copied, "notes", 0), "copy": "副本里写的备注"}
    ]
    assert [(each["id"], each["cell"], each["register"], each["copy"]) for each in copy["differs"]] == [
        (ids[1], address(copied, "notes", 1), "登记表里的说法", "副本里的说法"),
        (ids[2], address(copied, "reply_approval", 2), None, "批准"),
        (ids[3], address(copied, "level", 3), read_lines(copied / "register.xlsx")[3]["level"], "轻微"),
    ]
    assert (copied / "register.xlsx").read_bytes() == before
    words = Told(copied, capsys, "conflicts", now=LATER).text
    assert "副本里的说法" in words and "登记表里的说法" in words and "只在副本里的反馈" in words


def test_p11_merging_fills_and_appends_and_never_overwrites(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = read_lines(copied / "register.xlsx")
    told = Told(copied, capsys, "conflicts", "--merge", str(copied / COPY), "--json", now=LATER)
    assert (told.code, told.data["merged"], told.data["deferred"]) == (3, str(copied / COPY), None)
    after = read_lines(copied / "register.xlsx")
    assert after[:-1] == [before[0] | {"notes": "副本里写的备注"}, *before[1:]]
    assert {key: after[-1][key] for key in NEW if key != "received_at"} == {
        key: value for key, value in NEW.items() if key != "received_at"
    }
    assert after[-1]["id"] is None and list((copied / "backups").iterdir())
    again = Told(copied, capsys, "conflicts", "--merge", str(copied / COPY), "--json", now=LATER)
    (copy,) = again.data["copies"]
    assert (copy["rows"], copy["fills"], len(copy["differs"])) == ([], [], 3)
    spoken = Told(copied, capsys, "conflicts", "--merge", str(copied / COPY), now=LATER).text
    assert COPY in spoken and "qtemplate undo" not in spoken  # there is nothing of it to undo
    assert read_lines(copied / "register.xlsx") == after
    run = Told(copied, capsys, "run", "--json", now=LATER)
    assert run.code in (3, 5) and read_lines(copied / "register.xlsx")[-1]["id"]
    assert Told(copied, capsys, "conflicts", "--json", now=LATER).data["copies"][0]["rows"] == []


def test_a_merged_row_takes_no_link_and_no_picture_of_another_row(
    copied: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A column of the team's own at the right end of the table, filled with links and pictures by formula."""
    register = copied / "register.xlsx"
    book = openpyxl.load_workbook(register)
    ws = book[SHEET]
    table, at, top = ws.tables["tblFeedback"], ws.max_column + 1, header_row(ws)
    last = int(table.ref.rpartition(":")[2].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    for column, (header, formula) in enumerate(
        (("8D 报告", '=HYPERLINK("8D/{0}.pdf","8D {0}")'), ("照片", '=_xlfn.DISPIMG("ID_{0}",1)')), at
    ):
        ws.cell(top, column, header)
        table.tableColumns.append(TableColumn(id=column, name=header))
        for row in range(top + 1, last + 1):
            ws.cell(row, column, formula.format(row))
    table.ref = table.autoFilter.ref = f"A{top}:{get_column_letter(at + 1)}{last}"
    book.save(register)
    assert Told(copied, capsys, "conflicts", "--merge", str(copied / COPY), "--json", now=LATER).data["merged"]
    ws = openpyxl.load_workbook(register)[SHEET]
    assert ws.cell(last, at).value == f'=HYPERLINK("8D/{last}.pdf","8D {last}")'
    assert ws.cell(last + 1, columns(ws)["title"]).value == NEW["title"]
    assert [ws.cell(last + 1, column).value for column in (at, at + 1)] == [None, None]


def test_p11_undo_empties_the_cells_of_a_merge(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = read_lines(copied / "register.xlsx")
    assert "qtemplate undo" in Told(copied, capsys, "conflicts", "--merge", str(copied / COPY), now=LATER).text
    told = Told(copied, capsys, "undo", "--json", now=LATER)
    assert [(edit["field"], edit["after"]) for edit in told.data["edits"]] == [("notes", None)]
    assert read_lines(copied / "register.xlsx")[: len(before)] == before


def test_p11_a_row_deleted_since_is_not_brought_back(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gone = read_lines(copied / "register.xlsx")[5]["id"]
    edit_lines(copied / "register.xlsx", lambda lines: [line for line in lines if line["id"] != gone])
    told = Told(copied, capsys, "conflicts", "--merge", str(copied / COPY), "--json", now=LATER)
    assert told.data["copies"][0]["gone"] == [gone]
    assert gone not in [line["id"] for line in read_lines(copied / "register.xlsx")]


def test_p11_an_open_register_is_not_written(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (copied / ".~lock.register.xlsx#").write_text("林静,lin,PC-7,2026;", "utf-8")
    before = (copied / "register.xlsx").read_bytes()
    told = Told(copied, capsys, "conflicts", "--merge", str(copied / COPY), "--json", now=LATER)
    assert (told.code, told.data["merged"]) == (5, None)
    assert "林静" in told.data["deferred"] and (copied / "register.xlsx").read_bytes() == before
    spoken = Told(copied, capsys, "conflicts", "--merge", str(copied / COPY), now=LATER).text
    assert "merge again later" in spoken and "undo" not in spoken


def test_p11_no_copies_and_copies_that_cannot_be_read(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert Told(workspace, capsys, "conflicts", "--json").data["copies"] == []
    assert Told(workspace, capsys, "conflicts").code == 0
    (workspace / COPY).write_bytes(b"half a file")
    told = Told(workspace, capsys, "conflicts", "--json")
    assert (told.code, "not an Excel workbook" in told.data["copies"][0]["problem"]) == (3, True)
    assert Told(workspace, capsys, "conflicts", "--merge", str(workspace / COPY)).code == 4
    assert Told(workspace, capsys, "conflicts", "--merge", str(workspace / "none.xlsx")).code == 2
    assert Told(workspace, capsys, "conflicts", "--merge", str(workspace / "register.xlsx")).code == 2
    shutil.copyfile(workspace / "register.xlsx", workspace / COPY)
    same = Told(workspace, capsys, "conflicts", "--json")
    assert (same.code, same.data["copies"][0]["rows"], same.data["copies"][0]["differs"]) == (0, [], [])
