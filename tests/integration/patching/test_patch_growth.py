"""What follows when rows are appended to a table, case by case, on sheets written letter by letter."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import pytest
from grown_tables import HEAD, NEW, SHEET, STRINGS, grown, rows_from, table_of
from ooxml_lint import lint
from workbook_makers import PACKAGE, RELATIONS, HandMade, add_parts, read_parts, write_parts

from qtemplate.errors import WorkbookRefused
from qtemplate.ooxml.cells import CellValue
from qtemplate.sheets import Formula, append_rows, edit_cells, patch_workbook


def test_formulas_are_translated_and_absolute_parts_stay(tmp_path: Path) -> None:
    body = '<row r="2"><c r="B2"><f>A2+A$1+$A2+SUM(A2:A2)&amp;"A2"</f></c></row>'
    body += '<row r="3"><c r="B3"><f>A3+A$1+$A3+SUM(A3:A3)&amp;"A2"</f></c></row>'
    assert rows_from(grown(tmp_path, table_of(body)), 4) == (
        '<row r="4"><c r="A4"><v>7</v></c><c r="B4"><f>A4+A$1+$A4+SUM(A4:A4)&amp;"A2"</f></c></row>'
        '<row r="5"><c r="A5"><v>8</v></c><c r="B5"><f>A5+A$1+$A5+SUM(A5:A5)&amp;"A2"</f></c></row>'
    )


def test_a_shared_formula_is_written_out_for_the_new_rows(tmp_path: Path) -> None:
    body = '<row r="2"><c r="B2"><f t="shared" ref="B2:B3" si="4">A2*2</f><v>2</v></c></row>'
    body += '<row r="3"><c r="B3"><f t="shared" si="4"/><v>4</v></c></row>'
    xml = grown(tmp_path, table_of(body), [{"甲": 1}])
    assert rows_from(xml, 4) == '<row r="4"><c r="A4"><v>1</v></c><c r="B4"><f>A4*2</f></c></row>'
    assert '<c r="B3"><f t="shared" si="4"/><v>4</v></c>' in xml


def test_a_shared_formula_without_addresses_is_written_out_too(tmp_path: Path) -> None:
    body = '<row><c><v>1</v></c><c><f t="shared" ref="B2:B3" si="0">A2*2</f></c></row>'
    body += '<row><c><v>2</v></c><c><f t="shared" si="0"/></c></row>'
    xml = grown(tmp_path, table_of(body), [{"甲": 1}])
    assert rows_from(xml, 4) == '<row r="4"><c r="A4"><v>1</v></c><c r="B4"><f>A4*2</f></c></row>'


def test_a_value_given_or_none_takes_the_place_of_the_formula(tmp_path: Path) -> None:
    body = '<row r="2"><c r="B2" s="3"><f>A2</f></c></row><row r="3"><c r="B3" s="3"><f>A3</f></c></row>'
    rows: list[dict[str, CellValue]] = [{"乙": 5}, {"乙": None}, {"乙": Formula("=A6", cached=0)}]
    assert rows_from(grown(tmp_path, table_of(body), rows), 4) == (
        '<row r="4"><c r="B4" s="3"><v>5</v></c></row><row r="5"><c r="B5" s="3"/></row>'
        '<row r="6"><c r="B6" s="3"><f>A6</f><v>0</v></c></row>'
    )


def test_a_formula_only_in_the_last_row_is_not_a_calculated_column(tmp_path: Path) -> None:
    body = '<row r="2"><c r="B2"><v>1</v></c></row><row r="3"><c r="B3"><f>A3</f></c></row>'
    assert rows_from(grown(tmp_path, table_of(body), [{"甲": 1}]), 4) == '<row r="4"><c r="A4"><v>1</v></c></row>'


def test_the_format_most_rows_have_is_taken_not_that_of_one_coloured_row(tmp_path: Path) -> None:
    body = "".join(f'<row r="{n}"><c r="A{n}" s="{3 if n == 6 else 1}"/></row>' for n in range(2, 7))
    xml = grown(tmp_path, table_of(body, "A1:B6"), [{"甲": dt.date(2026, 1, 1)}])
    assert rows_from(xml, 7) == '<row r="7"><c r="A7" s="1"><v>46023</v></c></row>'


def test_height_is_inherited_and_hiding_is_not(tmp_path: Path) -> None:
    body = '<row r="2"/><row r="3" spans="1:2" ht="40" hidden="1" customHeight="1"><c r="A3"><v>1</v></c></row>'
    assert rows_from(grown(tmp_path, table_of(body), [{"甲": 1}]), 4) == (
        '<row r="4" ht="40" customHeight="1"><c r="A4"><v>1</v></c></row>'
    )


def test_prepared_empty_rows_are_filled_and_notes_beside_the_table_stay(tmp_path: Path) -> None:
    body = '<row r="2"/><row r="3"/><row r="4" spans="1:5"><c r="A4" s="3"/><c r="E4"><v>9</v></c></row>'
    xml = grown(tmp_path, table_of(body))
    assert rows_from(xml, 4) == (
        '<row r="4" spans="1:5"><c r="A4" s="3"><v>7</v></c><c r="E4"><v>9</v></c></row>'
        '<row r="5"><c r="A5"><v>8</v></c></row>'
    )


def test_rows_far_below_the_table_stay_where_they_are(tmp_path: Path) -> None:
    body = '<row r="2"/><row r="3"/><row r="9"><c r="A9"><v>9</v></c></row>'
    assert rows_from(grown(tmp_path, table_of(body), [{"甲": 1}]), 9) == '<row r="9"><c r="A9"><v>9</v></c></row>'


def test_areas_that_end_with_the_table_follow_and_others_stay(tmp_path: Path) -> None:
    tail = (
        '<protectedRanges><protectedRange sqref="A2:A3" name="p"/></protectedRanges>'
        '<conditionalFormatting sqref="A2:B3 D2:D3 A2"><cfRule type="duplicateValues" priority="1"/>'
        "</conditionalFormatting>"
        '<dataValidations count="3"><dataValidation sqref="B2:B3"/><dataValidation sqref="B2:B1048576"/>'
        '<dataValidation sqref="B3"/></dataValidations>'
        '<ignoredErrors><ignoredError sqref="A1:B3" numberStoredAsText="1"/></ignoredErrors>'
        '<extLst><ext xmlns:x14="urn:x14" xmlns:xm="urn:xm" uri="u">'
        "<x14:dataValidations><x14:dataValidation>"
        "<xm:sqref>A2:A3</xm:sqref></x14:dataValidation></x14:dataValidations><x14:conditionalFormattings>"
        "<x14:conditionalFormatting><xm:sqref>B2:B3</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings>"
        "<x14:sparklineGroups><x14:sparkline><xm:f>Sheet1!A2:A3</xm:f><xm:sqref>B3</xm:sqref></x14:sparkline>"
        "</x14:sparklineGroups></ext></extLst>"
    )
    xml = grown(tmp_path, table_of('<row r="2"/><row r="3"/>', tail=tail))
    expected = tail.replace('sqref="A2:A3"', 'sqref="A2:A5"').replace("A2:B3 D2:D3 A2", "A2:B5 D2:D3 A2")
    expected = expected.replace('sqref="B2:B3"', 'sqref="B2:B5"').replace('sqref="B3"', 'sqref="B3:B5"')
    expected = expected.replace("A1:B3", "A1:B5").replace("<xm:sqref>A2:A3<", "<xm:sqref>A2:A5<")
    expected = expected.replace("<xm:sqref>B2:B3<", "<xm:sqref>B2:B5<")
    assert xml[xml.index("</sheetData>") + 12 : xml.index("</worksheet>")] == expected


def test_defined_names_of_whole_columns_follow(tmp_path: Path) -> None:
    names = {
        "whole": ("Sheet1!$A$2:$A$3", "Sheet1!$A$2:$A$5"),
        "with_header": ("'Sheet1'!$A$1:$B$3", "'Sheet1'!$A$1:$B$5"),
        "twice": ("Sheet1!$A$2:$A$3,Sheet1!$B$2:$B$3", "Sheet1!$A$2:$A$5,Sheet1!$B$2:$B$5"),
        "part": ("Sheet1!$A$3:$A$3", "Sheet1!$A$3:$A$3"),
        "elsewhere": ("Sheet2!$A$2:$A$3", "Sheet2!$A$2:$A$3"),
        "wider": ("Sheet1!$A$2:$C$3", "Sheet1!$A$2:$C$3"),
        "_xlnm.Print_Area": ("Sheet1!$A$1:$D$3", "Sheet1!$A$1:$D$5"),
    }
    listed = "".join(f'<definedName name="{name}">{old}</definedName>' for name, (old, _) in names.items())
    hand = table_of('<row r="2"/><row r="3"/>', names=f"<definedNames>{listed}</definedNames>")
    grown(tmp_path, hand)
    workbook = read_parts(tmp_path / "target.xlsx")["xl/workbook.xml"].decode()
    found = dict(re.findall(r'<definedName name="([^"]*)">([^<]*)<', workbook))
    assert found == {name: new for name, (_, new) in names.items()}


def test_a_totals_formula_with_plain_addresses_is_stretched_as_it_moves(tmp_path: Path) -> None:
    body = '<row r="2"><c r="A2"><v>1</v></c></row><row r="3"><c r="A3"><v>2</v></c></row>'
    body += '<row r="4" ht="22"><c r="A4" s="3"><f>SUBTOTAL(109,A2:A3)+SUM(D2:D3)</f><v>3</v></c>'
    body += '<c r="D4"><v>1</v></c></row>'
    hand = table_of(body, "A1:B4", table_extra='totalsRowCount="1"')
    source, target = hand.write(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    parts = read_parts(source)
    parts["xl/tables/table1.xml"] = parts["xl/tables/table1.xml"].replace(
        b'autoFilter ref="A1:B4"', b'autoFilter ref="A1:B3"'
    )
    write_parts(source, parts)
    append_rows(source, target, "tblHand", [{"甲": 3}])
    assert lint(target) == lint(source) == []
    assert rows_from(read_parts(target)[SHEET].decode(), 4) == (
        '<row r="4" ht="22"><c r="A4"><v>3</v></c><c r="D4"><v>1</v></c></row>'
        '<row r="5"><c r="A5" s="3"><f>SUBTOTAL(109,A2:A4)+SUM(D2:D3)</f><v>3</v></c></row>'
    )


def test_two_tables_side_by_side_grow_in_one_pass(tmp_path: Path) -> None:
    head = HEAD.replace("</row>", '<c r="D1" t="s"><v>2</v></c></row>')
    body = '<row r="2"><c r="D2"><v>4</v></c></row><row r="3"/>'
    hand = HandMade(head + body, strings=(*STRINGS, "丙"), table=("甲", "乙"), area="A1:B3")
    source, target = hand.write(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    second = (
        f'<table xmlns="{PACKAGE}" id="2" name="tblTwo" displayName="tblTwo" ref="D1:D2"><autoFilter ref="D1:D2"/>'
        '<tableColumns count="1"><tableColumn id="1" name="丙"/></tableColumns></table>'
    )
    link = f'<Relationship Id="rId2" Type="{RELATIONS}/table" Target="../tables/table2.xml"/>'
    add_parts(source, {"xl/tables/table2.xml": second.encode()}, {SHEET: link})
    more: dict[str, list[dict[str, CellValue]]] = {"tblHand": NEW, "tblTwo": [{"丙": n} for n in range(5, 9)]}
    patch_workbook(source, target, appends=more, edits={"Sheet1": {"B2": "改"}})
    assert lint(target) == lint(source) == []
    assert rows_from(read_parts(target)[SHEET].decode(), 2) == (
        '<row r="2"><c r="B2" t="s"><v>3</v></c><c r="D2"><v>4</v></c></row><row r="3"><c r="D3"><v>5</v></c></row>'
        '<row r="4"><c r="A4"><v>7</v></c><c r="D4"><v>6</v></c></row>'
        '<row r="5"><c r="A5"><v>8</v></c><c r="D5"><v>7</v></c></row><row r="6"><c r="D6"><v>8</v></c></row>'
    )


def test_a_table_without_a_header_row_grows(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>'
    hand = HandMade(rows, table=("甲", "乙"), area="A1:B2", table_extra='headerRowCount="0"')
    assert rows_from(grown(tmp_path, hand), 3) == (
        '<row r="3"><c r="A3"><v>7</v></c></row><row r="4"><c r="A4"><v>8</v></c></row>'
    )


def test_headers_with_line_breaks_and_escapes_are_found(tmp_path: Path) -> None:
    hand = HandMade('<row r="2"/><row r="3"/>', table=("第_x000a_一", "A &amp; B"), table_extra='headerRowCount="1"')
    source, target = hand.write(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    append_rows(source, target, "TBLHAND", [{"第\n一": 1, "A & B": 2}, {"第\r\n一": 3}])
    assert rows_from(read_parts(target)[SHEET].decode(), 4) == (
        '<row r="4"><c r="A4"><v>1</v></c><c r="B4"><v>2</v></c></row><row r="5"><c r="A5"><v>3</v></c></row>'
    )


def test_new_cells_take_the_format_of_their_column(tmp_path: Path) -> None:
    hand = HandMade(head='<cols><col min="2" max="3" style="3" width="9"/></cols>')
    source, target = hand.write(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    edit_cells(source, target, "Sheet1", {"C5": 1, "D5": 2, "B6": dt.time(6)})
    assert rows_from(read_parts(target)[SHEET].decode(), 5) == (
        '<row r="5"><c r="C5" s="3"><v>1</v></c><c r="D5"><v>2</v></c></row>'
        '<row r="6"><c r="B6" s="4"><v>0.25</v></c></row>'
    )
    assert b'<xf numFmtId="21" fontId="1" ' in read_parts(target)["xl/styles.xml"]


def test_a_workbook_without_formats_gets_the_part_with_its_first_date(tmp_path: Path) -> None:
    for strict in (False, True):
        hand = HandMade(styles=False, strict=strict)
        source, target = hand.write(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
        report = edit_cells(source, target, "Sheet1", {"A1": dt.date(2026, 1, 1)})
        assert lint(target) == lint(source) == []
        assert "xl/styles.xml" in report.changed_parts
        assert '<c r="A1" s="1"><v>46023</v></c>' in read_parts(target)[SHEET].decode()
        again = edit_cells(target, target, "Sheet1", {"A1": dt.date(2026, 1, 1)})
        assert again.changed_parts == ()


def test_locked_cells_are_filled_when_asked(tmp_path: Path) -> None:
    source = HandMade(tail='<sheetProtection sheet="1"/>').write(tmp_path / "source.xlsx")
    patch_workbook(source, tmp_path / "target.xlsx", edits={"Sheet1": {"A1": 5}}, locked_cells=True)
    assert '<c r="A1"><v>5</v></c>' in read_parts(tmp_path / "target.xlsx")[SHEET].decode()


def test_the_sheet_of_the_other_kind_of_order_is_left_in_its_order(tmp_path: Path) -> None:
    body = '<row ht="20" r="2"><c s="3" r="A2"><v>1</v></c></row><row ht="20" r="3"><c s="3" r="A3"/></row>'
    xml = grown(tmp_path, replace(table_of(body)), [{"甲": 1}])
    assert '<row ht="20" r="2"><c s="3" r="A2"><v>1</v></c></row><row ht="20" r="3">' in xml
    assert '<row ht="20" r="4"><c r="A4" s="3"><v>1</v></c></row>' in xml


def test_cells_that_only_look_filled_are_room_enough(tmp_path: Path) -> None:
    body = '<row r="2"/><row r="3"/><row r="4"><c r="A4"><v></v></c><c r="B4" t="inlineStr"><is><t/></is></c></row>'
    xml = grown(tmp_path, table_of(body), [{"甲": 1}])
    assert rows_from(xml, 4) == '<row r="4"><c r="A4"><v>1</v></c><c r="B4"/></row>'


TOTALS = '<row r="2"/><row r="3"/><row r="4"><c r="A4"><f>SUM(A2:A3)</f></c></row>'


@pytest.mark.parametrize(
    ("formula", "refused"),
    [
        ("A4*2", True),
        ("SUM(A2:A4)", True),
        ("$B$4", True),
        ("Sheet1!A4", True),
        ("A3+C4", False),
        ("'A4 x'!A1+'A4 x'!A4+tblHand[A4]", False),
        ("A40+XA4+Other!A4", False),
    ],
)
def test_a_totals_row_named_by_address_does_not_move(formula: str, refused: bool, tmp_path: Path) -> None:
    body = TOTALS + f'<row r="9"><c r="D9"><f>{formula}</f></c></row>'
    hand = table_of(body, "A1:B4", table_extra='totalsRowCount="1"')
    source, target = hand.write(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    if refused:
        with pytest.raises(WorkbookRefused, match="by its address"):
            append_rows(source, target, "tblHand", NEW)
    else:
        append_rows(source, target, "tblHand", NEW)
        assert '<c r="A6"><f>SUM(A2:A5)</f></c>' in read_parts(target)[SHEET].decode()
