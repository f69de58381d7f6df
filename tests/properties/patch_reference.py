"""A slow, obvious patcher on whole lxml trees, to compare the fast one with.

It knows nothing of bytes: it parses the sheet, sets elements, and gives what a reader would see. Written apart from the
package; only cell values and addresses are shared.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lxml import etree
from workbook_makers import read_parts

from qtemplate.ooxml.cells import CellValue


@dataclass(frozen=True)
class SeenCell:
    """What a reader sees in a cell: kind, value, formula, and whether its format shows a date."""

    kind: str
    value: str
    formula: str | None
    style: str


Sheet = dict[tuple[int, int], SeenCell]


def see_sheet(path: Path, part: str = "xl/worksheets/sheet1.xml") -> Sheet:
    """All cells of a sheet that exist, texts resolved."""
    parts = read_parts(path)
    strings: list[str] = []
    if "xl/sharedStrings.xml" in parts:
        for item in etree.fromstring(parts["xl/sharedStrings.xml"]):
            strings.append("".join(t.text or "" for t in item.iter() if _name(t) == "t"))
    seen: Sheet = {}
    row_number = 0
    data = next(e for e in etree.fromstring(parts[part]) if _name(e) == "sheetData")
    for row in (e for e in data if _name(e) == "row"):
        row_number = int(row.get("r", row_number + 1))
        column = 0
        for cell in (e for e in row if _name(e) == "c"):
            column = _column(cell.get("r", "")) or column + 1
            seen[row_number, column] = _see(cell, strings)
    return seen


def _see(cell: etree._Element, strings: list[str]) -> SeenCell:
    kind = cell.get("t", "n")
    value = next((e.text or "" for e in cell if _name(e) == "v"), "")
    formula = next((e.text or "" for e in cell if _name(e) == "f"), None)
    if kind == "s":
        kind, value = "text", strings[int(value)]
    elif kind == "inlineStr":
        kind, value = "text", "".join(t.text or "" for t in cell.iter() if _name(t) == "t")
    elif kind == "n":
        kind = "number" if value else "empty"
        value = repr(float(value)) if value else ""
    if kind == "text":
        value = re.sub(r"_x([0-9A-F]{4})_", lambda m: chr(int(m[1], 16)), value)
    return SeenCell(kind, value, formula, cell.get("s", "0"))


def apply_edits(sheet: Sheet, edits: Mapping[tuple[int, int], CellValue]) -> Sheet:
    """What a reader must see after the edits; styles of new cells and of dates are left to be judged apart."""
    after = dict(sheet)
    for at, value in edits.items():
        style = sheet[at].style if at in sheet else "?"
        match value:
            case None:
                if at not in sheet:
                    continue
                seen = SeenCell("empty", "", None, style)
            case bool():
                seen = SeenCell("b", str(int(value)), None, style)
            case int() | float():
                seen = SeenCell("number", repr(float(value)), None, style)
            case dt.datetime():
                days = (value - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)
                seen = SeenCell("number", repr(float(days)), None, "date")
            case str():
                seen = SeenCell("text", value.replace("\r\n", "\n").replace("\r", "\n"), None, style)
            case _:
                raise AssertionError(value)
        after[at] = seen
    return after


def _name(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _column(reference: str) -> int:
    number = 0
    for letter in re.sub(r"\d", "", reference):
        number = number * 26 + ord(letter) - 64
    return number
