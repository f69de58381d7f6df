"""Tables on sheets written letter by letter, and what they read after rows were appended."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ooxml_lint import lint
from workbook_makers import HandMade, read_parts

from qtemplate.ooxml.cells import CellValue
from qtemplate.sheets import append_rows

SHEET = "xl/worksheets/sheet1.xml"
HEAD = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
STRINGS = ("甲", "乙")
NEW: list[dict[str, CellValue]] = [{"甲": 7}, {"甲": 8}]


def grown(tmp_path: Path, hand: HandMade, rows: Sequence[dict[str, CellValue]] = NEW) -> str:
    """The sheet after rows were appended, the rest of the workbook linted."""
    source, target = hand.write(tmp_path / "source.xlsx"), tmp_path / "target.xlsx"
    append_rows(source, target, "tblHand", rows)
    assert lint(target) == lint(source) == []
    return read_parts(target)[SHEET].decode()


def rows_from(xml: str, first: int) -> str:
    """The rows from one on, as text."""
    return xml[xml.index(f'<row r="{first}"') : xml.index("</sheetData>")]


def table_of(body: str, area: str = "A1:B3", **more: str) -> HandMade:
    """A table of two columns with these rows below its header."""
    return HandMade(HEAD + body, strings=STRINGS, table=("甲", "乙"), area=area, **more)  # type: ignore[arg-type] # texts
