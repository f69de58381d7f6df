"""Whether the rows of a sheet are in order: checked before a row is made, since it may already stand elsewhere.

Source: ECMA-376 part 1 section 18.3.1.73 (row).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from operator import lt

from qtemplate.errors import WorkbookRefused
from qtemplate.ooxml.references import LAST_ROW
from qtemplate.ooxml.sheet.stream import Row, Stretch, stream_sheet


def require_order(pieces: Callable[[], Iterable[bytes]], part: str) -> None:
    """Refuse a sheet whose rows are not in order, or do not all have the same prefix.

    A wanted row is looked for between its neighbours; only one that was not found there, and is made, could be doubled.

    Args:
        pieces: Gives the part from its beginning.
        part: Its name.

    Raises:
        WorkbookRefused: `broken_sheet`.
    """
    looker = _Looker(LAST_ROW + 1)
    for _ in stream_sheet(pieces(), looker, part):
        pass
    if not looker.order.sure:  # rows without numbers, or written in another way: looking at each takes thrice as long
        for _ in stream_sheet(pieces(), _Looker(1), part):
            pass


class RowOrder:
    """Whether rows that stream by can be seen at a glance to be in order.

    Args:
        prefix: The prefix of the sheet's elements with its colon.

    Attributes:
        sure: They are so far: each states its number the way office programs do, and none has another prefix.
        foreign: One has another prefix.
    """

    def __init__(self, prefix: bytes) -> None:
        self.sure = True
        self.foreign = False
        self._last = 0
        p = re.escape(prefix)
        # all that may be a row, found by a letter that is rare in a sheet: a third of the time that `<row` takes
        self._glance = re.compile(rb'w(?:(?<=<%srow) r="(\d{1,7})"|(?<=[<:]row))' % p)
        self._number = re.compile(rb'<%srow(?: r="(\d{1,7})")?' % p)
        self._foreign = re.compile(rb"<(?!%srow)(?:[^\s<>/!?:]+:)?row(?=[\s/>])" % p)

    def look(self, data: bytes) -> None:
        """Check the next whole rows; comments are blanked."""
        found = self._glance.findall(data)
        if not all(found):  # rows with a prefix, or without a number
            if self._foreign.search(data):
                self.sure, self.foreign = False, True
            found = self._number.findall(data)
            if not all(found):
                self.sure = False
                return
        numbers = [self._last, *map(int, found)]
        self._last = numbers[-1]
        self.sure &= all(map(lt, numbers, numbers[1:]))


class _Looker:
    """A `RowEditor` that changes nothing and only checks the order."""

    wanted: Sequence[int] = ()

    def __init__(self, cut_from: int) -> None:
        self.cut_from = cut_from
        self.order = RowOrder(b"")

    def head(self, head: bytes, prefix: bytes) -> bytes:
        self.order = RowOrder(prefix)
        return head

    def notice(self, data: bytes) -> bool:
        self.order.look(data)
        if self.order.foreign:
            raise WorkbookRefused("broken_sheet.row_prefix", "The rows of a sheet are not all written with one prefix.")
        return True  # only a writer would ask

    def row(self, number: int, row: Row | None) -> bytes:
        return b""

    def swallow(self, rows: Stretch) -> None:
        """In order: that was all to be known."""

    def last_rows(self) -> bytes:
        return b""

    def tail(self, tail: bytes) -> bytes:
        return tail
