"""What adding something to a sheet means while the sheet streams by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from qtemplate.ooxml.references import Area
from qtemplate.ooxml.sheet.new_cells import NewCell
from qtemplate.ooxml.sheet.stream import Row


class Addition(Protocol):
    """Something a sheet gets; its cells are new, whatever stands in their place is refused."""

    @property
    def rows(self) -> Sequence[int]:
        """The rows it must see, ascending."""

    @property
    def area(self) -> Area | None:
        """Where its cells come to stand; None for one without cells."""

    def head(self, head: bytes, prefix: bytes) -> bytes:
        """What precedes the rows, changed."""

    def cells(self, number: int, row: Row | None, prefix: bytes) -> Mapping[int, NewCell]:
        """Its cells in one of its rows, by column."""

    def tail(self, tail: bytes, prefix: bytes) -> bytes:
        """What follows the rows, changed."""
