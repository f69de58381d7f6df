"""How large a form is on paper, and how one of several pages is cut: between blocks, never through a table."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise

from openpyxl.utils import column_index_from_string
from openpyxl.worksheet.pagebreak import Break, RowBreak
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from qtemplate.fields import Field
from qtemplate.plan.form_kinds import FormKind
from qtemplate.sheets.standard import look

PAPER = (595.3, 841.9)
"""A4 in points."""

SLACK = 0.96
"""Other programs draw columns and rows a little larger."""

POINTS_A_CHARACTER, POINTS_A_COLUMN = 5.25, 3.75
"""Width of a column on paper: of each character of its width, and what is added around (ECMA-376 part 1, 18.3.1.13)."""


_HIGH = {Field.DESCRIPTION: 78, Field.SOLUTION: 34, Field.ROOT_CAUSE: 34, Field.CONTAINMENT: 34, Field.LEVEL_REASON: 34,
         Field.ASSIGN_REASON: 34, Field.FIRST_GUESS: 32, Field.ATTACHMENTS: 32}  # fmt: skip
_HIGH_IN_8D = {**_HIGH, Field.DESCRIPTION: 70}


def pages_of(kind: FormKind) -> int:
    """How many pages a form has on paper; on two of them the texts of an 8D would be of 5 points."""
    return 3 if kind is FormKind.EIGHT_D else 1


def column_width(kind: FormKind) -> float:
    """In characters; a little less than the page has room for, since LibreOffice without the typeface draws wider."""
    return 8.9 if kind is FormKind.EIGHT_D else 8.4


def height_of(key: Field, kind: FormKind, language: str) -> float:
    """The height of a fact in points: a line, or two of an English label."""
    if kind is FormKind.EIGHT_D:
        return _HIGH_IN_8D.get(key, 25 if language == "en" else 22)
    return _HIGH.get(key, 28 if language == "en" else 22)


def set_pages(ws: Worksheet, blocks: Sequence[int], last: str, pages: int) -> None:
    """A4 upright, from A1 to the `last` cell: on one page, or cut into several."""
    look.set_page(ws, landscape=False)
    ws.page_setup.fitToHeight = 1
    ws.page_margins.left = ws.page_margins.right = 0.35
    ws.page_margins.top, ws.page_margins.bottom, ws.page_margins.footer = 0.35, 0.45, 0.2
    ws.print_area = f"A1:{last}"
    if pages > 1:
        _cut(ws, blocks, column_index_from_string("".join(filter(str.isalpha, last))), pages)


def _cut(ws: Worksheet, blocks: Sequence[int], columns: int, pages: int) -> None:
    """Breaks the sheet into pages at the blocks that leave them most alike, all on one scale.

    Manual breaks hold only where the scale is given: a sheet that is fitted to a number of pages is cut anywhere.

    Args:
        ws: With the height of every row.
        blocks: Rows with which a page may begin.
        columns: Of the printed area, from A on.
        pages: How many.
    """
    last = max(ws.row_dimensions)

    def height(first: int, end: int) -> float:
        return sum(ws.row_dimensions[row].height or 15.0 for row in range(first, end))

    def highest(cut: Sequence[int]) -> float:
        ends = (1, *cut, last + 1)
        return max(height(first, end) for first, end in pairwise(ends))

    cut = min(combinations([row for row in blocks if row > 1], pages - 1), key=highest)
    widths = [ws.column_dimensions[letter].width for letter in list(ws.column_dimensions)[:columns]]
    width = sum(each * POINTS_A_CHARACTER + POINTS_A_COLUMN for each in widths)
    margins = ws.page_margins
    room = (PAPER[0] - 72 * (margins.left + margins.right), PAPER[1] - 72 * (margins.top + margins.bottom))
    ws.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=False)
    ws.page_setup.fitToWidth = ws.page_setup.fitToHeight = None
    ws.page_setup.scale = int(100 * SLACK * min(1.0, room[0] / width, room[1] / highest(cut)))
    ws.print_options.horizontalCentered = True
    ws.row_breaks = RowBreak(brk=tuple(Break(id=row - 1) for row in cut))
