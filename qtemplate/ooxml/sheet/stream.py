"""A sheet part streams by: head, rows, tail. Rows an editor wants are handed to it; all others pass as bytes.

The memory needed is one piece and one row, at any size of the sheet. Nothing here knows what is done to a row.

Source: ECMA-376 part 1 sections 18.3.1.99 (worksheet, order of its elements), 18.3.1.80 (sheetData), 18.3.1.73 (row;
`r` is optional, a row without it follows its predecessor).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Protocol

from msgspec import Struct

from qtemplate.errors import WorkbookRefused
from qtemplate.ooxml.markup import attribute, blank_comments, require_utf8
from qtemplate.ooxml.package.packed_blocks import Block, Numbered
from qtemplate.ooxml.references import LAST_ROW

_SHEET_DATA: Final = re.compile(rb"<((?:[^\s<>/!?:]+:)?)sheetData(?=[\s/>])[^<>]*>")
_ENDS_NAME: Final = (b" ", b">", b"/", b"\t", b"\n", b"\r")
_LARGEST_HEAD: Final = 8 << 20
_LARGEST_ROW: Final = 32 << 20  # 16,384 cells of 2 KB
_LARGEST_TAIL: Final = 48 << 20


class Row(Struct, frozen=True):
    """One row as it stands in the part.

    Args:
        number: Its worksheet row.
        raw: Its bytes from `<row` to before the next row; may end with white space or comments.
        mask: The same with comments blanked.
    """

    number: int
    raw: bytes
    mask: bytes


class Stretch(Struct, frozen=True):
    """Rows one behind the other, as they stand in the part.

    Args:
        numbers: Their worksheet rows.
        starts: Where each begins, and where the last one ends; `raw` begins at the first.
        raw, mask: As of `Row`, of all of them.
    """

    numbers: Sequence[int]
    starts: Sequence[int]
    raw: bytes
    mask: bytes

    def row(self, place: int) -> Row:
        """One of them."""
        start, end = self.starts[place] - self.starts[0], self.starts[place + 1] - self.starts[0]
        return Row(self.numbers[place], self.raw[start:end], self.mask[start:end])


class RowEditor(Protocol):
    """What is done to a sheet while it streams by."""

    wanted: Sequence[int]
    """Row numbers to be handed to `row`, ascending, whether they exist or not."""

    cut_from: int
    """Rows from this number on are handed to `swallow` instead and leave the sheet."""

    def head(self, head: bytes, prefix: bytes) -> bytes:
        """What stands before the rows, `<sheetData>` included (never self-closed), and the elements' prefix."""

    def notice(self, data: bytes) -> bool:
        """Some whole rows, comments blanked, before any of them is edited; gives whether they hold formulas."""

    def row(self, number: int, row: Row | None) -> bytes:
        """A wanted row, or None where the sheet has none; gives what takes its place."""

    def swallow(self, rows: Stretch) -> None:
        """Rows that leave the sheet, one at least."""

    def last_rows(self) -> bytes:
        """What follows the last row."""

    def tail(self, tail: bytes) -> bytes:
        """What stands from `</sheetData>` on."""


