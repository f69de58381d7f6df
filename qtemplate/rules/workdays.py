"""Working time on a calendar, for whole columns at once: add, and measure between.

Pure arithmetic on `datetime64[s]` arrays. It knows days and segments of a day, nothing of feedback, clocks or sheets.

Every worked segment of the years `FIRST_YEAR` to `LAST_YEAR` is laid out once in order, with the working seconds that
lie before it (a prefix sum). Adding is then two look-ups for a whole column, and so is measuring: 100,000 deadlines
take about 3 ms (benchmarks/deadlines.py). Times are naive, in the register's zone, so summer time does not exist here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct

Times = npt.NDArray[np.datetime64]
Seconds = npt.NDArray[np.float64]
Segments = tuple[tuple[int, int], ...]

FIRST_YEAR, LAST_YEAR = 2000, 2060
"""Years in which working time is known; a time outside gives NaT, never a guess."""

DAY = 86_400
LONGEST_REST = 366
"""Days that are looked through for the next working time."""

NAT = np.datetime64("NaT", "s")


STEPS_AT_MOST = 500_000
"""Longest table of a `_Scale`, 4 MB; segments that start minutes apart would need a longer one and do without."""


PAYS_FROM = 20_000
"""From so many look-ups on the steps are laid out, which takes about as long as that many binary searches."""


class _Scale(Struct):
    """Rising values, and how many lie below each step of an even scale once many numbers were asked about.

    No two values share a step, so counting the values below a number is a look-up and one comparison, three times as
    fast for random numbers as a binary search, whose branches cannot be predicted.
    """

    values: npt.NDArray[np.int64]
    asked: int = 0
    below: npt.NDArray[np.int64] | None = None
    step: int = 0

    def count_below(self, numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """How many values are smaller than each number."""
        self.asked += numbers.size
        if self.below is None and self.asked >= PAYS_FROM:
            self._lay_out()
        if self.below is None or not len(self.below):
            return np.searchsorted(self.values, numbers)
        at = self.below[np.clip((numbers - self.values[0]) // self.step, 0, len(self.below) - 1)]
        found: npt.NDArray[np.int64] = at + (self.values[at] < numbers)
        return found

    def _lay_out(self) -> None:
        self.step = int(np.diff(self.values).min(initial=DAY))
        steps = (int(self.values[-1]) - int(self.values[0])) // self.step + 1
        if steps > STEPS_AT_MOST:
            steps = 0
        self.below = np.searchsorted(self.values, self.values[:1] + self.step * np.arange(steps))


class _Axis(Struct, frozen=True):
    """All worked segments in order: opening (seconds since 1970), length, working seconds before; total; the range."""

    opens: _Scale
    lengths: npt.NDArray[np.int64]
    before: _Scale
    total: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Which time is working time.

    Attributes:
        segments: Weekday (0 = Monday … 6 = Sunday) -> (from, to) in seconds of the day, 0..86,400; a weekday that is
            absent or empty is free. Order does not matter, overlaps count once.
        days: Exceptions: True = worked (a make-up day; its weekday's segments, or the usual ones where it has none),
            False = free (a holiday).
        confirmed: Years whose holidays are announced and entered.
        usual_segments: Those of the most usual working day; of equally usual ones, of the earliest weekday.
    """

    segments: Mapping[int, Segments]
    days: Mapping[dt.date, bool] = field(default_factory=dict)
    confirmed: frozenset[int] = frozenset()
    usual_segments: Segments = field(init=False, repr=False, compare=False)
    _axis: _Axis | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        week = [day for day in (_tidy(self.segments.get(weekday, ())) for weekday in range(7)) if day]
        object.__setattr__(self, "usual_segments", max(week, key=week.count, default=()))

    @property
    def standard_day_seconds(self) -> int:
        """Length of the most usual working day of the week, in seconds; 0 when no weekday is worked."""
        return sum(to - start for start, to in self.usual_segments)

    def segments_of(self, day: dt.date) -> Segments:
        """The worked segments of `day` in order, as (from, to) in seconds of the day; empty on a free day."""
        worked = self.days.get(day)
        own = () if worked is False else _tidy(self.segments.get(day.weekday(), ()))
        return self.usual_segments if worked and not own else own

    def opens(self, moment: dt.datetime) -> dt.datetime | None:
        """The first moment of working time that is not before `moment`, itself if it is worked.

        None where nothing is worked for a year, such as on a calendar without working time.
        """
        midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        for day in range(LONGEST_REST):
            at = midnight + dt.timedelta(days=day)
            for start, to in self.segments_of(at.date()):
                if moment < at + dt.timedelta(seconds=to):
                    return max(moment, at + dt.timedelta(seconds=start))
        return None

    def add_working(self, starts: Any, seconds: Any) -> Times:
        """When `seconds` of working time have passed since `starts`.

        Args:
            starts: Array or scalar of datetime64.
            seconds: Working seconds to add, >= 0, array or scalar, broadcast against `starts`.

        Returns:
            datetime64[s]; the earliest such moment, so a limit used up at closing time ends at closing time, not at
            the next opening. Adding 0 gives the start itself. NaT where a start is NaT or the calendar's range ends.
        """
        axis = self._laid_out()
        since, valid = _epoch(starts, axis)
        add = np.asarray(seconds).astype(np.int64)
        target = _worked(axis, since) + add
        at = axis.before.count_below(target) - 1
        ends = np.where(add == 0, since, _moment(axis, at, target))
        return np.where(valid & (target <= axis.total), ends.astype("M8[s]"), NAT)

    def working_between(self, starts: Any, ends: Any) -> Seconds:
        """Working seconds from `starts` to `ends`: float64, whole numbers, negative where the end is earlier.

        Args:
            starts, ends: Arrays or scalars of datetime64, broadcast against each other.

        Returns:
            NaN where either is NaT or outside the calendar's range.
        """
        axis = self._laid_out()
        since, first = _epoch(starts, axis)
        until, second = _epoch(ends, axis)
        return np.where(first & second, _worked(axis, until) - _worked(axis, since), np.nan)

    def _laid_out(self) -> _Axis:
        if self._axis is None:  # made once: 61 years are about 30,000 segments, 10 ms
            object.__setattr__(self, "_axis", _lay_out(self))
        assert self._axis is not None
        return self._axis


