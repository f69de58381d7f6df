"""A stretch of time that figures are about, mostly a month."""

from __future__ import annotations

import datetime as dt

import numpy as np
import numpy.typing as npt
from msgspec import Struct

Times = npt.NDArray[np.datetime64]
Mask = npt.NDArray[np.bool_]
SECOND = dt.timedelta(seconds=1)


class Period(Struct, frozen=True):
    """From `start` up to, not including, `end`; naive, in the register's time zone."""

    start: dt.datetime
    end: dt.datetime

    @classmethod
    def of_month(cls, year: int, month: int) -> Period:
        """A calendar month; month 0 is the December before, 13 the January after, and so on."""
        return cls(_first_day(year, month), _first_day(year, month + 1))

    def holds(self, times: Times, now: dt.datetime) -> Mask:
        """True where a moment lies in the period and is not after `now`; NaT lies nowhere."""
        return np.asarray((times >= np.datetime64(self.start, "s")) & (times < self.cut(now)))

    def cut(self, now: dt.datetime) -> np.datetime64:
        """The end of what is known of the period at `now`, which itself is known: moments before it have happened."""
        return np.datetime64(min(self.end, now.replace(microsecond=0) + SECOND), "s")


def last_months(now: dt.datetime, count: int = 12) -> tuple[Period, ...]:
    """The month of `now` and those before it, oldest first."""
    return tuple(Period.of_month(now.year, now.month - back) for back in range(count - 1, -1, -1))


def _first_day(year: int, month: int) -> dt.datetime:
    return dt.datetime(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