def stream_sheet(pieces: Iterable[bytes], editor: RowEditor, part: str) -> Iterator[bytes]:
    """Stream a sheet past an editor.

    Args:
        pieces: The part, in pieces of any size; or the blocks this function made of it, some of them passed by.
        editor: Sees the head, the rows it wants in ascending order, and the tail.
        part: The part name, for messages.

    Yields:
        The edited part. Rows without formulas come as `Numbered`, with their own numbers and those that the sheet lacks
        before them: whoever wants none of these need not see them again.

    Raises:
        WorkbookRefused: `broken_sheet`, `encoding`, and what the editor refuses.
    """
    source = iter(pieces)
    head, rest, prefix, closed = _read_head(source, part)
    yield editor.head(head, prefix)
    rows = _Rows(editor, prefix, part)
    end_tag = b"</%ssheetData>" % prefix
    while not closed:
        if isinstance(rest, Block) and rest.passed_by:
            rows.pass_by(rest)
            yield rest
            rest = next(source, b"")
            continue
        mask = blank_comments(rest)
        if isinstance(rest, Block) and not rest.startswith(end_tag):  # cut by this function when it was written
            yield rows.edit(rest, mask)
            rest = next(source, b"")
            continue
        cut = mask.rfind(rows.opener)
        # The end can only follow the last row; looking no further back saves 3 % of the whole. Should something else
        # in the tail be called `row`, the end is never found and the sheet refused. `rowBreaks` is told apart.
        after_name = cut + len(rows.opener)
        end = mask.find(end_tag, cut if cut >= 0 and mask[after_name : after_name + 1] in _ENDS_NAME else 0)
        closed = end >= 0
        if closed:
            cut = end
        if cut > 0:
            whole = rest[:cut]
            yield rows.edit(whole, whole if mask is rest else mask[:cut])
            rest = rest[cut:]
        if not closed:
            if len(rest) > _LARGEST_ROW:
                raise WorkbookRefused(
                    "broken_sheet.row_size",
                    "{part}: a row is larger than {most:,} bytes.",
                    part=part,
                    most=_LARGEST_ROW,
                )
            piece = next(source, None)
            if piece is None:
                raise WorkbookRefused("broken_sheet.no_end", "{part}: the sheet's data does not end.", part=part)
            rest = rest + piece if rest else piece
    yield rows.absent(LAST_ROW + 1) + editor.last_rows()
    tail = [rest]
    size = len(rest)
    for piece in source:
        tail.append(piece)
        size += len(piece)
        if size > _LARGEST_TAIL:
            raise WorkbookRefused(
                "broken_sheet.tail", "{part}: more than {most:,} bytes follow the rows.", part=part, most=_LARGEST_TAIL
            )
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
    raise WorkbookRefused("broken_sheet.no_rows", "{part}: the sheet has no rows element.", part=part)


class _Place(Struct, frozen=True):
    """Where a wanted row stands in a stretch, or would stand: then `start` and `end` are equal."""

    number: int
    start: int
    end: int


