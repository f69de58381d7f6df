"""The widths, formats and groups of whole columns (`cols`), changed for single columns.

Source: ECMA-376 part 1 sections 18.3.1.17 (cols), 18.3.1.13 (col), 18.3.1.81 (sheetFormatPr: outlineLevelCol).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from qtemplate.ooxml.markup import Tag, attribute, blank_comments, set_attribute, splice, tags, truth
from qtemplate.ooxml.references import LAST_COLUMN

_USUAL_WIDTH: Final = 9.140625


class ColumnLook(Struct, frozen=True):
    """How a whole column shall look; what is None stays as it is.

    Args:
        width: In characters.
        style: The format of its empty cells.
        outline: Level of its group, 0 to 7; 0 = in no group.
        hidden: Folded away.
    """

    width: float | None = None
    style: int | None = None
    outline: int = 0
    hidden: bool = False

    @property
    def changes(self) -> bool:
        """Whether it asks for anything."""
        return self != ColumnLook()


def look_of(head: bytes, column: int) -> ColumnLook:
    """How a column looks now.

    Args:
        head: The sheet before its rows.
        column: From 1.
    """
    for low, high, text in _spans(head):
        if low <= column <= high:
            width, style = attribute(text, b"width"), attribute(text, b"style")
            return ColumnLook(
                float(width) if width and width.replace(".", "", 1).isdecimal() else None,
                int(style) if style and style.isdecimal() else None,
            )
    return ColumnLook()


def looks_between(head: bytes, first: int, last: int) -> tuple[bytes, ...]:
    """The `col` elements of some columns, cut to them: how they look when others stand there no more."""
    return tuple(
        _span(text, max(low, first), min(high, last))
        for low, high, text in _spans(head)
        if low <= last and high >= first
    )


def set_looks(head: bytes, prefix: bytes, looks: Mapping[int, ColumnLook]) -> bytes:
    """The sheet's head with these columns looking as asked; a span of columns is cut where one of them differs.

    Args:
        head: The sheet before its rows, `<sheetData>` included.
        prefix: The prefix of its elements.
        looks: By column, from 1.
    """
    hidden = [(low, high) for low, high, text in _spans(head) if truth(attribute(text, b"hidden"))]
    wanted = {
        column: look
        for column, look in sorted(looks.items())
        if column <= LAST_COLUMN and (look.changes or any(low <= column <= high for low, high in hidden))
    }
    if not wanted:
        return head
    entries: list[tuple[int, bytes]] = []
    covered: set[int] = set()
    for low, high, text in _spans(head):
        start = low
        for column in [column for column in wanted if low <= column <= high]:
            covered.add(column)
            if start < column:
                entries.append((start, _span(text, start, column - 1)))
            entries.append((column, _dressed(_span(text, column, column), wanted[column])))
            start = column + 1
        if start <= high:
            entries.append((start, _span(text, start, high)))
    for column, look in wanted.items():
        if column not in covered:
            plain = b'<%scol min="%d" max="%d" width="%s"/>' % (prefix, column, column, b"%.9g" % _USUAL_WIDTH)
            entries.append((column, _dressed(plain, look)))
    made = b"<%scols>%s</%scols>" % (prefix, b"".join(text for _, text in sorted(entries)), prefix)
    return _with_outline(_put(head, made), max(look.outline for look in wanted.values()))


def _put(head: bytes, cols: bytes) -> bytes:
    start = end = None
    for tag in tags(blank_comments(head)):
        if tag.name == b"cols" and not tag.closing:
            start, end = tag.start, tag.end
        elif tag.name == b"cols":
            end = tag.end
        elif tag.name == b"sheetData" and start is None:
            start = end = tag.start
    assert start is not None and end is not None  # a head ends with sheetData
    return splice(head, [(start, end, cols)])


def _with_outline(head: bytes, level: int) -> bytes:
    """Excel shows the buttons of column groups only where the sheet says how deep they go."""
    for tag in tags(blank_comments(head)):
        if tag.name == b"sheetFormatPr" and not tag.closing and level:
            text = head[tag.start : tag.end]
            known = attribute(text, b"outlineLevelCol") or "0"
            if not known.isdecimal() or int(known) < level:
                return splice(head, [(tag.start, tag.end, set_attribute(text, b"outlineLevelCol", str(level)))])
    return head


def _spans(head: bytes) -> list[tuple[int, int, bytes]]:
    """First and last column and the element of every `col`, in order."""
    found = []
    opened: Tag | None = None
    for tag in tags(blank_comments(head)):
        if tag.name != b"col":
            continue
        if tag.closing:
            opened = None
            continue
        text = head[tag.start : tag.end]
        low, high = attribute(text, b"min") or "", attribute(text, b"max") or ""
        if low.isdecimal() and high.isdecimal() and opened is None:
            opened = None if tag.empty else tag
            found.append((int(low), int(high), text if tag.empty else text[:-1].rstrip() + b"/>"))
    return found


def _span(text: bytes, low: int, high: int) -> bytes:
    return set_attribute(set_attribute(text, b"min", str(low)), b"max", str(high))


def _dressed(text: bytes, look: ColumnLook) -> bytes:
    if look.width is not None:
        text = set_attribute(set_attribute(text, b"width", f"{look.width:.9g}"), b"customWidth", "1")
    if look.style is not None:
        text = set_attribute(text, b"style", str(look.style))
    if look.outline:
        text = set_attribute(text, b"outlineLevel", str(look.outline))
    if look.hidden or attribute(text, b"hidden") is not None:  # one cut out of columns that are folded away shows
        text = set_attribute(text, b"hidden", "1" if look.hidden else None)
    return text
