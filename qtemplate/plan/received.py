"""Something that came in from outside: a line of a list, a mail, a returned form. Data only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

MAILBOX = "mailbox"
"""Channel of what came through the mailbox; everything else is named after its folder."""


class Became(StrEnum):
    """What became of something that came in."""

    NEW = "new"  # stored; it waits for the next run
    ROW = "row"  # it is a row of the register
    SAME = "same"  # its number came in before; the row stays as it is
    LINKED = "linked"  # an answer, worked into its case
    PARKED = "parked"  # no person wrote it to us: automatic answers, bounces, lists
    PILE = "pile"  # a person has to decide


@dataclass(frozen=True, slots=True)
class Received:
    """One thing that came in.

    Attributes:
        channel: The folder it came through, `mailbox`, or `forms`.
        key: Its own number there: an order number, a Message-ID, the key of a form; "" where it has none.
        digest: sha256 of what it says, hexadecimal; with channel and key it is taken up once.
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
