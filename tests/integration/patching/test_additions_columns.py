"""Columns added at the right end of a table, on sheets written letter by letter and on made workbooks."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from ooxml_lint import lint
from openpyxl.utils import get_column_letter
from test_patch_refusals import refusal
from workbook_makers import (
    PACKAGE,
    RELATIONS,
    HandMade,
    add_parts,
    make_openpyxl_book,
    make_xlsxwriter_book,
    read_parts,
    write_parts,
)

from qtemplate.ooxml.add import Additions, CellBlock, NewColumn, Validation, add_columns
from qtemplate.ooxml.references import Area
from qtemplate.sheets import append_rows, open_book, patch_workbook
from qtemplate.sheets.standard.inputs import OwnColumn
from qtemplate.sheets.standard.workbook import build_workbook

SHEET, TABLE = "xl/worksheets/sheet1.xml", "xl/tables/table1.xml"
HEAD = '<row r="1" spans="1:2"><c r="A1" s="3" t="s"><v>0</v></c><c r="B1" s="3" t="s"><v>1</v></c></row>'
BODY = '<row r="2"><c r="A2"><v>1</v></c><c r="B2" s="1"><v>2</v></c></row><row r="3"><c r="B3" s="1"/></row>'
STRINGS = ("甲", "乙")
HAND = HandMade(HEAD + BODY, strings=STRINGS, table=STRINGS, area="A1:B3")
NEW = [NewColumn("丙")]


def widened(tmp_path: Path, hand: HandMade, columns: Sequence[NewColumn] = NEW) -> dict[str, str]:
    """The parts after columns were added, linted."""
    source, target = hand.write(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    add_columns(source, target, "tblHand", columns)
    assert lint(target) == lint(source) == []
    return {name: data.decode() for name, data in read_parts(target).items()}


def rows_of(xml: str) -> str:
    return xml[xml.index("<sheetData>") + 11 : xml.index("</sheetData>")]


def test_a_column_takes_header_and_formats_of_its_neighbour(tmp_path: Path) -> None:
    parts = widened(tmp_path, HAND)
    assert rows_of(parts[SHEET]) == (
        '<row r="1" spans="1:3"><c r="A1" s="3" t="s"><v>0</v></c><c r="B1" s="3" t="s"><v>1</v></c>'
        '<c r="C1" s="3" t="s"><v>2</v></c></row>'
        '<row r="2"><c r="A2"><v>1</v></c><c r="B2" s="1"><v>2</v></c><c r="C2" s="1"/></row>'
        '<row r="3"><c r="B3" s="1"/><c r="C3" s="1"/></row>'
    )
    assert parts["xl/sharedStrings.xml"].endswith(
        'count="3" uniqueCount="3"><si><t>甲</t></si><si><t>乙</t></si><si><t>丙</t></si></sst>'
    )
    assert parts[TABLE].partition("?>")[2].strip() == (
        '<table xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" id="1" name="tblHand" '
        'displayName="tblHand" ref="A1:C3" ><autoFilter ref="A1:C3"/><tableColumns count="3">'
        '<tableColumn id="1" name="甲"/><tableColumn id="2" name="乙"/><tableColumn id="3" name="丙"/>'
        "</tableColumns></table>"
    )


def test_only_the_sheet_the_table_and_the_texts_change(tmp_path: Path) -> None:
    source, target = HAND.write(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    report = add_columns(source, target, "TBLHAND", NEW)
    assert set(report.changed_parts) == {SHEET, TABLE, "xl/sharedStrings.xml"}


def test_the_model_may_be_another_column_and_the_number_format_ones_own(tmp_path: Path) -> None:
    columns = [NewColumn("丙", like="甲"), NewColumn("丁", like="甲", number_format='0.0 "件"')]
    parts = widened(tmp_path, HAND, columns)
    assert '<row r="3"><c r="B3" s="1"/><c r="D3" s="4"/></row>' in parts[SHEET]
    assert '<numFmt numFmtId="165" formatCode="0.0 &quot;件&quot;"/></numFmts>' in parts["xl/styles.xml"]
    assert (
        '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        in (parts["xl/styles.xml"])
    )


def test_values_may_come_along(tmp_path: Path) -> None:
    parts = widened(tmp_path, HAND, [NewColumn("丙", values=("初", dt.date(2026, 1, 1)))])
    assert '<c r="C2" s="1" t="s"><v>3</v></c></row>' in parts[SHEET]
    assert '<c r="C3" s="1"><v>46023</v></c></row>' in parts[SHEET]


def test_an_empty_totals_cell_follows_the_data(tmp_path: Path) -> None:
    body = BODY + '<row r="4"><c r="A4" s="3"><v>1</v></c><c r="B4" s="3"><v>2</v></c></row>'
    hand = HandMade(HEAD + body, strings=STRINGS, table=STRINGS, area="A1:B4", table_extra='totalsRowCount="1"')
    source, target = hand.write(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    parts = read_parts(source)
    table = parts[TABLE].replace(b'autoFilter ref="A1:B4"', b'autoFilter ref="A1:B3"')
    write_parts(source, {**parts, TABLE: table})
    add_columns(source, target, "tblHand", [NewColumn("丙", validation=Validation({"type": "whole"}, ("1",)))])
    assert lint(target) == lint(source) == []
    sheet = read_parts(target)[SHEET].decode()
    assert '<c r="B4" s="3"><v>2</v></c><c r="C4" s="3"/></row>' in sheet
    assert 'sqref="C2:C3"' in sheet
    append_rows(target, target, "tblHand", [{"甲": 5, "丙": 6}])
    assert lint(target) == []


def test_a_table_without_a_header_row_gets_the_name_only(tmp_path: Path) -> None:
    hand = HandMade(BODY.replace("2", "1"), table=STRINGS, area="A1:B3", table_extra='headerRowCount="0"', styles=True)
    hand = replace(hand, rows='<row r="1"><c r="A1"><v>1</v></c></row><row r="3"/>')
    parts = widened(tmp_path, hand)
    assert rows_of(parts[SHEET]) == '<row r="1"><c r="A1"><v>1</v></c></row><row r="3"/>'
    assert '<tableColumn id="3" name="丙"/>' in parts[TABLE]


SPANNING = {
    "A2:B3": "A2:C3",
    "A2:B1048576": "A2:C1048576",
    "$A$1:$B$3": "$A$1:$C$3",
    "B2:B3": "B2:B3",
    "A2:A3": "A2:A3",
    "A2:D3": "A2:D3",
    "A9:B10": "A9:B10",
    "D2:D3 A2:B3": "D2:D3 A2:C3",
}


@pytest.mark.parametrize(("before", "after"), SPANNING.items())
def test_areas_that_span_the_table_follow_and_others_stay(before: str, after: str, tmp_path: Path) -> None:
    tail = (
        '<protectedRanges><protectedRange sqref="{s}" name="p"/></protectedRanges>'
        '<conditionalFormatting sqref="{s}"><cfRule type="duplicateValues" priority="1"/></conditionalFormatting>'
        '<dataValidations count="1"><dataValidation sqref="{s}"/></dataValidations>'
        '<ignoredErrors><ignoredError sqref="{s}" numberStoredAsText="1"/></ignoredErrors>'
        '<extLst><ext xmlns:x14="urn:x14" xmlns:xm="urn:xm" uri="u">'
        "<x14:dataValidations><x14:dataValidation><xm:sqref>{s}</xm:sqref></x14:dataValidation></x14:dataValidations>"
        "<x14:conditionalFormattings><x14:conditionalFormatting><xm:sqref>{s}</xm:sqref></x14:conditionalFormatting>"
        "</x14:conditionalFormattings><x14:slicerList><x14:slicer/></x14:slicerList></ext></extLst>"
    )
    sheet = widened(tmp_path, replace(HAND, tail=tail.replace("{s}", before)))[SHEET]
    assert sheet[sheet.index("</sheetData>") + 12 : sheet.index("</worksheet>")] == tail.replace("{s}", after)


def test_names_and_print_areas_that_end_at_the_right_edge_follow(tmp_path: Path) -> None:
    names = {
        "head": ("Sheet1!$A$1:$B$1", "Sheet1!$A$1:$C$1"),
        "whole": ("'Sheet1'!$A$1:$B$3", "'Sheet1'!$A$1:$C$3"),
        "columns": ("Sheet1!$A:$B", "Sheet1!$A:$C"),
        "last": ("Sheet1!$B$2:$B$3", "Sheet1!$B$2:$B$3"),
        "first": ("Sheet1!$A$2:$A$3", "Sheet1!$A$2:$A$3"),
        "elsewhere": ("Sheet2!$A$1:$B$3", "Sheet2!$A$1:$B$3"),
        "_xlnm.Print_Area": ("Sheet1!$A$1:$B$50", "Sheet1!$A$1:$C$50"),
        "_xlnm.Print_Titles": ("Sheet1!$A:$A,Sheet1!$1:$1", "Sheet1!$A:$A,Sheet1!$1:$1"),
        "_xlnm._FilterDatabase": ("Sheet1!$A$1:$B$3", "Sheet1!$A$1:$C$3"),
    }
    listed = "".join(f'<definedName name="{name}">{old}</definedName>' for name, (old, _) in names.items())
    parts = widened(tmp_path, replace(HAND, names=f"<definedNames>{listed}</definedNames>"))
    found = dict(re.findall(r'<definedName name="([^"]*)">([^<]*)<', parts["xl/workbook.xml"]))
    assert found == {name: new for name, (_, new) in names.items()}


CHECK = Validation({"type": "list", "allowBlank": "1", "prompt": 'Say "<yes>"'}, ("Sheet2!$A$1:$A$3",))
MADE = (
    '<dataValidation type="list" allowBlank="1" prompt="Say &quot;&lt;yes&gt;&quot;" sqref="C2:C1048576">'
    "<formula1>Sheet2!$A$1:$A$3</formula1></dataValidation>"
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", f'<dataValidations count="1">{MADE}</dataValidations>'),
        (
            '<mergeCells count="1"><mergeCell ref="H1:I2"/></mergeCells><hyperlinks/><pageMargins/>',
            '<mergeCells count="1"><mergeCell ref="H1:I2"/></mergeCells>'
            f'<dataValidations count="1">{MADE}</dataValidations><hyperlinks/><pageMargins/>',
        ),
        (
            '<dataValidations count="1"><dataValidation sqref="A2"/></dataValidations><extLst/>',
            f'<dataValidations count="2"><dataValidation sqref="A2"/>{MADE}</dataValidations><extLst/>',
        ),
        (
            '<dataValidations count="0"/><pageMargins/>',
            f'<dataValidations count="1">{MADE}</dataValidations><pageMargins/>',
        ),
        (
            '<dataValidations count="1"><dataValidation sqref="A2:XFD9"/></dataValidations>',
            '<dataValidations count="1"><dataValidation sqref="A2:XFD9"/></dataValidations>',
        ),
    ],
    ids=["none", "after what precedes", "into the list", "into an empty list", "cells that have one keep it"],
)
def test_a_validation_is_put_where_it_belongs(before: str, after: str, tmp_path: Path) -> None:
    sheet = widened(tmp_path, replace(HAND, tail=before), [NewColumn("丙", validation=CHECK)])[SHEET]
    assert sheet[sheet.index("</sheetData>") + 12 : sheet.index("</worksheet>")] == after


def test_widths_groups_and_formats_of_whole_columns(tmp_path: Path) -> None:
    head = (
        '<sheetFormatPr defaultRowHeight="15"/><cols><col min="2" max="2" width="20" style="1" customWidth="1"/>'
        '<col min="3" max="9" width="8" customWidth="1" hidden="1"/></cols>'
    )
    columns = [NewColumn("丙"), NewColumn("丁", width=12.5, outline=2, hidden=True)]
    sheet = widened(tmp_path, replace(HAND, head=head), columns)[SHEET]
    assert sheet[sheet.index("<sheetFormatPr") : sheet.index("<sheetData>")] == (
        '<sheetFormatPr defaultRowHeight="15" outlineLevelCol="2"/>'
        '<cols><col min="2" max="2" width="20" style="1" customWidth="1"/>'
        '<col min="3" max="3" width="20" customWidth="1" style="1"/>'
        '<col min="4" max="4" width="12.5" customWidth="1" hidden="1" style="1" outlineLevel="2"/>'
        '<col min="5" max="9" width="8" customWidth="1" hidden="1"/></cols>'
    )
    assert '<row r="2"><c r="A2"><v>1</v></c><c r="B2" s="1"><v>2</v></c></row>' in sheet


def test_a_sheet_without_widths_gets_them_before_its_rows(tmp_path: Path) -> None:
    sheet = widened(tmp_path, HAND, [NewColumn("丙", width=30)])[SHEET]
    assert '<cols><col min="3" max="3" width="30" customWidth="1"/></cols><sheetData>' in sheet


@pytest.mark.parametrize("flags", [{"prefix": "x:"}, {"strict": True}, {"bom": True}, {"styles": False}])
def test_other_dialects(flags: dict[str, object], tmp_path: Path) -> None:
    p = str(flags.get("prefix", ""))
    rows = f'<{p}row r="1"><{p}c r="A1" t="s"><{p}v>0</{p}v></{p}c><{p}c r="B1" t="s"><{p}v>1</{p}v></{p}c></{p}row>'
    hand = HandMade(rows, strings=STRINGS, table=STRINGS, area="A1:B3", **flags)  # type: ignore[arg-type] # flags
    columns = [NewColumn("丙", width=9, number_format="0.00", validation=CHECK)]
    parts = widened(tmp_path, hand, columns)
    assert f'<{p}c r="C1" t="s"><{p}v>2</{p}v></{p}c></{p}row>' in parts[SHEET]
    assert f'<{p}tableColumn id="3" name="丙"/></{p}tableColumns>' in parts[TABLE]
    assert f"<{p}formula1>Sheet2!$A$1:$A$3</{p}formula1></{p}dataValidation></{p}dataValidations>" in parts[SHEET]


def with_row(xml: str) -> HandMade:
    return replace(HAND, rows=HEAD + BODY + xml, area="A1:B5")


MERGE = '<mergeCells><mergeCell ref="{}"/></mergeCells>'
REFUSED: list[tuple[str, HandMade, list[NewColumn]]] = [
    ("beside_table", with_row('<row r="5"><c r="C5"><v>1</v></c></row>'), NEW),
    (
        "beside_table",
        with_row('<row r="5"><c r="D5" t="inlineStr"><is><t>x</t></is></c></row>'),
        [*NEW, NewColumn("丁")],
    ),
    ("beside_table", with_row('<row r="5"><c r="C5"><f>1</f></c></row>'), NEW),
    ("beside_table", replace(HAND, tail='<autoFilter ref="C1:D9"/>'), NEW),
    ("merged_cell", replace(HAND, tail=MERGE.format("C2:D2")), NEW),
    ("merged_cell", replace(HAND, tail=MERGE.format("C1:C9")), NEW),
    ("array_formula", with_row('<row r="4"><c r="E4"><f t="array" ref="C4:E5">1</f></c></row>'), NEW),
    ("locked_cell", replace(HAND, tail='<sheetProtection sheet="1"/>'), NEW),
    ("column_exists", HAND, [NewColumn("乙")]),
    ("column_exists", HAND, [NewColumn("丙"), NewColumn("丙")]),
    ("column_exists", HAND, [NewColumn(" ")]),
    ("unknown_column", HAND, [NewColumn("丙", like="丁")]),
    ("no_table", replace(HAND, table=()), NEW),
    ("query_table", replace(HAND, table_extra='tableType="queryTable"'), NEW),
    ("broken_table", replace(HAND, area="A1:C3"), NEW),
    ("overlap", HAND, [NewColumn("丙", values=(1, 2, 3))]),
    ("sheet_full", HAND, [NewColumn(f"列{n}") for n in range(16_383)]),
    ("text_too_long", HAND, [NewColumn("长" * 32_768)]),
]


@pytest.mark.parametrize(("reason", "hand", "columns"), REFUSED)
def test_what_cannot_be_done_is_refused(reason: str, hand: HandMade, columns: list[NewColumn], tmp_path: Path) -> None:
    source, target = hand.write(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    assert refusal(lambda: add_columns(source, target, "tblHand", columns), target) == reason


def test_the_cell_in_the_way_is_named(tmp_path: Path) -> None:
    source = make_xlsxwriter_book(tmp_path / "source.xlsx")
    with pytest.raises(Exception, match="反馈登记!H2 is not empty"):
        add_columns(source, tmp_path / "target.xlsx", "tblFeedback", [NewColumn("一"), NewColumn("二")])


def test_another_table_or_a_pivot_table_in_the_way_is_refused(tmp_path: Path) -> None:
    source, target = HAND.write(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    pivot = b'<pivotTableDefinition xmlns="urn:x"><location ref="C2:D9"/></pivotTableDefinition>'
    link = '<Relationship Id="rId9" Type="urn:x/pivotTable" Target="../pivotTables/pivotTable1.xml"/>'
    add_parts(source, {"xl/pivotTables/pivotTable1.xml": pivot}, {SHEET: link})
    assert refusal(lambda: add_columns(source, target, "tblHand", NEW), target) == "beside_table"
    source = HAND.write(tmp_path / "source.xlsx")
    table = (
        f'<table xmlns="{PACKAGE}" id="2" name="tblTwo" displayName="tblTwo" ref="C1:C2"><tableColumns count="1">'
        '<tableColumn id="1" name="丙"/></tableColumns></table>'
    )
    link = f'<Relationship Id="rId9" Type="{RELATIONS}/table" Target="../tables/table2.xml"/>'
    add_parts(source, {"xl/tables/table2.xml": table.encode()}, {SHEET: link})
    assert refusal(lambda: add_columns(source, target, "tblHand", NEW), target) == "beside_table"


def test_columns_compose_with_edits_and_with_rows_of_other_tables(tmp_path: Path) -> None:
    source, target = make_xlsxwriter_book(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    patch_workbook(
        source,
        target,
        edits={"反馈登记": {"C3": 77, "A20": "下面"}},
        appends={"tblFindings": [{"代码": "QT1"}]},
        additions=Additions(columns={"tblFeedback": [NewColumn("新", number_format="@")]}),
    )
    assert set(lint(target)) <= set(lint(source))
    book = open_book(target)
    grid = book.sheet("反馈登记").to_python(skip_empty_area=False)
    assert [row[:7] for row in (grid[0], grid[2])] == [
        ["编号", "受理日期", "数量", "金额", "状态", "两倍", "新"],
        ["QF-2026-0002", dt.date(2026, 1, 7), 77.0, 3.0, "新建", 0.0, ""],
    ]
    assert grid[19][0] == "下面"
    assert book.sheet("检查").to_python()[-1][0] == "QT1"


def test_a_table_that_gets_rows_and_columns_at_once_is_refused(tmp_path: Path) -> None:
    source, target = HAND.write(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    both = lambda: patch_workbook(  # noqa: E731
        source, target, appends={"tblHand": [{"甲": 1}]}, additions=Additions(columns={"tblHand": NEW})
    )
    assert refusal(both, target) == "overlap"


def test_a_cell_that_is_edited_where_a_column_comes_is_refused(tmp_path: Path) -> None:
    source, target = HAND.write(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    both = lambda: patch_workbook(  # noqa: E731
        source, target, edits={"Sheet1": {"C2": 1}}, additions=Additions(columns={"tblHand": NEW})
    )
    assert refusal(both, target) == "overlap"


def test_cells_that_are_no_table_get_a_column_with_its_values(tmp_path: Path) -> None:
    hand = replace(HAND, table=())
    source, target = hand.write(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    block = CellBlock("Sheet1", Area(1, 1, 3, 2))
    add_columns(source, target, block, [NewColumn("丙", values=("一", "二", "三"))])
    assert lint(target) == lint(source) == []
    grid = open_book(target).sheet("Sheet1").to_python()
    assert [row[2] for row in grid] == ["丙", "一", "二", "三"]


def test_a_table_written_by_openpyxl(tmp_path: Path) -> None:
    source, target = make_openpyxl_book(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    add_columns(source, target, "tblFeedback", [NewColumn("新\n列", like="受理日期")])
    assert set(lint(target)) <= set(lint(source))
    book = openpyxl.load_workbook(target)
    sheet = book["反馈登记"]
    assert sheet["G1"].value == "新\n列"
    assert sheet["G2"].number_format == sheet["B2"].number_format
    assert sheet.tables["tblFeedback"].ref == "A1:G9"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_standard_register_gets_a_column_like_one_it_was_made_with(language: str, tmp_path: Path) -> None:
    source, target, wanted = (tmp_path / f"{name}.xlsx" for name in ("source", "target", "wanted"))
    first, second = OwnColumn("甲", width=14), OwnColumn("乙", width=14)
    rows = [{"title": "一"}, {"title": "二"}]
    source.write_bytes(build_workbook(language, rows=rows, own_columns=[first]))
    wanted.write_bytes(build_workbook(language, rows=rows, own_columns=[first, second]))
    add_columns(source, target, "tblFeedback", [NewColumn("乙")])
    assert lint(target) == []
    name = "反馈登记" if language == "zh" else "Feedback"
    made, model = (openpyxl.load_workbook(path)[name] for path in (target, wanted))
    assert made.tables["tblFeedback"].ref == model.tables["tblFeedback"].ref
    letter = get_column_letter(model.max_column)
    assert made.column_dimensions[letter].width == model.column_dimensions[letter].width
    for row in range(2, 5):
        ours, theirs = made[f"{letter}{row}"], model[f"{letter}{row}"]
        shown = ours if ours.has_style else made.column_dimensions[letter]  # an empty cell shows its column's format
        assert ours.value == theirs.value
        for part in ("number_format", "font", "fill", "border", "alignment"):
            assert repr(getattr(shown, part)) == repr(getattr(theirs, part)), (row, part)


def test_the_row_above_the_table_goes_on_over_a_new_column_where_nothing_stands(tmp_path: Path) -> None:
    band = '<row r="1" spans="1:4"><c r="A1" s="1"/><c r="B1" s="2"/><c r="D1" s="3" t="s"><v>0</v></c></row>'
    below = (HEAD + BODY).replace('r="3"', 'r="4"').replace('r="2"', 'r="3"').replace('r="1"', 'r="2"')
    for row in (3, 2, 1):
        below = below.replace(f'"A{row}"', f'"A{row + 1}"').replace(f'"B{row}"', f'"B{row + 1}"')
    hand = replace(HAND, rows=band + below, area="A2:B4")
    sheet = widened(tmp_path, hand, [NewColumn("丙", above="甲"), NewColumn("丁", above="乙"), NewColumn("戊")])[SHEET]
    assert rows_of(sheet).partition("</row>")[0] == (
        '<row r="1" spans="1:4"><c r="A1" s="1"/><c r="B1" s="2"/><c r="C1" s="1"/><c r="D1" s="3" t="s"><v>0</v></c>'
    )
