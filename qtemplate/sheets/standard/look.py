"""Colours, fonts and cell styles of the standard workbook. It must not know what any sheet says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from functools import cache
from math import ceil
from typing import Any
from weakref import WeakKeyDictionary

from openpyxl.cell.cell import Cell
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from ...choices import Level
from ...fields import Filler, Stage
from ...ooxml.sheet.row_heights import height_for

INK = "1F2933"
QUIET = "6B7785"
LINE = "D5DAE1"
PAPER = "F5F7FA"
ACCENT = "1F4E79"
ANSWER = "FFF7D6"

FILLER_COLOURS = {
    Filler.PERSON: "1F4E79",
    Filler.SUGGESTED: "2E7D5B",
    Filler.PROGRAM: "6B7280",
    Filler.LEARNED: "9A6B15",
}
GOES_OUT = "FFE08A"
"""Fill of the headers of columns that may be shown outside the company: pale where all others are dark, in print too."""

GOES_OUT_INKS = {
    Filler.PERSON: "1F4E79",
    Filler.SUGGESTED: "1E5A40",
    Filler.PROGRAM: "404854",
    Filler.LEARNED: "6B4A0E",
}
"""Who fills such a column is told by the ink; each has a contrast of at least 4.5 to 1 with the fill."""

STAGE_COLOURS = {
    Stage.OVERVIEW: "DCE6F2",
    Stage.INTAKE: "E3F1E6",
    Stage.EVALUATION: "FFF3D1",
    Stage.ASSIGNMENT: "FBE6DA",
    Stage.SOLUTION: "E6E4F3",
    Stage.REPLY: "DDF0F3",
    Stage.CONFIRMATION: "F6E3EC",
    Stage.CLOSING: "E7EAEE",
}
LEVEL_COLOURS = {
    Level.URGENT: ("B3261E", "FFFFFF"),
    Level.MAJOR: ("F5B183", "5B2C06"),
    Level.NORMAL: ("FFE9A8", "5C4A00"),
    Level.MINOR: ("DDEFE0", "245234"),
}
"""Background and ink of each level, in cells and charts alike."""

BAD = ("FBDAD7", "9C1C12")
WARN = ("FFEBB8", "7A5200")
GOOD = ("E1F3E6", "1E6B3A")
CALM = ("E6E4F3", "4A4372")
DONE = ("", "8A94A0")
"""Background (empty = none) and ink for states of a cell."""

DATE = "yyyy-mm-dd"
DATETIME = "yyyy-mm-dd hh:mm"
TIME = "hh:mm"
MONTH = "yyyy-mm"
TEXT = "@"

LAST_ROW = 1048576
"""Drop-downs and colours reach the end of the sheet, so rows added later have them too."""


_MADE: WeakKeyDictionary[Workbook, dict[tuple[tuple[str, int], ...], tuple[Any, Mapping[str, Any]]]] = (
    WeakKeyDictionary()
)
"""Of each workbook: names and ids of parts -> the style that a cell got from them, and the parts."""


def face(language: str) -> str:
    """The typeface: one that every office of the language has."""
    return "微软雅黑" if language == "zh" else "Calibri"


# What the next four make is shared by all cells that ask for the same: nobody may change it.


@cache
def font(language: str, size: float = 10, colour: str = INK, bold: bool = False, italic: bool = False) -> Font:
    return Font(name=face(language), size=size, color=colour, bold=bold, italic=italic)


@cache
def solid(colour: str) -> PatternFill:
    return PatternFill("solid", start_color=colour, end_color=colour)


@cache
def hairline() -> Border:
    side = Side(style="thin", color=LINE)
    return Border(left=side, right=side, top=side, bottom=side)


@cache
def line_below() -> Border:
    return Border(bottom=Side(style="thin", color=LINE))


@cache
def underlined(colour: str) -> Border:
    side = Side(style="thin", color=LINE)
    return Border(left=side, right=side, top=side, bottom=Side(style="thick", color=colour))


@cache
def aligned(horizontal: str | None = None, vertical: str = "center", *, wrap: bool | None = None) -> Alignment:
    return Alignment(horizontal=horizontal, vertical=vertical, wrap_text=wrap)


def set_widths(ws: Worksheet, widths: list[float]) -> None:
    """Widths of the columns from A on, in characters."""
    for number, width in enumerate(widths, start=1):
        ws.column_dimensions[get_column_letter(number)].width = width


def height_of(ws: Worksheet, row: int, widths: Sequence[float]) -> float | None:
    """The height that the wrapped texts of a row need in columns of these widths; None where a line will do."""
    cells = [(ws.cell(row, at), width) for at, width in enumerate(widths, 1)]
    texts = [
        (str(each.value), width, each.font.size) for each, width in cells if each.alignment.wrap_text and each.value
    ]
    return height_for((text, width, size) for text, width, size in texts)


def fit_rows(ws: Worksheet, widths: Sequence[float], first: int) -> list[int]:
    """Give the rows from `first` on the height that their wrapped texts need in columns of these widths.

    Returns:
        The rows that got one; openpyxl writes that somebody chose it.
    """
    fitted = []
    for row in range(first, ws.max_row + 1):
        height = height_of(ws, row, widths)
        if height is not None:
            ws.row_dimensions[row].height = height
            fitted.append(row)
    return fitted


def cell_at(ws: Worksheet, row: int, column: int, value: Any = None) -> Cell:
    """The cell of a row and column, given `value` unless that is None; it is never the hidden part of a merge."""
    cell = ws.cell(row, column)
    assert isinstance(cell, Cell)
    if value is not None:
        cell.value = value
    return cell


def style(cell: Cell, **parts: Any) -> Cell:
    """Give `cell` font, fill, alignment, border, number_format.

    openpyxl looks each part up by its value, which costs most of what a workbook takes to make: so a cell without a
    style takes the whole style of the first one that got the very same parts.
    """
    if cell.has_style:
        _set_parts(cell, parts)
        return cell
    book = cell.parent.parent
    assert book is not None  # the cell stands on a sheet of one
    made = _MADE.setdefault(book, {})
    key = tuple((name, id(part)) for name, part in parts.items())
    if key in made:
        cell._style = copy(made[key][0])  # type: ignore[attr-defined]  # as in `style_like`
    else:
        _set_parts(cell, parts)
        made[key] = copy(cell._style), parts  # type: ignore[attr-defined]  # parts are kept: no other gets an id of theirs
    return cell


def _set_parts(cell: Cell, parts: Mapping[str, Any]) -> None:
    for name, part in parts.items():
        setattr(cell, name, part)


def style_like(cell: Cell, model: Any) -> Cell:
    """Give `cell` the whole style of another cell, or of a column, of the same workbook; far cheaper than part by part."""
    cell._style = copy(model._style)  # type: ignore[attr-defined]  # openpyxl has no public way to copy all parts at once
    return cell


def write_title(ws: Worksheet, language: str, title: str, help_line: str, last_column: int) -> None:
    """Row 1: the sheet's title; row 2: one line of help."""
    ws["A1"] = title
    style(ws["A1"], font=font(language, 15, ACCENT, bold=True), alignment=aligned())
    ws["A2"] = help_line
    style(ws["A2"], font=font(language, 9.5, QUIET), alignment=aligned(wrap=True))
    ws.merge_cells(start_row=2, start_column=1, end_row=2, end_column=last_column)
    ws.row_dimensions[1].height = 28


