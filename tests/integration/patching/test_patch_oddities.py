"""What is odd in a workbook though legal, or wrong in ways readers forgive: done right or refused, never doubled."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from ooxml_lint import lint
from python_calamine import CalamineWorkbook
from workbook_makers import MAIN, HandMade, read_parts, write_parts

from qtemplate.errors import WorkbookRefused
from qtemplate.sheets import append_rows, edit_cells

SHEET, TABLE, BOOK = "xl/worksheets/sheet1.xml", "xl/tables/table1.xml", "xl/workbook.xml"
ROWS = (
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    '<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="s"><v>1</v></c></row><row r="3"><c r="A3"><v>2</v></c></row>'
)
CELL = '<c r="A3"><v>2</v></c>'
LAST = '<row r="3"><c r="A3"><v>2</v></c></row>'
PARTS = '<tableParts count="1"><tablePart r:id="rId1"/></tableParts>'
CHOICE = '<mc:AlternateContent><mc:Choice Requires="x14">{}</mc:Choice></mc:AlternateContent>'


def book(folder: Path, rows: str = ROWS, head: str = "", tail: str = PARTS) -> Path:
    hand = HandMade(rows, head=head, tail=tail, strings=("甲", "乙"), table=("甲", "乙"))
    return hand.write(folder / "source.xlsx")


def changed(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    parts = read_parts(path)
    new = change(parts[part])
    assert new != parts[part]
    return write_parts(path, {**parts, part: new})


def both(source: Path, folder: Path) -> None:
    """An edit and an append, and what calamine reads then."""
    edited, grown = folder / "edited.xlsx", folder / "grown.xlsx"
    edit_cells(source, edited, "Sheet1", {"A3": "新文", "F7": 3.5})
    append_rows(source, grown, "tblHand", [{"甲": "行"}, {"乙": 5}])
    first = CalamineWorkbook.from_path(edited).get_sheet_by_name("Sheet1").to_python(skip_empty_area=False)
    second = CalamineWorkbook.from_path(grown).get_sheet_by_name("Sheet1").to_python(skip_empty_area=False)
    assert (first[2][0], first[6][5], len(first)) == ("新文", 3.5, 7)
    assert (second[3][0], second[4][1], len(second)) == ("行", 5.0, 5)
    for path in (edited, grown):
        assert set(lint(path)) <= set(lint(source))


@pytest.mark.parametrize(
    ("rows", "head", "tail"),
    [
        pytest.param(ROWS.replace(CELL, CHOICE.format("") + CELL), "", PARTS, id="a choice between cells"),
        pytest.param(ROWS, CHOICE.format("<sheetPr/>"), PARTS, id="a choice before the rows"),
        pytest.param(ROWS, "", CHOICE.format('<controls><control shapeId="1"/></controls>') + PARTS, id="controls"),
        pytest.param(ROWS, '<dimension ref="A1"/>', PARTS, id="a dimension too small"),
        pytest.param(ROWS, '<dimension ref="Tabelle1"/>', PARTS, id="a dimension that is none"),
        pytest.param(ROWS, '<dimension ref="a1:b3"/>', PARTS, id="a dimension in small letters"),
        pytest.param(ROWS, "", '<rowBreaks count="1"><brk id="3"/></rowBreaks>' + PARTS, id="row breaks"),
        pytest.param(ROWS.replace("><", ">\n\t <"), "", PARTS, id="white space everywhere"),
        pytest.param(ROWS.replace('"', "'"), "", PARTS, id="single quotes"),
        pytest.param(ROWS.replace('r="', 'r = "'), "", PARTS, id="blanks around equals signs"),
        pytest.param(ROWS.replace('r="A3"', 'r="a3"'), "", PARTS, id="small letters"),
        pytest.param(ROWS.replace('<row r="3">', '<row r="3" spans="4:2">'), "", PARTS, id="spans that lie"),
        pytest.param(
            ROWS.replace(CELL, '<c r="A3" t="inlineStr"><is><t><![CDATA[<row r="9"></c>]]></t></is></c>'), "", PARTS,
            id="a text in CDATA",
        ),
        pytest.param(ROWS.replace(CELL, '<c r="A3" t="d"><v>2026-03-04</v></c>'), "", PARTS, id="ISO dates"),
        pytest.param(
            '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row><row><c/></row><row><c><v>2</v></c></row>',
            "", PARTS, id="no addresses at all",
        ),
    ],
)  # fmt: skip
def test_odd_but_legal_sheets_are_edited(rows: str, head: str, tail: str, tmp_path: Path) -> None:
    both(book(tmp_path, rows, head, tail), tmp_path)


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        (SHEET, b"<worksheet", b"<!-- <sheetData> made by X --><?pi <sheetData?>\n\n<worksheet"),
        (SHEET, b"</worksheet>", b"</worksheet>\n\n <!-- end -->"),
        (SHEET, b"<sheetData>", b'<sheetData xmlns="' + MAIN.encode() + b'">'),
        (BOOK, b'name="Sheet1"', b'name="&#83;heet1"'),
        (BOOK, b"<sheets>", CHOICE.format("").replace("mc:", "m:").replace("AlternateContent>", "AlternateContent "
            'xmlns:m="http://schemas.openxmlformats.org/markup-compatibility/2006">', 1).encode() + b"<sheets>"),
        ("xl/sharedStrings.xml", b"<t>\xe4\xb9\x99</t>", b"<t><![CDATA[\xe4\xb9\x99]]></t>"),
        ("xl/_rels/workbook.xml.rels", b'"worksheets/sheet1.xml"', b'"/xl/worksheets/sheet1.xml"'),
        ("xl/styles.xml", b'cellXfs count="4"', b"cellXfs"),
        (TABLE, b'<autoFilter ref="A1:B3"/>', b""),
    ],
)  # fmt: skip
def test_parts_written_otherwise_are_edited(part: str, old: bytes, new: bytes, tmp_path: Path) -> None:
    both(changed(book(tmp_path), part, lambda data: data.replace(old, new)), tmp_path)


TWICE = (
    b'<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    b'<mc:Choice xmlns:x="urn:x" Requires="x"><\\1 x:more="1"\\2</mc:Choice>'
    b"<mc:Fallback><\\1\\2</mc:Fallback></mc:AlternateContent>"
)


def test_formats_written_twice_for_two_kinds_of_readers_count_once(tmp_path: Path) -> None:
    start, end = b'<cellXfs count="4">', b"</cellXfs>"

    def twice(xml: bytes) -> bytes:
        head, formats, tail = re.split(b"(?<=%s)|(?=%s)" % (start, end), xml)
        return head + re.sub(rb"<(xf[^>/]*)(/>|>.*?</xf>)", TWICE, formats) + tail

    source = changed(book(tmp_path, ROWS.replace('r="A3"', 'r="A3" s="3"')), "xl/styles.xml", twice)
    edit_cells(source, tmp_path / "target.xlsx", "Sheet1", {"A3": dt.date(2026, 3, 4)})
    parts = read_parts(tmp_path / "target.xlsx")
    new = b'<xf numFmtId="14" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    assert parts["xl/styles.xml"].replace(b'count="5">', b'count="4">') == twice(
        read_parts(book(tmp_path))["xl/styles.xml"]
    ).replace(end, new)
    assert b'<c r="A3" s="4"><v>46085</v></c>' in parts[SHEET]


def test_a_list_of_formats_that_is_empty_gets_the_first_date(tmp_path: Path) -> None:
    empty = b'<styleSheet xmlns="%s"/>' % MAIN.encode()
    source = changed(book(tmp_path), "xl/styles.xml", lambda _: empty)
    report = edit_cells(source, tmp_path / "target.xlsx", "Sheet1", {"A3": dt.date(2026, 3, 4)})
    assert set(report.changed_parts) == {SHEET, "xl/styles.xml"}
    read = CalamineWorkbook.from_path(tmp_path / "target.xlsx").get_sheet_by_name("Sheet1").to_python()
    assert (read[2][0], lint(tmp_path / "target.xlsx")) == (dt.date(2026, 3, 4), [])


def test_the_alternative_text_of_a_table_gets_no_area(tmp_path: Path) -> None:
    words = b'<extLst><ext><x14:table xmlns:x14="urn:x14" altText="T"/></ext></extLst>'
    source = changed(book(tmp_path), TABLE, lambda xml: xml.replace(b"</table>", words + b"</table>"))
    append_rows(source, tmp_path / "target.xlsx", "tblHand", [{"甲": "行"}])
    old, new = read_parts(source)[TABLE], read_parts(tmp_path / "target.xlsx")[TABLE]
    assert new == old.replace(b"A1:B3", b"A1:B4")


def test_an_array_whose_area_is_in_small_letters_is_guarded(tmp_path: Path) -> None:
    rows = ROWS.replace('<c r="A2"><v>1</v></c>', '<c r="A2"><f t="array" ref="a2:a3">B1:B2</f><v>1</v></c>')
    with pytest.raises(WorkbookRefused) as refused:
        edit_cells(book(tmp_path, rows), tmp_path / "target.xlsx", "Sheet1", {"A3": 1})
    assert refused.value.reason == "array_formula"


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param('<row r="2"/><row r="1"/><row r="3"/>', id="rows out of order"),
        pytest.param('<row r="3"/><row r="1"/><row r="2"/><row r="9"/>', id="rows far out of order"),
        pytest.param(ROWS + LAST, id="a row twice"),
        pytest.param(ROWS.replace("</row>", '<c r="A3"><v>7</v></c></row>'), id="a cell twice"),
        pytest.param(ROWS.replace('r="A3"', 'r="$A$3"'), id="dollars"),
        pytest.param(ROWS.replace('<row r="3">', '<row x="a>b" r="3">'), id="a bracket in an attribute"),
        pytest.param(
            ROWS.replace(LAST, f'<m:row xmlns:m="{MAIN}" r="3"><m:c r="A3"><m:v>2</m:v></m:c></m:row>'),
            id="a row of another prefix",
        ),
        pytest.param(
            ROWS.replace(CELL, f'<m:c xmlns:m="{MAIN}" r="A3"><m:v>2</m:v></m:c>'),
            id="a cell of another prefix",
        ),
        pytest.param(
            ROWS.replace("</row>", f'</row><m:row xmlns:m="{MAIN}" r="4"><m:c r="A4"/></m:row>', 1),
            id="a row of another prefix that is not where it belongs",
        ),
        pytest.param(
            ROWS.replace('<row r="2">', "<row r='4'><c r='A4'><v>9</v></c></row><row r=\"2\">"),
            id="a row out of order that is written in another way",
        ),
    ],
)
def test_a_row_or_cell_that_may_stand_elsewhere_is_never_made_twice(rows: str, tmp_path: Path) -> None:
    source, target = book(tmp_path, rows), tmp_path / "target.xlsx"
    with pytest.raises(WorkbookRefused) as edited:
        edit_cells(source, target, "Sheet1", {"D1": 1, "A3": 1, "F7": 1})
    with pytest.raises(WorkbookRefused) as grown:
        append_rows(source, target, "tblHand", [{"甲": "行"}])
    assert (edited.value.reason, grown.value.reason, target.exists()) == ("broken_sheet", "broken_sheet", False)


@pytest.mark.parametrize("prefix", ["x.:", "x-1:", "é_:"])
def test_any_name_may_be_the_prefix(prefix: str, tmp_path: Path) -> None:
    rows = re.sub("<(/?)(?=[a-z])", r"<\1{p}", ROWS)
    hand = HandMade(
        rows, prefix, tail=re.sub("<(/?)(?=[a-z])", r"<\1{p}", PARTS), strings=("甲", "乙"), table=("甲", "乙")
    )
    both(hand.write(tmp_path / "source.xlsx"), tmp_path)


def test_a_prefix_that_no_xml_can_have_is_no_pattern(tmp_path: Path) -> None:
    source = HandMade(prefix="x:").write(tmp_path / "source.xlsx")
    changed(source, SHEET, lambda xml: xml.replace(b"x:", b"x(:"))
    edit_cells(source, source, "Sheet1", {"A1": 5, "B2": 6})
    assert read_parts(source)[SHEET].count(b"<x(:v>") == 2


@pytest.mark.parametrize("part", [SHEET, TABLE, BOOK])
def test_a_part_in_utf_16_is_never_spliced(part: str, tmp_path: Path) -> None:
    source, target = book(tmp_path), tmp_path / "target.xlsx"
    changed(source, part, lambda data: data.decode().replace("UTF-8", "UTF-16").encode("utf-16"))
    with pytest.raises(WorkbookRefused) as refused:
        append_rows(source, target, "tblHand", [{"甲": "行"}])
    assert (refused.value.reason, target.exists()) == ("encoding", False)


@pytest.mark.parametrize("kind", ["chartsheet", "dialogsheet", "xlMacrosheet", "worksheet"])
def test_a_sheet_of_another_kind_or_without_sense_is_not_minded(kind: str, tmp_path: Path) -> None:
    parts = read_parts(book(tmp_path))
    link = f'<Relationship Id="rId77" Type="urn:x/{kind}" Target="other/o.xml"/></Relationships>'.encode()
    sheet = b'<sheet name="Other" sheetId="2" r:id="rId77"/></sheets>'
    links = "xl/_rels/workbook.xml.rels"
    parts[BOOK] = parts[BOOK].replace(b"</sheets>", sheet)
    parts[links] = parts[links].replace(b"</Relationships>", link)
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        b"</Types>", b'<Override PartName="/xl/other/o.xml" ContentType="application/xml"/></Types>'
    )
    source = write_parts(tmp_path / "source.xlsx", {**parts, "xl/other/o.xml": b"<x><row"})
    target = tmp_path / "target.xlsx"
    report = append_rows(source, target, "tblHand", [{"甲": "行"}])
    assert set(report.changed_parts) == {SHEET, TABLE, "xl/sharedStrings.xml"}
    assert read_parts(target)["xl/other/o.xml"] == b"<x><row"
