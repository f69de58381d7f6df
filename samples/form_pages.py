"""How large a form is on paper, and how one of several pages is cut: between blocks, never through a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

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


class Sizes(NamedTuple):
    """How large the parts of a form are drawn: widths in characters, heights in points.

    Attributes:
        column: Of the grid; a little less than the page has room for, since LibreOffice without the typeface draws wider.
        more: Added to the points of every text.
        fact: A line of the register, in Chinese and in English, whose labels may need two lines.
        facts: Those that hold more.
        answer: A line that is filled in, and one for sentences.
        line: Of a table that is filled in.
        similar: Of the table of earlier cases.
    """

    column: float
    more: int
    fact: tuple[float, float]
    facts: dict[Field, float]
    answer: tuple[float, float]
    line: float
    similar: float


_LONG = dict.fromkeys(
    (Field.SOLUTION, Field.ROOT_CAUSE, Field.CONTAINMENT, Field.LEVEL_REASON, Field.ASSIGN_REASON), 34.0
) | dict.fromkeys((Field.FIRST_GUESS, Field.ATTACHMENTS), 32.0)
USUAL = Sizes(8.4, 0, (22, 28), _LONG | {Field.DESCRIPTION: 78}, (24, 44), 25, 30)
WIDE = Sizes(10.5, 2, (20, 20), {Field.DESCRIPTION: 52, Field.ATTACHMENTS: 20}, (20, 36), 20, 32)
"""An 8D is twice as long as a page: drawn wide and in larger letters, it can be read on the two it is printed on."""


def sizes_of(kind: FormKind) -> Sizes:
    """How large this form is drawn."""
    return WIDE if kind is FormKind.EIGHT_D else USUAL


def set_pages(ws: Worksheet, blocks: Sequence[int], last: str, kind: FormKind) -> None:
    """A4 upright, from A1 to the `last` cell: on one page, an 8D on two."""
    look.set_page(ws, landscape=False)
    ws.page_setup.fitToHeight = 1
    ws.page_margins.left = ws.page_margins.right = 0.35
    ws.page_margins.top, ws.page_margins.bottom, ws.page_margins.footer = 0.35, 0.45, 0.2
    ws.print_area = f"A1:{last}"
    if kind is FormKind.EIGHT_D:
        _cut(ws, blocks, column_index_from_string("".join(filter(str.isalpha, last))))


def _cut(ws: Worksheet, blocks: Sequence[int], columns: int) -> None:
    """Breaks the sheet into two pages at the block that leaves them most alike, both on one scale.

    Manual breaks hold only where the scale is given: a sheet that is fitted to a number of pages is cut anywhere.

    Args:
        ws: With the height of every row.
        blocks: Rows with which a page may begin.
        columns: Of the printed area, from A on.
    """
    last = max(ws.row_dimensions)

    def height(first: int, end: int) -> float:
        return sum(ws.row_dimensions[row].height or 15.0 for row in range(first, end))

    def highest(cut: int) -> float:
        return max(height(1, cut), height(cut, last + 1))

    cut = min((row for row in blocks if row > 1), key=highest)
    widths = [ws.column_dimensions[letter].width for letter in list(ws.column_dimensions)[:columns]]
    width = sum(each * POINTS_A_CHARACTER + POINTS_A_COLUMN for each in widths)
    margins = ws.page_margins
    room = (PAPER[0] - 72 * (margins.left + margins.right), PAPER[1] - 72 * (margins.top + margins.bottom))
    ws.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=False)
    ws.page_setup.fitToWidth = ws.page_setup.fitToHeight = None
    ws.page_setup.scale = int(100 * SLACK * min(1.0, room[0] / width, room[1] / highest(cut)))
    ws.print_options.horizontalCentered = True
    ws.row_breaks = RowBreak(brk=(Break(id=cut - 1),))
