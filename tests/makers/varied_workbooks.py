"""Workbooks of many kinds, one a number: what real ones hold, put together by chance, each the same at every call."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter
from workbook_makers import (
    RELATIONS,
    HandMade,
    add_parts,
    make_openpyxl_book,
    make_xlsxwriter_book,
    read_parts,
    tiny_png,
    write_parts,
)

REGISTER = "反馈登记"
MAIN_14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
MAIN_15 = "http://schemas.microsoft.com/office/spreadsheetml/2010/11/main"
TITLES = ("编号", "受理日期", "数量", "金额", "状态", "说明 <&>", "第二\n行")


@dataclass(frozen=True)
class Varied:
    """A workbook: its table, that table's sheet and columns, and how many columns there is room for."""

    path: Path
    table: str
    sheet: str
    titles: tuple[str, ...]
    room: int


def make_varied(path: Path, number: int) -> Varied:
    """The workbook of that number."""
    chance = random.Random(number)
    match number % 8:
        case 0:
            return Varied(make_openpyxl_book(path, chance.randint(1, 27)), "tblFeedback", REGISTER, TITLES[:5], 9)
        case 1:
            book = make_xlsxwriter_book(path, rows=chance.randint(1, 30), totals=chance.random() < 0.5)
            return Varied(book, "tblFeedback", REGISTER, TITLES[:5], 1)
        case 2 | 3:
            return _by_hand(path, chance)
        case _:
            return _by_xlsxwriter(path, chance)


def _by_hand(path: Path, chance: random.Random) -> Varied:
    p = chance.choice(["", "x:"])
    titles = TITLES[: chance.randint(2, 5)]
    last = chance.randint(2, 9)
    head = "".join(f'<{{p}}c r="{"ABCDE"[n]}1" t="s"><{{p}}v>{n}</{{p}}v></{{p}}c>' for n in range(len(titles)))
    body = "".join(
        f'<{{p}}row r="{row}"><{{p}}c r="A{row}"><{{p}}v>{row}</{{p}}v></{{p}}c></{{p}}row>'
        for row in range(2, last + 1)
        if chance.random() < 0.8
    )
    edge = "ABCDE"[len(titles) - 1]
    tail = (
        f'<{{p}}conditionalFormatting sqref="A2:{edge}{last}"><{{p}}cfRule type="duplicateValues" priority="1"/>'
        f'</{{p}}conditionalFormatting><{{p}}dataValidations count="1"><{{p}}dataValidation type="whole" '
        f'sqref="A2:A{last}"><{{p}}formula1>1</{{p}}formula1></{{p}}dataValidation></{{p}}dataValidations>'
    )
    name = '<{p}definedName name="n">Sheet1!$A$1</{p}definedName>'
    hand = HandMade(
        f'<{{p}}row r="1">{head}</{{p}}row>{body}',
        prefix=p,
        strict=chance.random() < 0.3,
        date1904=chance.random() < 0.3,
        bom=chance.random() < 0.3,
        styles=chance.random() < 0.7,
        strings=titles,
        table=titles,
        area=f"A1:{edge}{last}",
        tail=chance.choice(["", tail]),
        head=chance.choice(["", '<{p}sheetFormatPr defaultRowHeight="15"/>']),
        names=chance.choice(["", "<{p}definedNames>" + name + "</{p}definedNames>"]),
    )
    return Varied(hand.write(path), "tblHand", "Sheet1", titles, 9)


