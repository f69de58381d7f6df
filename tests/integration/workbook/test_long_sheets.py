"""Of a long sheet the header is found without reading the rows, and what is found is the same."""

from __future__ import annotations

import io
import zipfile

import pytest
import xlsxwriter

from qtemplate.errors import RegisterUnreadable
from qtemplate.ooxml.reading.book import open_book
from qtemplate.ooxml.reading.top import LONG
from qtemplate.sheets.blocks import LOOK_ROWS, BlockFinder
from qtemplate.sheets.layout import BY_KEY
from qtemplate.sheets.writing.program_sheets import has_changes, unwritten_sheets

CHANGES = BY_KEY["changes"]
HEADERS = [column.zh for column in CHANGES.blocks[0].columns]


def changes(rows: int, who: str = "qtemplate") -> bytes:
    """A workbook with 变更日志 of so many rows, all by one."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet(CHANGES.zh)
        sheet.write_row(2, 0, HEADERS)
        for row in range(3, 3 + rows):
            sheet.write_row(row, 0, ["2026-07-16 08:00", f"QF-2026-{row:04d}", "x" * 200, "", "5 & 6", "y", who])
    return made.getvalue()


def damaged(data: bytes) -> bytes:
    """The workbook with a part of the sheet that is other than its check sum says."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        entry = book.getinfo("xl/worksheets/sheet1.xml")
    at = data.index(b"PK\1\2")
    at = data.index(entry.filename.encode(), at) - 46
    return data[: at + 16] + bytes(4) + data[at + 20 :]


def told(data: bytes) -> tuple[object, ...]:
    book = open_book(data)
    return BlockFinder(book).find(CHANGES), has_changes(book), list(unwritten_sheets(book, "zh")), list(book.opened)


def test_the_log_of_changes_is_not_read_to_its_end_to_find_its_header() -> None:
    short, long = changes(LOOK_ROWS), changes(3000)
    assert told(short)[-1] == [CHANGES.zh]
    assert told(long) == (*told(short)[:-1], [])
    book = open_book(long)
    top = book.top(CHANGES.zh, LOOK_ROWS)
    assert top == book.sheet(CHANGES.zh).to_python(skip_empty_area=False)[: len(top or ())]


def test_what_its_first_rows_do_not_tell_is_looked_for_in_the_others() -> None:
    _, has, *_, opened = told(changes(3000, who="Anna"))
    assert (has, opened) == (False, [CHANGES.zh])


def test_an_archive_that_is_damaged_below_the_header_is_refused() -> None:
    data = changes(3000)
    assert len(zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")) > LONG
    with pytest.raises(RegisterUnreadable, match="checksum"):
        told(damaged(data))
