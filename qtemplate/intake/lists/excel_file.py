"""Workbooks that are lists: one sheet, its header row, the rows below it."""

from __future__ import annotations

from typing import Any

from ...errors import QtemplateError
from ...ooxml.reading.book import open_book
from ...texts import quote
from ..unfit import Unfit
from .table import Table


def read_excel(data: bytes, *, sheet: str = "", header_row: int = 1) -> Table:
    """Read the list of a workbook.

    Args:
        data: Bytes of an .xlsx.
        sheet: Its name; "" = the first one.
        header_row: Worksheet row of the headers, counted from 1.

    Raises:
        Unfit: It cannot be read, has no such sheet, or holds no rows.
    """
    try:
        book = open_book(data)
        names = book.sheet_names
        if sheet and sheet not in names:
            raise Unfit("no_sheet", sheet=sheet, known=tuple(names))
        cells = book.sheet(sheet or names[0])
        start = cells.start
        rows = cells.to_python(skip_empty_area=True) if start is not None else []
    except QtemplateError as error:
        raise Unfit("unreadable", problem=quote(error), unfinished=True) from error
    above = (start or (0, 0))[0]
    rows = [list(row) for row in rows[max(header_row - 1 - above, 0) :]]
    if len(rows) < 2:
        raise Unfit("empty")
    titles = [str(title).strip() if title is not None else "" for title in rows[0]]
    here = [at for at, title in enumerate(titles) if title]
    filled = [row for row in rows[1:] if any(not _is_blank(row[at]) for at in here)]
    if not here or not filled:
        raise Unfit("empty")
    columns = tuple([_cell(row[at]) for row in filled] for at in here)
    return Table(tuple(titles[at] for at in here), columns)


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _cell(value: Any) -> Any:
    """A number of a list is mostly an identifier: 12 is no 12.0."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value
