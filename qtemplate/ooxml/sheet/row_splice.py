"""The cells of one row: found by position, replaced or inserted, while their neighbours keep their bytes.

Source: ECMA-376 part 1 sections 18.3.1.73 (row), 18.3.1.4 (c; `r` is optional, a cell without it follows its
predecessor), 18.3.1.40 (f).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Final

from msgspec import Struct

from qtemplate.errors import WorkbookRefused
from qtemplate.ooxml.markup import attribute, blank_comments, set_attribute, tags, text_of
from qtemplate.ooxml.references import LAST_COLUMN, Area, column_name, column_number
from qtemplate.ooxml.sheet.stream import Row
from qtemplate.ooxml.sheet.usual_row import usual_columns, usual_formats

_MARKUP: Final = re.compile(rb"<(?!!\[CDATA\[)[^<>]*>")
_REFERENCE: Final = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})\Z")


class FormulaKind(StrEnum):
    """What kind of formula a cell holds."""

    NONE = "none"
    NORMAL = "normal"
    SHARED = "shared"
    SHARED_MASTER = "shared_master"
    ARRAY = "array"
    DATA_TABLE = "data_table"


class Cell(Struct, frozen=True):
    """One cell as it stands in its row.

    Args:
        start, end: Its span in the row's bytes.
        column: From 1.
        style: Its `s`, or None.
        tag: The start tag.
        body: What stands between the tags; empty for an empty element.
    """

    start: int
    end: int
    column: int
    style: int | None
    tag: bytes
    body: bytes

    @property
    def is_rich(self) -> bool:
        """Whether the cell holds a rich value or a dynamic array (`vm`, `cm`)."""
        return attribute(self.tag, b"vm") is not None or attribute(self.tag, b"cm") is not None


class CellFormula(Struct, frozen=True):
    """The formula of a cell: kind, text without `=`, shared index, and the area it fills."""

    kind: FormulaKind
    text: str = ""
    shared: str = ""
    area: Area | None = None


NO_FORMULA: Final = CellFormula(FormulaKind.NONE)


@lru_cache(maxsize=8)
def _patterns(prefix: bytes) -> tuple[re.Pattern[bytes], ...]:
    """A cell's tag, a formula's, and a cell's with another prefix."""
    p = re.escape(prefix)
    return (
        re.compile(rb"<%sc(?=[\s/>])[^<>]*>" % p),
        re.compile(rb"<%sf(?=[\s/>])[^<>]*>" % p),
        re.compile(rb"<(?!%sc[\s/>])(?:[^\s<>/!?:]+:)?c(?=[\s/>])" % p),
    )


def row_tag(row: Row) -> bytes:
    """The row's start tag.

    Raises:
        WorkbookRefused: `broken_sheet`, the row does not end.
    """
    end = row.mask.find(b">") + 1
    tag = row.mask[:end]
    _require_quotes(tag, row.number)
    if not end or not (tag.endswith(b"/>") or row.mask.rfind(b"row>", end) >= 0):
        raise WorkbookRefused("broken_sheet.row_end", "Row {row} does not end; the sheet is damaged.", row=row.number)
    return tag


def _require_quotes(tag: bytes, number: int) -> None:
    """Refuse a tag that was cut at a `>` inside an attribute; XML allows that, but no office program writes it."""
    if tag.count(b'"') % 2 or tag.count(b"'") % 2:
        raise WorkbookRefused(
            "broken_sheet.attribute",
            "Row {row} holds an attribute that cannot be read: {found!r}.",
            row=number,
            found=tag[:80],
        )


def style_of(tag: bytes, place: str = "") -> int | None:
    """The `s` of a row or cell tag.

    Args:
        tag: The tag.
        place: Its address where the tag itself need not say it.

    Raises:
        WorkbookRefused: `broken_sheet`, it is no number; names the cell.
    """
    text = attribute(tag, b"s")
    if text is None:
        return None
    if not text.isdecimal() or len(text) > 9:
        place = place or attribute(tag, b"r") or "?"
        if place.isdecimal():
            raise WorkbookRefused(
                "broken_sheet.row_format",
                "Row {row} says that its format is {found!r}, which is not the number of one.",
                row=place,
                found=text[:20],
            )
        raise WorkbookRefused(
            "broken_sheet.format",
            "Cell {place} says that its format is {found!r}, which is not the number of one.",
            "",
            place,
            place=place,
            found=text[:20],
        )
    return int(text)


