"""A team's own workbook from the look to the way back: adopted, run, edited by a person, run again, given back."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import pytest
from adopt_registers import TeamBook, read_books
from asking import Ask, adopt
from ooxml_lint import lint
from openpyxl import Workbook, load_workbook
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from qtemplate.cli import main
from qtemplate.config import load_config
from qtemplate.jobs.world import read_world
from qtemplate.sheets import edit_cells, open_book, read_register

HEADERS = [
    "投诉编号", "接诉日期", "客户名称", "联系电话", "产品名称", "型号", "问题描述", "严重程度", "处理状态", "责任人",
    "关闭日期", "status",
]  # fmt: skip
TEXTS = (
    "煮饭时屏幕完全不亮，按键没有任何反应",
    "内胆涂层起泡脱落，用了三个月",
    "预约功能提前两个小时开始煮",
    "蒸汽阀漏水",
)


def make_book(path: Path, *, totals: bool = True) -> Path:
    """Four complaints below a title, one closed by date, one by its word; a totals row below them."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "投诉台账"
    sheet.append(["客户投诉登记台账"])
    sheet.append([])
    sheet.append(HEADERS)
    rows = (
        ("高", "处理中", dt.datetime(2026, 6, 20)), ("中", "已关闭", None),
        ("高", "处理中", None), ("低", "处理中", None),
    )  # fmt: skip
    for number, ((grade, status, closed), text) in enumerate(zip(rows, TEXTS, strict=True), 1):
        day = dt.datetime(2026, 6, number)
        line = [
            f"TS-{number:04d}",
            day,
            f"客户{number}",
            f"1380000000{number}",
            "电饭煲",
            "RC-300",
            text,
            grade,
            status,
        ]
        sheet.append([*line, "李想", closed, "x"])
    for row in sheet.iter_rows(min_row=4):
        for cell in row:
            cell.fill = PatternFill("solid", fgColor="FFFFEEDD")
    if totals:
        sheet.append(["合计", 4])
    book.create_sheet("说明").append(["本表由客服部维护"])
    book.save(path)
    return path


def cells(path: Path, sheet: str, columns: int) -> list[list[Any]]:
    return [list(row) for row in load_workbook(path)[sheet].iter_rows(max_col=columns, values_only=True)]


def test_adopted_run_edited_and_given_back(tmp_path: Path, ask: Ask, capsys: pytest.CaptureFixture[str]) -> None:
    book = make_book(tmp_path / "台账.xlsx")
    former = book.read_bytes()
    theirs = cells(book, "投诉台账", len(HEADERS))
    done = adopt(ask, book, capsys)
    assert (done["code"], done["rows"], done["over"]) == (0, 4, 2)
    assert done["columns"][:3] == ["反馈编号", "状态", "校验结果"]
    assert (tmp_path / "backups" / Path(done["backup"]).name).read_bytes() == former

    register = read_register(open_book(book))
    assert register.past == {4, 5}
    assert [register.frame[key].tolist() for key in ("own_number", "severity", "product")] == [
        ["TS-0001", "TS-0002", "TS-0003", "TS-0004"], [4, 3, 4, 2], ["电饭煲"] * 4,
    ]  # fmt: skip
    assert register.frame["status"].tolist() == [None] * 4
    assert register.own_headers == ("处理状态", "关闭日期", "status *")

    planned = ask("plan")
    ran = ask("run")
    written = {(edit["field"], edit["cell"][0]) for edit in ran["edits"]}
    assert planned["edits"] == ran["edits"]
    assert {column for _, column in written} <= set("MNOPQRSTUVWXYZ")  # at the right of theirs
    assert ran["messages"] == []
    status = {edit["id"]: edit["after"] for edit in ran["edits"] if edit["field"] == "status"}
    assert status == {
        "QF-2026-0001": "已关闭", "QF-2026-0002": "已关闭", "QF-2026-0003": "待转交", "QF-2026-0004": "待转交",
    }  # fmt: skip
    assert {edit["field"] for edit in ran["edits"] if edit["id"] in ("QF-2026-0001", "QF-2026-0002")} == {
        "id",
        "status",
    }
    assert [item["found"] for item in ran["findings"] if item["code"] == "QT732"] == [""]
    assert cells(book, "投诉台账", len(HEADERS)) == theirs
    assert ask("run")["edits"] == []

    shutil.copyfile(book, tmp_path / "before.xlsx")
    edit_cells(book, book, "投诉台账", {"J6": "王芳", "H7": "高"})
    again = ask("run")
    assert {(edit["id"], edit["field"]) for edit in again["edits"]} >= {("QF-2026-0004", "level")}
    theirs[5][9], theirs[6][7] = "王芳", "高"
    assert cells(book, "投诉台账", len(HEADERS)) == theirs

    more = load_workbook(book)
    more.create_sheet("我的统计").append(["=COUNTA('投诉台账'!A:A)", "=COUNTIF('投诉台账'!N4:N7,\"待转交\")"])
    more["投诉台账"].column_dimensions["G"].width = 55
    more.save(book)
    counted = book.read_bytes()
    stays = ask("adopt", book.name, "--undo")
    assert (stays["code"], stays["adopt"], book.read_bytes()) == (3, "undo_in_the_way", counted)
    edit_cells(book, book, "我的统计", {"B1": None}, replace_formulas=True)

    back = ask("adopt", book.name, "--undo")
    assert (back["code"], back["adopt"], back["returned"]) == (0, "taken_out", 0)
    now = load_workbook(book)
    assert now.sheetnames == ["投诉台账", "说明", "我的统计"]
    assert (now["我的统计"]["A1"].value, now["投诉台账"].column_dimensions["G"].width) == (
        "=COUNTA('投诉台账'!A:A)",
        55,
    )
    assert lint(book) == []
    assert cells(book, "投诉台账", 30) == cells_wide(theirs)


