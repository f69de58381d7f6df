"""What native charts of the standard workbook share: colours of levels, titles of moderate size."""

from __future__ import annotations

from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun

from . import look

LEVEL_SHADES = ("B3261E", "E8833A", "F2C94C", "9CCBA6", "C5CCD6")
"""Urgent to minor, then not graded: those of the cells, strong enough for thin bars."""


def chart_title(text: str) -> Title:
    """A title of moderate size: the default of 18 pt outweighs the page's own headings."""
    look_of = CharacterProperties(sz=1100, b=True, solidFill=look.QUIET)
    run = RegularTextRun(rPr=look_of, t=text)
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=look_of), r=[run])
    return Title(tx=Text(rich=RichText(p=[paragraph])), overlay=False)
