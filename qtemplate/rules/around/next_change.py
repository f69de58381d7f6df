"""Until when the rules, asked again about the same register, have the same answers. Pure.

Nearly everything that passing time changes changes at midnight: whose turn it is, who is away, how old a feedback is.
Within a day there are the clocks (due soon, overdue, the rungs of 升级阶梯), the waits counted from a mail, the spans
that the rules look back (`plan.look_back`), and moments written down that still lie ahead. All of them are collected
here, rather one too many than one too few; none is later than the next midnight.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from ...choices import Clock, Level
from ...fields import Field
from ...plan.look_back import CLOSED_NEWS, COMPARED, DAYS_BETWEEN_REQUESTS, RECURRENCE, VERIFICATION
from ...plan.mail_kinds import MailKind
from ..clocks.times import DUE_SOON_SHARE, ClockTable, ClockTimes, clock_times, limit_seconds
from ..digests.ladder import seconds_after
from ..digests.lines import standard_day
from ..situation import Situation
from ..workdays import DAY, Times, WorkCalendar

SPANS = (
    (Field.RECEIVED_AT, COMPARED),
    (Field.RECEIVED_AT, RECURRENCE),
    (Field.CLOSED_AT, CLOSED_NEWS),
    (Field.IMPLEMENTED_AT, VERIFICATION),
)
"""Column -> how far back the rules look in it."""

WAITED_FOR = {MailKind.CONFIRMATION: Clock.CONFIRM, MailKind.REMINDER: Clock.SILENCE}
"""Mail -> the clock whose limit is counted from it."""

SECOND = np.timedelta64(1, "s")


def next_change(situation: Situation) -> dt.datetime:
    """The first moment after the situation's at which passing time alone may change an answer; midnight at the latest.

    Args:
        situation: With the last plan in force.

    Returns:
        Naive, in the register's zone.
    """
    now = np.datetime64(situation.now, "s")
    midnight = (now.astype("M8[D]") + 1).astype("M8[s]")
    found = [*_written(situation), *_looked_back(situation), *_waits(situation), *_clocks(situation, now)]
    moments = np.concatenate([each.astype("M8[s]").ravel() for each in (np.array([midnight]), *found)])
    moments = moments[(moments >= now) & (moments <= midnight)]
    # some rules ask for "later than", some for "not before"
    moments = np.concatenate([moments, moments + SECOND])
    first: dt.datetime = moments[moments > now].min().item()
    return first


def _written(situation: Situation) -> Iterator[npt.NDArray[Any]]:
    """Moments that stand somewhere; only those that are still to come will matter."""
    frame, rulebook = situation.frame, situation.rulebook
    for column in frame.columns:
        if frame[column].dtype.kind == "M":
            yield frame[column].to_numpy()
    said: list[Any] = [each for pause in rulebook.pauses for each in (pause.start, pause.end)]
    said += [entry.at for entry in rulebook.contacts]
    said += [value for rows in rulebook.logs.values() for row in rows for value in row.values.values()]
    said += [item.at for item in situation.memory.sent.values()]
    yield _times(said)


def _looked_back(situation: Situation) -> Iterator[npt.NDArray[Any]]:
    for column, span in SPANS:
        yield situation.frame[column].to_numpy() + np.timedelta64(span)


def _waits(situation: Situation) -> Iterator[npt.NDArray[Any]]:
    """When an answer has been waited for long enough, for every level a row may have."""
    rulebook, calendar = situation.rulebook, _calendar(situation)
    sent: dict[MailKind, list[dt.datetime]] = {}
    for key, _, at in situation.memory.went(MailKind.MISSING, *WAITED_FOR):
        if key.kind is not None:
            sent.setdefault(key.kind, []).append(at)
    for kind, said in sent.items():
        times = _times(said)
        if kind is MailKind.MISSING:
            yield times + np.timedelta64(DAYS_BETWEEN_REQUESTS, "D")
            if calendar is not None:
                yield calendar.add_working(times, DAYS_BETWEEN_REQUESTS * calendar.standard_day_seconds)
            continue
        for (clock, level), limit in rulebook.limits.items():
            if clock == WAITED_FOR[kind] and calendar is not None:
                seconds, natural = limit_seconds(limit, level == Level.URGENT, calendar)
                yield times + np.timedelta64(seconds, "s") if natural else calendar.add_working(times, seconds)


def _clocks(situation: Situation, now: np.datetime64) -> Iterator[npt.NDArray[Any]]:
    table, calendar = clock_times(situation), _calendar(situation)
    if table is None or calendar is None:
        return
    for clock, times in table.times.items():
        yield times.due[times.running]
        for rest in _rests(situation, table, clock, times):
            for natural in (True, False):
                soonest = rest[(rest > 0) & (times.natural == natural)]
                if len(soonest):  # the clock runs on from now: of all rows the one with the least left is first
                    seconds = int(soonest.min())
                    ends = now + np.timedelta64(seconds, "s") if natural else calendar.add_working(now, seconds)
                    yield np.array([ends], dtype="M8[s]")


def _rests(
    situation: Situation, table: ClockTable, clock: Clock, times: ClockTimes
) -> Iterator[npt.NDArray[np.float64]]:
    """Seconds of a clock until each of its rungs, per row; NaN where it does not run."""
    rungs = [rung for rung in situation.rulebook.ladder if rung.is_of(clock)]
    left = np.where(table.paused, np.nan, times.left)
    for share in {DUE_SOON_SHARE, *(rung.share_left for rung in rungs if rung.share_left is not None)}:
        yield left - share * times.limit
    day = np.where(times.natural, float(DAY), standard_day(situation.rulebook))
    for after in {rung.after for rung in rungs if rung.share_left is None}:
        yield left + seconds_after(after, day)


def _calendar(situation: Situation) -> WorkCalendar | None:
    calendar = situation.rulebook.calendar
    return None if calendar is None or not calendar.standard_day_seconds else calendar


def _times(values: list[Any]) -> Times:
    return np.array([value for value in values if isinstance(value, dt.datetime)], dtype="M8[s]")