def write_header(cell: Cell, language: str, text: str, colour: str = ACCENT) -> None:
    """A header cell: white on `colour`."""
    cell.value = text
    style(
        cell,
        font=font(language, 10, "FFFFFF", bold=True),
        fill=solid(colour),
        alignment=aligned("center", wrap=True),
        border=hairline(),
    )


def write_public_header(cell: Cell, language: str, text: str, filler: Filler) -> None:
    """The header of a column that may be shown outside the company: ink and the line below say who fills it."""
    cell.value = text
    ink = GOES_OUT_INKS[filler]
    style(
        cell,
        font=font(language, 10, ink, bold=True),
        fill=solid(GOES_OUT),
        alignment=aligned("center", wrap=True),
        border=underlined(ink),
    )


def add_table(ws: Worksheet, name: str, reference: str) -> None:
    """An Excel table with its filter buttons; cells carry their own colours, the table only light banding."""
    table = Table(displayName=name, name=name, ref=reference)
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False, showColumnStripes=False)
    ws.add_table(table)


def colours(pair: tuple[str, str], bold: bool = False) -> DifferentialStyle:
    """A conditional style of background and ink."""
    background, ink = pair
    fill = PatternFill(bgColor=background, fill_type="solid") if background else None
    return DifferentialStyle(font=Font(color=ink, bold=bold or None), fill=fill)


def equals(cell: str, text: str, pair: tuple[str, str], bold: bool = False) -> Rule:
    """Colour a cell that holds exactly `text`."""
    return Rule(type="expression", dxf=colours(pair, bold), formula=[f'{cell}="{text}"'], stopIfTrue=True)


def begins(cell: str, text: str, pair: tuple[str, str], bold: bool = False) -> Rule:
    """Colour a cell whose text begins with `text`; `cell` is the first cell of the range."""
    formula = [f'LEFT({cell},{len(text)})="{text}"']
    return Rule(type="beginsWith", operator="beginsWith", text=text, dxf=colours(pair, bold), formula=formula)


PAGE_WIDTH = 215
"""How many characters stand side by side on a landscape page of A4 before 11 points are printed smaller than 7.5."""


def set_page(
    ws: Worksheet,
    *,
    landscape: bool = True,
    repeat_rows: str | None = None,
    across: float = 0,
    repeat_columns: str = "A:A",
) -> None:
    """A4, fit to width, page numbers below.

    Args:
        ws: The sheet.
        landscape: Or upright.
        repeat_rows: Rows that stand on every page, such as `"1:3"`.
        across: Widths of all columns together, in characters: what is too wide to be read on one page goes on several
            side by side.
        repeat_columns: The columns that begin each of those.
    """
    pages = max(1, ceil(across / PAGE_WIDTH))
    ws.page_setup.orientation = "landscape" if landscape else "portrait"
    ws.page_setup.paperSize = 9
    ws.page_setup.fitToWidth = pages
    ws.page_setup.fitToHeight = 0
    ws.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    ws.page_margins.left = ws.page_margins.right = 0.4
    ws.page_margins.top = ws.page_margins.bottom = 0.5
    footer = HeaderFooterItem(left=_HeaderFooterPart("&A"), right=_HeaderFooterPart("&P / &N"))
    ws.HeaderFooter.oddFooter = footer
    if repeat_rows:
        ws.print_title_rows = repeat_rows
    if pages > 1:
        ws.print_title_cols = repeat_columns
