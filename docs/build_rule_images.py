"""Makes the pictures of rules.md and rules.zh.md: sheets of the standard workbook with remarks beside them.

A picture is the sheet as LibreOffice prints it, with frames around cells and the remarks in a column to the right.
In the README's test environment, with LibreOffice and poppler-utils:  .venv/bin/python docs/build_rule_images.py
"""

from __future__ import annotations

import io
import struct
import subprocess
import tempfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import openpyxl
from numpy.typing import NDArray
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.worksheet import Worksheet

from qtemplate.sheets.layout import BY_KEY
from qtemplate.sheets.standard import build_workbook

IMAGES = Path(__file__).resolve().parent / "images"
RED = "FFC00000"
DPI = 100

Pair = tuple[str, str]
"""zh, en"""


@dataclass(frozen=True)
class SheetPicture:
    """One sheet.

    Attributes:
        name: Of the file, without language and ending.
        key: Of the sheet in the layout.
        area: What is shown.
        remarks: Range -> what stands beside it, in the range's first row.
        typed: Cells typed before the picture is taken.
        room: Widths of the columns for remarks.
        hidden: Columns left out, which the page need not show.
    """

    name: str
    key: str
    area: str
    remarks: Mapping[str, Pair]
    typed: Mapping[str, Pair | float] = field(default_factory=dict)
    room: float = 50
    hidden: Sequence[str] = ()


PICTURES = (
    SheetPicture(
        "rules-read",
        "grading",
        "A1:I17",
        {
            "C1": (
                "① 命中策略：首个 = 自上而下，第一条符合的算",
                "1  Hit policy: the first rule that fits, from the top",
            ),
            "B2:I2": ("② 每列的用途：输入是条件，输出是结果", "2  What each column is: inputs ask, outputs answer"),
            "B3:I3": ("③ 列名，与登记表的列名相同", "3  The columns, named as in the register"),
            "A4:I4": ("④ 允许值：可留空", "4  Allowed values; may be empty"),
            "A5:I5": ("⑤ 缺省：没有规则符合时的结果，可留空", "5  Default: the result when no rule fits; may be empty"),
            "A8:H8": (
                "⑥ 一行一条规则：严重性是 5，并且规避措施不是“有”→ 紧急",
                "6  A rule: severity 5, workaround not Yes: Urgent",
            ),
            "B10:C10": ("⑦ “-” 或空格子：不限", "7  - or an empty cell: anything"),
            "E12": ("⑧ 逗号：其中任何一个都行", "8  A comma: any of these"),
            "D17": ("⑨ 比较：小于等于 2", "9  A comparison: at most 2"),
        },
    ),
    SheetPicture(
        "rules-change",
        "grading",
        "A1:I21",
        {
            "D10": ("① 把 >= 4 改成 5", "1  Was >= 4, now 5"),
            "D14": ("② 把 3 改成 [3..4]：4 级从此定为一般", "2  Was 3, now [3..4]: a 4 is normal from now on"),
            "A19": ("③ 隔一空行写“示例”，下面一行一个例子", "3  After a blank row: examples, one a row"),
            "H20:H21": ("④ 预期的结果；rules test 逐个核对", "4  The result you expect; rules test tries each"),
        },
        {
            "D10": 5.0,
            "D14": ("[3..4]", "[3..4]"),
            "A19": ("示例", "examples"),
            "A20": ("屏幕不亮", "no display"),
            "B20": ("否", "No"),
            "C20": ("属实", "Real"),
            "D20": 4.0,
            "E20": ("个别", "Single"),
            "F20": ("偶发", "Rare"),
            "G20": ("部分", "Partial"),
            "H20": ("一般", "Normal"),
            "A21": ("冒烟", "smoke"),
            "B21": ("是", "Yes"),
            "D21": 1.0,
            "H21": ("紧急", "Urgent"),
        },
    ),
    SheetPicture(
        "rules-assignment",
        "assignment",
        "A1:G10",
        {
            "D6": ("① 最少负荷、轮流、固定", "1  Least load, Round robin, Fixed"),
            "F7": ("② 只从有此专长的人里选", "2  Only people with this skill"),
            "E8": ("③ 方式为“固定”时写姓名", "3  A name when the method is Fixed"),
            "B9": ("④ 两个领域，同一个部门", "4  Two categories, one department"),
        },
    ),
    SheetPicture(
        "rules-priority",
        "priority",
        "A1:E10",
        {
            "B7:D7": ("① 重要，而且重复发生 → P1", "1  Major and recurrent -> P1"),
            "B8:D8": ("② 其余的重要 → P2（上一行先算）", "2  Every other major -> P2"),
        },
    ),
    SheetPicture(
        "rules-points",
        "points",
        "A1:H15",
        {
            "C1:D1": ("① 汇集 + 求和：每一条符合的都加", "1  COLLECT, SUM: every rule that fits adds"),
            "G10": ("② 有安全隐患加 40 分", "2  A safety hazard adds 40"),
            "F15:G15": ("③ 等了 14 天，再加 10 分", "3  After 14 days 10 more"),
        },
    ),
    SheetPicture(
        "rules-checks",
        "checks",
        "A1:W17",
        {
            "C1": ("① 汇集：每一条符合的都提示", "1  COLLECT: every rule that fits is told"),
            "T3:V3": ("② 说什么、标哪一列、多严重", "2  What is said, where, how grave"),
            "K10:L10": (
                "③ null 空、not(null) 已填：没写方案，却已实施",
                "3  Solution empty, yet implemented filled in",
            ),
        },
        room=44,
        hidden=("E", "F", "G", "H", "I", "J", "N", "O", "P", "Q", "W"),
    ),
    SheetPicture(
        "rules-limits",
        "limits",
        "A1:E17",
        {
            "A8:B11": ("① 首次响应：四个等级各一行", "1  First response: a row for each level"),
            "C9:D9": ("② 改数值、改单位，就是改时限", "2  Number and unit: this is the limit"),
            "C17": ("③ 数值留空 = 没有这个时限", "3  Without a number there is no limit"),
        },
    ),
    SheetPicture(
        "rules-escalation",
        "escalation",
        "A1:G13",
        {
            "A5": ("① 哪些时限；留空 = 所有时限", "1  Which clocks; empty = every clock"),
            "C4:D4": ("② 剩下的时间不足两成时提醒", "2  A reminder when a fifth of the time is left"),
            "D12:F12": ("③ 超时一个工作日，告知部门负责人", "3  One working day overdue: the head hears of it"),
        },
    ),
)


