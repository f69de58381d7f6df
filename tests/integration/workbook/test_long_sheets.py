"""A long sheet is read as any other, by shorter ways: a header without the rows, and cells without merged areas."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from workbook_makers import HandMade

from qtemplate.errors import RegisterUnreadable
from qtemplate.ooxml.reading import merges
from qtemplate.ooxml.reading.book import open_book
from qtemplate.ooxml.reading.top import LONG
from qtemplate.sheets.blocks import LOOK_ROWS, BlockFinder
from qtemplate.sheets.layout import BY_KEY
from qtemplate.sheets.unwritten import has_changes, unwritten_sheets

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


FILLER = random.Random(7).randbytes(merges.LONG // 2).hex()
"""As long as a long sheet, and not to be packed so small that it is taken for a bomb."""


def hand_made(text: str, **spelt: Any) -> HandMade:
    """A sheet with a text in B2, an error beside it, and merged areas behind."""
    rows = (
        f'<{{p}}row r="2"><{{p}}c r="B2" t="inlineStr"><{{p}}is><{{p}}t>{text}</{{p}}t></{{p}}is></{{p}}c>'
        '<{p}c r="C2" t="e"><{p}v>#DIV/0!</{p}v></{p}c></{p}row>'
    )
    p = spelt.get("prefix", "")
    tail = f'<{p}mergeCells count="2"><{p}mergeCell ref="D:E"/><{p}mergeCell ref="A3:B4"/></{p}mergeCells>'
    return HandMade(rows, tail=tail, **spelt)


@pytest.mark.parametrize("spelt", [{}, {"prefix": "x:"}, {"bom": True}, {"strict": True}], ids=str)
def test_a_long_sheet_has_the_cells_and_the_merged_areas_of_a_short_one(spelt: dict[str, Any], tmp_path: Path) -> None:
    books = [open_book(hand_made(text, **spelt).write(tmp_path / "book.xlsx")) for text in ("x", FILLER)]
    assert [len(book.unmerged) for book in books] == [0, 1]
    assert [book.sheet("Sheet1").to_python() for book in books] == [[["x", ""]], [[FILLER, ""]]]
    assert [list(book.merged("Sheet1")) for book in books] == [[((0, 3), (1_048_575, 4)), ((2, 0), (3, 1))]] * 2
    assert [book.sheet("Sheet1").start for book in books] == [(1, 1)] * 2


def test_a_long_sheet_that_is_stored_as_it_is_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in hand_made(FILLER).parts().items():
            archive.writestr(name, data)
    book = open_book(path)
    assert (book.unmerged, book.sheet("Sheet1").to_python()) == (frozenset(), [[FILLER, ""]])
