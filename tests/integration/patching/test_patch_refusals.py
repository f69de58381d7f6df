"""What cannot be edited safely is refused with its reason, and the target stays as it was."""

from __future__ import annotations

import datetime as dt
import math
import re
import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from where import ROOT
from workbook_makers import MAIN, HandMade, add_parts, make_xlsxwriter_book, read_parts, write_parts

from qtemplate.errors import WorkbookRefused
from qtemplate.ooxml.adding.columns import LongerTable
from qtemplate.ooxml.cells import CellValue
from qtemplate.sheets import Formula, SheetBody, append_rows, edit_cells, patch_workbook

NUMBER = '<{p}row r="1"><{p}c r="A1"><{p}v>1</{p}v></{p}c></{p}row>'
HEADED = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c><c r="B1" t="inlineStr"><is><t>乙</t></is></c></row>'
    '<row r="2"><c r="A2"><v>1</v></c></row><row r="3"><c r="A3"><v>2</v></c></row>'
)
TABLE = HandMade(HEADED, table=("甲", "乙"))
REPOSITORY = ROOT


def refusal(action: Callable[[], object], target: Path) -> str:
    """The reason an action is refused for, checking that nothing was left behind."""
    target.write_bytes(b"as it was")
    with pytest.raises(WorkbookRefused) as caught:
        action()
    assert target.read_bytes() == b"as it was"
    assert not list(target.parent.glob(".qt-tmp-*"))
    assert len(str(caught.value)) > 20
    return caught.value.reason


def with_cell(formula: str, attributes: str = "") -> HandMade:
    """A sheet whose A1 holds that XML."""
    return HandMade(f'<row r="1"><c r="A1"{attributes}>{formula}<v>1</v></c><c r="B1"><v>2</v></c></row>')


PROTECTED = '<{p}sheetProtection sheet="1"/>'
CELLS: list[tuple[str, HandMade, str]] = [
    ("formula_cell", with_cell("<f>B1+1</f>"), "A1"),
    ("formula_cell", with_cell("<f><!-- c --><![CDATA[B1+1]]></f>"), "A1"),
    ("array_formula", with_cell('<f t="array" ref="A1:C3">B1</f>'), "A1"),
    ("array_formula", with_cell('<f t="array" ref="A1:C3">B1</f>'), "B1"),
    ("array_formula", with_cell('<f t="array" ref="A1:C3">B1</f>'), "C3"),
    ("data_table", with_cell('<f t="dataTable" ref="A1:B9" r1="C1"/>'), "B7"),
    ("shared_formula", with_cell('<f t="shared" si="0" ref="A1:A9">B1</f>'), "A1"),
    ("rich_value", with_cell("", ' vm="1"'), "A1"),
    ("rich_value", with_cell("", ' cm="1"'), "A1"),
    ("merged_cell", HandMade(NUMBER, tail='<{p}mergeCells><{p}mergeCell ref="A1:C2"/></{p}mergeCells>'), "C2"),
    ("locked_cell", HandMade(NUMBER, tail=PROTECTED), "A1"),
    ("locked_cell", HandMade(NUMBER, tail=PROTECTED), "Z9"),
    ("locked_cell", HandMade(NUMBER, tail=PROTECTED, styles=False), "A1"),
    ("table_header", TABLE, "B1"),
    ("table_totals", HandMade(HEADED, table=("甲", "乙"), table_extra='totalsRowCount="1"'), "A3"),
    ("query_table", HandMade(HEADED, table=("甲", "乙"), table_extra='tableType="queryTable"'), "A2"),
    ("bad_reference", HandMade(), "A0"),
    ("bad_reference", HandMade(), "XFE1"),
    ("bad_reference", HandMade(), "A1:B2"),
    ("bad_reference", HandMade(), "A1048577"),
    ("broken_sheet", HandMade('<row r="2"/><row r="1"/>'), "A1"),
    ("broken_sheet", HandMade('<row r="1"><c r="B1"/><c r="A1"/></row>'), "A1"),
    ("broken_sheet", HandMade('<row r="1"><c r="A2"/></row>'), "A1"),
    ("broken_sheet", HandMade('<row r="1"><c r="A1">'), "A1"),
    ("broken_sheet", HandMade('<row r="x"/>'), "A1"),
    ("broken_sheet", HandMade('<row r="1"><c r="A1" s="red"/></row>'), "A1"),
]


