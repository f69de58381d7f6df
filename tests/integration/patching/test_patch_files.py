"""Whole workbooks patched: what was asked for is there, and nothing else in the file moved."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from lxml import etree
from ooxml_lint import lint
from python_calamine import CalamineWorkbook
from workbook_makers import (
    RELATIONS,
    HandMade,
    add_parts,
    make_openpyxl_book,
    make_xlsxwriter_book,
    read_parts,
    write_parts,
)

from qtemplate.errors import RegisterChanged, WorkbookRefused
from qtemplate.ooxml.cells import CellValue
from qtemplate.sheets import Formula, SheetBody, append_rows, edit_cells, patch_workbook

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

REGISTER = "反馈登记"
EDITS: dict[str, CellValue] = {
    "A3": "=1+1",
    "B4": dt.date(2026, 12, 31),
    "C5": 3.25,
    "D6": None,
    "E7": "已关闭",
    "K30": dt.datetime(2026, 5, 6, 7, 30),
}
ROWS: list[dict[str, CellValue]] = [
    {"编号": "000123", "受理日期": dt.date(2026, 11, 22), "数量": 7, "状态": "新建"},
    {"编号": "<新>&", "金额": 0.1},
]


def cells_of(path: Path, part: str) -> dict[str, bytes]:
    """Every cell of a sheet as the bytes it has in the part; comments are taken out first."""
    data = re.sub(rb"<!--.*?-->", b"", read_parts(path)[part], flags=re.S)
    found = re.finditer(rb"<((?:\w+:)?)c(?=[\s>/])[^<>]*?(?:/>|>.*?</\1c>)", data, re.S)
    return {m[1].decode(): c[0] for c in found if (m := re.search(rb'\sr="([A-Z]+\d+)"', c[0]))}


def changed_members(source: Path, target: Path) -> set[str]:
    """Members that differ, checking that the others keep their order."""
    before, after = read_parts(source), read_parts(target)
    assert [name for name in before if name in after] == [name for name in after if name in before]
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def with_strange_parts(path: Path) -> Path:
    """A register that also holds what only Excel makes: threads, slicers, pivots, controls, macros, custom XML."""
    make_xlsxwriter_book(path)
    parts = {
        "xl/threadedComments/threadedComment1.xml": '<ThreadedComments xmlns="urn:t"><a ref="A2"/></ThreadedComments>',
        "xl/slicers/slicer1.xml": '<slicers xmlns="urn:s"><slicer name="s" cache="c"/></slicers>',
        "xl/ctrlProps/ctrlProp1.xml": '<formControlPr xmlns="urn:c" objectType="CheckBox"/>',
        "xl/persons/person.xml": '<personList xmlns="urn:p"><person displayName="王"/></personList>',
        "xl/slicerCaches/slicerCache1.xml": '<slicerCacheDefinition xmlns="urn:s" name="c"/>',
        "xl/pivotCache/pivotCacheDefinition1.xml": '<pivotCacheDefinition xmlns="urn:p"/>',
        "xl/vbaProject.bin": "".join(map(chr, range(128))) * 9,
        "customXml/item1.xml": "<根><值>一</值></根>",
    }
    links = {"xl/worksheets/sheet1.xml": "", "xl/workbook.xml": ""}
    for number, name in enumerate(parts):
        owner = "xl/worksheets/sheet1.xml" if number < 3 else "xl/workbook.xml"
        kind = name.rpartition("/")[2].rstrip("0123456789.xmlbin")
        links[owner] += f'<Relationship Id="rIdX{number}" Type="urn:relationships/{kind}" Target="/{name}"/>'
    return add_parts(path, {name: text.encode() for name, text in parts.items()}, links)


def through_libreoffice(path: Path) -> Path:
    """The XlsxWriter register as LibreOffice saves it."""
    source = make_xlsxwriter_book(path.with_name("original.xlsx"))
    out = path.parent / "converted"
    profile = f"-env:UserInstallation=file://{path.parent / 'profile'}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out)]
    subprocess.run([*command, str(source)], check=True, capture_output=True, timeout=180)
    return (out / "original.xlsx").rename(path)


BOOKS = [
    pytest.param(make_xlsxwriter_book, id="XlsxWriter"),
    pytest.param(make_openpyxl_book, id="openpyxl"),
    pytest.param(with_strange_parts, id="strange parts"),
    pytest.param(
        through_libreoffice,
        id="LibreOffice",
        marks=[
            pytest.mark.libreoffice,
            pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice on this machine"),
        ],
    ),
]


@pytest.mark.parametrize("make", BOOKS)
def test_edits_change_their_cells_and_nothing_else(make: Callable[[Path], Path], tmp_path: Path) -> None:
    source, target = make(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    report = edit_cells(source, target, REGISTER, EDITS)
    part = "xl/worksheets/sheet1.xml"
    before, after = cells_of(source, part), cells_of(target, part)
    assert {ref for ref in before.keys() | after.keys() if before.get(ref) != after.get(ref)} == set(EDITS)
    assert changed_members(source, target) == set(report.changed_parts)
    assert set(report.changed_parts) <= {part, "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"}
    assert lint(target) == lint(source)
    sheet = openpyxl.load_workbook(target)[REGISTER]
    assert (sheet["A3"].value, sheet["A3"].data_type) == ("=1+1", "s")
    assert sheet["B4"].value == dt.datetime(2026, 12, 31)
    assert (sheet["C5"].value, sheet["D6"].value, sheet["E7"].value) == (3.25, None, "已关闭")
    assert (sheet["K30"].value, sheet["K30"].is_date) == (dt.datetime(2026, 5, 6, 7, 30), True)
    assert report.sha256 == hashlib.sha256(target.read_bytes()).hexdigest()


@pytest.mark.parametrize("make", BOOKS)
def test_appended_rows_take_everything_that_belongs_to_the_table_with_them(
    make: Callable[[Path], Path], tmp_path: Path
) -> None:
    source, target = make(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    old = openpyxl.load_workbook(source)[REGISTER]
    last = int(old.tables["tblFeedback"].ref.rpartition("F")[2])
    report = append_rows(source, target, "tblFeedback", ROWS)
    assert lint(target) == lint(source)
    assert changed_members(source, target) == set(report.changed_parts)
    book = openpyxl.load_workbook(target)
    sheet = book[REGISTER]
    assert sheet.tables["tblFeedback"].ref == f"A1:F{last + 2}"
    assert sheet.tables["tblFeedback"].autoFilter.ref == f"A1:F{last + 2}"
    new = [sheet.cell(last + 1, column) for column in range(1, 7)]
    assert [cell.value for cell in new][:5] == ["000123", dt.datetime(2026, 11, 22), 7, None, "新建"]
    assert new[5].data_type == "f"
    assert [cell.value for cell in sheet[last + 2]][:4] == ["<新>&", None, None, 0.1]
    assert [cell.number_format for cell in new] == [sheet.cell(last, column).number_format for column in range(1, 7)]
    assert sheet.row_dimensions[last + 1].height == old.row_dimensions[last].height
    ends = {str(rule.sqref) for rule in sheet.data_validations.dataValidation}
    assert ends == {str(r.sqref).replace(str(last), str(last + 2)) for r in old.data_validations.dataValidation}
    formats = {str(f.sqref) for f in sheet.conditional_formatting}
    assert formats == {str(f.sqref).replace(str(last), str(last + 2)) for f in old.conditional_formatting}
    xml = read_parts(target)["xl/worksheets/sheet1.xml"].decode()
    assert f"<xm:sqref>C2:C{last}</xm:sqref>" not in xml
    before, after = cells_of(source, "xl/worksheets/sheet1.xml"), cells_of(target, "xl/worksheets/sheet1.xml")
    assert {ref: after[ref] for ref in before} == before


def test_names_of_the_whole_column_follow_and_others_stay(tmp_path: Path) -> None:
    source, target = make_xlsxwriter_book(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    append_rows(source, target, "tblFeedback", ROWS)
    book = openpyxl.load_workbook(target)
    assert book.defined_names["数量"].attr_text == "反馈登记!$C$2:$C$15"
    assert book.defined_names["表头"].attr_text == "反馈登记!$A$1:$F$1"
    assert book[REGISTER].print_area == "'反馈登记'!$A$1:$F$15"


def test_a_totals_row_moves_down_with_its_sums(tmp_path: Path) -> None:
    source, target = make_xlsxwriter_book(tmp_path / "source.xlsx", totals=True), tmp_path / "target.xlsx"
    append_rows(source, target, "tblFeedback", ROWS)
    assert lint(target) == []
    sheet = openpyxl.load_workbook(target)[REGISTER]
    assert sheet.tables["tblFeedback"].ref == "A1:F16"
    assert sheet.tables["tblFeedback"].autoFilter.ref == "A1:F15"
    assert [cell.value for cell in sheet[14]][:3] == ["000123", dt.datetime(2026, 11, 22), 7]
    assert [cell.value for cell in sheet[16]][:3] == ["合计", None, "=SUBTOTAL(109,[数量])"]


def test_edits_rows_and_a_body_are_made_in_one_pass(tmp_path: Path) -> None:
    source, target = make_xlsxwriter_book(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    body = SheetBody("检查", 2, [["QT103", "错误", dt.date(2026, 1, 2), "日期"], ["QT104", None, None, "空"]])
    edits: dict[str, dict[str, CellValue]] = {REGISTER: EDITS, "看板": {"A5": "说明"}}
    patch_workbook(source, target, edits=edits, appends={"tblFeedback": ROWS}, bodies=[body])
    assert lint(target) == []
    book = openpyxl.load_workbook(target)
    assert book["检查"].tables["tblFindings"].ref == "A1:D3"
    assert [[cell.value for cell in row] for row in book["检查"].iter_rows(min_row=2)] == [
        ["QT103", "错误", dt.datetime(2026, 1, 2), "日期"],
        ["QT104", None, None, "空"],
    ]
    assert (book[REGISTER]["A14"].value, book["看板"]["A5"].value) == ("000123", "说明")


def test_the_same_body_again_leaves_the_file_alone(tmp_path: Path) -> None:
    path = make_xlsxwriter_book(tmp_path / "book.xlsx")
    rows: list[list[CellValue]] = [[f"QT{n}", "x", dt.datetime(2026, 1, 1, n % 24), None] for n in range(300)]
    body = SheetBody("检查", 2, rows)
    first = patch_workbook(path, path, bodies=[body])
    known = path.stat()
    second = patch_workbook(path, path, bodies=[body])
    assert first.changed_parts
    assert second.changed_parts == ()
    assert (second.sha256, path.stat().st_ino) == (first.sha256, known.st_ino)
    patch_workbook(path, path, bodies=[SheetBody("检查", 2, [])])
    assert lint(path) == []
    sheet = openpyxl.load_workbook(path)["检查"]
    assert (sheet.tables["tblFindings"].ref, sheet.max_row, sheet["C2"].is_date) == ("A1:D2", 2, True)


def test_a_value_that_is_there_already_changes_nothing(tmp_path: Path) -> None:
    path = make_xlsxwriter_book(tmp_path / "book.xlsx")
    before = path.read_bytes()
    report = edit_cells(path, path, REGISTER, {"A2": "QF-2026-0001", "C2": 1, "B2": dt.date(2026, 1, 6), "ZZ99": None})
    assert (report.changed_parts, path.read_bytes()) == ((), before)


def test_a_target_elsewhere_is_a_copy_when_nothing_changes(tmp_path: Path) -> None:
    path = make_xlsxwriter_book(tmp_path / "book.xlsx")
    report = patch_workbook(path, tmp_path / "copy.xlsx")
    assert (tmp_path / "copy.xlsx").read_bytes() == path.read_bytes()
    assert report.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_veto_before_replacing_leaves_the_target_and_no_rubbish(tmp_path: Path) -> None:
    path = make_xlsxwriter_book(tmp_path / "book.xlsx")
    before = path.read_bytes()
    seen = []

    def veto(sha256: str) -> None:
        seen.append((sha256, len(list(tmp_path.glob(".qt-tmp-*")))))
        raise RegisterChanged("changed.editing", "somebody saved")

    with pytest.raises(RegisterChanged):
        patch_workbook(path, path, edits={REGISTER: {"A2": "x"}}, before_replace=veto)
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (before, [path])
    assert len(seen) == 1
    assert seen[0][1] == 1


class SlowRows(list[dict[str, CellValue]]):
    """Rows that come so slowly that somebody saves the workbook meanwhile."""

    def __init__(self, rows: list[dict[str, CellValue]], path: Path, save: bytes) -> None:
        super().__init__(rows)
        self._path, self._save = path, save

    def __len__(self) -> int:
        if self._path.read_bytes() != self._save:
            other = self._path.with_name("new")
            other.write_bytes(self._save)
            other.replace(self._path)
        return super().__len__()


def test_a_save_by_somebody_in_between_stops_the_replacement(tmp_path: Path) -> None:
    path = make_xlsxwriter_book(tmp_path / "book.xlsx")
    colleague = make_openpyxl_book(tmp_path / "other.xlsx").read_bytes()
    with pytest.raises(RegisterChanged):
        append_rows(path, path, "tblFeedback", SlowRows(ROWS, path, colleague))
    assert path.read_bytes() == colleague


def test_mode_and_symbolic_links_survive_the_replacement(tmp_path: Path) -> None:
    path = make_xlsxwriter_book(tmp_path / "book.xlsx")
    path.chmod(0o640)
    link = tmp_path / "link.xlsx"
    link.symlink_to(path)
    edit_cells(link, link, REGISTER, {"A2": "x"})
    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640
    assert openpyxl.load_workbook(path)[REGISTER]["A2"].value == "x"


def test_the_dashboard_keeps_its_values_and_is_calculated_when_opened(tmp_path: Path) -> None:
    source, target = make_openpyxl_book(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    parts = read_parts(source)
    parts["xl/workbook.xml"] = re.sub(rb"<calcPr[^>]*/>", b"", parts["xl/workbook.xml"])
    write_parts(source, parts)
    report = edit_cells(source, target, REGISTER, {"E2": "已关闭"})
    assert b'<calcPr fullCalcOnLoad="1"/>' in read_parts(target)["xl/workbook.xml"]
    assert "xl/workbook.xml" in report.changed_parts
    assert lint(target) == []
    quiet = edit_cells(source, target, "看板", {"C9": "备注"})
    assert "xl/workbook.xml" in quiet.changed_parts  # the sheet itself holds a formula


def test_no_calculation_is_asked_for_when_no_formula_can_depend_on_the_edit(tmp_path: Path) -> None:
    source = HandMade(strings=("甲",)).write(tmp_path / "source.xlsx")
    report = edit_cells(source, tmp_path / "target.xlsx", "Sheet1", {"A2": 1})
    assert report.changed_parts == ("xl/worksheets/sheet1.xml",)


def test_the_calculation_chain_goes_when_a_formula_is_replaced(tmp_path: Path) -> None:
    source, target = make_xlsxwriter_book(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    chain = (
        b'<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><c r="H2" i="1"/></calcChain>'
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"
    link = f'<Relationship Id="rId77" Type="{RELATIONS}/calcChain" Target="calcChain.xml"/>'
    add_parts(source, {"xl/calcChain.xml": chain}, {"xl/workbook.xml": link}, {"xl/calcChain.xml": kind})
    assert lint(source) == []
    kept = edit_cells(source, target, REGISTER, {"H2": Formula("=C2*3", cached=3), "A2": "x"}, replace_formulas=True)
    assert "xl/calcChain.xml" not in kept.changed_parts
    gone = edit_cells(source, target, REGISTER, {"H2": 5}, replace_formulas=True)
    assert {"xl/calcChain.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"} <= set(gone.changed_parts)
    assert lint(target) == []
    assert b"calcChain" not in b"".join(data for name, data in read_parts(target).items() if "sheet" not in name)


def test_calamine_reads_what_was_written(tmp_path: Path) -> None:
    source, target = make_xlsxwriter_book(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    values: dict[str, CellValue] = {
        "A30": "两行\n文字",
        "B30": True,
        "C30": -1.5e-7,
        "D30": dt.time(13, 45),
        "E30": " 空格 ",
        "F30": Formula("=1+1", cached=2),
    }
    edit_cells(source, target, REGISTER, values)
    row = CalamineWorkbook.from_path(str(target)).get_sheet_by_name(REGISTER).to_python()[29]
    assert row[:6] == ["两行\n文字", True, -1.5e-7, dt.time(13, 45), " 空格 ", 2.0]


def test_every_prefix_and_dialect_is_edited_in_its_own_words(tmp_path: Path) -> None:
    rows = (
        '\n<{p}row r="1" spans="1:2"><{p}c r="A1" s="1"><{p}v>1</{p}v></{p}c>'
        "<!-- <{p}row r='9'> --><{p}c r='B1' t='s'><{p}v>0</{p}v></{p}c></{p}row>\n"
        '<{p}row customFormat="1" s="3" r="4"/>\n'
    )
    for number, hand in enumerate(
        HandMade(rows, prefix=p, strict=strict, bom=bom, date1904=old, strings=("文",), styles=True)
        for p in ("", "x:")
        for strict in (False, True)
        for bom in (False, True)
        for old in (False, True)
    ):
        source, target = hand.write(tmp_path / f"{number}.xlsx"), tmp_path / "target.xlsx"
        day = dt.date(2026, 3, 4)
        edit_cells(source, target, "Sheet1", {"A1": day, "D1": "新", "B4": day, "C7": "文"})
        assert lint(target) == lint(source) == []
        p = hand.prefix
        serial = (day - (dt.date(1904, 1, 1) if hand.date1904 else dt.date(1899, 12, 30))).days
        sheet = read_parts(target)["xl/worksheets/sheet1.xml"].decode()
        expected = rows.format(p=p)
        expected = expected.replace('spans="1:2"', 'spans="1:4"').replace(f"<{p}v>1<", f"<{p}v>{serial}<")
        expected = expected.replace(f"</{p}row>\n", f'<{p}c r="D1" t="s"><{p}v>1</{p}v></{p}c></{p}row>\n')
        made = f'<{p}c r="B4" s="4"><{p}v>{serial}</{p}v></{p}c>'
        expected = expected.replace('r="4"/>', f'r="4">{made}</{p}row>')
        expected += f'<{p}row r="7"><{p}c r="C7" t="s"><{p}v>0</{p}v></{p}c></{p}row>'
        assert sheet[sheet.index("sheetData>") + 10 : sheet.index(f"</{p}sheetData>")] == expected


def test_rows_and_cells_without_addresses_are_counted(tmp_path: Path) -> None:
    rows = "<row><c><v>1</v></c><c><v>2</v></c></row><row r='5'><c/><c r='C5'><v>3</v></c><c><v>4</v></c></row><row/>"
    source, target = HandMade(rows).write(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    edit_cells(source, target, "Sheet1", {"B1": 20, "B5": 30, "D5": 40, "A6": 60, "A3": 9})
    sheet = read_parts(target)["xl/worksheets/sheet1.xml"].decode()
    assert sheet[sheet.index("<sheetData>") + 11 : sheet.index("</sheetData>")] == (
        '<row><c><v>1</v></c><c r="B1"><v>20</v></c></row><row r="3"><c r="A3"><v>9</v></c></row>'
        "<row r='5'><c/><c r=\"B5\"><v>30</v></c><c r='C5'><v>3</v></c><c r=\"D5\"><v>40</v></c></row>"
        '<row><c r="A6"><v>60</v></c></row>'
    )


def test_an_empty_sheet_and_empty_shared_strings_can_be_written(tmp_path: Path) -> None:
    source, target = HandMade(empty=True, strings=()).write(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    edit_cells(source, target, "Sheet1", {"B2": "一", "A2": "", "C3": "一"})
    assert lint(target) == []
    strings = read_parts(target)["xl/sharedStrings.xml"].decode()
    assert strings.endswith('count="3" uniqueCount="2"><si><t>一</t></si><si><t/></si></sst>')
    assert CalamineWorkbook.from_path(str(target)).get_sheet_by_index(0).to_python() == [["", "一", ""], ["", "", "一"]]


def test_a_refused_workbook_leaves_the_target_as_it_was(tmp_path: Path) -> None:
    path = make_xlsxwriter_book(tmp_path / "book.xlsx")
    before = path.read_bytes()
    with pytest.raises(WorkbookRefused, match="H3 holds a formula"):
        edit_cells(path, path, REGISTER, {"A2": "x", "H3": 1})
    assert (path.read_bytes(), list(tmp_path.iterdir())) == (before, [path])


def test_every_part_written_is_well_formed(tmp_path: Path) -> None:
    source, target = make_xlsxwriter_book(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    nasty = "a\x0b\x07_x0041_&<>\"'\t\r\n\u2028😀"
    edit_cells(source, target, REGISTER, {"A2": nasty})
    for name, data in read_parts(target).items():
        if name.endswith((".xml", ".rels")):
            etree.fromstring(data)
    kept = "a_x000B__x0007__x005F_x0041_&amp;&lt;&gt;\"'\t\n\u2028😀"
    assert f'<si><t xml:space="preserve">{kept}</t></si></sst>'.encode() in read_parts(target)["xl/sharedStrings.xml"]
