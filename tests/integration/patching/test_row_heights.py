"""Rows of the program's own sheets: as high as their texts, also for a program that trusts the file."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from grown_tables import rows_from
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet
from workbook_makers import read_parts, write_parts

from qtemplate.ooxml.adding.columns import CellBlock
from qtemplate.ooxml.cells import CellValue
from qtemplate.ooxml.references import Area
from qtemplate.sheets import SheetBody, append_rows, patch_workbook

LONG = "外壳开裂，已寄出新件并约好周四上门，客户同意。" * 2


def test_a_row_of_a_body_is_as_high_as_its_wrapped_texts(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["代码", "怎么办", "备注"])
    sheet.append([None, None, None])
    sheet["B2"].alignment = Alignment(wrap_text=True)
    sheet["B2"].font = Font(size=10)
    sheet.column_dimensions["B"].width = 20
    book.save(path)
    long, word = "请改成 2026-03-07 这样的日期。" * 3, "Choose one of them " * 3
    rows: list[list[CellValue]] = [["1", "短", long], ["2", long, None], ["3", word, None], ["4", "一\n二", None]]
    body = SheetBody("Sheet", 2, rows)
    patch_workbook(path, path, bodies=[body])
    found = openpyxl.load_workbook(path)["Sheet"].row_dimensions
    assert [found[row].height for row in range(2, 6)] == [None, 70.5, 43.5, 30]
    assert patch_workbook(path, path, bodies=[body]).changed_parts == ()
    for row, of in found.items():
        sheet.row_dimensions[row].height = of.height
    sheet.row_dimensions[2].height = 60  # chosen by somebody
    book.save(path)
    patch_workbook(path, path, bodies=[body])
    assert {openpyxl.load_workbook(path)["Sheet"].row_dimensions[row].height for row in range(2, 6)} == {60}


# ---- rows that are appended to a log ------------------------------------------------------------------------------


def log_of(path: Path, *, wrap: bool = True, size: float = 10, width: float = 20, table: bool = True) -> Worksheet:
    """A log of two columns, the second one wrapped, with one row."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["编号", "内容"])
    sheet.append(["1", "短"])
    sheet["B2"].alignment, sheet["B2"].font = Alignment(wrap_text=wrap), Font(size=size)
    sheet.column_dimensions["B"].width = width
    if table:
        sheet.add_table(Table(displayName="tblLog", ref="A1:B2"))
    book.save(path)
    return sheet


def saved(sheet: Worksheet, path: Path) -> None:
    assert sheet.parent is not None
    sheet.parent.save(path)


def rewrite(path: Path, xml: bytes) -> None:
    write_parts(path, {**read_parts(path), "xl/worksheets/sheet1.xml": xml})


def heights(path: Path) -> list[float | None]:
    """Of the rows below the header."""
    sheet = openpyxl.load_workbook(path)["Sheet"]
    return [sheet.row_dimensions[row].height for row in range(2, sheet.max_row + 1)]


def test_a_row_appended_to_a_log_is_as_high_as_its_wrapped_texts(
    tmp_path: Path,
) -> None:
    path = tmp_path / "book.xlsx"
    log_of(path)
    append_rows(path, path, "tblLog", [{"编号": "2", "内容": LONG}, {"编号": "3", "内容": "短"}, {"编号": LONG}])
    assert heights(path) == [None, 70.5, None, None]
    append_rows(path, path, "tblLog", [{"编号": "5", "内容": "一\n二"}, {"编号": "6", "内容": "短"}, {"编号": "7"}])
    assert heights(path)[4:] == [30, None, None]  # none takes over what its neighbour needed


@pytest.mark.parametrize(("width", "height"), [(50, 30), (10, 165)])
def test_the_width_that_somebody_gave_the_column_counts(tmp_path: Path, width: float, height: float) -> None:
    path = tmp_path / "book.xlsx"
    log_of(path, width=width)
    append_rows(path, path, "tblLog", [{"内容": LONG}])
    assert heights(path) == [None, height]


def test_a_height_that_a_person_chose_is_taken_over_and_a_column_folded_away_needs_none(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    sheet = log_of(path)
    sheet.row_dimensions[2].height = 40
    saved(sheet, path)
    append_rows(path, path, "tblLog", [{"内容": LONG}])
    assert heights(path) == [40, 40]
    sheet.row_dimensions[2].height = None
    sheet.column_dimensions["B"].hidden = True
    saved(sheet, path)
    append_rows(path, path, "tblLog", [{"内容": LONG}])
    assert heights(path) == [None, None]


def test_where_texts_are_not_wrapped_the_row_looks_like_the_one_above(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    log_of(path, wrap=False, table=False)
    block = CellBlock("Sheet", Area(1, 1, 2, 2))
    patch_workbook(path, path, appends={block: [{"A": "2", "B": LONG}]})
    assert heights(path) == [None, None]
    log_of(path, table=False)
    patch_workbook(path, path, appends={block: [{"A": "2", "B": LONG}]})
    assert heights(path) == [None, 70.5]


def test_larger_type_needs_more_room(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    log_of(path, size=20)
    append_rows(path, path, "tblLog", [{"内容": "短"}, {"内容": "请寄回旧件，谢谢您的配合"}])
    assert heights(path) == [None, 30, 84]


def test_a_row_prepared_below_keeps_its_height_and_grows_only_if_that_is_too_little(
    tmp_path: Path,
) -> None:
    path = tmp_path / "book.xlsx"
    sheet = log_of(path)
    for row in (3, 4):
        sheet.cell(row, 4, "daneben")
    saved(sheet, path)
    xml = read_parts(path)["xl/worksheets/sheet1.xml"].replace(b'<row r="3"', b'<row r="3" ht="200"')
    rewrite(path, xml)
    append_rows(path, path, "tblLog", [{"内容": LONG}, {"内容": LONG}])
    assert heights(path) == [None, 200, 70.5]


def test_a_row_that_gets_a_longer_text_grows_with_what_stands_in_it_and_never_shrinks(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    sheet = log_of(path)
    sheet["A2"].alignment, sheet["A2"].value = Alignment(wrap_text=True), LONG
    saved(sheet, path)
    with_both = {"Sheet": {2: {1: LONG, 2: "短"}}}
    patch_workbook(path, path, edits={"Sheet": {"B2": "二\n三"}}, fits=with_both)
    assert heights(path) == [240.6]
    before = rows_from(read_parts(path)["xl/worksheets/sheet1.xml"].decode(), 2)
    assert patch_workbook(path, path, fits={"Sheet": {2: {1: "短", 2: "短"}}}).changed_parts == ()
    assert rows_from(read_parts(path)["xl/worksheets/sheet1.xml"].decode(), 2) == before
