"""What the pages work with: two folders, a secret, a clock that is handed in, and the limits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct, field

from .caps import DayCaps

VIDEO_MB = 20
BODY_MB = 25
"""What a browser may send at once; the reverse proxy has to let as much through."""

MOST_WORDS = 2_000
"""Characters of an answer."""


HELD_TIMES, DAY_TIMES, FULL_TIMES = 5, 10, 50
"""What is reported, in multiples of what one address may send in a day: beyond the first an address is turned away,
beyond the second everybody's waits for a person, beyond the third everybody is turned away."""

MOST_FOR_ONE_MAIL = 3
"""Reports of a day that name the same mail address and are acknowledged; the others wait for a person."""


class Site(Struct, frozen=True):
    """One workspace's pages.

    Attributes:
        exports: `web/export/`, only read.
        inbox: `intake/in/web/`, into which answers are put.
        secret: By which links are signed.
        now: Tells the moment; aware.
        caps: How much one network address may send in a day.
        board: What has to stand behind `/board/` in the address of the board, "" = nothing; None = there is no board.
    """

    exports: Path
    inbox: Path
    secret: bytes
    now: Callable[[], dt.datetime]
    caps: DayCaps = field(default_factory=DayCaps)
    board: str | None = None
