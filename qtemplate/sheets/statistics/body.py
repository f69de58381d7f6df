"""What a run writes into 统计: everything from the row of the choice on, where it shows something else."""

from __future__ import annotations

import datetime as dt
import re
from itertools import zip_longest
from typing import Any

from ...figures.month_table import MonthTable
from ...ooxml.cells import CellError, Formula
from ...ooxml.package.parts import descendants, parse_leniently
from ...ooxml.reading.book import Book
from ...ooxml.references import Area
from ...ooxml.sheet.body import SheetBody
from ..blocks import BlockFinder
from ..layout import BY_KEY
from . import places as at
from .headers import words
from .lines import Choice, Lines
from .month_figures import shown_figures

KEY = "figures"
_CELL = re.compile(r"(?:'(?P<quoted>(?:[^']|'')+)'|(?P<plain>[^'!]+))!(?P<area>\$?[A-Z]{1,3}\$?[0-9]{1,7})\Z")


def figures_body(book: Book, table: MonthTable, newest: dt.date | None, language: str) -> SheetBody | None:
    """The sheet, for the month and product that people have chosen; None when it shows just that already.

    Args:
        book: The workbook.
        table: The figures.
        newest: The month shown where none is chosen.
        language: Of the workbook.
    """
    if not is_ours(book):
        return None
    finder = BlockFinder(book)
    name = finder.name_of(BY_KEY[KEY])
    if name is None:
        return None
    choice = read_choice(book, finder, newest, language)
    lines = Lines(table, choice, language).made()
    shown = finder.grid(name)[at.CHOICE_ROW - 1 :]
    pairs = zip_longest(shown, lines, fillvalue=())
    if all(_same(old, new, book.workbook.date1904) for old, new in pairs):
        return None
    last = at.FIRST_ROW + len(shown_figures()) - 1  # came later than the workbooks of 0.1
    return SheetBody(name, at.CHOICE_ROW, lines, cell_formats=True, like={last: last - 1})


def is_ours(book: Book) -> bool:
    """Whether the sheet is the one of the standard workbook: the names of the choice stand for something."""
    names = _names(book)
    return at.MONTH_NAME in names and at.PRODUCT_NAME in names


def read_choice(book: Book, finder: BlockFinder, newest: dt.date | None, language: str) -> Choice:
    """What people have chosen on 看板, read as the formulas of the sheet read it."""
    names = _names(book)
    month, product = (_named_cell(book, finder, names.get(name, "")) for name in (at.MONTH_NAME, at.PRODUCT_NAME))
    day = _as_date(month, book.workbook.date1904)
    text = str(int(product)) if isinstance(product, float) and product.is_integer() else str(product)
    chosen = "" if text == words(language)["all_products"] else text
    return Choice(newest if day is None else day.replace(day=1), chosen, newest)


def _names(book: Book) -> dict[str, str]:
    """Defined names, and what they stand for; read once of a workbook."""
    if KEY in book.known:
        return dict(book.known[KEY])
    root = parse_leniently(book.part(book.workbook.part))
    found = book.known[KEY] = {
        element.get("name", ""): element.text or "" for element in descendants(root, "definedName")
    }
    return found


def _named_cell(book: Book, finder: BlockFinder, place: str) -> Any:
    """The value of a cell by what its name stands for; empty where that leads nowhere any more."""
    found = _CELL.match(place)
    area = None if found is None else Area.parse(found["area"].replace("$", ""))
    if found is None or area is None:
        return ""
    sheet = found["plain"] or found["quoted"].replace("''", "'")
    grid = finder.grid(sheet) if sheet in book.sheet_names else []
    row = grid[area.first_row - 1] if area.first_row <= len(grid) else []
    return row[area.first_column - 1] if area.first_column <= len(row) else ""


def _as_date(value: Any, date1904: bool) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 1 <= value < 2_000_000:
        return (dt.date(1904, 1, 1) if date1904 else dt.date(1899, 12, 30)) + dt.timedelta(days=int(value))
    return None


def _same(old: Any, new: Any, date1904: bool) -> bool:
    """Whether a row shows what it shall."""
    for cell, value in zip_longest(old, new, fillvalue=""):
        # most cells are empty or the same number
        if cell != value and not (value is None and cell == "") and not _shows(cell, value, date1904):
            return False
    return True


def _shows(cell: Any, value: Any, date1904: bool) -> bool:
    if isinstance(value, Formula):
        value = value.cached
    if value is None or isinstance(value, CellError):
        value = ""
    if isinstance(value, dt.date):
        return _as_date(cell, date1904) == value
    return bool(cell == value)
