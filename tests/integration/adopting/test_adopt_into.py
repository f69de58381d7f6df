"""Many lists become one register: CSV files, monthly workbooks, sheets by month; what is there is not added twice."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from asking import Ask
from openpyxl import Workbook, load_workbook
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

HEADERS = ["投诉编号", "接诉日期", "客户名称", "产品名称", "问题描述", "严重程度", "处理状态", "责任人"]
TEXTS = ("煮饭时屏幕完全不亮", "内胆涂层起泡脱落", "蒸汽阀漏水", "锅盖关不严", "预约功能失灵", "插头发热")


def row(number: int, month: int, *, state: str = "处理中") -> list[Any]:
    day = dt.datetime(2026, month, number)
    return [f"TS-{month}{number:02d}", day, f"客户{number}", "电饭煲", TEXTS[number], "高", state, "李想"]


def fill(sheet: Worksheet, rows: list[list[Any]], headers: list[str] = HEADERS) -> None:
    sheet.append(["客户投诉登记台账"])
    sheet.append(headers)
    for line in rows:
        sheet.append(line)
        for cell in sheet[sheet.max_row]:
            cell.fill = PatternFill("solid", fgColor="FFFFEEDD")


def book(path: Path, sheets: dict[str, list[list[Any]]], headers: list[str] = HEADERS) -> Path:
    made = Workbook()
    assert made.active is not None
    made.remove(made.active)
    for name, rows in sheets.items():
        fill(made.create_sheet(name), rows, headers)
    made.save(path)
    return path


def csv(path: Path, rows: list[list[Any]], encoding: str = "gbk", delimiter: str = ";") -> Path:
    lines = [HEADERS, *([f"{cell:%Y/%m/%d}" if isinstance(cell, dt.date) else cell for cell in line] for line in rows)]
    path.write_bytes("\r\n".join(delimiter.join(line) for line in lines).encode(encoding))
    return path


def counts(told: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [(each["sheet"], each["new"], each["same"], each["differing"]) for each in told["files"]]


def cells(path: Path, sheet: str) -> list[list[Any]]:
    return [list(line) for line in load_workbook(path)[sheet].iter_rows(min_row=3, values_only=True)]


def test_monthly_files_of_any_kind_become_one_register_that_looks_like_the_first(tmp_path: Path, ask: Ask) -> None:
    june = book(tmp_path / "6月.xlsx", {"台账": [row(1, 6), row(2, 6)]})
    more = book(tmp_path / "下半年.xlsx", {"7月": [row(1, 7), row(2, 6)], "8月": [row(1, 8)], "说明": []})
    list_ = csv(tmp_path / "9月.csv", [row(1, 9), row(1, 6), row(2, 6, state="已关闭")])
    before = [path.read_bytes() for path in (june, more, list_)]
    words = ("adopt", "--into", "登记表.xlsx", june.name, more.name, list_.name)
    looked = ask(*words)
    assert (looked["code"], looked["written"], looked["rows"], looked["number"]) == (3, False, 5, "投诉编号")
    assert counts(looked) == [
        ("台账", 2, 0, 0),
        ("7月", 1, 1, 0),
        ("8月", 1, 0, 0),
        ("说明", 0, 0, 0),
        ("9月", 1, 1, 1),
    ]
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(("登记表", "adopt"))] == []

    made = ask(*words, "--yes")
    assert (made["written"], made["rows"]) == (True, 5)
    assert cells(tmp_path / "登记表.xlsx", "台账") == [row(1, 6), row(2, 6), row(1, 7), row(1, 8), row(1, 9)]
    sheet = load_workbook(tmp_path / "登记表.xlsx")["台账"]
    assert {cell.fill.fgColor.rgb for cell in sheet[7]} == {"FFFFEEDD"}
    listed = list(load_workbook(tmp_path / "adopt-differences.xlsx").worksheets[0].values)
    assert listed[1] == ("TS-602", "处理状态", "处理中", "已关闭", "9月.csv", "9月", 4)
    assert [path.read_bytes() for path in (june, more, list_)] == before
    assert ask("adopt", "登记表.xlsx")["verdict"] == "register"

    october = csv(tmp_path / "10月.csv", [row(1, 9), row(1, 10)], "utf-8-sig", ",")
    added = ask("adopt", "--into", "登记表.xlsx", october.name, "--yes")
    assert (added["code"], counts(added), added["rows"]) == (0, [("10月", 1, 1, 0)], 6)
    assert cells(tmp_path / "登记表.xlsx", "台账")[-1] == row(1, 10)
    assert len(list((tmp_path / "backups").iterdir())) == 1
    assert counts(ask("adopt", "--into", "登记表.xlsx", october.name, "--yes")) == [("10月", 0, 2, 0)]


def test_what_does_not_fit_is_left_out_and_named(tmp_path: Path, ask: Ask) -> None:
    folder = tmp_path / "清单"
    folder.mkdir()
    csv(folder / "1月.csv", [row(1, 1)])
    book(folder / "2月.xlsx", {"台账": [row(1, 2)]}, ["代号", *HEADERS[1:]])
    (folder / "3月.csv").write_text("物料,数量\n螺丝,3\n", "utf-8")
    (folder / "说明.docx").write_bytes(b"")
    made = ask("adopt", "--into", "登记表.xlsx", "清单", "--yes")
    assert (made["code"], made["rows"]) == (3, 2)
    assert [Path(each["file"]).name for each in made["files"] if "set_aside" in each] == ["3月.csv"]
    headers = [cell.value for cell in load_workbook(tmp_path / "登记表.xlsx").worksheets[0][1]]
    assert headers == [*HEADERS, "代号"]
    strange = ask("adopt", "--into", "登记表.xlsx", "清单/3月.csv")
    assert (strange["code"], strange["written"]) == (4, False)
    book(tmp_path / "4月.xlsx", {"台账": [[*row(1, 4), "x"]]}, [*HEADERS, "备注栏"])
    aside = ask("adopt", "--into", "登记表.xlsx", "4月.xlsx")
    assert (aside["code"], "备注栏" in aside["files"][0]["set_aside"]) == (3, True)
    assert ask("adopt", "清单/1月.csv")["verdict"] == "none"  # a plain look says: save as .xlsx


def test_totals_below_the_first_list_keep_no_row_out(tmp_path: Path, ask: Ask) -> None:
    book(tmp_path / "6月.xlsx", {"台账": [row(1, 6), ["合计", 1]]})
    csv(tmp_path / "7月.csv", [row(1, 7), row(1, 6)])
    made = ask("adopt", "--into", "登记表.xlsx", "6月.xlsx", "7月.csv", "--yes")
    assert (made["code"], made["rows"]) == (0, 2)
    sheet = load_workbook(tmp_path / "登记表.xlsx").worksheets[0]
    assert [list(line) for line in sheet.iter_rows(min_row=2, values_only=True)] == [row(1, 6), row(1, 7)]