def cells_wide(rows: list[list[Any]]) -> list[list[Any]]:
    return [[*row, *[None] * (30 - len(row))] for row in rows]


def test_a_workbook_that_nobody_edited_gets_its_bytes_back(
    tmp_path: Path, ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    book = make_book(tmp_path / "台账.xlsx")
    former = book.read_bytes()
    adopt(ask, book, capsys)
    assert ask("adopt", book.name, "--apply", "adopt.xlsx")["code"] == 4  # it is adopted already
    assert ask("upgrade", "--dry-run")["added"] == []
    checks = {check["check"]: check["health"] for check in ask("doctor")["checks"]}
    assert (checks["headers"], checks["renamed"]) == ("ok", "ok")
    assert ask("run")["edits"] != []
    assert ask("adopt", book.name, "--undo")["adopt"] == "undone"
    assert book.read_bytes() == former
    assert ask("adopt", book.name, "--undo")["adopt"] == "undo_nothing"


def test_a_header_that_is_renamed_is_told_and_not_guessed(
    tmp_path: Path, ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    book = make_book(tmp_path / "台账.xlsx")
    adopt(ask, book, capsys)
    ask("run")
    edit_cells(book, book, "投诉台账", {"H3": "严重程度等级"})
    ran = ask("run")
    told = [(item["code"], item["field"]) for item in ran["findings"] if item["severity"] == "error"]
    assert [item for item in told if item[0] in ("QT730", "QT731", "QT170", "QT171")] == [("QT731", "severity")]
    assert [edit for edit in ran["edits"] if edit["field"] in ("level", "status", "level_reason")] == []
    sheet = load_workbook(book)["列对照"]
    row = next(cell.row for cell in sheet["A"] if cell.value == "严重程度" and sheet.cell(cell.row, 4).value)
    values = {f"A{cell.row}": "严重程度等级" for cell in sheet["A"] if cell.value == "严重程度"}
    assert f"A{row}" in values
    edit_cells(book, book, "列对照", values)
    ran = ask("run")
    assert [item for item in ran["findings"] if item["code"] in ("QT730", "QT731", "QT170", "QT171")] == []


def test_a_proposal_of_another_workbook_is_refused_and_nothing_is_made(
    tmp_path: Path, ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    book = make_book(tmp_path / "台账.xlsx")
    with pytest.raises(SystemExit):
        main(["adopt", book.name, "--lang", "en"])
    capsys.readouterr()
    edit_cells(book, book, "投诉台账", {"A3": "编号"})
    bytes_ = book.read_bytes()
    refused = ask("adopt", book.name, "--apply", "adopt.xlsx")
    assert (refused["code"], refused["error"]["code"]) == (4, "adopt.other_book")
    assert ask("adopt", book.name, "--apply", book.name)["error"]["code"] == "adopt.no_proposal"
    assert book.read_bytes() == bytes_
    assert sorted(path.name for path in tmp_path.iterdir()) == ["adopt.xlsx", "台账.xlsx"]


LIST = """channel = "hotline"
header_row = 1
key = "单号"
[columns]
"时间" = "反馈时间"
"来电人" = "反馈者"
"说明" = "问题描述"
"""


@pytest.mark.parametrize("totals", [True, False])
def test_what_comes_in_goes_below_the_last_row_as_that_looks_and_never_over_a_total(
    totals: bool, tmp_path: Path, ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    book = make_book(tmp_path / "台账.xlsx", totals=totals)
    adopt(ask, book, capsys)
    (tmp_path / "intake" / "in" / "hotline").mkdir(parents=True)
    (tmp_path / "intake" / "hotline.toml").write_text(LIST, "utf-8")
    line = "单号,时间,来电人,说明\nH1,2026-07-15 10:00,王五,锅盖关不严，一煮就从旁边冒汽\n"
    (tmp_path / "intake" / "in" / "hotline" / "a.csv").write_text(line, "utf-8")
    ran = ask("run")
    sheet = load_workbook(book)["投诉台账"]
    if totals:
        assert (ran["code"], [sheet["A8"].value, sheet["B8"].value, sheet["C8"].value]) == (5, ["合计", 4, None])
        assert "QT710" in [item["code"] for item in ran["findings"]]
    else:
        assert [sheet["C8"].value, sheet["G8"].value] == ["王五", "锅盖关不严，一煮就从旁边冒汽"]
        assert {sheet.cell(8, at).fill.fgColor.rgb for at in range(1, 13)} == {"FFFFEEDD"}
        assert ask("run")["edits"] == []


def test_another_table_below_is_no_record(tmp_path: Path, ask: Ask, capsys: pytest.CaptureFixture[str]) -> None:
    team = next(book for book in read_books("first.toml") if book.name == "two_tables")
    book = team.write(tmp_path)
    assert (adopt(ask, book, capsys)["rows"], len(read_register(open_book(book)).frame)) == (3, 3)


TEN = [book for name in ("first", "fourth") for book in read_books(f"{name}.toml")]


@pytest.mark.campaign
@pytest.mark.parametrize("team", TEN, ids=[book.name for book in TEN])
def test_no_cell_of_theirs_changes_on_the_whole_way(
    team: TeamBook, tmp_path: Path, ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    book = team.write(tmp_path)
    former, before = book.read_bytes(), load_workbook(book)
    done = adopt(ask, book, capsys)
    assert done["code"] == 0

    def theirs() -> dict[tuple[str, str], Any]:
        now = load_workbook(book)
        filled = (
            (sheet, cell.coordinate)
            for sheet in before.sheetnames
            for row in before[sheet].iter_rows()
            for cell in row
            if cell.value is not None
        )
        return {(sheet, at): now[sheet][at].value for sheet, at in filled}

    first = theirs()
    assert first == {(sheet, at): before[sheet][at].value for sheet, at in first}
    ran = ask("run")
    assert (ran["messages"], theirs()) == ([], first)
    assert ask("run")["edits"] == []
    shutil.copyfile(book, tmp_path / "ran.xlsx")
    sheet, row = ran["register"]["sheet"], team.header_row + 1
    if done["rows"]:
        edit_cells(book, book, sheet, {f"A{row}": "一个人改的"})
        ask("run")
        assert theirs() == first | {(sheet, f"A{row}"): "一个人改的"}
        edit_cells(book, book, sheet, {f"A{row}": before[sheet][f"A{row}"].value})
    as_before = book.read_bytes() == (tmp_path / "ran.xlsx").read_bytes()  # else somebody has edited it since
    assert ask("adopt", book.name, "--undo")["adopt"] == ("undone" if as_before else "taken_out")
    assert (theirs(), load_workbook(book).sheetnames) == (first, before.sheetnames)
    assert not as_before or book.read_bytes() == former


def hand_over_in(proposal: Path, *headers: str) -> None:
    sheet = load_workbook(proposal)["列"]
    rows = {str(sheet.cell(row, 2).value): row for row in range(5, sheet.max_row + 1)}
    edit_cells(proposal, proposal, "列", {f"E{rows[header]}": "是" for header in headers})


def test_a_column_that_is_handed_over_is_filled_in_the_teams_words_and_given_back(
    tmp_path: Path, ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    book = make_book(tmp_path / "台账.xlsx")
    edit_cells(book, book, "投诉台账", {"I5": "结案"})  # another word of theirs for closed
    theirs = cells(book, "投诉台账", len(HEADERS))
    with pytest.raises(SystemExit):
        main(["adopt", book.name, "--lang", "zh"])
    capsys.readouterr()
    hand_over_in(tmp_path / "adopt.xlsx", "处理状态")
    done = ask("adopt", book.name, "--apply", "adopt.xlsx")
    assert (done["code"], done["over"], "状态" in done["columns"]) == (0, 2, False)
    assert cells(book, "投诉台账", len(HEADERS)) == theirs
    ran = ask("run")
    status = {edit["cell"]: (edit["before"], edit["after"]) for edit in ran["edits"] if edit["field"] == "status"}
    assert status == {"I6": ("处理中", "待转交"), "I7": ("处理中", "待转交")}
    shown = [row[8] for row in cells(book, "投诉台账", len(HEADERS))[3:7]]
    assert shown == ["处理中", "结案", "待转交", "待转交"]
    log = load_workbook(book)["变更日志"]
    logged = {tuple(cell.value for cell in row[2:5]) for row in log.iter_rows(min_row=3)}
    assert ("处理状态", "处理中", "待转交") in logged
    assert ask("run")["edits"] == []

    edit_cells(book, book, "投诉台账", {"I6": "处理中"})  # a person says otherwise
    kept = [edit for edit in ask("run")["edits"] if edit["field"] == "status"]
    assert kept == [] and cells(book, "投诉台账", 9)[5][8] == "处理中"
    edit_cells(book, book, "投诉台账", {"I6": "待转交"})

    assert ask("adopt", book.name, "--undo")["returned"] == 2
    assert cells(book, "投诉台账", len(HEADERS)) == theirs


def test_a_column_is_handed_over_later_by_claim_and_undo_brings_back_what_stood_there(
    tmp_path: Path, ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    book = make_book(tmp_path / "台账.xlsx")
    adopt(ask, book, capsys)
    ask("run")
    assert ask("claim", "--hand-over", "反馈编号")["error"]["code"] == "claim.no_column"
    claimed = ask("claim", "--hand-over", "处理状态")
    assert (claimed["code"], claimed["given"], claimed["handed_over"]) == (0, ["status"], [])
    assert [row[8] for row in cells(book, "投诉台账", 9)[3:7]] == ["处理中", "已关闭", "处理中", "处理中"]
    ran = ask("run")
    assert {edit["cell"] for edit in ran["edits"]} == {"I6", "I7"}
    assert [row[8] for row in cells(book, "投诉台账", 9)[3:7]] == ["处理中", "已关闭", "待转交", "待转交"]
    assert ask("run")["edits"] == []
    assert ask("undo")["changed_since"] == []
    assert [row[8] for row in cells(book, "投诉台账", 9)[3:7]] == ["处理中", "已关闭", "处理中", "处理中"]


def test_drop_downs_of_our_columns_offer_the_teams_words_and_read_them(
    tmp_path: Path, ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    book = make_book(tmp_path / "台账.xlsx")
    edit_cells(book, book, "投诉台账", {"I5": "结案"})
    done = adopt(ask, book, capsys)
    now = load_workbook(book)
    header = [cell.value for cell in now["数据字典"][3]]
    at = header.index("状态") + 1
    offered = [now["数据字典"].cell(row, at).value for row in range(4, 20)]
    assert offered[offered.index("待关闭") + 1 :][:1] == ["结案"]
    ours, list_ = get_column_letter(13 + done["columns"].index("状态")), get_column_letter(at)
    checks = [c for c in now["投诉台账"].data_validations.dataValidation if f"{ours}4" in c.sqref]
    assert [c.formula1 for c in checks] == [f"'数据字典'!${list_}$4:${list_}$15"]
    edit_cells(book, book, "投诉台账", {f"{ours}6": "结案"})
    assert read_world(load_config(tmp_path / "qtemplate.toml")).register.value(6, "status") == "closed"
