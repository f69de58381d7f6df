"""What must become of a workbook when rows are appended to its table: worked out slowly, on lxml trees.

Written apart from the package. What a formula of the table reads in another row is asked from the caller, who made it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree
from patch_reference import SeenCell, Sheet, apply_edits, see_sheet
from workbook_makers import read_parts

from qtemplate.ooxml.cells import CellValue

SHEET_PART = "xl/worksheets/sheet1.xml"
FOLLOWING = ("conditionalFormatting", "dataValidation", "ignoredError", "protectedRange")


@dataclass(frozen=True)
class Seen:
    """What a reader finds: cells, heights of rows, the table's areas, lists of areas, defined names."""

    cells: Sheet
    heights: dict[int, str | None]
    table: dict[str, str]
    areas: list[tuple[str, str]]
    names: list[str]


@dataclass(frozen=True)
class Place:
    """Where the table stands: rows of data, columns, and its first row."""

    top: int
    first: int
    last: int
    left: int
    right: int
    totals: bool


def see(path: Path) -> Seen:
    """A workbook of one sheet and one table."""
    parts = read_parts(path)
    sheet, table = etree.fromstring(parts[SHEET_PART]), etree.fromstring(parts["xl/tables/table1.xml"])
    heights, number = {}, 0
    for row in _all(sheet, "row"):
        number = int(row.get("r", number + 1))
        heights[number] = row.get("ht")
    found = {_name(e): str(e.get("ref")) for e in table.iter() if e.get("ref")}
    areas = []
    for element in sheet.iter():
        if element.get("sqref") is not None:
            areas.append((_name(element), str(element.get("sqref"))))
        elif _name(element) == "sqref":
            parent = element.getparent()
            assert parent is not None
            areas.append((_name(parent), element.text or ""))
    names = [e.text or "" for e in _all(etree.fromstring(parts["xl/workbook.xml"]), "definedName")]
    return Seen(see_sheet(path), heights, found, areas, names)


def append(
    before: Seen,
    place: Place,
    styles: Callable[[int, int], str],
    formula: Callable[[int, int], str | None],
    rows: Sequence[Mapping[int, CellValue]],
    merges: Sequence[str],
) -> Seen | str:
    """What must be there after the rows were appended, or the word of the refusal.

    Args:
        before: As it was.
        place: Of the table.
        styles: Row and column -> the format a reader applies there.
        formula: Column and new row -> the formula a new row gets where no value is given.
        rows: Values by worksheet column.
        merges: Merged areas of the sheet.
    """
    count = len(rows)
    columns = range(place.left, place.right + 1)
    new_last = place.last + count
    end = new_last + place.totals
    for row in range(place.last + 1 + place.totals, end + 1):
        if any(_filled(before.cells.get((row, column))) for column in columns):
            return "rows_below_table"
    for merge in merges:
        top, left, bottom, right = _corners(merge)
        if top <= end and bottom >= place.last + 1 and left <= place.right and right >= place.left:
            return "merged_cell"
    cells = {at: cell for at, cell in before.cells.items() if not (place.totals and _in_totals(at, place))}
    samples = range(max(place.first, place.last - 4), place.last + 1)
    for number, given in enumerate(rows, place.last + 1):
        for column in columns:
            shown = [styles(row, column) for row in samples]
            counts = Counter(shown)
            style = next(s for s in reversed(shown) if counts[s] == max(counts.values()))
            prepared = before.cells.get((number, column))
            if style == "0" and prepared is not None and not (place.totals and number == place.last + 1):
                style = prepared.style
            if column in given:
                blank = SeenCell("empty", "", None, style)
                cells[number, column] = apply_edits({(number, column): blank}, {(number, column): given[column]})[
                    number, column
                ]
            elif (text := formula(column, number)) is not None:
                cells[number, column] = SeenCell("empty", "", text, style)
            else:
                cells[number, column] = SeenCell("empty", "", None, style)
    for column in columns if place.totals else ():
        total = before.cells.get((place.last + 1, column))
        if total is not None:
            text = None if total.formula is None else _stretch_formula(total.formula, place, new_last)
            cells[end, column] = SeenCell(total.kind, total.value, text, total.style)
        else:
            cells.pop((end, column), None)
    heights = dict(before.heights)
    for number in range(place.last + 1, new_last + 1):
        # a row that is there, prepared or that of the totals, keeps its own height
        heights.setdefault(number, before.heights.get(place.last))
    table = {
        name: whole(ref, end) if name == "table" else stretch(ref, place, new_last)
        for name, ref in before.table.items()
    }
    areas = [
        (name, " ".join(stretch(token, place, new_last) for token in text.split()) if name in FOLLOWING else text)
        for name, text in before.areas
    ]
    names = [stretch_name(text, place, count) for text in before.names]
    return Seen(cells, heights, table, areas, names)


def _filled(cell: SeenCell | None) -> bool:
    return cell is not None and (cell.value != "" or cell.formula is not None)


def _in_totals(at: tuple[int, int], place: Place) -> bool:
    return at[0] == place.last + 1 and place.left <= at[1] <= place.right


def whole(ref: str, end: int) -> str:
    return re.sub(r"\d+$", str(end), ref)


def stretch(token: str, place: Place, new_last: int) -> str:
    top, left, bottom, right = _corners(token)
    follows = top >= place.top and bottom == place.last and left <= place.right and right >= place.left
    if follows and new_last >= top and new_last != place.last:
        head, _, _ = token.partition(":")
        tail = token.partition(":")[2] or token
        return f"{head}:{re.sub(r'[0-9]+$', str(new_last), tail)}"
    return token


def _stretch_formula(text: str, place: Place, new_last: int) -> str:
    return re.sub(r"[A-Z]+\d+:[A-Z]+\d+", lambda found: stretch(found[0], place, new_last), text)


def stretch_name(text: str, place: Place, count: int) -> str:
    sheet, _, area = text.rpartition("!")
    if ":" not in area or sheet != "Sheet1":
        return text
    top, left, bottom, right = _corners(area.replace("$", ""))
    inside = place.left <= left and right <= place.right
    if bottom not in (place.last, place.last + place.totals) or top not in (place.top, place.first) or not inside:
        return text
    return f"{sheet}!" + re.sub(r"\d+$", str(bottom + count), area)


def _corners(area: str) -> tuple[int, int, int, int]:
    """Top, left, bottom, right."""
    first, _, second = area.partition(":")
    (top, left), (bottom, right) = _cell(first), _cell(second or first)
    return min(top, bottom), min(left, right), max(top, bottom), max(left, right)


def _cell(text: str) -> tuple[int, int]:
    letters, digits = re.fullmatch(r"([A-Z]+)(\d+)", text).groups()  # type: ignore[union-attr] # the test wrote it
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(digits), column


def _all(root: etree._Element, name: str) -> list[etree._Element]:
    return [element for element in root.iter() if _name(element) == name]


def _name(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