def _by_xlsxwriter(path: Path, chance: random.Random) -> Varied:
    """With half of what XlsxWriter can make, a list on another sheet, and now and then slicers."""

    def often(share: float = 0.5) -> bool:
        return chance.random() < share

    book = xlsxwriter.Workbook(str(path), {"date_1904": often(0.2)})
    if often(0.7):
        front = book.add_worksheet("封面 1")
        front.write("A1", "说明")
    sheet, lists = book.add_worksheet(REGISTER), book.add_worksheet("字典 '表' 1")
    titles = TITLES[: chance.randint(2, len(TITLES))]
    rows, top, left = chance.randint(1, 25), chance.randint(0, 3), chance.randint(0, 2)
    width, totals = len(titles), often(0.3)
    red = book.add_format({"bg_color": "#FFC7CE", "num_format": "#,##0.00", "border": 1, "locked": False})
    date = book.add_format({"num_format": 14})
    columns: list[dict[str, Any]] = [{"header": title, "format": chance.choice([None, red, date])} for title in titles]
    if totals:
        columns[0]["total_string"] = "合计"
    data = [[chance.choice(["文", n, None, n / 3]) for _ in titles] for n in range(rows)]
    last, edge = top + rows, left + width - 1
    options = {"name": "tblFeedback", "columns": columns, "data": data, "total_row": totals, "banded_columns": often()}
    sheet.add_table(top, left, last + totals, edge, options)
    lists.write_column(1, 0, ["一", "二", "三"])
    for row in range(1, 4):
        lists.write(row, 5, dt.date(2026, 1, row).isoformat())
    source = "='字典 ''表'' 1'!$A$2:$A$4"
    sheet.data_validation(top + 1, left, last, left, {"validate": "list", "source": source, "input_message": "选"})
    if often():
        sheet.data_validation(
            top + 1, edge, 1048575, edge, {"validate": "any", "input_title": "说", "input_message": "明"}
        )
    if often():
        sheet.conditional_format(top + 1, left, last, edge, {"type": "no_blanks", "format": red})
    if often():
        sheet.conditional_format(top + 1, left, last, left, {"type": "data_bar", "data_bar_2010": True})
        sheet.conditional_format(top + 1, left, 900, edge, {"type": "icon_set", "icon_style": "5_ratings"})
    if often():
        sheet.freeze_panes(top + 1, left + 1)
    if often():
        sheet.set_column(0, left + 1, 14, red if often() else None)
    if often():
        sheet.set_column(edge + 1, edge + 6, 9, None, {"level": 1, "hidden": often()})
    if often():
        sheet.print_area(top, left, last, edge)
        sheet.repeat_rows(top)
    if often():
        book.define_name("清单", source)
        book.define_name("整表", f"={REGISTER}!{xlsxwriter.utility.xl_range_abs(top, left, last, edge)}")
    if often():
        picture = path.with_suffix(".png")
        picture.write_bytes(tiny_png())
        sheet.insert_image(last + 9, edge + 2, str(picture))
        sheet.write_comment(top + 1, left, "看")
    if often():
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": [REGISTER, top + 1, left, last, left]})
        sheet.insert_chart(last + 9, 1, chart)
        second = book.add_chart({"type": "line"})
        second.add_series({"values": [REGISTER, top + 1, edge, last, edge]})
        book.add_chartsheet("图").set_chart(second)
    if often():
        sheet.write_url(last + 6, 0, "https://example.com/?a=1&b=2", string="链接")
        sheet.ignore_errors({"number_stored_as_text": xlsxwriter.utility.xl_range(top + 1, left, last, edge)})
    if often():
        sheet.write_formula(last + 7, 0, f"=COUNTA(tblFeedback[{titles[0]}])", None, rows)
    if often(0.3):
        lists.autofilter(0, 5, 3, 6)
        lists.write("F1", "日")
    if often(0.3):
        lists.protect()
    if often():
        sheet.merge_range(last + 12, edge + 1, last + 13, edge + 3, "合")
    book.close()
    path.with_suffix(".png").unlink(missing_ok=True)
    if often(0.3):
        _add_slicer(path, titles[0])
    return Varied(path, "tblFeedback", REGISTER, titles, 9)


def _add_slicer(path: Path, column: str) -> None:
    """A slicer of the table's first column, as Excel writes it but for its drawing."""
    parts = read_parts(path)
    workbook = parts["xl/workbook.xml"]
    names = [name for name in parts if name.startswith("xl/worksheets/sheet")]
    sheet = next(name for name in sorted(names) if b"<tableParts" in parts[name])
    cache = (
        f'<slicerCacheDefinition xmlns="{MAIN_14}" xmlns:x15="{MAIN_15}" xmlns:x="http://schemas.openxmlformats.org/'
        f'spreadsheetml/2006/main" name="Slicer_1" sourceName="{column}"><extLst><x:ext uri="{{2F2917AC-EB37-4324-AD4E-'
        '5DD8C200BD13}"><x15:tableSlicerCache tableId="1" column="1"/></x:ext></extLst></slicerCacheDefinition>'
    )
    slicer = (
        f'<slicers xmlns="{MAIN_14}"><slicer name="{column}" cache="Slicer_1" caption="{column}" rowHeight="241300"/>'
        "</slicers>"
    )
    kinds = {
        "xl/slicers/slicer1.xml": "application/vnd.ms-excel.slicer+xml",
        "xl/slicerCaches/slicerCache1.xml": "application/vnd.ms-excel.slicerCache+xml",
    }
    office = "http://schemas.microsoft.com/office/2007/relationships"
    link = '<Relationship Id="{}" Type="{}/{}" Target="{}"/>'
    links = {
        sheet: link.format("rIdS", office, "slicer", "../slicers/slicer1.xml"),
        "xl/workbook.xml": link.format("rIdC", office, "slicerCache", "slicerCaches/slicerCache1.xml"),
    }
    shown = (
        f'<ext uri="{{3A4CF648-6AED-40f4-86FF-DC5316D8AED3}}" xmlns:x15="{MAIN_15}"><x14:slicerList '
        f'xmlns:x14="{MAIN_14}"><x14:slicer xmlns:r="{RELATIONS}" r:id="rIdS"/></x14:slicerList></ext>'
    ).encode()
    cached = (
        f'<extLst><ext uri="{{46BE6895-7355-4a93-B00E-2C351335B9C9}}" xmlns:x15="{MAIN_15}"><x15:slicerCaches '
        f'xmlns:x14="{MAIN_14}"><x14:slicerCache xmlns:r="{RELATIONS}" r:id="rIdC"/></x15:slicerCaches></ext></extLst>'
    ).encode()
    data = parts[sheet]
    if b"</extLst></worksheet>" in data:
        data = data.replace(b"</extLst></worksheet>", shown + b"</extLst></worksheet>")
    else:
        data = data.replace(b"</worksheet>", b"<extLst>" + shown + b"</extLst></worksheet>")
    parts[sheet], parts["xl/workbook.xml"] = data, workbook.replace(b"</workbook>", cached + b"</workbook>")
    write_parts(path, parts)
    texts = {"xl/slicers/slicer1.xml": slicer, "xl/slicerCaches/slicerCache1.xml": cache}
    add_parts(path, {name: text.encode() for name, text in texts.items()}, links, kinds)