def cells_of(row: Row, prefix: bytes) -> Iterator[Cell]:
    """The cells of a row, left to right.

    Raises:
        WorkbookRefused: `broken_sheet`, cells without end or not in order.
    """
    opener, _, other = _patterns(prefix)
    at, column = len(row_tag(row)), 0
    if other.search(row.mask):
        raise WorkbookRefused(
            "broken_sheet.cell_prefix", "The cells of row {row} are not all written with one prefix.", row=row.number
        )
    while found := opener.search(row.mask, at):
        _require_quotes(found[0], row.number)
        following = column + 1
        text = attribute(found[0], b"r")
        end, body = _end_and_body(row, prefix, found)
        if text is not None:
            parts = _REFERENCE.match(text)
            if parts is None or int(parts[2]) != row.number:
                raise WorkbookRefused(
                    "broken_sheet.cell_name",
                    "Row {row} holds a cell that says it is {found!r}.",
                    row=row.number,
                    found=text[:20],
                )
            following = column_number(parts[1])
        if not column < following <= LAST_COLUMN:
            raise WorkbookRefused("broken_sheet.cell_order", "The cells of row {row} are not in order.", row=row.number)
        at, column = end, following
        style = style_of(found[0], f"{column_name(column)}{row.number}")
        yield Cell(found.start(), at, column, style, found[0], body)


def formats_of(row: Row, prefix: bytes) -> dict[int, int | None]:
    """The columns of a row that have a cell, with its format.

    Raises:
        WorkbookRefused: As for `cells_of`.
    """
    row_tag(row)
    formats = usual_formats(row, prefix)
    return {cell.column: cell.style for cell in cells_of(row, prefix)} if formats is None else formats


def _end_and_body(row: Row, prefix: bytes, tag: re.Match[bytes]) -> tuple[int, bytes]:
    """Where the cell with that start tag ends, and what stands in it."""
    if tag[0].endswith(b"/>"):
        return tag.end(), b""
    closer = b"</%sc>" % prefix
    close = row.mask.find(closer, tag.end())
    if close < 0:
        raise WorkbookRefused("broken_sheet.cell_end", "Row {row} holds a cell without end.", row=row.number)
    return close + len(closer), row.raw[tag.end() : close]


def formula_of(cell: Cell, prefix: bytes) -> CellFormula:
    """The formula a cell holds, if any."""
    if b"<%sf" % prefix not in cell.body:
        return NO_FORMULA
    _, opener, _ = _patterns(prefix)
    mask = blank_comments(cell.body)
    found = opener.search(mask)
    if found is None:
        return NO_FORMULA
    tag = found[0]
    close = -1 if tag.endswith(b"/>") else mask.find(b"</%sf>" % prefix, found.end())
    text = text_of(cell.body[found.end() : close]) if close >= 0 else ""
    area = Area.parse(attribute(tag, b"ref") or "")
    shared = attribute(tag, b"si") or ""
    match attribute(tag, b"t"):
        case "array":
            kind = FormulaKind.ARRAY
        case "dataTable":
            kind = FormulaKind.DATA_TABLE
        case "shared":
            kind = FormulaKind.SHARED_MASTER if area or text else FormulaKind.SHARED
        case _:
            kind = FormulaKind.NORMAL
    return CellFormula(kind, text, shared, area)


def refuse_tied(kind: FormulaKind, where: str) -> None:
    """Refuse a formula that does not belong to its cell alone.

    Raises:
        WorkbookRefused: `array_formula`, `data_table`, `shared_formula`.
    """
    match kind:
        case FormulaKind.ARRAY:
            raise WorkbookRefused("array_formula", "{where} holds an array formula.", where=where)
        case FormulaKind.DATA_TABLE:
            raise WorkbookRefused("data_table", "{where} holds a data table.", where=where)
        case FormulaKind.SHARED_MASTER:
            raise WorkbookRefused("shared_formula", "{where} holds a formula that other cells share.", where=where)
        case _:
            pass


