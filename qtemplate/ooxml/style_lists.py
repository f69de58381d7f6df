"""The lists of the styles part beside the cell formats: fonts, fills, borders, number formats, differential formats.

Things are only ever appended, so that every number a cell uses keeps its meaning.

Source: ECMA-376 part 1 sections 18.8.39 (styleSheet: all its lists are optional, they stand in one order), 18.8.30
(numFmt).
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct, field

from qtemplate.errors import WorkbookRefused
from qtemplate.ooxml.markup import Tag, attribute, blank_comments, escape, set_attribute, tags

_ORDER: Final = (
    b"numFmts", b"fonts", b"fills", b"borders", b"cellStyleXfs", b"cellXfs", b"cellStyles", b"dxfs", b"tableStyles",
    b"colors", b"extLst",
)  # fmt: skip
_FIRST_OWN_FORMAT: Final = 164  # below are Excel's own
_MOST: Final = 60_000


class _List(Struct):
    """One list as it stands: its tags, its items as bytes, and what is appended."""

    head: Tag
    end: int
    items: list[bytes] = field(default_factory=list)
    new: list[bytes] = field(default_factory=list)


class StyleLists:
    """The lists of one styles part.

    Args:
        xml: The part.

    Raises:
        WorkbookRefused: `broken_styles`, it has no root that ends.
    """

    def __init__(self, xml: bytes) -> None:
        self._xml = xml
        self._lists: dict[bytes, _List] = {}
        self._missing: dict[bytes, list[bytes]] = {}
        self._places: dict[bytes, int] = {}
        self._end = -1
        self.prefix = b""
        self._read(blank_comments(xml))
        if self._end < 0:
            raise WorkbookRefused("broken_styles.end", "The workbook's styles part does not end.")

    def _read(self, mask: bytes) -> None:
        depth, opened, item = 0, b"", 0
        for tag in tags(mask):
            if tag.closing:
                depth -= 1
                if depth == 0:
                    self._end = tag.start
                elif depth == 1 and opened in self._lists:
                    self._lists[opened].end = tag.start
                elif depth == 2 and opened in self._lists:
                    self._lists[opened].items.append(self._xml[item : tag.end])
                continue
            if depth == 0:
                self.prefix = tag.prefix
            elif depth == 1:
                opened = tag.name
                self._places.setdefault(tag.name, tag.start)
                self._lists.setdefault(tag.name, _List(tag, tag.end))
            elif depth == 2:
                item = tag.start
                if tag.empty and opened in self._lists:
                    self._lists[opened].items.append(self._xml[tag.start : tag.end])
            depth += not tag.empty

    def has(self, name: bytes) -> bool:
        """Whether the part has such a list."""
        return name in self._lists

    def item(self, name: bytes, number: int) -> bytes:
        """An item of a list as it stands; empty where there is none."""
        items = self._lists[name].items if name in self._lists else []
        return items[number] if number < len(items) else b""

    def add(self, name: bytes, item: bytes) -> int:
        """The number of an item in a list, appended unless it is there already.

        Args:
            name: Of the list, such as `fonts`.
            item: The element, its names with the part's prefix.

        Raises:
            WorkbookRefused: `too_many_formats`.
        """
        known = self._lists.get(name)
        items = known.items if known is not None else []
        new = known.new if known is not None else self._missing.setdefault(name, [])
        if item in items:
            return items.index(item)
        if item not in new:
            if len(items) + len(new) >= _MOST:
                raise WorkbookRefused("too_many_formats.other", "The workbook has no room for another format.")
            new.append(item)
        return len(items) + new.index(item)

    def number_format(self, code: str) -> int:
        """The number of a number format of one's own, appended unless the workbook has it.

        Args:
            code: Such as `yyyy-mm-dd`; one of Excel's built-in formats has a number already, which is not looked up.
        """
        known = self._lists.get(b"numFmts")
        listed = [*known.items, *known.new] if known is not None else self._missing.get(b"numFmts", [])
        highest = _FIRST_OWN_FORMAT - 1
        for item in listed:
            tag = item[: item.index(b">") + 1]
            number = attribute(tag, b"numFmtId") or ""
            if number.isdecimal() and len(number) < 10:
                if attribute(tag, b"formatCode") == code:
                    return int(number)
                highest = max(highest, int(number))
        text = escape(code).replace(b'"', b"&quot;")
        self.add(b"numFmts", b'<%snumFmt numFmtId="%d" formatCode="%s"/>' % (self.prefix, highest + 1, text))
        return highest + 1

    def changes(self) -> list[tuple[int, int, bytes]]:
        """What is to be spliced into the part: (start, end, replacement)."""
        changes = []
        for known in self._lists.values():
            if not known.new:
                continue
            head = self._xml[known.head.start : known.head.end]
            head = set_attribute(head, b"count", str(len(known.items) + len(known.new)))
            new = b"".join(known.new)
            if known.head.empty:
                name = known.head.prefix + known.head.name
                new, head = b"", head[:-2].rstrip() + b">" + new + b"</%s>" % name
            changes.append((known.head.start, known.head.end, head))
            if new:
                changes.append((known.end, known.end, new))
        for name in _ORDER:
            if items := self._missing.get(name):
                p = self.prefix
                made = b'<%s%s count="%d">%s</%s%s>' % (p, name, len(items), b"".join(items), p, name)
                later = [self._places[other] for other in _ORDER[_ORDER.index(name) :] if other in self._places]
                changes.append((min(later, default=self._end),) * 2 + (made,))
        return changes