def _tidy(segments: Iterable[tuple[int, int]]) -> Segments:
    """Segments in order, within the day, overlapping and touching ones joined, empty ones dropped."""
    joined: list[tuple[int, int]] = []
    for start, to in sorted((max(0, start), min(DAY, to)) for start, to in segments):
        if to <= start:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], to))
        else:
            joined.append((start, to))
    return tuple(joined)


def _lay_out(calendar: WorkCalendar) -> _Axis:
    """The segments of all days of the range, in order."""
    first = np.datetime64(f"{FIRST_YEAR}-01-01", "D").astype(np.int64)
    last = np.datetime64(f"{LAST_YEAR + 1}-01-01", "D").astype(np.int64)
    week = {weekday: _tidy(calendar.segments.get(weekday, ())) for weekday in range(7)}
    number = np.arange(first, last)
    # 0..6: the weekday's segments (1970-01-01 was a Thursday), 7: the usual ones, 8: free
    kind = (number + 3) % 7
    for day, worked in calendar.days.items():
        at = (np.datetime64(day, "D").astype(np.int64)) - first
        if 0 <= at < len(number):
            kind[at] = 8 if not worked else kind[at] if week[day.weekday()] else 7
    opens: list[npt.NDArray[np.int64]] = []
    lengths: list[npt.NDArray[np.int64]] = []
    for which, segments in (*week.items(), (7, calendar.usual_segments)):
        days = number[kind == which] * DAY
        for start, to in segments:
            opens.append(days + start)
            lengths.append(np.full(len(days), to - start))
    if not sum(map(len, opens)):  # nothing is ever worked: one segment without length keeps the look-ups going
        opens, lengths = [np.zeros(1, np.int64)], [np.zeros(1, np.int64)]
    opened, length = np.concatenate(opens), np.concatenate(lengths)
    order = np.argsort(opened)
    opened, length = opened[order], length[order]
    summed = np.cumsum(length)
    return _Axis(_Scale(opened), length, _Scale(summed - length), int(summed[-1]), int(first) * DAY, int(last) * DAY)


def _epoch(times: Any, axis: _Axis) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Seconds since 1970, and where they are known and within the range; what is computed for the others is dropped."""
    since = np.asarray(times, dtype="M8[s]").astype(np.int64)
    return since, (since >= axis.first) & (since < axis.last)  # NaT is the smallest integer, so it is outside


def _worked(axis: _Axis, since: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Working seconds from the range's start to each moment."""
    at = np.maximum(axis.opens.count_below(since) - 1, 0)
    today: npt.NDArray[np.int64] = np.clip(since - axis.opens.values[at], 0, axis.lengths[at])
    return axis.before.values[at] + today


def _moment(axis: _Axis, at: npt.NDArray[np.int64], target: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The moment inside segment `at` (-1 = before the range, never kept) at which `target` seconds are reached."""
    moment: npt.NDArray[np.int64] = axis.opens.values[at] + target - axis.before.values[at]
    return moment
