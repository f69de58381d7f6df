"""Rows of the program's own sheets: as high as their texts, also for a program that trusts the file."""

from __future__ import annotations

from pathlib import Path

import openpyxl
from openpyxl.styles import Alignment

from qtemplate.ooxml.cells import CellValue
from qtemplate.sheets import SheetBody, patch_workbook


def test_a_row_of_a_body_is_as_high_as_its_wrapped_texts(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["代码", "怎么办", "备注"])
    sheet.append([None, None, None])
    sheet["B2"].alignment = Alignment(wrap_text=True)
    sheet.column_dimensions["B"].width = 20
    book.save(path)
    long, word = "请改成 2026-03-07 这样的日期。" * 3, "Choose one of them " * 3
    rows: list[list[CellValue]] = [["1", "短", long], ["2", long, None], ["3", word, None], ["4", "一\n二", None]]
    body = SheetBody("Sheet", 2, rows)
    patch_workbook(path, path, bodies=[body])
    heights = openpyxl.load_workbook(path)["Sheet"].row_dimensions
    assert [heights[row].height for row in range(2, 6)] == [None, 70.5, 43.5, 30]
    assert patch_workbook(path, path, bodies=[body]).changed_parts == ()
    for row, of in heights.items():
        sheet.row_dimensions[row].height = of.height
    sheet.row_dimensions[2].height = 60  # chosen by somebody
    book.save(path)
    patch_workbook(path, path, bodies=[body])
    assert {openpyxl.load_workbook(path)["Sheet"].row_dimensions[row].height for row in range(2, 6)} == {60}
