"""What the fast reader stumbles over and office programs open: read all the same, or told with its cell."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest
from register_makers import register
from workbook_makers import HandMade, read_parts, write_parts

from qtemplate.errors import RegisterUnreadable
from qtemplate.sheets import edit_cells, open_book, read_register
from qtemplate.texts import say_error

GOOD = register([{"反馈编号": "QF-2026-0001", "反馈者": "王", "反馈时间": dt.datetime(2026, 3, 7)}])
SHEET, BOOK, LINKS = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
MICROSOFT = "http://schemas.microsoft.com/office/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MACROS = b'<xm:macrosheet xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><sheetData/></xm:macrosheet>'

Parts = dict[str, bytes]


def parts() -> Parts:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as package:
        return {name: package.read(name) for name in package.namelist()}


def changed(part: str, old: str, new: str) -> Parts:
    found = parts()
    assert old.encode() in found[part]
    return {**found, part: found[part].replace(old.encode(), new.encode())}


def with_sheet(link: str = "", kind: str = "", target: str = "", content: bytes = b"") -> Parts:
    """One more sheet, first in the workbook, that holds no cells or leads nowhere."""
    sheet = f'<sheets><sheet xmlns:r="{OFFICE}" name="宏" sheetId="9" state="veryHidden"{link}/>'
    found = changed(BOOK, "<sheets>", sheet)
    if target:
        relationship = f'<Relationship Id="rIdX" Type="{kind}" Target="{target}"/></Relationships>'
        found[LINKS] = found[LINKS].replace(b"</Relationships>", relationship.encode())
        found[f"xl/{target}"] = content
    return found


def elsewhere() -> Parts:
    """The workbook part under another name."""
    moved = {BOOK: "xl/book1.xml", LINKS: "xl/_rels/book1.xml.rels"}
    found = {moved.get(name, name): content for name, content in parts().items()}
    for name in ("_rels/.rels", "[Content_Types].xml"):
        found[name] = found[name].replace(b"xl/workbook.xml", b"xl/book1.xml")
    return found


def merged(area: str) -> Parts:
    return changed(SHEET, "<pageMargins", f'<mergeCells count="1"><mergeCell ref="{area}"/></mergeCells><pageMargins')


ODD = {
    "a macro sheet of Excel 4": with_sheet(
        ' r:id="rIdX"', f"{MICROSOFT}/xlMacrosheet", "macrosheets/sheet1.xml", MACROS
    ),
    "an international macro sheet": with_sheet(
        ' r:id="rIdX"', f"{MICROSOFT}/xlIntlMacrosheet", "macrosheets/intlsheet1.xml", MACROS
    ),
    "a dialog of Excel 5": with_sheet(
        ' r:id="rIdX"', f"{OFFICE}/dialogsheet", "dialogsheets/sheet1.xml", MACROS.replace(b"macro", b"dialog")
    ),
    "the stub of a module": with_sheet(' r:id=""'),
    "a stub without a link": with_sheet(),
    "a stub whose link leads nowhere": with_sheet(' r:id="rId99"'),
    "a state that is none": changed(BOOK, 'state="visible"', 'state="show"'),
    "an empty state": changed(BOOK, 'state="visible"', 'state=""'),
    "a state in capitals": changed(BOOK, 'state="visible"', 'state="Visible"'),
    "a workbook part of another name": elsewhere(),
    "a dimension of whole rows": changed(SHEET, 'ref="A1:J2"', 'ref="1:4"'),
    "a dimension of whole columns": changed(SHEET, 'ref="A1:J2"', 'ref="A:J"'),
    "an empty dimension": changed(SHEET, 'ref="A1:J2"', 'ref=""'),
    "a dimension with signs of dollars": changed(SHEET, 'ref="A1:J2"', 'ref="$A$1:$J$2"'),
    "a merge of a whole column": merged("Z:Z"),
    "a merge of whole rows": merged("9:11"),
    "a merge with signs of dollars": merged("$Y$1:$Z$2"),
    "a merge that is none": merged("x"),
    "an error of a newer Excel": changed(
        SHEET, "</sheetData>", '<row r="3"><c r="Z3" t="e"><v>#BUSY!</v></c></row></sheetData>'
    ),
}


@pytest.mark.parametrize("oddity", ODD)
def test_what_office_programs_open_is_read_and_edited(oddity: str, tmp_path: Path) -> None:
    source = write_parts(tmp_path / "source.xlsx", ODD[oddity])
    found = read_register(open_book(source)).frame
    assert (found["id"].tolist(), found["received_at"].tolist()) == (["QF-2026-0001"], [dt.datetime(2026, 3, 7)])
    edit_cells(source, source, "反馈登记", {"C2": "新"})
    assert read_register(open_book(source)).frame["reporter"].tolist() == ["新"]
    untouched = read_parts(source)
    assert {name for name, content in ODD[oddity].items() if untouched[name] != content} == {SHEET}


def test_merges_of_whole_columns_and_dates_of_the_other_system_survive_the_plain_copy(tmp_path: Path) -> None:
    hand = HandMade(
        '<row r="1"><c r="A1" s="1"><v>1</v></c><c r="B1" t="s"><v>0</v></c><c r="C1" t="e"><v>#SPILL!</v></c></row>',
        date1904=True,
        strings=("甲 &amp; 乙",),
        tail='<mergeCells count="2"><mergeCell ref="D:E"></mergeCell><mergeCell ref="A3:B4"/></mergeCells>',
    )
    book = open_book(hand.write(tmp_path / "book.xlsx"))
    sheet = book.sheet("Sheet1")
    assert sheet.to_python() == [[dt.date(1904, 1, 2), "甲 & 乙", ""]]
    assert sheet.merged_cell_ranges == [((0, 3), (1_048_575, 4)), ((2, 0), (3, 1))]
    assert book.scan("Sheet1").errors == [(1, 3, "#SPILL!")]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ('<c r="B2" t="b"><v>x</v></c>', "holds 'x' where true or false belongs"),
        ('<c r="B2" t="b"><f>A1</f><v>2</v></c>', "holds '2' where true or false belongs"),
        ('<c/><c t="b"><v>x</v></c>', "holds 'x' where true or false belongs"),
        ('<c r="B2" t="n"><v>1,5</v></c>', "holds '1,5' where a number belongs"),
        ('<c r="B2" t="s"><v>7</v></c>', "shows text number 7, and the workbook has only 1"),
        ('<c r="B2" t="zz"><v>1</v></c>', "is of the unknown type 'zz'"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(cell: str, said: str, tmp_path: Path) -> None:
    rows = f'<row r="1"><c r="A1" t="b"><v>TRUE</v></c></row><row r="2">{cell}<c r="C2" t="b"/></row>'
    book = open_book(HandMade(rows, strings=("甲",)).write(tmp_path / "book.xlsx"))
    with pytest.raises(RegisterUnreadable) as caught:
        book.sheet("Sheet1")
    assert str(caught.value).startswith(f"{tmp_path / 'book.xlsx'}: Sheet1!B2 {said}; ")
    assert "Sheet1!B2" in say_error(caught.value, "zh")


def test_a_broken_cell_below_an_empty_row_is_named(tmp_path: Path) -> None:
    rows = '<row r="1" ht="20"/><row r="2"></row><row r="3"><c r="A3" t="b"><v>x</v></c></row>'
    book = open_book(HandMade(rows).write(tmp_path / "book.xlsx"))
    with pytest.raises(RegisterUnreadable, match="Sheet1!A3 holds 'x' where true or false belongs"):
        book.sheet("Sheet1")


def test_a_part_that_is_no_xml_is_named_with_the_place_where_it_breaks(tmp_path: Path) -> None:
    book = open_book(HandMade('<row r="1"><c r="A1"><v>1</v></row>').write(tmp_path / "book.xlsx"))
    with pytest.raises(RegisterUnreadable, match=r"sheet1\.xml cannot be read, for it is no .*line 2"):
        book.sheet("Sheet1")
    with pytest.raises(RegisterUnreadable, match=r"sharedStrings\.xml cannot be read, for it is no .*line 2"):
        open_book(HandMade(strings=("甲 & 乙",)).write(tmp_path / "book.xlsx"))
