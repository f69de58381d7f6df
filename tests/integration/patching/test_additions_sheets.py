"""Sheets copied to the end of a workbook in use, and drop-down lists made longer."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from ooxml_lint import lint
from test_patch_refusals import refusal
from workbook_makers import HandMade, make_openpyxl_book, make_xlsxwriter_book, read_parts

from qtemplate.ooxml.add import Additions, ListValues, NewColumn, NewSheet, add_sheets, extend_lists
from qtemplate.ooxml.cells import CellValue
from qtemplate.ooxml.references import Area
from qtemplate.sheets import open_book, patch_workbook
from qtemplate.sheets.standard.workbook import build_workbook

WORKBOOK = "xl/workbook.xml"


@pytest.fixture(scope="module")
def donor(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A standard workbook without rows."""
    path = tmp_path_factory.mktemp("donor") / "standard.xlsx"
    path.write_bytes(build_workbook("zh", people=[{"name": "张三", "away_from": dt.date(2026, 5, 1)}]))
    return path


def hand_made(**flags: Any) -> Callable[[Path], Path]:
    p = flags.get("prefix", "")
    rows = f'<{p}row r="1"><{p}c r="A1" t="s"><{p}v>0</{p}v></{p}c></{p}row>'
    return HandMade(rows, strings=("甲",), **flags).write


MAKERS: dict[str, Callable[[Path], Path]] = {
    "XlsxWriter": make_xlsxwriter_book,
    "openpyxl": make_openpyxl_book,
    "plain": hand_made(),
    "prefixed": hand_made(prefix="x:"),
    "strict": hand_made(strict=True),
    "strict without formats": hand_made(strict=True, styles=False),
    "from 1904, with a mark": hand_made(date1904=True, bom=True),
    "with names": hand_made(names='<{p}definedNames><{p}definedName name="n">1</{p}definedName></{p}definedNames>'),
}
SHEETS = ("人员", "工作日历", "分级规则", "答复时限", "沟通记录")


def rows(path: Path, sheet: str) -> list[list[Any]]:
    return open_book(path).sheet(sheet).to_python(skip_empty_area=False)


