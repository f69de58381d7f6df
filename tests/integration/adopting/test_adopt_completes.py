"""An adopted register without a date of receipt or a category: people fill in what was added, and rows go on."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from asking import Ask, adopt
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from qtemplate.fields import Field
from qtemplate.sheets import edit_cells, open_book, read_rulebook
from qtemplate.sheets.adopt.proposal import ours_beside

LATER = "2026-07-17T09:30"
DONE = ("状态", "校验结果", "等级", "定级依据", "责任部门", "首次响应期限", "答复期限", "时限状态")


def make_book(path: Path) -> Path:
    """Dates that nobody can take for what they are; the owner is named, nothing says what the problem is about."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.append(["Complaint No.", "PLATETXT", "FDATE", "LDATE", "MIXED", "Problem description", "Root Cause", "Owner"])
    texts = ("ENGINE STALLED ON THE HIGHWAY WITHOUT WARNING", "STEERING PULLS TO THE LEFT WHEN BRAKING")
    for number, (text, owner) in enumerate(zip(texts, ("Hall", "Weber"), strict=True), 1):
        days = (dt.datetime(2025, 3, number), dt.datetime(2025, 3, number + 3))
        sheet.append([f"C-{number:03d}", "FORD", *days, ["n.a.", 7][number - 1], text, None, owner])
    book.save(path)
    return path


def columns(path: Path) -> dict[str, str]:
    return {str(cell.value): cell.coordinate[:-1] for cell in load_workbook(path)["Sheet"][1]}


def shown(path: Path, row: int, *headers: str) -> list[Any]:
    at, sheet = columns(path), load_workbook(path)["Sheet"]
    return [str(sheet[f"{at[header]}{row}"].value) for header in headers if header in at]


def staff(path: Path) -> None:
    people = (("Hall", "客服部"), ("Weber", "生产部"))
    edit_cells(path, path, "人员", {
        f"{column}{row}": text
        for row, (name, department) in enumerate(people, 4)
        for column, text in (("A", name), ("B", f"{name}@example.com"), ("C", department))
    })  # fmt: skip


def test_rows_go_on_once_people_filled_what_was_added(
    tmp_path: Path, ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    book = make_book(tmp_path / "cars.xlsx")
    added = adopt(ask, book, capsys)["columns"]
    assert [name for name in added if name in ("反馈时间", "问题领域", "严重性")] == ["反馈时间", "严重性"]
    types = {rule.field: rule.type for rule in read_rulebook(open_book(book)).dictionary}
    own = ("FDATE", "LDATE", "MIXED", "PLATETXT")
    assert [types[header] for header in own] == ["date", "date", "", "text"]
    staff(book)
    ran = ask("run")
    assert [(item["code"], item["cell"]) for item in ran["findings"] if item["severity"] != "info"] == [
        ("QT110", f"{columns(book)['反馈时间']}2"), ("QT110", f"{columns(book)['反馈时间']}3"),
    ]  # fmt: skip
    assert shown(book, 2, "状态", "校验结果") == ["待补充", "待补充：反馈时间"]

    at = columns(book)
    received = dt.datetime(2026, 7, 16, 10)
    filled = {f"{at['反馈时间']}{row}": received for row in (2, 3, 4)} | {
        f"{at['严重性']}{row}": 4 for row in (2, 3, 4)
    }
    edit_cells(book, book, "Sheet", {**filled, "F4": "新来的一条：插头发热，有焦味，已经停用", "H4": "Weber"})
    ask("run", now=LATER)
    limits = ["2026-07-17 10:00:00", "2026-07-30 10:00:00", "即将到期：首次响应"]
    graded = ["待转交", "通过", "重要", "规则 5：严重性=4"]
    assert [shown(book, row, *DONE) for row in (2, 3, 4)] == [
        [*graded, "客服部", *limits], [*graded, "生产部", *limits], [*graded, "生产部", *limits],
    ]  # fmt: skip
    assert shown(book, 4, "反馈编号") == ["QF-2026-0003"]


def test_only_a_register_that_says_nothing_of_whose_a_row_is_gets_a_category() -> None:
    lacking = (Field.RECEIVED_AT, Field.CATEGORY)
    asked = [(), (Field.OWNER,), (Field.DEPARTMENT, Field.RECEIVED_AT), (Field.CATEGORY,)]
    assert [[field for field in ours_beside(theirs) if field in lacking] for theirs in asked] == [
        list(lacking), [Field.RECEIVED_AT], [], [Field.RECEIVED_AT],
    ]  # fmt: skip
