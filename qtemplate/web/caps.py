"""How much one network address may send in a day. Counted in memory: a restart begins anew."""

from __future__ import annotations

import datetime as dt
import threading

from msgspec import Struct, field

MOST_ADDRESSES = 50_000
"""So many are told apart; those beyond share one count, so that memory has an end."""

OTHERS = "others"


class DayCaps(Struct):
    """Counts of one day."""

    most: int = 20
    _day: dt.date | None = None
    _counts: dict[str, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def is_full(self, address: str, now: dt.datetime) -> bool:
        """Whether an address has sent what it may on this day."""
        with self._lock:
            return self._count(address, now) >= self.most

    def count(self, address: str, now: dt.datetime) -> None:
        """One more was kept."""
        with self._lock:
            before = self._count(address, now)
            self._counts[self._name(address)] = before + 1

    def _name(self, address: str) -> str:
        return address if address in self._counts or len(self._counts) < MOST_ADDRESSES else OTHERS

    def _count(self, address: str, now: dt.datetime) -> int:
        if now.date() != self._day:
            self._day = now.date()
            self._counts.clear()
        return self._counts.get(self._name(address), 0)
