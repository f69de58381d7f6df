"""A second workbook beside a team's own, which is only read: made, run, edited on both sides, taken away again."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from adopt_registers import TeamBook, read_books
from asking import Ask, adopt
from openpyxl import load_workbook
from openpyxl.styles import Protection
from openpyxl.utils import get_column_letter
from openpyxl.workbook.protection import WorkbookProtection
from test_adopt_apply import HEADERS, make_book

from qtemplate.cli import main
from qtemplate.sheets import edit_cells, open_book, read_register

SECOND = "台账 流程.xlsx"


def beside(ask: Ask, book: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    return adopt(ask, book, capsys, "--beside")


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def swap_rows(path: Path, one: int, other: int) -> None:
    """As a person who sorts."""
    book = load_workbook(path)
    sheet = book["投诉台账"]
    for at in range(1, len(HEADERS) + 1):
        first, second = sheet.cell(one, at), sheet.cell(other, at)
        first.value, second.value = second.value, first.value
    book.save(path)


def row_of(path: Path, number: str) -> dict[str, Any]:
    """Header -> what the second workbook shows in the row of one of their numbers."""
    head, *rows = load_workbook(path)["投诉台账"].iter_rows(values_only=True)
    return next(dict(zip(map(str, head), row, strict=True)) for row in rows if row[0] == number)


def test_a_second_workbook_beside_theirs_from_the_look_to_the_way_back(
    tmp_path: Path, ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    book, second = make_book(tmp_path / "台账.xlsx"), tmp_path / SECOND
    former = digest(book)
    done = beside(ask, book, capsys)
    assert (done["code"], done["rows"], done["over"], done["left_out"]) == (0, 4, 2, 0)
    assert Path(done["beside"]) == second
    register = read_register(open_book(second))
    assert register.past == {2, 3}
    assert register.frame["severity"].tolist() == [4, 3, 4, 2]
    assert register.own_headers == ("处理状态", "关闭日期", "status *")
    page = load_workbook(second)["投诉台账"]
    offered = {str(each.sqref): each.formula1 for each in page.data_validations.dataValidation if each.formula1}
    assert offered["H2:H1048576"] == '"高,中,低"'  # in their words; others may be typed
    assert [page[cell].number_format for cell in ("B2", "K2", "K3", "G3")] == [*("yyyy-mm-dd",) * 3, "@"]
    assert page.auto_filter.ref == f"A1:{get_column_letter(page.max_column)}5"

    ran = ask("run")
    assert (ran["messages"], ran["rows"], digest(book)) == ([], [], former)
    graded = row_of(second, "TS-0003")
    assert (graded["反馈编号"], graded["状态"], graded["等级"]) == ("QF-2026-0003", "待转交", "重要")
    assert ask("run")["edits"] == []

    # their side: rows sorted, a row more, two cells changed; our side: one of these cells, too
    swap_rows(book, 6, 7)
    new = {"A8": "TS-0005", "B8": "2026-07-01", "C8": "客户5", "G8": "锅盖关不严，从旁边冒热气", "H8": "中"}
    edit_cells(book, book, "投诉台账", {**new, "H6": "高", "J6": "王芳"})
    theirs = digest(book)
    edit_cells(second, second, "投诉台账", {"J5": "赵敏"})
    planned, ran = ask("plan"), ask("run")
    assert (planned["edits"], planned["rows"]) == (ran["edits"], ran["rows"])
    assert [row["values"]["own_number"] for row in ran["rows"] if row["sheet"] == "register"] == ["TS-0005"]
    assert [(edit["id"], edit["cell"], edit["after"]) for edit in ran["edits"] if edit["cell"] in ("H5", "J5")] == [
        ("QF-2026-0004", "H5", "高")
    ]
    assert row_of(second, "TS-0005")["反馈编号"] == "QF-2026-0005"
    clashes = [item["message"] for item in ran["findings"] if item["code"] == "QT742"]
    assert len(clashes) == 1 and "TS-0004" in clashes[0] and "赵敏" in clashes[0] and "王芳" in clashes[0]
    assert digest(book) == theirs
    assert ask("run")["edits"] == []

    back = ask("adopt", book.name, "--undo")
    assert (back["code"], back["adopt"], digest(book)) == (0, "undone_beside", theirs)
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix == ".xlsx") == ["adopt.xlsx", "台账.xlsx"]
    assert ask("adopt", book.name, "--undo")["adopt"] == "undo_nothing"
    again = ask("adopt", book.name, "--apply", "adopt.xlsx", "--beside")
    assert (again["code"], again["rows"]) == (0, 5)


def close(path: Path, how: str) -> None:
    """A workbook that a team keeps closed in one way or another."""
    if how == "signed":
        with zipfile.ZipFile(path, "a") as package:
            package.writestr("_xmlsignatures/origin.sigs", b"")
        return
    book = load_workbook(path)
    sheet = book["投诉台账"]
    if how == "structure":
        book.security = WorkbookProtection(lockStructure=True)
    else:
        sheet.protection.sheet = True
    if how == "unlocked":
        for at in range(12, 60):
            sheet.column_dimensions[get_column_letter(at)].protection = Protection(locked=False)
            for row in range(1, 20):
                sheet.cell(row, at).protection = Protection(locked=False)
    book.save(path)


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("signed", "数字签名"),
        ("structure", "结构受保护"),
        ("sheet", "取消保护"),
        pytest.param("unlocked", "", marks=pytest.mark.campaign),
    ],
)
def test_a_closed_workbook_is_told_before_and_not_touched_unless_its_columns_are_unlocked(
    how: str, words: str, tmp_path: Path, ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    book = make_book(tmp_path / "台账.xlsx")
    close(book, how)
    former = digest(book)
    with pytest.raises(SystemExit):
        main(["adopt", book.name, "--lang", "zh"])
    told = capsys.readouterr().out
    assert ("--beside" in told, words in told) == (bool(words), True)
    done = ask("adopt", book.name, "--apply", "adopt.xlsx")
    if not words:
        assert (done["code"], ask("run")["outcomes"]["failed"]) == (0, 0)
        return
    assert (done["code"], done["error"]["code"], digest(book)) == (4, "adopt.refused", former)
    assert words in done["error"]["message"] and "--beside" in done["error"]["message"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["adopt.xlsx", "台账.xlsx"]


def test_without_a_number_of_their_own_there_is_no_second_workbook(
    tmp_path: Path, ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    book = make_book(tmp_path / "台账.xlsx")
    with pytest.raises(SystemExit):
        main(["adopt", book.name, "--lang", "zh"])
    capsys.readouterr()
    proposal = tmp_path / "adopt.xlsx"
    row = next(cell.row for cell in load_workbook(proposal)["列"]["D"] if cell.value == "原编号")
    edit_cells(proposal, proposal, "列", {f"D{row}": "不对应（保持原样）"})
    refused = ask("adopt", book.name, "--apply", "adopt.xlsx", "--beside")
    assert (refused["code"], refused["error"]["code"]) == (4, "adopt.beside_number")
    (tmp_path / SECOND).write_bytes(b"")
    edit_cells(proposal, proposal, "列", {f"D{row}": "原编号"})
    assert ask("adopt", book.name, "--apply", "adopt.xlsx", "--beside")["error"]["code"] == "adopt.beside_exists"


@pytest.mark.campaign
def test_a_workbook_that_is_gone_keeps_nobody_from_the_rest(
    tmp_path: Path, ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    book = make_book(tmp_path / "台账.xlsx")
    beside(ask, book, capsys)
    book.rename(tmp_path / "别处.xlsx")
    ran = ask("run")
    assert [item["code"] for item in ran["findings"] if item["code"].startswith("QT74")] == ["QT743"]
    assert {edit["field"] for edit in ran["edits"]} >= {"id", "status", "level"}
    assert [check["health"] for check in ask("doctor")["checks"] if check["check"] == "source"] == ["error"]


MANY = [book for name in ("first", "fourth") for book in read_books(f"{name}.toml")]


@pytest.mark.campaign
@pytest.mark.parametrize("team", MANY, ids=[book.name for book in MANY])
def test_registers_of_many_makers_are_followed_and_never_touched(
    team: TeamBook, tmp_path: Path, ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    book = team.write(tmp_path)
    former = digest(book)
    done = beside(ask, book, capsys)
    if done["code"] == 4:  # no column of theirs is a number for sure
        assert done["error"]["code"] == "adopt.beside_number"
        return
    assert done["code"] == 0
    rows = done["rows"]
    ran = ask("run")
    assert (ran["messages"], ran["rows"], ran["outcomes"]["failed"]) == ([], [], 0)
    ids = [edit["id"] for edit in ran["edits"] if edit["field"] == "id"]
    assert len(ids) == len(set(ids)) == rows
    assert (ask("run")["edits"], digest(book)) == ([], former)
    assert ask("adopt", book.name, "--undo")["adopt"] == "undone_beside"
    assert digest(book) == former
