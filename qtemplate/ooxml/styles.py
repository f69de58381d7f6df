"""The formats of cells: which show a date, which are locked, and new ones that show a date.

A new format is a copy of the cell's own with another number format, appended to `cellXfs`; nothing else in the part
changes.

Source: ECMA-376 part 1 sections 18.8.10 (cellXfs), 18.8.45 (xf), 18.8.30 (numFmt, built-in identifiers), 18.8.33
(protection).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from qtemplate.errors import WorkbookRefused
from qtemplate.ooxml.cells import DateKind
from qtemplate.ooxml.markup import Tag, attribute, blank_comments, set_attribute, splice, tags
from qtemplate.ooxml.style_lists import StyleLists

# 27-36 and 50-58 are dates in the Chinese, Japanese and Korean lists, 71-81 in the Thai one.
_BUILT_IN_DATES: Final = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59), *range(71, 82)])
_FORMAT: Final = {DateKind.DATE: 14, DateKind.DATETIME: 22, DateKind.TIME: 21}
_MOST_FORMATS: Final = 65_000  # Excel's limit is 65,490
_SIZE: Final = re.compile(r"[1-9][0-9]{0,2}(\.[0-9]+)?")
_LITERAL: Final = re.compile(r'"[^"]*"|\\.|[_*].|\[(?!h+\]|m+\]|s+\])[^\]]*\]|General', re.I)


def is_date_format(code: str) -> bool:
    """Whether a number format code shows a date or a time."""
    return re.search(r"[dmyhs]", _LITERAL.sub("", code.partition(";")[0]), re.I) is not None


def plain_styles(*, strict: bool) -> bytes:
    """A styles part with one format, for a workbook that has none.

    Args:
        strict: The workbook is of the strict kind, which has a namespace of its own.
    """
    space = (
        b"purl.oclc.org/ooxml/spreadsheetml/main" if strict else b"schemas.openxmlformats.org/spreadsheetml/2006/main"
    )
    return (
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="http://%s">'
        b'<fonts count="1"><font/></fonts><fills count="2"><fill><patternFill patternType="none"/></fill>'
        b'<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'
        b'<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        b'<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs></styleSheet>'
    ) % space


class _Read(NamedTuple):
    """What a styles part holds: codes of number formats, the cells' formats, their list's tag and where it ends."""

    codes: Mapping[int, str]
    formats: tuple[bytes, ...]
    list: Tag | None
    list_end: int


@lru_cache(maxsize=8)
def _read(xml: bytes) -> _Read:
    """Read a styles part; a template's is asked for with every form that is made of it."""
    codes: dict[int, str] = {}
    formats: list[bytes] = []
    found: Tag | None = None
    end = 0
    inside = chosen = False
    opened: Tag | None = None
    for tag in tags(blank_comments(xml)):
        text = xml[tag.start : tag.end]
        if tag.name == b"numFmt" and not tag.closing:
            number = attribute(text, b"numFmtId") or ""
            if number.isdecimal() and len(number) < 10:
                codes.setdefault(int(number), attribute(text, b"formatCode") or "")
        elif tag.name == b"cellXfs":
            if found is None and not tag.closing and not tag.empty:
                found, inside = tag, True
            elif tag.closing and inside:
                end, inside = tag.start, False
        elif inside and tag.name == b"Choice":
            chosen = not (tag.closing or tag.empty)  # the same format once more; Fallback has it without extensions
        elif inside and not chosen and tag.name == b"xf":
            if tag.empty:
                formats.append(text)
            elif not tag.closing:
                opened = tag
            elif opened is not None:
                formats.append(xml[opened.start : tag.end])
                opened = None
    return _Read(codes, tuple(formats), found, end)


