"""A list that came in, whatever file it stood in: its headers, and its cells column by column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct


class Table(Struct, frozen=True):
    """One list.

    Attributes:
        headers: As they stand there, trimmed; each once.
        columns: As many as headers, all of one length: texts, numbers, dates; "" or None for an empty cell.
        texts: Whether every cell is a text.
    """

    headers: tuple[str, ...]
    columns: tuple[Sequence[Any], ...]
    texts: bool = False

    def __len__(self) -> int:
        return len(self.columns[0]) if self.columns else 0