@pytest.mark.parametrize("name", MAKERS)
def test_copied_sheets_hold_what_the_donor_holds(name: str, donor: Path, tmp_path: Path) -> None:
    source, target = MAKERS[name](tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    before = open_book(source).sheet_names
    add_sheets(source, target, [NewSheet(sheet, donor, sheet) for sheet in SHEETS])
    assert set(lint(target)) <= set(lint(source))
    assert open_book(target).sheet_names == [*before, *SHEETS]
    for sheet in SHEETS:
        assert rows(target, sheet) == rows(donor, sheet)
        assert [table.name for table in open_book(target).tables(sheet)] == [
            table.name for table in open_book(donor).tables(sheet)
        ]
    assert rows(target, before[0]) == rows(source, before[0])


def looks(path: Path, sheet: str) -> list[str]:
    """Everything about the look of a sheet, by cell and column."""
    ws = openpyxl.load_workbook(path)[sheet]
    parts = ("number_format", "font", "fill", "border", "alignment", "protection")
    cells = [
        [cell.coordinate, *(repr(getattr(cell, part)) for part in parts)] for row in ws.iter_rows() for cell in row
    ]
    columns = [
        [letter, repr(column.width), *(repr(getattr(column, part)) for part in parts)]
        for letter, column in ws.column_dimensions.items()
    ]
    colours = [
        (str(area.sqref), rule.formula, repr(rule.dxf)) for area in ws.conditional_formatting for rule in area.rules
    ]
    checks = sorted((str(check.sqref), check.formula1, check.type) for check in ws.data_validations.dataValidation)
    rest = [ws.freeze_panes, ws.print_title_rows, ws.sheet_properties.tabColor]
    return [repr(each) for each in (*cells, *columns, *colours, *checks, *rest)]


def test_a_copied_sheet_looks_as_in_the_donor(donor: Path, tmp_path: Path) -> None:
    source, target = make_openpyxl_book(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    add_sheets(source, target, [NewSheet(sheet, donor, sheet) for sheet in SHEETS])
    for sheet in SHEETS:
        assert looks(target, sheet) == looks(donor, sheet)


def test_what_stood_in_the_workbook_keeps_its_bytes(donor: Path, tmp_path: Path) -> None:
    source, target = make_xlsxwriter_book(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    add_sheets(source, target, [NewSheet("人员", donor, "人员")])
    before, after = read_parts(source), read_parts(target)
    added = after.keys() - before.keys()
    assert added == {"xl/worksheets/sheet4.xml", "xl/worksheets/_rels/sheet4.xml.rels", "xl/tables/table3.xml"}
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {
        "[Content_Types].xml", WORKBOOK, "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml", "xl/styles.xml",
    }  # fmt: skip


def test_names_of_its_own_come_along_and_formulas_are_rewritten(donor: Path, tmp_path: Path) -> None:
    source, target = make_xlsxwriter_book(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    new = NewSheet("新 人员", donor, "人员", rewrite=lambda formula: formula.replace("数据字典", "检查"))
    add_sheets(source, target, [new])
    parts = read_parts(target)
    assert (
        b'<definedName name="_xlnm.Print_Titles" localSheetId="4">\'\xe6\x96\xb0 \xe4\xba\xba\xe5\x91\x98\'!$3:$3<'
        in (parts[WORKBOOK])
    )
    sheet = parts["xl/worksheets/sheet4.xml"].decode()
    assert "检查" in sheet and "数据字典" not in sheet


def test_dates_are_counted_as_this_workbook_counts(donor: Path, tmp_path: Path) -> None:
    source, target = hand_made(date1904=True)(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    add_sheets(source, target, [NewSheet("人员", donor, "人员")])
    assert rows(target, "人员")[3][8] == dt.date(2026, 5, 1)


def test_a_name_a_table_and_a_kind_of_sheet_that_cannot_be_are_refused(donor: Path, tmp_path: Path) -> None:
    source, target = make_xlsxwriter_book(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    cases = {
        "sheet_exists": NewSheet("看板", donor, "人员"),
        "sheet_name": NewSheet("a/b", donor, "人员"),
        "sheet_parts": NewSheet("新登记", source, "反馈登记"),  # it holds notes
        "no_sheet": NewSheet("新", donor, "没有"),
        "table_exists": NewSheet("新校验", donor, "校验结果"),
    }
    for reason, new in cases.items():
        assert refusal(lambda new=new: add_sheets(source, target, [new]), target) == reason  # type: ignore[misc] # bound at once
    twice = [NewSheet("新", donor, "人员"), NewSheet("新", donor, "产品")]
    assert refusal(lambda: add_sheets(source, target, twice), target) == "overlap"


@pytest.mark.parametrize("name", ["openpyxl", "strict"])
def test_charts_come_along_and_show_the_cells_of_the_copy(name: str, donor: Path, tmp_path: Path) -> None:
    source, target = MAKERS[name](tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    before = read_parts(source)
    add_sheets(source, target, [NewSheet("新统计", donor, "统计", lambda text: text.replace("'统计'!", "'新统计'!"))])
    assert lint(target) == lint(source) == []
    parts = read_parts(target)
    charts = [data.decode() for part, data in parts.items() if "charts/chart" in part and part not in before]
    assert len(charts) == 7
    assert {sheet for chart in charts for sheet in re.findall("<f>'(.+?)'!", chart)} == {"新统计"}
    assert {part for part in before if parts[part] != before[part]} <= {
        "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/sharedStrings.xml",
    }  # fmt: skip


# ---- lists behind drop-downs -------------------------------------------------------------------------------------

LISTS = (
    '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" s="1"><v>1</v></c></row>'
    '<row r="3"><c r="A3" s="3"><v>2</v></c></row>'
)
TAIL = (
    '<dataValidations count="3"><dataValidation type="list" sqref="D1"><formula1>{a}</formula1></dataValidation>'
    '<dataValidation type="list" sqref="D2"><formula1>Sheet1!A2:A9</formula1></dataValidation>'
    '<dataValidation type="whole" sqref="D3"><formula1>{b}</formula1></dataValidation></dataValidations>'
    '<extLst><ext xmlns:x14="urn:x14" xmlns:xm="urn:xm" uri="u"><x14:dataValidations>'
    '<x14:dataValidation type="list"><x14:formula1><xm:f>{c}</xm:f></x14:formula1><xm:sqref>E1</xm:sqref>'
    "</x14:dataValidation></x14:dataValidations></ext></extLst>"
)
BEFORE = {"a": "$A$2:$A$3", "b": "Sheet1!$A$2:$A$3", "c": "INDIRECT('Sheet1'!A$2:A$3)"}
AFTER = {"a": "$A$2:$A$5", "b": "Sheet1!$A$2:$A$3", "c": "INDIRECT('Sheet1'!A$2:A$5)"}
NAMES = '<definedNames><definedName name="l">Sheet1!$A$2:$A$3</definedName></definedNames>'
HAND = HandMade(LISTS, strings=("甲",), tail=TAIL.format(**BEFORE), names=NAMES)
MORE = [ListValues("Sheet1", Area(2, 1, 3, 1), ("丙", 4))]


def test_a_list_gets_values_and_whatever_names_it_names_the_longer_one(tmp_path: Path) -> None:
    source, target = HAND.write(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    extend_lists(source, target, MORE)
    assert lint(target) == lint(source) == []
    parts = {name: data.decode() for name, data in read_parts(target).items()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    assert sheet[sheet.index('<row r="3"') :] == (
        '<row r="3"><c r="A3" s="3"><v>2</v></c></row><row r="4"><c r="A4" s="3" t="s"><v>1</v></c></row>'
        f'<row r="5"><c r="A5" s="3"><v>4</v></c></row></sheetData>{TAIL.format(**AFTER)}</worksheet>'
    )
    assert '<definedName name="l">Sheet1!$A$2:$A$5</definedName>' in parts[WORKBOOK]


def test_a_list_of_one_value_becomes_an_area(tmp_path: Path) -> None:
    hand = replace(HAND, tail=TAIL.format(a="$A$3", b="1", c="Sheet1!$A$3"), names="")
    source, target = hand.write(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    extend_lists(source, target, [ListValues("Sheet1", Area(3, 1, 3, 1), ("丙",))])
    sheet = read_parts(target)["xl/worksheets/sheet1.xml"].decode()
    assert TAIL.format(a="$A$3:$A$4", b="1", c="Sheet1!$A$3:$A$4") in sheet


def test_what_stands_below_a_list_is_not_covered(tmp_path: Path) -> None:
    hand = replace(HAND, rows=LISTS + '<row r="5"><c r="A5"><v>9</v></c></row>')
    source, target = hand.write(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    assert refusal(lambda: extend_lists(source, target, MORE), target) == "below_list"
    wide = [ListValues("Sheet1", Area(2, 1, 3, 2), ("丙",))]
    assert refusal(lambda: extend_lists(source, target, wide), target) == "bad_reference"
    assert refusal(lambda: extend_lists(source, target, MORE * 2), target) == "overlap"


def test_the_drop_downs_of_a_standard_workbook_follow(tmp_path: Path) -> None:
    source, target = tmp_path / "source.xlsx", tmp_path / "target.xlsx"
    source.write_bytes(build_workbook("zh"))
    grid = rows(source, "数据字典")
    at = grid[2].index("反馈渠道")
    last = max(row for row, line in enumerate(grid, 1) if line[at])
    letter = openpyxl.utils.get_column_letter(at + 1)
    extend_lists(source, target, [ListValues("数据字典", Area(4, at + 1, last, at + 1), ("短信",))])
    assert lint(target) == []
    register = read_parts(target)["xl/worksheets/sheet3.xml"].decode()
    assert f"'数据字典'!${letter}$4:${letter}${last + 1}<" in register
    assert rows(target, "数据字典")[last][at] == "短信"
    assert not re.search(rf"\${letter}\$4:\${letter}\${last}(?!\d)", register)


def test_everything_goes_into_one_patch(donor: Path, tmp_path: Path) -> None:
    source, target = tmp_path / "source.xlsx", tmp_path / "target.xlsx"
    make_xlsxwriter_book(source)
    calls: list[str] = []
    appends: dict[str, list[dict[str, CellValue]]] = {"tblFindings": [{"代码": "QT1", "日期": dt.date(2026, 1, 1)}]}
    report = patch_workbook(
        source,
        source,
        edits={"反馈登记": {"C3": 77}, "检查": {"H2": "一"}},
        appends=appends,
        before_replace=calls.append,
        additions=Additions(
            columns={"tblFeedback": [NewColumn("新", number_format="0.000")]},
            sheets=[NewSheet("人员", donor, "人员"), NewSheet("产品", donor, "产品")],
            lists=[ListValues("检查", Area(2, 8, 2, 8), ("二", "三"))],
        ),
    )
    assert calls == [report.sha256]
    assert lint(source) == lint(make_xlsxwriter_book(target))
    assert rows(source, "检查")[1][7] == "一" and [row[7] for row in rows(source, "检查")[2:4]] == ["二", "三"]
    assert rows(source, "反馈登记")[0][6] == "新"
