"""What the program wrote into a row of a view, in the row itself: so a cell that people typed over is known by it.

A digest a cell and the feedback's id, in a hidden column. It goes with the row when people sort, comes back with an
older copy of the workbook, and needs no journal.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from msgspec import Struct

from ...ooxml.cells import Formula
from ...register import is_missing
from ..layout import BlockSpec

KEY = "seal"

_HALF = dt.timedelta(seconds=30)


class Seal(Struct, frozen=True):
    """A row as it was written: the feedback it is about ("" for a line that is about none), and the cells' digests."""

    id: str
    digests: tuple[str, ...]

    def differs(self, at: int, text: str) -> bool:
        """Whether a cell's text is something else than what was written at that place of the declaration."""
        return at >= len(self.digests) or self.digests[at] != _digest(text)

    def filled(self, at: int) -> bool:
        """Whether something was written into the cell at that place; False where that is not known."""
        return at < len(self.digests) and self.digests[at] != _BLANK


def seal_of(spec: BlockSpec, row: Mapping[str, Any]) -> str:
    """The text that seals a row: its id and one digest for each declared column."""
    digests = ".".join(_digest(as_text(row.get(column.key))) for column in spec.columns if column.key != KEY)
    return f"{as_text(row.get('id'))} {digests}"


def read_seal(value: Any) -> Seal | None:
    """What a cell of the hidden column says; None where it is no seal."""
    id, space, digests = str(value or "").rpartition(" ")
    parts = tuple(digests.split("."))
    return Seal(id, parts) if space and all(len(part) == _LENGTH * 2 for part in parts) else None


def as_text(value: Any) -> str:
    """A cell as it is compared: moments by the minute, whole numbers without a point, texts without space around."""
    if type(value) is str:  # most are
        return value.replace("\r\n", "\n").strip()
    if isinstance(value, Formula):
        value = value.cached
    if is_missing(value):
        return ""
    if isinstance(value, dt.datetime):
        return f"{value + _HALF:%Y-%m-%d %H:%M}"  # what other programs save may be a second off
    if isinstance(value, dt.date):
        return f"{value:%Y-%m-%d} 00:00"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("\r\n", "\n").strip()


_LENGTH = 3
"""Bytes of a digest: one of sixteen million texts would pass for the one that was written."""


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=_LENGTH).hexdigest()


_BLANK = _digest("")
