"""A sheet part streams by: head, rows, tail. Rows an editor wants are handed to it; all others pass as bytes.

The memory needed is one piece and one row, at any size of the sheet. Nothing here knows what is done to a row.

Source: ECMA-376 part 1 sections 18.3.1.99 (worksheet, order of its elements), 18.3.1.80 (sheetData), 18.3.1.73 (row;
`r` is optional, a row without it follows its predecessor).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from qtemplate.errors import WorkbookRefused
from qtemplate.sheets.markup import attribute, blank_comments, require_utf8
from qtemplate.sheets.references import LAST_ROW

_SHEET_DATA: Final = re.compile(rb"<((?:[^\s<>/!?:]+:)?)sheetData(?=[\s/>])[^<>]*>")
_LARGEST_HEAD: Final = 8 << 20
_LARGEST_ROW: Final = 32 << 20  # 16,384 cells of 2 KB
_LARGEST_TAIL: Final = 48 << 20


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it stands in the part.

    Args:
        number: Its worksheet row.
        raw: Its bytes from `<row` to before the next row; may end with white space or comments.
        mask: The same with comments blanked.
    """

    number: int
    raw: bytes
    mask: bytes


class RowEditor(Protocol):
    """What is done to a sheet while it streams by."""

    wanted: Sequence[int]
    """Row numbers to be handed to `row`, ascending, whether they exist or not."""

    cut_from: int
    """Rows from this number on are handed to `swallow` instead and leave the sheet."""

    def head(self, head: bytes, prefix: bytes) -> bytes:
        """What stands before the rows, `<sheetData>` included (never self-closed), and the elements' prefix."""

    def notice(self, data: bytes) -> None:
        """Some whole rows, comments blanked, before any of them is edited."""

    def row(self, number: int, row: Row | None) -> bytes:
        """A wanted row, or None where the sheet has none; gives what takes its place."""

    def swallow(self, row: Row) -> None:
        """A row that leaves the sheet."""

    def last_rows(self) -> bytes:
        """What follows the last row."""

    def tail(self, tail: bytes) -> bytes:
        """What stands from `</sheetData>` on."""


def stream_sheet(pieces: Iterable[bytes], editor: RowEditor, part: str) -> Iterator[bytes]:
    """Pass a sheet by an editor.

    Args:
        pieces: The part, in pieces of any size.
        editor: Sees the head, the rows it wants in ascending order, and the tail.
        part: The part name, for messages.

    Yields:
        The edited part.

    Raises:
        WorkbookRefused: `broken_sheet`, `encoding`, and what the editor refuses.
    """
    source = iter(pieces)
    head, rest, prefix, closed = _read_head(source, part)
    yield editor.head(head, prefix)
    rows = _Rows(editor, prefix, part)
    end_tag = b"</%ssheetData>" % prefix
    while not closed:
        mask = blank_comments(rest)
        end = mask.find(end_tag)
        closed = end >= 0
        cut = end if closed else mask.rfind(rows.opener)
        if cut > 0:
            yield rows.edit(rest[:cut], mask[:cut])
            rest = rest[cut:]
        if not closed:
            if len(rest) > _LARGEST_ROW:
                raise WorkbookRefused("broken_sheet", f"{part}: a row is larger than {_LARGEST_ROW:,} bytes.")
            piece = next(source, None)
            if piece is None:
                raise WorkbookRefused("broken_sheet", f"{part}: the sheet's data does not end.")
            rest += piece
    yield rows.absent(LAST_ROW + 1) + editor.last_rows()
    tail = [rest]
    size = len(rest)
    for piece in source:
        tail.append(piece)
        size += len(piece)
        if size > _LARGEST_TAIL:
            raise WorkbookRefused("broken_sheet", f"{part}: more than {_LARGEST_TAIL:,} bytes follow the rows.")
    yield editor.tail(b"".join(tail))


