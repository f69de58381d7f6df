"""Workbooks for tests: made by XlsxWriter, by openpyxl, and by hand where those cannot make what real files hold."""

from __future__ import annotations

import datetime as dt
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEADERS = ("编号", "受理日期", "数量", "金额", "状态", "两倍")


def tiny_png() -> bytes:
    """A picture of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def make_xlsxwriter_book(path: Path, *, rows: int = 12, totals: bool = False) -> Path:
    """A register with most of what XlsxWriter can make, a dashboard and a chart sheet."""
    book = xlsxwriter.Workbook(str(path))
    sheet, board, notes = book.add_worksheet("反馈登记"), book.add_worksheet("看板"), book.add_worksheet("检查")
    date = book.add_format({"num_format": "yyyy-mm-dd"})
    money = book.add_format({"num_format": "#,##0.00", "bg_color": "#FFF2CC"})
    start = dt.date(2026, 1, 5)
    data = [
        [f"QF-2026-{n:04d}", start + dt.timedelta(days=n), n, n * 1.5, ("新建", "处理中")[n % 2]]
        for n in range(1, rows + 1)
    ]
    columns: list[dict[str, object]] = [{"header": title} for title in HEADERS]
    columns[1]["format"], columns[3]["format"] = date, money
    columns[5]["formula"] = "=tblFeedback[[#This Row],[数量]]*2"
    if totals:
        columns[0]["total_string"] = "合计"
        columns[2]["total_function"] = "sum"
    sheet.add_table(
        0,
        0,
        rows + totals,
        5,
        {"name": "tblFeedback", "columns": columns, "data": data, "total_row": totals},
    )
    for row in range(1, rows + 1):
        sheet.write_formula(row, 7, f"=C{row + 1}+$C$2", None, row)
    sheet.set_row(rows, 30)
    sheet.data_validation(1, 4, rows, 4, {"validate": "list", "source": ["新建", "处理中", "已关闭"]})
    sheet.data_validation(1, 2, rows, 2, {"validate": "integer", "criteria": ">=", "value": 0})
    sheet.conditional_format(1, 2, rows, 2, {"type": "data_bar", "data_bar_2010": True})
    sheet.conditional_format(1, 4, rows, 4, {"type": "cell", "criteria": "==", "value": '"新建"', "format": money})
    sheet.ignore_errors({"number_stored_as_text": f"A2:A{rows + 1}"})
    sheet.write_comment("A2", "第一条", {"author": "张三", "x_scale": 2})
    sheet.insert_button("J2", {"macro": "Nothing", "caption": "按"})
    sheet.write_url("J5", "https://example.com/?ref=1", string="链接")
    board.write_formula("A1", "=SUM(tblFeedback[数量])", None, sum(range(1, rows + 1)))
    board.add_sparkline("B1", {"range": f"反馈登记!C2:C{rows + 1}"})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": f"=反馈登记!$C$2:$C${rows + 1}"})
    board.insert_chart("D2", chart)
    picture = path.with_suffix(".png")
    picture.write_bytes(tiny_png())
    board.insert_image("D20", str(picture))
    board.insert_textbox("H2", "说明")
    notes.write_row(0, 0, ["代码", "级别", "日期", "说明"])
    notes.add_table(
        0, 0, 1, 3, {"name": "tblFindings", "columns": [{"header": h} for h in ("代码", "级别", "日期", "说明")]}
    )
    second = book.add_chart({"type": "line"})
    second.add_series({"values": f"=反馈登记!$D$2:$D${rows + 1}"})
    book.add_chartsheet("图").set_chart(second)
    book.define_name("数量", f"=反馈登记!$C$2:$C${rows + 1}")
    sheet.print_area(0, 0, rows, 5)
    book.define_name("表头", "=反馈登记!$A$1:$F$1")
    book.set_custom_property("保存者", "质量部")
    book.close()
    picture.unlink()
    return path


def make_openpyxl_book(path: Path, rows: int = 8) -> Path:
    """A register as openpyxl writes it."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "反馈登记"
    sheet.append(HEADERS)
    for n in range(1, rows + 1):
        sheet.append([f"QF-{n:04d}", dt.date(2026, 2, n), n, n / 4, "新建", f"=C{n + 1}*2"])
    sheet.add_table(Table(displayName="tblFeedback", ref=f"A1:F{rows + 1}"))
    rule = DataValidation(type="list", formula1='"新建,处理中"')
    rule.add(f"E2:E{rows + 1}")
    sheet.add_data_validation(rule)
    fill = PatternFill(bgColor="FFC7CE")
    above = CellIsRule(operator="greaterThan", formula=["5"], fill=fill)  # type: ignore[no-untyped-call] # its stubs
    sheet.conditional_formatting.add(f"C2:C{rows + 1}", above)
    sheet["A2"].comment = Comment("看一下", "李四")
    board = book.create_sheet("看板")
    board["A1"] = f"=COUNTIF('反馈登记'!E2:E{rows + 1},\"新建\")"
    book.save(path)
    return path