def holds_anything(cell: Cell) -> bool:
    """Whether a person would see or miss something in the cell: a value, a text, a formula, a picture."""
    if not cell.body:
        return cell.is_rich
    mask = blank_comments(cell.body)
    return cell.is_rich or any(tag.name == b"f" for tag in tags(mask)) or bool(_MARKUP.sub(b"", cell.body).strip())


def splice_row(
    row: Row, prefix: bytes, columns: Iterable[int], place: Callable[[int, Cell | None], bytes | None]
) -> bytes:
    """Replace or insert cells of a row.

    Args:
        row: The row.
        prefix: The prefix of the sheet's elements with its colon.
        columns: Columns to place.
        place: Gives the new XML for a column and the cell there now (None if absent); None leaves it as it is.

    Returns:
        The row with every other cell's bytes as they were; the same bytes if nothing was placed.
    """
    placed: list[int] = []
    tag = row_tag(row)
    raw = row.raw
    out: list[bytes] = []
    at = len(tag)
    for column, cell, start in _seek_cells(row, prefix, sorted(set(columns))):
        new = place(column, cell)
        if new is not None:
            out += [raw[at:start], new]
            at = start if cell is None else cell.end
            placed.append(column)
    if not placed:
        return raw
    inner = b"".join(out)
    widened = widen_spans(tag, min(placed), max(placed))
    if tag.endswith(b"/>"):
        return widened[:-2].rstrip() + b">" + inner + b"</%srow>" % prefix + raw[at:]
    return widened + inner + raw[at:]


def _seek_cells(row: Row, prefix: bytes, columns: Sequence[int]) -> Iterator[tuple[int, Cell | None, int]]:
    """These columns, ascending: each with its cell and where that begins, or None and where it belongs."""
    usual = usual_columns(row, prefix)
    if usual is None:
        yield from _seek_among_all(row, prefix, columns)
        return
    opener = _patterns(prefix)[0]
    for column in columns:
        place = bisect_left(usual, column)
        if place == len(usual):
            yield column, None, row.mask.rfind(b"</%srow>" % prefix)
            continue
        start = row.mask.find(b'<%sc r="%s%d"' % (prefix, column_name(usual[place]).encode(), row.number))
        found = opener.match(row.mask, start) if usual[place] == column else None
        if found is None:
            yield column, None, start
        else:
            end, body = _end_and_body(row, prefix, found)
            yield column, Cell(start, end, column, style_of(found[0]), found[0], body), start


def _seek_among_all(row: Row, prefix: bytes, columns: Sequence[int]) -> Iterator[tuple[int, Cell | None, int]]:
    """The same for any row; all its cells are looked at, so that a cell out of order is never doubled."""
    waiting = list(reversed(columns))
    end = len(row_tag(row))
    for cell in cells_of(row, prefix):
        while waiting and waiting[-1] < cell.column:
            yield waiting.pop(), None, end
        if waiting and waiting[-1] == cell.column:
            yield waiting.pop(), cell, cell.start
        end = cell.end
    while waiting:
        yield waiting.pop(), None, end


def widen_spans(tag: bytes, first: int, last: int) -> bytes:
    """The row tag with its `spans` hint covering these columns; a hint that cannot be read is taken out.

    Source: ECMA-376 part 1 section 18.3.1.73: `spans` is an optimisation and optional.
    """
    text = attribute(tag, b"spans")
    if text is None:
        return tag
    found = re.fullmatch(r"\s*(\d{1,5}):(\d{1,5})\s*", text)
    if found is None:
        return set_attribute(tag, b"spans", None)
    low, high = int(found[1]), int(found[2])
    if low <= first and last <= high:
        return tag
    return set_attribute(tag, b"spans", f"{min(low, first)}:{max(high, last)}")