class _Rows:
    """Finds the wanted rows in successive stretches and hands them over."""

    def __init__(self, editor: RowEditor, prefix: bytes, part: str) -> None:
        self.opener = b"<%srow" % prefix
        self._editor = editor
        self._part = part
        # The alternative first in line is how every office program writes a row; others cost a second look.
        self._start = re.compile(rb'<%srow(?: r="(\d{1,7})"|(?=[\s/>]))' % re.escape(prefix))
        self._formula_mark = b"<%sf" % prefix
        self._formulas = False
        self._next = 0
        self._last = 0

    def edit(self, raw: bytes, mask: bytes) -> bytes:
        """Whole rows, edited."""
        first = self._last + 1
        self._formulas = self._editor.notice(mask)
        places = self._seek_wanted(mask)
        if places is None:
            return self._edit_each(raw, mask)
        out = self._splice(raw, mask, places, len(raw)) if places else raw
        if self._formulas or isinstance(out, Block):  # a formula must be seen, and a block has its numbers
            return out
        numbered = Numbered(out)
        numbered.numbers = range(first, self._last + 1)
        return numbered

    def pass_by(self, block: Block) -> None:
        """Skip rows of which none is wanted; they were numbered and in order when they were written."""
        assert block.facts.numbers is not None
        self._last = block.facts.numbers.stop - 1

    def absent(self, before: int) -> bytes:
        """The wanted rows that come after the sheet's last one."""
        out = []
        for number in self._take(before - 1):
            out.append(self._editor.row(number, None))
        return b"".join(out)

    def _take(self, last: int) -> Sequence[int]:
        """The wanted rows up to that one that were not handed over yet."""
        stop = bisect_right(self._editor.wanted, last, self._next)
        taken = self._editor.wanted[self._next : stop]
        self._next = stop
        return taken

    def _splice(self, raw: bytes, mask: bytes, places: Sequence[_Place], kept: int) -> bytes:
        out: list[bytes] = []
        at = 0
        for place in places:
            start, end = place.start, place.end
            row = Row(place.number, raw[start:end], mask[start:end]) if start < end else None
            new = self._editor.row(place.number, row)
            self._formulas |= b"f" in new and self._formula_mark in new
            out += [raw[at:start], new]
            at = end
        return b"".join([*out, raw[at:kept]])

    # ---- rows that say their number: the wanted ones are sought, as in a book with page numbers ---------------------

    def _seek_wanted(self, mask: bytes) -> list[_Place] | None:
        """Where the wanted rows of the stretch stand; None if every row has to be looked at."""
        first = self._start.search(mask)
        if first is None:
            return []
        low, high = first.start(), mask.rfind(self.opener)
        low_number, high_number = self._number_at(mask, low), self._number_at(mask, high)
        if low_number is None or high_number is None or high_number >= self._editor.cut_from:
            return None
        self._check_order(self._last, low_number)
        if low < high:
            self._check_order(low_number, high_number)
        before, next_before = self._last, self._next
        self._last = high_number
        places = []
        for number in self._take(high_number):
            found = self._seek(mask, number, low, low_number, high, high_number)
            if found is None:
                self._last, self._next = before, next_before
                return None
            places.append(found)
            if found.start < found.end:
                low, low_number = found.start, number
        return places

    def _seek(self, mask: bytes, number: int, low: int, low_number: int, high: int, high_number: int) -> _Place | None:
        """One row between two others, found by interpolating and halving in turn; None if a number is missing."""
        if number < low_number:
            return _Place(number, low, low)
        guessing = True
        while number not in (low_number, high_number):
            share = (number - low_number) / (high_number - low_number) if guessing else 0.5
            guessing = not guessing
            near = low + int((high - low) * share)
            at = mask.rfind(self.opener, low + 1, near + len(self.opener))
            if at < 0:
                at = mask.find(self.opener, low + 1, high)
                if at < 0:
                    return _Place(number, high, high)
            here = self._number_at(mask, at)
            if here is None:
                return None
            self._check_order(low_number, here)
            self._check_order(here, high_number)
            if here <= number:
                low, low_number = at, here
            else:
                high, high_number = at, here
        start = low if number == low_number else high
        end = mask.find(self.opener, start + 1)
        return _Place(number, start, end if end >= 0 else len(mask))

    # ---- rows without a number, and sheets that are cut: every row is looked at -------------------------------------

    def _edit_each(self, raw: bytes, mask: bytes) -> bytes:
        starts, numbers = self._number_all(mask)
        if not numbers:
            return raw
        count = bisect_left(numbers, self._editor.cut_from)
        starts.append(len(raw))
        out = self._splice(raw, mask, self._look_up(starts, numbers, count), starts[count])
        if numbers[count:]:
            cut = starts[count]
            self._editor.swallow(Stretch(numbers[count:], starts[count:], raw[cut:], mask[cut:]))
        return out

    def _number_all(self, mask: bytes) -> tuple[list[int], list[int]]:
        """Start and number of every row."""
        starts: list[int] = []
        numbers: list[int] = []
        for found in self._start.finditer(mask):
            number = int(found[1]) if found[1] else self._number_at(mask, found.start())
            number = self._last + 1 if number is None else number
            self._check_order(self._last, number)
            starts.append(found.start())
            numbers.append(number)
            self._last = number
        return starts, numbers

    def _look_up(self, starts: Sequence[int], numbers: Sequence[int], count: int) -> list[_Place]:
        places = []
        for number in self._take(numbers[count - 1] if count else 0):
            place = bisect_left(numbers, number, 0, count)
            exists = numbers[place] == number
            places.append(_Place(number, starts[place], starts[place + 1] if exists else starts[place]))
        return places

    def _check_order(self, before: int, number: int) -> None:
        if not before < number <= LAST_ROW:
            raise WorkbookRefused(
                "broken_sheet.row_order",
                "{part}: row {row} does not follow row {before}.",
                part=self._part,
                row=number,
                before=before,
            )

    def _number_at(self, mask: bytes, start: int) -> int | None:
        """The number the row at that place says it has; None if it says none."""
        found = self._start.match(mask, start)
        if found is not None and found[1]:
            return int(found[1])
        end = mask.find(b">", start)
        text = attribute(mask[start : end + 1], b"r")
        if text is None:
            return None
        if not text.strip().isdecimal() or len(text) > 9:
            raise WorkbookRefused(
                "broken_sheet.row_number", "{part}: {found!r} is not a row number.", part=self._part, found=text[:20]
            )
        return int(text)
