"""Whether the rows of a sheet stand in order: asked before a row is made that may stand elsewhere.

Source: ECMA-376 part 1 section 18.3.1.73 (row).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from operator import lt

from qtemplate.errors import WorkbookRefused
from qtemplate.sheets.references import LAST_ROW
from qtemplate.sheets.sheet_stream import Row, stream_sheet


def require_order(pieces: Callable[[], Iterable[bytes]], part: str) -> None:
    """Refuse a sheet whose rows are not in order, or not all of one prefix.

    A wanted row is sought between its neighbours; only where it was not found, and is made, can it stand elsewhere.

    Args:
        pieces: Gives the part from its beginning.
        part: Its name.

    Raises:
        WorkbookRefused: `broken_sheet`.
    """
    looker = _Looker(LAST_ROW + 1)
    for _ in stream_sheet(pieces(), looker, part):
        pass
    if not looker.sure:  # rows without numbers, or written in another way: looking at each takes thrice as long
        for _ in stream_sheet(pieces(), _Looker(1), part):
            pass


class _Looker:
    """A `RowEditor` that only has the rows looked at."""

    wanted: Sequence[int] = ()

    def __init__(self, cut_from: int) -> None:
        self.cut_from = cut_from
        self.sure = True
        self._last = 0
        self._prefix = b""
        self._opener, self._number, self._foreign = b"", re.compile(b""), re.compile(b"")

    def head(self, head: bytes, prefix: bytes) -> bytes:
        self._prefix = prefix
        self._opener = b"<%srow" % prefix
        self._number = re.compile(rb'<%srow r="(\d{1,7})"' % re.escape(prefix))
        self._foreign = re.compile(rb"<(?!%srow)(?:[^\s<>/!?:]+:)?row(?=[\s/>])" % re.escape(prefix))
        return head

    def notice(self, data: bytes) -> bool:
        # without a prefix of its own a sheet's foreign rows have one; looking for its colon is a tenth of the work
        if (self._prefix or b":row" in data) and self._foreign.search(data):
            raise WorkbookRefused("broken_sheet", "The rows of a sheet are not all written with one prefix.")
        numbers = [self._last, *map(int, self._number.findall(data))]
        self._last = numbers[-1]
        self.sure &= len(numbers) - 1 == data.count(self._opener) and all(map(lt, numbers, numbers[1:]))
        return True  # only a writer would ask

    def row(self, number: int, row: Row | None) -> bytes:
        return b""

    def swallow(self, row: Row) -> None:
        """In order: that was all to be known."""

    def last_rows(self) -> bytes:
        return b""

    def tail(self, tail: bytes) -> bytes:
        return tail
