"""Makes the pictures of adopt.md and adopt.zh.md: a proposal, and a team's register after its first night.

In the README's test environment, with LibreOffice and poppler-utils:  .venv/bin/python docs/build_adopt_images.py
"""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
NOW = "2026-07-16T09:30"
DPI = 110

BOOKS = {
    "zh": (
        "台账.xlsx", "投诉台账", "客户投诉登记台账（2026 年）",
        ("投诉编号", "接诉日期", "客户名称", "联系电话", "产品名称", "问题描述", "严重程度", "处理状态", "责任人", "关闭日期"),
        ("客户", "电饭煲", ("高", "中", "高", "低"), ("处理中", "已关闭"), ("李想", "王芳")),
        ("煮饭时屏幕完全不亮，按键没有任何反应", "内胆涂层起泡脱落，用了三个月", "煮到一半冒出焦味，插头发烫",
         "锅盖关不严，一煮就从旁边冒热气"),
    ),
    "en": (
        "complaints.xlsx", "Complaints", "Complaint log 2026",
        ("Complaint No.", "Date received", "Customer", "Phone", "Product", "Description", "Severity", "Status", "Owner",
         "Closed on"),
        ("Customer", "Rice cooker", ("High", "Medium", "High", "Low"), ("in progress", "closed"), ("Kim", "Lee")),
        ("Display stays dark while cooking, no key does anything", "Coating of the pot peels off after three months",
         "Smells burnt halfway through, and the plug gets hot", "Lid does not close, steam comes out at the side"),
    ),
}  # fmt: skip


LEFT_OUT = {
    "联系电话", "产品名称", "责任部门", "安全隐患", "关闭方式", "关闭时间", "关闭日期", "Phone", "Product", "Department", "Safety",
    "Close type", "Closed at", "Closed on", "答复期限", "Resolve by",
}  # fmt: skip
"""Columns that the picture of the register does without."""


def main() -> None:
    """Both pictures in both languages."""
    for language in BOOKS:
        with tempfile.TemporaryDirectory() as place:
            os.chdir(place)
            name, sheet, *_ = BOOKS[language]
            make_book(Path(name), language)
            for words in (["adopt", name], ["adopt", name, "--apply", "adopt.xlsx"], ["run"]):
                command = [sys.executable, str(ROOT / "run.py"), *words, "--lang", language, "--now", NOW]
                subprocess.run(command, check=False, capture_output=True)  # 3 where a person is needed
            picture(Path("adopt.xlsx"), None, IMAGES / f"adopt-proposal.{language}.png", 330)
            picture(Path(name), sheet, IMAGES / f"adopt-register.{language}.png", 125)


def make_book(path: Path, language: str) -> None:
    _, name, title, headers, (customer, product, grades, states, owners), texts = BOOKS[language]
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = name
    sheet.append([title])
    sheet.append(list(headers))
    for number, (text, grade) in enumerate(zip(texts, grades, strict=True), 1):
        day, over = dt.date(2026, 7, 9 + number), number == 2
        line = [f"TS-{number:04d}", day, f"{customer} {number}", f"1380000000{number}", product, text, grade]
        sheet.append([*line, states[over], owners[number % 2], dt.date(2026, 7, 14) if over else None])
    sheet["A1"].font = Font(bold=True, size=14)
    for cell in sheet[2]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="FFFFE699")
    for at, width in zip("ABCDEFGHIJ", (12, 13, 13, 14, 12, 46, 10, 11, 9, 12), strict=True):
        sheet.column_dimensions[at].width = width
    book.save(path)


def picture(workbook: Path, sheet: str | None, target: Path, height: int) -> None:
    """Prints one sheet on one page, and cuts its upper part out."""
    book = load_workbook(workbook)
    for page in book.worksheets:
        page.sheet_state = "visible" if page.title == (sheet or book.worksheets[0].title) else "hidden"
        page.print_area = None
        page.page_setup.orientation = "landscape"
        page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
        page.page_margins.left = page.page_margins.right = page.page_margins.top = 0.1
        page.oddHeader, page.oddFooter = HeaderFooterItem(), HeaderFooterItem()
    shown = next(page for page in book.worksheets if page.sheet_state == "visible")
    for cell in shown[2] if sheet else ():
        if cell.value in LEFT_OUT:
            shown.column_dimensions[get_column_letter(cell.column or 1)].hidden = True
    book.active = book.worksheets.index(shown)
    book.save("shown.xlsx")
    profile = f"-env:UserInstallation=file://{Path.cwd()}/profile"
    printed = ["soffice", profile, "--headless", "--convert-to", "pdf", "shown.xlsx"]
    subprocess.run(printed, check=True, capture_output=True)
    cut = ["-x", "0", "-y", "0", "-W", str(round(11.69 * DPI)), "-H", str(height)]
    pages = ["-png", "-singlefile", "-f", "1", "-l", "1", "-r", str(DPI), *cut]
    subprocess.run(["pdftoppm", *pages, "shown.pdf", str(target.with_suffix(""))], check=True)


if __name__ == "__main__":
    main()