class Styles:
    """The styles part, to which formats can be added.

    Args:
        xml: The part.

    Raises:
        WorkbookRefused: `broken_styles`, it has no list of cell formats.
    """

    def __init__(self, xml: bytes) -> None:
        self._xml = xml
        found = _read(xml)
        self._codes, self._formats = dict(found.codes), list(found.formats)
        self._list, self._list_end = found.list, found.list_end
        self._sizes: dict[int, float] = {}
        self._known: dict[tuple[int | None, DateKind], int] = {}
        self._lists: StyleLists | None = None
        self._at_first = len(self._formats)
        if self._list is None or not self._formats:
            raise WorkbookRefused("broken_styles.none", "The workbook's styles part lists no cell formats.")

    def is_date(self, style: int | None) -> bool:
        """Whether the format shows a date or a time; None stands for format 0."""
        number = attribute(self._start(style), b"numFmtId") or "0"
        if not number.isdecimal() or len(number) > 9:
            return False
        code = self._codes.get(int(number))
        return is_date_format(code) if code is not None else int(number) in _BUILT_IN_DATES

    def is_locked(self, style: int | None) -> bool:
        """Whether cells of that format are locked on a protected sheet; locked is the default."""
        for tag in tags(blank_comments(xf := self._format(style))):
            if tag.name == b"protection":
                return attribute(xf[tag.start : tag.end], b"locked") not in ("0", "false")
        return True

    def wraps(self, style: int) -> bool:
        """Whether long texts of that format go on in a next line."""
        if style >= len(self._formats):
            return False
        for tag in tags(blank_comments(xf := self._formats[style])):
            if tag.name == b"alignment":
                return attribute(xf[tag.start : tag.end], b"wrapText") in ("1", "true")
        return False

    def size(self, style: int) -> float:
        """The size of the type of a format, in points; 11 where none is stated."""
        if style not in self._sizes:
            font = attribute(self._start(style), b"fontId") or ""
            item = self.lists.item(b"fonts", int(font)) if font.isdecimal() and len(font) < 10 else b""
            found = (item[tag.start : tag.end] for tag in tags(blank_comments(item)) if tag.name == b"sz")
            stated = attribute(next(found, b""), b"val") or ""
            self._sizes[style] = float(stated) if _SIZE.fullmatch(stated) else 11.0
        return self._sizes[style]

    def dated(self, style: int | None, kind: DateKind) -> int | None:
        """A format like `style` that shows a date.

        Args:
            style: Index of the cell's format; None stands for format 0.
            kind: What must be shown.

        Returns:
            `style` itself if it shows a date already, else the index of a copy that does, appended if need be.

        Raises:
            WorkbookRefused: `too_many_formats`.
        """
        if self.is_date(style):
            return style
        if (style, kind) not in self._known:
            start = self._start(style)
            dated = set_attribute(start, b"numFmtId", str(_FORMAT[kind]))
            dated = set_attribute(dated, b"applyNumberFormat", "1") + self._format(style)[len(start) :]
            self._known[style, kind] = self.add(dated)
        return self._known[style, kind]

    def add(self, xf: bytes) -> int:
        """The index of a cell format, appended unless it is there already.

        Args:
            xf: The element, its names with the part's prefix.

        Raises:
            WorkbookRefused: `too_many_formats`.
        """
        if xf not in self._formats:
            if len(self._formats) >= _MOST_FORMATS:
                raise WorkbookRefused("too_many_formats", "The workbook has no room for another cell format.")
            self._formats.append(xf)
        return self._formats.index(xf)

    def formatted(self, style: int | None, code: str) -> int:
        """A format like `style` with another number format, appended if need be.

        Args:
            style: Index of a format; None stands for format 0.
            code: The number format, such as `yyyy-mm-dd`.
        """
        start = self._start(style)
        number = 0 if code == "General" else 49 if code == "@" else self.number_format(code)
        if attribute(start, b"numFmtId") == str(number):
            return style or 0
        made = set_attribute(set_attribute(start, b"numFmtId", str(number)), b"applyNumberFormat", "1")
        return self.add(made + self._format(style)[len(start) :])

    def number_format(self, code: str) -> int:
        """The number of a number format, appended if need be."""
        number = self.lists.number_format(code)
        self._codes.setdefault(number, code)
        return number

    @property
    def lists(self) -> StyleLists:
        """Fonts, fills and the other lists that formats refer to."""
        if self._lists is None:
            self._lists = StyleLists(self._xml)
        return self._lists

    @property
    def changed(self) -> bool:
        """Whether formats were added."""
        return len(self._formats) > self._at_first or (self._lists is not None and bool(self._lists.changes()))

    def rewritten(self) -> bytes:
        """The part with the added formats."""
        assert self._list is not None  # refused when read
        head = self._xml[self._list.start : self._list.end]
        head = set_attribute(head, b"count", str(len(self._formats)))
        new = b"".join(self._formats[self._at_first :])
        more = [] if self._lists is None else self._lists.changes()
        formats = [(self._list.start, self._list.end, head), (self._list_end, self._list_end, new)]
        return splice(self._xml, [*formats, *more])

    def _format(self, style: int | None) -> bytes:
        index = style or 0
        if index >= len(self._formats):
            raise WorkbookRefused(
                "broken_styles.missing", "A cell uses format {index}, which the workbook does not have.", index=index
            )
        return self._formats[index]

    def _start(self, style: int | None) -> bytes:
        xf = self._format(style)
        return xf[: xf.index(b">") + 1]