@dataclass(frozen=True)
class HandMade:
    """A small workbook written letter by letter.

    Args:
        rows: The content of `sheetData`, with `{p}` for the prefix.
        prefix: `""` or `"x:"`.
        strict, date1904, bom: As they say.
        tail: What follows `</sheetData>`.
        head: What precedes `<sheetData>`.
        strings: Texts of the shared strings; None leaves the part out, an empty tuple makes `<sst/>`.
        table: Columns of a table named `tblHand` over `area`.
        area: The table's area.
    """

    rows: str = '<{p}row r="1"><{p}c r="A1"><{p}v>1</{p}v></{p}c></{p}row>'
    prefix: str = ""
    strict: bool = False
    date1904: bool = False
    bom: bool = False
    tail: str = ""
    head: str = ""
    strings: tuple[str, ...] | None = None
    table: tuple[str, ...] = ()
    area: str = "A1:B3"
    table_extra: str = ""
    names: str = ""
    empty: bool = False
    styles: bool = True

    def parts(self) -> dict[str, bytes]:
        """The parts by name."""
        p = self.prefix
        main, relations = (STRICT, STRICT_RELATIONS) if self.strict else (MAIN, RELATIONS)
        space = f'xmlns:{p[:-1]}="{main}"' if p else f'xmlns="{main}"'
        mark = "\ufeff" if self.bom else ""
        start = f'{mark}<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
        data = f"<{p}sheetData/>" if self.empty else f"<{p}sheetData>{self.rows.format(p=p)}</{p}sheetData>"
        links = '<Relationship Id="rId1" Type="{r}/worksheet" Target="worksheets/sheet1.xml"/>'
        types = [f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/>']
        parts: dict[str, str] = {}
        if self.styles:
            links += '<Relationship Id="rId2" Type="{r}/styles" Target="/xl/styles.xml"/>'
            types.append(f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>')
            parts["xl/styles.xml"] = start + _styles(p, space)
        if self.strings is not None:
            links += '<Relationship Id="rId3" Type="{r}/sharedStrings" Target="sharedStrings.xml"/>'
            types.append(f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}.sharedStrings+xml"/>')
            items = "".join(f"<{p}si><{p}t>{text}</{p}t></{p}si>" for text in self.strings)
            count = f'count="{len(self.strings)}" uniqueCount="{len(self.strings)}"'
            inner = f">{items}</{p}sst>" if items else "/>"
            parts["xl/sharedStrings.xml"] = f"{start}<{p}sst {space} {count}{inner}"
        if self.table:
            types.append(f'<Override PartName="/xl/tables/table1.xml" ContentType="{kind}.table+xml"/>')
            columns = "".join(f'<{p}tableColumn id="{n}" name="{c}"/>' for n, c in enumerate(self.table, 1))
            parts["xl/tables/table1.xml"] = (
                f'{start}<{p}table {space} id="1" name="tblHand" displayName="tblHand" ref="{self.area}" '
                f'{self.table_extra}><{p}autoFilter ref="{self.area}"/>'
                f'<{p}tableColumns count="{len(self.table)}">{columns}</{p}tableColumns></{p}table>'
            )
            link = f'<Relationship Id="rId1" Type="{relations}/table" Target="../tables/table1.xml"/>'
            parts["xl/worksheets/_rels/sheet1.xml.rels"] = _links(link)
        properties = f'<{p}workbookPr date1904="1"/>' if self.date1904 else ""
        parts |= {
            "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>{"".join(types)}</Types>',
            "_rels/.rels": _links(
                f'<Relationship Id="rId1" Type="{relations}/officeDocument" Target="xl/workbook.xml"/>'
            ),
            "xl/workbook.xml": f'{start}<{p}workbook {space} xmlns:r="{relations}">{properties}<{p}sheets>'
            f'<{p}sheet name="Sheet1" sheetId="1" r:id="rId1"/></{p}sheets>{self.names.format(p=p)}</{p}workbook>',
            "xl/_rels/workbook.xml.rels": _links(links.format(r=relations)),
            "xl/worksheets/sheet1.xml": f'{start}<{p}worksheet {space} xmlns:r="{relations}" '
            f'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
            f"{self.head.format(p=p)}{data}{self.tail.format(p=p)}</{p}worksheet>",
        }
        return {name: text.encode() for name, text in sorted(parts.items())}

    def write(self, path: Path) -> Path:
        """Write the workbook."""
        return write_parts(path, self.parts())


def _links(inner: str) -> str:
    return f'<Relationships xmlns="{PACKAGE}/relationships">{inner}</Relationships>'


def _styles(p: str, space: str) -> str:
    """Formats 0 plain, 1 a date, 2 unlocked, 3 bold."""
    return (
        f'<{p}styleSheet {space}><{p}numFmts count="1">'
        f'<{p}numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></{p}numFmts>'
        f'<{p}fonts count="2"><{p}font/><{p}font><{p}b/></{p}font></{p}fonts>'
        f'<{p}fills count="1"><{p}fill/></{p}fills><{p}borders count="1"><{p}border/></{p}borders>'
        f'<{p}cellStyleXfs count="1"><{p}xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></{p}cellStyleXfs>'
        f'<{p}cellXfs count="4"><{p}xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        f'<{p}xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        f'<{p}xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyProtection="1">'
        f'<{p}protection locked="0"/></{p}xf>'
        f'<{p}xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0"/></{p}cellXfs></{p}styleSheet>'
    )


def read_parts(path: Path) -> dict[str, bytes]:
    """All members of an archive, inflated."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write_parts(path: Path, parts: Mapping[str, bytes]) -> Path:
    """An archive of these members, deflated, dated alike."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return path


def add_parts(
    path: Path, parts: Mapping[str, bytes], links: Mapping[str, str], types: Mapping[str, str] | None = None
) -> Path:
    """Put more parts into a workbook.

    Args:
        path: The workbook, changed in place.
        parts: By part name.
        links: Relationship elements to add, by the part that owns them (`""` for the package).
        types: Content types by part name; default `application/xml`.
    """
    known = read_parts(path)
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{(types or {}).get(name, "application/xml")}"/>'
        for name in parts
        if not name.endswith(".rels")
    )
    known["[Content_Types].xml"] = known["[Content_Types].xml"].replace(b"</Types>", overrides.encode() + b"</Types>")
    for owner, elements in links.items():
        folder, _, base = owner.rpartition("/")
        name = f"{folder}/_rels/{base}.rels".lstrip("/")
        old = known.get(name, _links("").encode())
        known[name] = old.replace(b"</Relationships>", elements.encode() + b"</Relationships>")
    return write_parts(path, {**known, **parts})
