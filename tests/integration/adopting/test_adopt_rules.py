"""Rules of an adopted workbook follow its column map: they may name columns and values as the team does."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook
from test_adopt_apply import make_book

from qtemplate.cli import main
from qtemplate.sheets import edit_cells, open_book, read_register, read_rulebook

NOW = "2026-07-16T09:30"


def test_dictionary_and_tables_take_the_teams_own_headers_and_nothing_absent_is_required(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    book = make_book(tmp_path / "台账.xlsx", totals=False)

    def told(*words: str) -> str:
        with pytest.raises(SystemExit):
            main([*words, "--now", NOW, "--lang", "zh"])
        return capsys.readouterr().out

    told("adopt", book.name)
    told("adopt", book.name, "--apply", "adopt.xlsx")
    sheet = load_workbook(book)["分级规则"]
    header = next(cell.coordinate for cell in sheet[3] if cell.value == "严重性")
    edit_cells(book, book, "分级规则", {header: "严重程度"})
    lines = {cell.value: cell.row for cell in load_workbook(book)["数据字典"]["A"]}
    assert {"客户名称", "接诉日期", "处理状态", "联系方式"} - lines.keys() == {"联系方式"}
    head = {cell.value: cell.column_letter for cell in load_workbook(book)["数据字典"][lines["字段"]]}
    marks = {f"{head['唯一']}{lines['客户名称']}": "是", f"{head['必填']}{lines['责任人']}": "是"}
    edit_cells(book, book, "数据字典", marks)
    rules = read_rulebook(open_book(book))
    assert [(rule.field, rule.unique, rule.required) for rule in rules.dictionary if rule.unique or rule.required] == [
        ("reporter", True, False), ("owner", False, True),
    ]  # fmt: skip
    assert rules.findings == ()
    assert rules.grading is not None
    edit_cells(book, book, "投诉台账", {"C6": None, "E7": None})
    gaps = [line for line in told("check").splitlines() if "QT11" in line]
    assert [line.split()[1] for line in gaps] == ["投诉台账!C6", "投诉台账!E7"]
    assert read_register(open_book(book)).columns["reporter"] == 3