@pytest.mark.parametrize(("reason", "hand", "cell"), CELLS)
def test_a_cell_that_cannot_be_edited_is_refused(reason: str, hand: HandMade, cell: str, tmp_path: Path) -> None:
    source, target = hand.write(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    assert refusal(lambda: edit_cells(source, target, "Sheet1", {cell: "新"}), target) == reason


def test_ordinary_formulas_give_way_when_asked_and_others_never(tmp_path: Path) -> None:
    target = tmp_path / "target.xlsx"
    ordinary = with_cell("<f>B1+1</f>").write(tmp_path / "one.xlsx")
    edit_cells(ordinary, target, "Sheet1", {"A1": 5}, replace_formulas=True)
    assert b'<c r="A1"><v>5</v></c>' in read_parts(target)["xl/worksheets/sheet1.xml"]
    shared = with_cell('<f t="shared" si="0" ref="A1:A9">B1</f>').write(tmp_path / "two.xlsx")
    call = lambda: edit_cells(shared, target, "Sheet1", {"A1": 5}, replace_formulas=True)  # noqa: E731
    assert refusal(call, target) == "shared_formula"


def test_unlocked_cells_of_a_protected_sheet_and_merge_anchors_can_be_edited(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1" s="2"/></row>'
    tail = '<{p}sheetProtection sheet="1"/><{p}mergeCells><{p}mergeCell ref="A1:C2"/></{p}mergeCells>'
    source, target = HandMade(rows, tail=tail).write(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    edit_cells(source, target, "Sheet1", {"A1": 1})
    assert b'<c r="A1" s="2"><v>1</v></c>' in read_parts(target)["xl/worksheets/sheet1.xml"]


VALUES: list[tuple[str, object]] = [
    ("not_a_number", math.nan),
    ("not_a_number", math.inf),
    ("not_a_number", np.float64("nan")),
    ("not_a_number", pd.NaT),
    ("number_precision", 1234567890123456789),
    ("number_precision", -(10**400)),
    ("text_too_long", "x" * 32_768),
    ("text_too_long", "😀" * 16_384),
    ("unwritable_character", "a\x00b"),
    ("unwritable_character", "\ufffe"),
    ("unwritable_character", "\ud800"),
    ("unwritable_character", Formula("=A\x07")),
    ("date_range", dt.date(1899, 12, 31)),
    ("time_zone", dt.datetime(2026, 1, 1, tzinfo=dt.UTC)),
    ("time_zone", dt.time(1, 2, tzinfo=dt.UTC)),
    ("formula_text", Formula("SUM(A1)")),
    ("formula_text", Formula("=")),
    ("formula_text", Formula("=" + "1+" * 4096 + "1")),
    ("value_type", [1]),
    ("value_type", b"bytes"),
    ("value_type", dt.timedelta(1)),
    ("value_type", pd.NA),
]


@pytest.mark.parametrize(("reason", "value"), VALUES)
def test_a_value_no_cell_can_hold_is_refused(reason: str, value: CellValue, tmp_path: Path) -> None:
    source, target = HandMade().write(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    assert refusal(lambda: edit_cells(source, target, "Sheet1", {"B2": value}), target) == reason


def _append(hand: HandMade, rows: list[dict[str, CellValue]]) -> Callable[[Path, Path], object]:
    return lambda source, target: append_rows(hand.write(source), target, "tblHand", rows)


def _body(hand: HandMade, body: SheetBody) -> Callable[[Path, Path], object]:
    return lambda source, target: patch_workbook(hand.write(source), target, bodies=[body])


ROW: list[dict[str, CellValue]] = [{"甲": 1}]
BODY = SheetBody("Sheet1", 2, [])
BLANKS = SheetBody("Sheet1", 2, [[], [], []])
BELOW_BY_ONE = SheetBody("Sheet1", 5, [[1]])
UNSTYLED = HandMade('<row r="1"><c r="A1" s="77"/></row>')
BELOW = HEADED + '<row r="4"><c r="B4"><v>9</v></c></row>'
LONGER = HandMade(BELOW + '<row r="5"><c r="A5"><v>9</v></c></row>', table=("甲", "乙"))
TAKES_IN = LongerTable("tblHand", 5)
REQUESTS: list[tuple[str, Callable[[Path, Path], object]]] = [
    ("no_sheet", lambda s, t: edit_cells(HandMade().write(s), t, "没有", {"A1": 1})),
    ("no_table", _append(HandMade(), ROW)),
    ("unknown_column", _append(TABLE, [{"丙": 1}])),
    ("rows_below_table", _append(HandMade(BELOW, table=("甲", "乙")), ROW)),
    ("merged_cell", _append(replace(TABLE, tail='<mergeCells><mergeCell ref="A4:B4"/></mergeCells>'), ROW)),
    ("merged_cell", _body(replace(TABLE, tail='<mergeCells><mergeCell ref="B3:B4"/></mergeCells>'), BLANKS)),
    ("locked_cell", _append(replace(TABLE, tail='<sheetProtection sheet="true"/>'), ROW)),
    ("query_table", _append(replace(TABLE, table_extra='tableType="queryTable"'), ROW)),
    ("broken_table", _append(replace(TABLE, area="A1:C3"), ROW)),
    ("broken_table", _append(replace(TABLE, area="A1:B1"), ROW)),
    ("broken_table", _body(replace(TABLE, area="A1:C3"), BODY)),
    ("sheet_full", _append(HandMade(table=("甲", "乙"), area="A1:B1048576"), ROW)),
    ("overlap", lambda s, t: patch_workbook(TABLE.write(s), t, edits={"Sheet1": {"A4": 1}}, appends={"tblHand": ROW})),
    ("overlap", lambda s, t: patch_workbook(TABLE.write(s), t, appends={"tblHand": ROW, "TBLHAND": ROW})),
    ("overlap", lambda s, t: edit_cells(HandMade().write(s), t, "Sheet1", {"A1": 1, "$A$1": 2})),
    ("overlap", _body(TABLE, SheetBody("Sheet1", 3, [[1]]))),
    ("overlap", lambda s, t: patch_workbook(TABLE.write(s), t, appends={"tblHand": ROW}, bodies=[BODY])),
    ("overlap", lambda s, t: patch_workbook(TABLE.write(s), t, appends={"tblHand": ROW * 2}, bodies=[BELOW_BY_ONE])),
    ("overlap", lambda s, t: patch_workbook(LONGER.write(s), t, appends={TAKES_IN: []}, bodies=[BELOW_BY_ONE])),
    ("overlap", lambda s, t: patch_workbook(TABLE.write(s), t, edits={"Sheet1": {"A9": 1}}, bodies=[BODY])),
    ("sheet_full", _body(HandMade(), SheetBody("Sheet1", 1_048_576, [[1], [2]]))),
    ("broken_styles", lambda s, t: edit_cells(UNSTYLED.write(s), t, "Sheet1", {"A1": dt.date(2026, 1, 1)})),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "request_"), REQUESTS)
def test_a_request_that_does_not_fit_the_workbook_is_refused(
    reason: str, request_: Callable[[Path, Path], object], tmp_path: Path
) -> None:
    source, target = tmp_path / "source.xlsx", tmp_path / "target.xlsx"
    assert refusal(lambda: request_(source, target), target) == reason


def _without(name: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        parts = read_parts(path)
        del parts[name]
        write_parts(path, parts)

    return change


def _replace(name: str, old: bytes, new: bytes) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        parts = read_parts(path)
        assert old in parts[name]
        write_parts(path, {**parts, name: parts[name].replace(old, new)})

    return change


def _bytes(change: Callable[[bytes], bytes]) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(change(path.read_bytes()))


def _signed(path: Path) -> None:
    add_parts(path, {"_xmlsignatures/sig1.xml": b"<Signature/>"}, {})


def _twice(path: Path) -> None:
    parts = read_parts(path)
    write_parts(path, {**parts, "xl/Workbook.xml": parts["xl/workbook.xml"]})


def _method(path: Path) -> None:
    parts = read_parts(path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


def _bomb(path: Path) -> None:
    parts = read_parts(path)
    sheet = parts["xl/worksheets/sheet1.xml"].replace(b"<sheetData>", b"<sheetData>" + b" " * (80 << 20))
    write_parts(path, {**parts, "xl/worksheets/sheet1.xml": sheet})


def _lying_size(path: Path) -> None:
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
    at = data.rindex(b"xl/worksheets/sheet1.xml") - 46
    struct.pack_into("<I", data, at + 24, info.file_size - 1)
    path.write_bytes(data)


def _wrong_crc(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[data.rindex(b"xl/worksheets/sheet1.xml") - 46 + 16] ^= 1
    path.write_bytes(data)


def _utf16(path: Path) -> None:
    parts = read_parts(path)
    text = parts["xl/worksheets/sheet1.xml"].decode().replace("UTF-8", "UTF-16")
    write_parts(path, {**parts, "xl/worksheets/sheet1.xml": text.encode("utf-16")})


SHEET = "xl/worksheets/sheet1.xml"
FILES: list[tuple[str, Callable[[Path], object]]] = [
    ("not_a_workbook", lambda path: path.write_bytes(b"")),
    ("not_a_workbook", lambda path: path.write_bytes(b"PK\3\4 this is no archive")),
    ("not_a_workbook", lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 900)),
    ("encrypted", lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"))),
    ("not_a_workbook", _bytes(lambda data: data[: len(data) // 2])),
    ("not_a_workbook", _without("[Content_Types].xml")),
    ("not_a_workbook", _without("_rels/.rels")),
    ("not_a_workbook", lambda path: path.write_bytes(b"PK\5\6" + b"\0" * 18)),
    ("not_a_workbook", _replace("xl/workbook.xml", MAIN.encode(), b"http://schemas.microsoft.com/office/excel/2006/2")),
    ("not_a_workbook", _replace("_rels/.rels", b"xl/workbook.xml", b"xl/workbook.bin")),
    ("no_sheet", _without("xl/_rels/workbook.xml.rels")),
    ("broken_package", _without(SHEET)),
    ("broken_package", _wrong_crc),
    ("broken_package", _lying_size),
    ("broken_package", _bytes(lambda data: data.replace(b"PK\3\4", b"PK\3\5", 2))),
    ("zip64", _bytes(lambda data: data[:-22] + b"PK\6\7" + b"\0" * 16 + data[-22:])),
    ("duplicate_part", _twice),
    ("compression", _method),
    ("zip_bomb", _bomb),
    ("signed", _signed),
    ("encoding", _utf16),
    ("encoding", _replace(SHEET, b'encoding="UTF-8"', b'encoding="GB2312"')),
    ("doctype", _replace(SHEET, b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet')),
    ("doctype", _replace("xl/workbook.xml", b"<workbook", b'<!DOCTYPE a [<!ENTITY b "c">]><workbook')),
    ("broken_xml", _replace("xl/workbook.xml", b"</workbook>", b"</w>")),
    ("broken_sheet", _replace(SHEET, b"</sheetData>", b"")),
    ("broken_strings", _replace("xl/sharedStrings.xml", b"sst", b"tss")),
    ("not_a_worksheet", _replace("xl/_rels/workbook.xml.rels", b"/worksheet", b"/chartsheet")),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "damage"), FILES)
def test_a_file_that_is_no_sound_workbook_is_refused(
    reason: str, damage: Callable[[Path], object], tmp_path: Path
) -> None:
    source, target = HandMade(strings=("文",)).write(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    damage(source)
    assert refusal(lambda: edit_cells(source, target, "Sheet1", {"A1": "新"}), target) == reason


def test_a_workbook_with_encrypted_members_is_refused(tmp_path: Path) -> None:
    source, target = HandMade().write(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    data = bytearray(source.read_bytes())
    data[data.rindex(b"xl/workbook.xml") - 46 + 8] |= 1
    source.write_bytes(data)
    assert refusal(lambda: edit_cells(source, target, "Sheet1", {"A1": 1}), target) == "encrypted"


def test_a_missing_file_is_an_ordinary_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        edit_cells(tmp_path / "none.xlsx", tmp_path / "target.xlsx", "Sheet1", {"A1": 1})


def test_a_table_does_not_grow_into_a_pivot_table(tmp_path: Path) -> None:
    source, target = TABLE.write(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    link = '<Relationship Id="rId9" Type="urn:x/pivotTable" Target="../pivotTables/pivotTable1.xml"/>'
    pivot = b'<pivotTableDefinition xmlns="urn:x"><location ref="A4:C9"/></pivotTableDefinition>'
    add_parts(source, {"xl/pivotTables/pivotTable1.xml": pivot}, {SHEET: link})
    assert refusal(lambda: append_rows(source, target, "tblHand", ROW), target) == "rows_below_table"


def test_every_reason_has_its_row_in_the_documentation_and_no_row_is_left_over() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (REPOSITORY / "qtemplate/ooxml").rglob("*.py"))
    raised = set(re.findall(r'WorkbookRefused\(\s*"([a-z0-9_]+)[".]', code))
    raised |= {"data_table", "array_formula", "broken_package"}
    page = (REPOSITORY / "docs/refusals.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([a-z0-9_]+)` \|", page, re.M)) == raised


def test_a_totals_row_with_an_array_formula_is_not_moved(tmp_path: Path) -> None:
    source, target = make_xlsxwriter_book(tmp_path / "source.xlsx", totals=True), tmp_path / "target.xlsx"
    parts = read_parts(source)
    sheet = re.sub(rb"<f>(SUBTOTAL[^<]*)</f>", rb'<f t="array" ref="C14">\1</f>', parts[SHEET])
    assert sheet != parts[SHEET]
    write_parts(source, {**parts, SHEET: sheet})
    call = lambda: append_rows(source, target, "tblFeedback", [{"编号": "x"}])  # noqa: E731
    assert refusal(call, target) == "table_totals"