def _read_head(source: Iterator[bytes], part: str) -> tuple[bytes, bytes, bytes, bool]:
    """The head with an open `<sheetData>`, what follows, the prefix, and whether there are no rows at all."""
    head = b""
    for piece in source:
        head += piece
        found = _SHEET_DATA.search(blank_comments(head))
        if found:
            require_utf8(head, part)
            start, rest = head[: found.end()], head[found.end() :]
            if found[0].endswith(b"/>"):
                return start[:-2].rstrip() + b">", b"</%ssheetData>" % found[1] + rest, found[1], True
            return start, rest, found[1], False
        if len(head) > _LARGEST_HEAD:
            break
    require_utf8(head, part)
    raise WorkbookRefused("broken_sheet", f"{part}: the sheet has no rows element.")


class _Rows:
    """Numbers the rows of successive stretches and hands the wanted ones over."""

    def __init__(self, editor: RowEditor, prefix: bytes, part: str) -> None:
        self.opener = b"<%srow" % prefix
        self._editor = editor
        self._part = part
        # The alternative first in line is how every office program writes a row; others cost a second look.
        self._start = re.compile(rb'<%srow(?: r="(\d{1,7})"|(?=[\s/>]))' % prefix)
        self._next = 0
        self._last = 0

    def edit(self, raw: bytes, mask: bytes) -> bytes:
        """Whole rows, edited."""
        self._editor.notice(mask)
        starts: list[int] = []
        numbers: list[int] = []
        last = self._last
        for found in self._start.finditer(mask):
            number = int(found[1]) if found[1] else self._number(mask, found.start(), last + 1)
            if number <= last:
                raise WorkbookRefused("broken_sheet", f"{self._part}: row {number} does not follow row {last}.")
            starts.append(found.start())
            numbers.append(number)
            last = number
        if not numbers:
            return raw
        if last > LAST_ROW:
            raise WorkbookRefused("broken_sheet", f"{self._part}: row {last} lies below the last row.")
        self._last = last
        starts.append(len(raw))
        kept = len(numbers)
        if last >= self._editor.cut_from:
            kept = bisect_left(numbers, self._editor.cut_from)
        out = self._splice(raw, mask, starts, numbers, kept)
        for place in range(kept, len(numbers)):
            start, end = starts[place], starts[place + 1]
            self._editor.swallow(Row(numbers[place], raw[start:end], mask[start:end]))
        return b"".join(out)

    def _splice(self, raw: bytes, mask: bytes, starts: list[int], numbers: list[int], kept: int) -> list[bytes]:
        wanted = self._editor.wanted
        out: list[bytes] = []
        at, place = 0, 0
        stop = bisect_right(wanted, numbers[kept - 1], self._next) if kept else self._next
        while self._next < stop:
            number = wanted[self._next]
            self._next += 1
            place = bisect_left(numbers, number, place, kept)
            start = starts[place]
            out.append(raw[at:start])
            at = start
            if place < kept and numbers[place] == number:
                at = starts[place + 1]
                out.append(self._editor.row(number, Row(number, raw[start:at], mask[start:at])))
            else:
                out.append(self._editor.row(number, None))
        out.append(raw[at : starts[kept]])
        return out

    def absent(self, before: int) -> bytes:
        """The wanted rows that come after the sheet's last one."""
        out = []
        while self._next < len(self._editor.wanted) and self._editor.wanted[self._next] < before:
            out.append(self._editor.row(self._editor.wanted[self._next], None))
            self._next += 1
        return b"".join(out)

    def _number(self, mask: bytes, start: int, following: int) -> int:
        end = mask.find(b">", start)
        text = attribute(mask[start : end + 1], b"r")
        if text is None:
            return following
        if not text.strip().isdecimal() or len(text) > 9:
            raise WorkbookRefused("broken_sheet", f"{self._part}: {text[:20]!r} is not a row number.")
        return int(text)
