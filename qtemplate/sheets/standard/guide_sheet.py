"""使用说明: one calm page of text, with the legend of header colours."""

from __future__ import annotations

from openpyxl.styles import Alignment, Border, Side
from openpyxl.worksheet.worksheet import Worksheet

from ...fields import Filler
from ...texts.workbook.guide import (
    GOES_OUT,
    GUIDE,
    LEAD,
    LEGEND,
    LEGEND_GOES_OUT,
    NUMBER_OF_STORIES,
    STORIES,
    STORIES_FROM,
    TITLE,
)
from . import look

_FILLERS = {filler.value: colour for filler, colour in look.FILLER_COLOURS.items()}


STORY_HEIGHT = 96
"""Points: five lines beside a term that wraps."""


def write_guide(ws: Worksheet, language: str, *, demo: bool = False) -> None:
    """Write the page: title, lead, then sections of term and explanation; a demo's has room for its stories first."""
    ws.sheet_view.showGridLines = False
    look.set_widths(ws, [3, 26 if language == "zh" else 30, 104])
    ws["B1"] = TITLE[language]
    look.style(ws["B1"], font=look.font(language, 20, look.ACCENT, bold=True), alignment=Alignment(vertical="center"))
    ws.row_dimensions[1].height = 42
    ws["B2"] = LEAD[language]
    look.style(
        ws["B2"],
        font=look.font(language, 11, look.QUIET),
        alignment=Alignment(vertical="center", wrap_text=True),
    )
    ws.merge_cells("B2:C2")
    ws.row_dimensions[2].height = 40
    row = 4
    sections = GUIDE[language]
    if demo:
        heading, words = STORIES[language]
        sections = ((heading, ((" ", words),) * NUMBER_OF_STORIES), *sections)
    for heading, lines in sections:
        look.style(look.cell_at(ws, row, 2, heading), font=look.font(language, 13, look.ACCENT, bold=True))
        for column in (2, 3):
            look.cell_at(ws, row, column).border = Border(bottom=Side(style="medium", color=look.ACCENT))
        ws.row_dimensions[row].height = 24
        row += 1
        for line in lines:
            term, text = line if isinstance(line, tuple) else ("", line)
            _write_line(ws, row, term, text, language)
            if demo and STORIES_FROM <= row < STORIES_FROM + NUMBER_OF_STORIES:
                ws.row_dimensions[row].height = STORY_HEIGHT
            row += 1
        row += 1
    look.set_page(ws, landscape=False)
    ws.print_area = f"A1:C{row}"


def _write_line(ws: Worksheet, row: int, term: str, text: str, language: str) -> None:
    name, words = look.cell_at(ws, row, 2), look.cell_at(ws, row, 3, text)
    words.alignment = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
    words.font = look.font(language, 10.5)
    if term in _FILLERS:
        look.write_header(name, language, LEGEND[language][Filler(term)], _FILLERS[term])
    elif term == GOES_OUT:
        look.write_public_header(name, language, LEGEND_GOES_OUT[language], Filler.PERSON)
    else:
        name.value = term
        look.style(
            name, font=look.font(language, 10.5, bold=True), alignment=Alignment(vertical="center", wrap_text=True)
        )
    limit = 62 if language == "zh" else 112
    ws.row_dimensions[row].height = (21, 36, 51)[min(2, max((len(text) - 1) // limit, int(len(term) > 34)))]
