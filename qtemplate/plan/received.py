"""Something that came in from outside: a line of a list, a mail, a returned form. Data only."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct, field

MAILBOX = "mailbox"
"""Channel of what came through the mailbox; everything else is named after its folder."""


CELLS = "\x1f"
"""Stands between the cells of a line of a list; no workbook could keep it."""


class Became(StrEnum):
    """What became of something that came in."""

    NEW = "new"  # stored; it waits for the next run
    ROW = "row"  # it is a row of the register
    SAME = "same"  # its number came in before; the row stays as it is
    LINKED = "linked"  # an answer, worked into its case
    PARKED = "parked"  # no person wrote it to us: automatic answers, bounces, lists
    PILE = "pile"  # a person has to decide


class Said(Mapping[str, Any]):
    """What something says as JSON text, which is read when somebody looks: a list has thousands of lines.

    `shape` is what all lines of a list share, JSON as well; "" where there is nothing of the sort.
    """

    __slots__ = ("_read", "shape", "text")

    def __init__(self, text: str, shape: str = "") -> None:
        self.text, self.shape = text, shape
        self._read: dict[str, Any] | None = None

    def __getitem__(self, name: str) -> Any:
        return self._all()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def _all(self) -> dict[str, Any]:
        if self._read is None:
            self._read = {**json.loads(self.shape or "{}"), **json.loads(self.text)}
        return self._read


class Received(Struct, frozen=True):
    """One thing that came in.

    Attributes:
        channel: The folder it came through, `mailbox`, or `forms`.
        key: Its own number there: an order number, a Message-ID, the key of a form; "" where it has none.
        digest: Of what it says, hexadecimal; with channel and key it is taken up once.
        at: When it came; naive, in the register's zone.
        content: What it says, JSON-like.
        number: Its place among all that came in; 0 while it is not stored.
    """

    channel: str
    key: str
    digest: str
    at: dt.datetime
    content: Mapping[str, Any] = field(default_factory=dict)
    number: int = 0
