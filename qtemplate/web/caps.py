"""How much one network address may send in a day. Counts survive a restart: a line each in the folder of what comes in.

Addresses stand there as digests keyed by the secret, and go with their day.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hmac
import ipaddress
import logging
import os
import threading
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from msgspec import Struct, field

log = logging.getLogger("qtemplate.web")

MOST_ADDRESSES = 50_000
"""So many are told apart; those beyond share one count, so that memory has an end."""

OTHERS = "others"
FILE = ".counts-"
"""Before the day; a name with a dot in front is no delivery."""

LONGEST_FILE = 2 << 20


class DayCaps(Struct):
    """Counts of one day.

    Attributes:
        most: What one address may send.
        folder: Where counts are kept; None = in memory only.
        secret: Makes digests of addresses that nobody can turn back.
    """

    most: int = 20
    folder: Path | None = None
    secret: bytes = b""
    _day: dt.date | None = None
    _counts: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def is_full(self, address: str, now: dt.datetime) -> bool:
        """Whether an address has sent what it may on this day."""
        return self.counted(address, now) >= self.most

    def counted(self, name: str, now: dt.datetime) -> int:
        """How often something was counted on this day: an address, or what else has a name."""
        with self._lock:
            self._turn_to(now.date())
            return self._counts[self._place(name)]

    def count(self, now: dt.datetime, *names: str) -> None:
        """One more was kept: under each of these names."""
        with self._lock:
            self._turn_to(now.date())
            places = [self._place(name) for name in names]
            for place in places:
                self._counts[place] += 1
            self._keep(places, now.date())

    def _place(self, name: str) -> str:
        place = _digest(self.secret, name)
        return place if place in self._counts or len(self._counts) < MOST_ADDRESSES else OTHERS

    def _turn_to(self, day: dt.date) -> None:
        if day == self._day:
            return
        self._day = day
        self._counts.clear()
        if self.folder is None:
            return
        today = self.folder / f"{FILE}{day.isoformat()}"
        with contextlib.suppress(OSError):
            for file in self.folder.glob(f"{FILE}*"):
                if file != today:
                    file.unlink()
        with contextlib.suppress(OSError):
            with today.open("rb") as kept:
                lines = kept.read(LONGEST_FILE).decode("ascii", "replace").split("\n")
            self._counts.update(line for line in lines if len(line) == 24 or line == OTHERS)

    def _keep(self, places: Sequence[str], day: dt.date) -> None:
        if self.folder is None:
            return
        try:
            with open(f"{self.folder}{os.sep}{FILE}{day}", "ab", 0) as kept:  # noqa: PTH123 - as for records
                kept.write("".join(f"{place}\n" for place in places).encode("ascii"))  # one write, at the end
        except OSError as problem:  # it counts in memory all the same
            log.error("a count could not be kept: %s", problem.strerror or type(problem).__name__)


@lru_cache(4096)
def _digest(secret: bytes, name: str) -> str:
    """What stands for a name; looked at and counted, it is asked for several times."""
    return hmac.digest(secret, _network(name).encode("utf-8", "replace"), "sha256").hex()[:24]


def _network(name: str) -> str:
    """An address as it is counted: whoever has one of IPv6 has 2^64 of them."""
    head, _, address = name.rpartition(" ")
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return name
    if found.version == 4:
        return name
    mapped = getattr(found, "ipv4_mapped", None)
    return f"{head} {mapped or ipaddress.ip_network((found, 64), strict=False)}"