def main() -> None:
    """Every picture in both languages."""
    with tempfile.TemporaryDirectory() as place:
        for language in ("zh", "en"):
            standard = build_workbook(language)
            for picture in PICTURES:
                workbook = Path(place) / f"{picture.name}.{language}.xlsx"
                book = openpyxl.load_workbook(io.BytesIO(standard))
                sheet = book[BY_KEY[picture.key].title(language)]
                for other in book.worksheets:
                    if other is not sheet:
                        book.remove(other)
                prepare(sheet, picture, language)
                book.save(workbook)
                pixels = print_sheet(workbook, Path(place))
                (IMAGES / workbook.with_suffix(".png").name).write_bytes(palette_png(pixels))


def prepare(sheet: Worksheet, picture: SheetPicture, language: str) -> None:
    side = 0 if language == "zh" else 1
    first, top, last, bottom = range_boundaries(picture.area)
    assert isinstance(first, int) and isinstance(top, int) and isinstance(last, int) and isinstance(bottom, int)
    if picture.typed:
        for merged in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(merged))  # the help below, where examples are typed
        for number in range(18, bottom + 1):
            sheet.row_dimensions[number].height = 18
            for cell in sheet[number]:
                cell.value = None
    for address, typed in picture.typed.items():
        cell = sheet[address]
        cell.value = typed if isinstance(typed, float) else typed[side]
        cell.font = Font(name=sheet["B3"].font.name, size=10, bold=True, color=RED)
        cell.alignment = Alignment(horizontal="center", vertical="center")
    frame, red = Side("medium", RED), Font(name=sheet["B3"].font.name, size=11, bold=True, color=RED)
    for area, words in picture.remarks.items():
        left, upper, right, lower = range_boundaries(area)
        for row in sheet[f"{area}:{area}" if ":" not in area else area]:
            for cell in row:
                cell.border = Border(
                    left=frame if cell.column == left else cell.border.left,
                    right=frame if cell.column == right else cell.border.right,
                    top=frame if cell.row == upper else cell.border.top,
                    bottom=frame if cell.row == lower else cell.border.bottom,
                )
        remark = sheet.cell(upper or 1, last + 1, words[side])
        remark.font, remark.alignment = red, Alignment(vertical="center", wrap_text=True)
    for letter in picture.hidden:
        sheet.column_dimensions[letter].hidden = True
    sheet.column_dimensions[get_column_letter(last + 1)].width = picture.room
    sheet.print_area = f"A1:{get_column_letter(last + 1)}{bottom}"
    sheet.print_title_rows = None
    sheet.print_options.headings = True
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A3
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 1
    sheet.oddFooter = HeaderFooterItem()


def print_sheet(workbook: Path, place: Path) -> NDArray[np.uint8]:
    """The first page of a workbook as pixels, without its margins."""
    soffice = ["soffice", f"-env:UserInstallation=file://{place}/profile", "--headless", "--convert-to", "pdf"]
    subprocess.run([*soffice, "--outdir", str(place), str(workbook)], check=True, capture_output=True)
    pdf = place / f"{workbook.stem}.pdf"
    printed = subprocess.run(
        ["pdftoppm", "-f", "1", "-l", "1", "-r", str(DPI), str(pdf)], check=True, capture_output=True
    ).stdout
    _, size, _, body = printed.split(b"\n", 3)
    wide, high = map(int, size.split())
    page = np.frombuffer(body, np.uint8).reshape(high, wide, 3)
    inked = page.min(axis=2) < 250
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    return page[max(rows[0] - 8, 0) : rows[-1] + 8, max(columns[0] - 8, 0) : columns[-1] + 8]


def palette_png(pixels: NDArray[np.uint8]) -> bytes:
    """A PNG of at most 256 colours: the most usual ones, others as the nearest of them (PNG 1.2, colour type 3)."""
    high, wide, _ = pixels.shape
    colours, where, counts = np.unique(pixels.reshape(-1, 3) & 0xF8, axis=0, return_inverse=True, return_counts=True)
    palette = colours[np.argsort(-counts)[:256]].astype(int)
    nearest = np.array([np.abs(palette - colour).sum(axis=1).argmin() for colour in colours.astype(int)], np.uint8)
    lines = nearest[where.reshape(-1)].reshape(high, wide)
    raw = np.hstack([np.zeros((high, 1), np.uint8), lines]).tobytes()
    shown = np.where(palette == 0xF8, 0xFF, palette).astype(np.uint8).tobytes()
    head = struct.pack(">IIBBBBB", wide, high, 8, 3, 0, 0, 0)
    parts = ((b"IHDR", head), (b"PLTE", shown), (b"IDAT", zlib.compress(raw, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(name, data) for name, data in parts)


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


if __name__ == "__main__":
    main()
