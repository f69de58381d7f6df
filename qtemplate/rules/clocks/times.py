"""The clocks of every row at one moment: start, due time, stop, what is left, and which state that is.

Pure and vectorised. A clock is a function of the row's facts, 暂停记录, the calendar and the moment asked about;
nothing is counted up, so a changed calendar, level or pause simply gives other times.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from msgspec import Struct

from ...choices import Clock, ClockState, Level
from ...register import plain
from ..answers import Same
from ..rulebook import Limit, RuleBook
from ..situation import Situation
from ..standing import Mask
from ..workdays import DAY, NAT, Seconds, Times, WorkCalendar
from .facts import ASKED, LEVELS, ClockFacts, Span, clock_facts, replies_sent

DUE_SOON_SHARE = 0.2
"""Share of the limit left from which a clock is due soon, where 升级阶梯 has no such rung for the level."""

NAMED = (
    Clock.RESPOND,
    Clock.RESOLVE,
    Clock.AUTHORITY,
    Clock.CONTAIN,
    Clock.UPDATE,
    Clock.ACCEPT,
    Clock.ASSESS,
    Clock.CONFIRM,
)
"""The clocks that 时限状态 may name; of two that fall due at the same moment the first one here is named."""

_STATES = np.array([*ClockState, None], dtype=object)
_NONE = -1
_CODE = {state: code for code, state in enumerate(ClockState)}
_WORST_FIRST = (ClockState.OVERDUE, ClockState.DUE_SOON, ClockState.ON_TIME)
_LAST = len(_WORST_FIRST)

Codes = npt.NDArray[np.int8]


class ClockTimes(Struct, frozen=True):
    """One clock over all rows; arrays aligned with `ClockTable.index`.

    Attributes:
        start: datetime64[s]; NaT where the clock does not apply or has not started.
        due: datetime64[s]; pauses taken out (an open pause moves it once a day, at midnight).
        stop: datetime64[s]; NaT where it runs, or stopped at a time nobody wrote down.
        running: Started and not stopped.
        limit: Seconds allowed (working seconds, or plain ones where `natural`); NaN where there is no limit.
        natural: Runs day and night: urgent rows, and limits in days.
        left: Seconds of the limit left where running, pauses not counted, negative when overdue; NaN elsewhere.
        share: left / limit.
        code: Position of the state in `ClockState`; -1 where the clock has no start, no limit, or stopped at an unknown
            time.
    """

    start: Times
    due: Times
    stop: Times
    running: Mask
    limit: Seconds
    natural: Mask
    left: Seconds
    share: Seconds
    code: Codes

    @property
    def state(self) -> npt.NDArray[Any]:
        """`ClockState` or None."""
        return _STATES[self.code]

    def stands(self, state: ClockState) -> Mask:
        """True where the clock is in that state."""
        return np.asarray(self.code == _CODE[state])


class ClockTable(Struct, frozen=True):
    """All clocks of a register at one moment.

    Attributes:
        index: Of the register's frame (worksheet rows).
        times: Clock -> its times.
        paused: Rows that wait for others at that moment.
        named: Per row the running clock that 时限状态 names, as its position in `NAMED`; -1 = none.
        code: Per row the state that 时限状态 shows, as its position in `ClockState`; -1 = none.
    """

    index: pd.Index
    times: Mapping[Clock, ClockTimes]
    paused: Mask
    named: Codes
    code: Codes

    @property
    def worst(self) -> npt.NDArray[Any]:
        """Per row the running clock that 时限状态 names, or None."""
        return np.array([*NAMED, None], dtype=object)[self.named]

    @property
    def state(self) -> npt.NDArray[Any]:
        """Per row the `ClockState` that 时限状态 shows, or None."""
        return _STATES[self.code]

    def __getitem__(self, clock: Clock) -> ClockTimes:
        return self.times[clock]


def clock_times(situation: Situation) -> ClockTable | None:
    """The clocks of all rows at the situation's moment.

    Limits, ladder, calendar, pauses and contacts of the rule book count; reopenings and replies that memory knows, too.

    Returns:
        The table, or None where the rule book has no calendar with working time, or no limits.
    """
    rulebook = situation.rulebook
    calendar = rulebook.calendar
    if calendar is None or not calendar.standard_day_seconds or not rulebook.limits:
        return None
    what = ("clocks", situation.now, Same(rulebook, situation.memory.facts), replies_sent(situation))
    return situation.answers.once(what, ASKED, lambda: _clock_table(situation, calendar))


class _Ground(Struct, frozen=True):
    """What every clock of a table rests on; `soon` is the share of the limit at which a row is due soon."""

    facts: ClockFacts
    rulebook: RuleBook
    calendar: WorkCalendar
    moment: np.datetime64


def _clock_table(situation: Situation, calendar: WorkCalendar) -> ClockTable:
    facts, rulebook = clock_facts(situation), situation.rulebook
    ground = _Ground(facts, rulebook, calendar, np.datetime64(situation.now, "s"))
    times = {clock: _times(clock, span, ground) for clock, span in facts.spans.items()}
    confirm = times[Clock.CONFIRM]
    silence = Span(np.where(confirm.running, confirm.due, NAT), confirm.stop, ~confirm.running)
    times[Clock.SILENCE] = _times(Clock.SILENCE, silence, ground)
    times[Clock.WATCH] = _watch(ground)
    named, code = _worst(times, facts)
    return ClockTable(situation.frame.index, times, facts.paused, named, code)


def due_soon_share(rulebook: RuleBook, level: Level, clock: Clock) -> float:
    """Share of the limit (0..1) at which this clock of this level is due soon: the earliest warning of the ladder."""
    shares = [
        rung.share_left
        for rung in rulebook.ladder
        if rung.share_left is not None and rung.level in (None, level) and rung.is_of(clock)
    ]
    return max(shares, default=DUE_SOON_SHARE)


def limit_seconds(limit: Limit, urgent: bool, calendar: WorkCalendar) -> tuple[int, bool]:
    """A limit in seconds, and whether they run day and night (urgent, or a limit in days).

    Args:
        limit: `h` hours, `wd` standard days (24 h for urgent), `d` days.
        urgent: Whether the row is urgent.
        calendar: Says how long a standard day is.
    """
    unit = {"h": 3600, "d": DAY, "wd": DAY if urgent else calendar.standard_day_seconds}[limit.unit]
    return round(limit.number * unit), urgent or limit.unit == "d"


def after_limit(rulebook: RuleBook, level: object, clock: Clock, start: dt.datetime | None) -> dt.datetime | None:
    """`start` plus the clock's limit for a level, in working time; None without start, level, limit or working time."""
    limit = next((item for (name, of), item in rulebook.limits.items() if name == clock and of == level), None)
    calendar = rulebook.calendar
    if start is None or limit is None or calendar is None or not calendar.standard_day_seconds:
        return None
    seconds, natural = limit_seconds(limit, level == Level.URGENT, calendar)
    if natural:
        return start + dt.timedelta(seconds=seconds)
    ends = calendar.add_working(np.array([start], dtype="datetime64[s]"), np.array([seconds]))
    due: dt.datetime | None = plain(ends[0])
    return due


def limits_of(
    clock: Clock, levels: npt.NDArray[np.intp], rulebook: RuleBook, calendar: WorkCalendar
) -> tuple[Seconds, Mask]:
    """The limit of `clock` per row in seconds (NaN = none), and whether it runs day and night."""
    seconds, natural = np.full(len(LEVELS), np.nan), np.zeros(len(LEVELS), bool)
    for at, level in enumerate(LEVELS):
        limit = rulebook.limits.get((clock, level))
        if limit is not None:
            seconds[at], natural[at] = limit_seconds(limit, level is Level.URGENT, calendar)
    return seconds[levels], natural[levels]


def _times(clock: Clock, span: Span, ground: _Ground) -> ClockTimes:
    facts, moment = ground.facts, ground.moment
    limit, natural = limits_of(clock, facts.levels, ground.rulebook, ground.calendar)
    limited = ~np.isnan(limit)
    start = np.where(limited, span.start, NAT)
    running = ~np.isnat(start) & ~span.stopped
    stop = np.where(np.isnat(start), NAT, span.stop)
    due = _due(ground, start, stop, np.where(limited, limit, 0).astype(np.int64), natural)
    left = np.where(running, limit - _used(ground, start, natural, running), np.nan)
    share = left / np.where(limit > 0, limit, np.nan)
    code = np.full(len(start), _NONE, dtype=np.int8)
    code[running] = _CODE[ClockState.ON_TIME]
    soon = np.array([due_soon_share(ground.rulebook, level, clock) for level in LEVELS])
    code[share <= soon[facts.levels]] = _CODE[ClockState.DUE_SOON]
    code[running & (moment > due)] = _CODE[ClockState.OVERDUE]
    code[running & facts.paused] = _CODE[ClockState.PAUSED]
    code[stop <= due] = _CODE[ClockState.DONE_ON_TIME]
    code[stop > due] = _CODE[ClockState.DONE_LATE]
    return ClockTimes(start, due, stop, running, limit, natural, left, share, code)


def _add(calendar: WorkCalendar, start: Times, seconds: npt.NDArray[np.int64], natural: Mask) -> Times:
    """`start` plus working seconds, or plain ones where `natural`."""
    ends: Times = start + seconds.astype("m8[s]")
    working = ~natural
    ends[working] = calendar.add_working(start[working], seconds[working])
    return ends


def _between(calendar: WorkCalendar, start: Times, end: Times, natural: Mask) -> npt.NDArray[np.int64]:
    """Working seconds, or plain ones where `natural`, from `start` to a later `end`, none where it is not later."""
    seconds = (end - start).astype(np.int64)
    working = ~natural
    spent = calendar.working_between(start[working], end[working])
    seconds[working] = np.where(np.isnan(spent), 0, spent).astype(np.int64)
    return np.where(end > start, seconds, 0)


def _due(ground: _Ground, start: Times, stop: Times, limit: npt.NDArray[np.int64], natural: Mask) -> Times:
    """When the limit is used up, without the working time that pauses cover before it (and before the stop).

    Pauses come in their order within the row, so each is judged by the due time that the earlier ones gave; the part
    that an earlier one covered is not counted twice. An open pause covers what lies before today: if the due
    time moved with every run, every run would rewrite the workbook.
    """
    calendar = ground.calendar
    due = _add(calendar, start, limit, natural)
    allowed, covered = limit.copy(), start.copy()
    today = ground.moment.astype("M8[D]")
    for each in ground.facts.pauses:
        at = each.positions
        begins = np.fmax(each.begins, covered[at])
        ends = np.fmin(np.where(np.isnat(each.ends), today, each.ends), stop[at])
        counts = (begins < ends) & (begins < due[at])
        at, begins, ends = at[counts], begins[counts], ends[counts]
        allowed[at] += _between(calendar, begins, ends, natural[at])
        covered[at] = ends
        due[at] = _add(calendar, start[at], allowed[at], natural[at])
    return due


def _used(ground: _Ground, start: Times, natural: Mask, running: Mask) -> Seconds:
    """Seconds of the limit used so far by running clocks; pauses, open ones too, cost nothing."""
    calendar, moment = ground.calendar, ground.moment
    used = np.zeros(len(start), np.int64)
    used[running] = _between(calendar, start[running], np.full(int(running.sum()), moment), natural[running])
    covered = start.copy()
    for each in ground.facts.pauses:
        at = each.positions
        begins, ends = np.fmax(each.begins, covered[at]), np.fmin(each.ends, moment)
        counts = (begins < ends) & running[at]
        at, begins, ends = at[counts], begins[counts], ends[counts]
        used[at] -= _between(calendar, begins, ends, natural[at])
        covered[at] = ends
    return used.astype(np.float64)


def _watch(ground: _Ground) -> ClockTimes:
    """Follow-up after closing: to the date in the register, else by level; normal rows only if recurrent."""
    facts, calendar, moment = ground.facts, ground.calendar, ground.moment
    limit, natural = limits_of(Clock.WATCH, facts.levels, ground.rulebook, calendar)
    limit[(facts.levels == LEVELS.index(Level.NORMAL)) & ~facts.recurrent] = np.nan
    limit[facts.merged] = np.nan
    known = ~np.isnan(limit)
    ends = _add(calendar, facts.closed_at, np.where(known, limit, 0).astype(np.int64), natural)
    ends = np.where(known, ends, NAT).astype("M8[D]").astype("M8[s]")
    due = np.where(np.isnat(facts.watch_until), ends, facts.watch_until)
    start = np.where(np.isnat(due), NAT, facts.closed_at)
    due = np.where(np.isnat(start), NAT, due)
    running = moment < due
    left = np.where(running, (due - moment).astype(np.float64), np.nan)
    code = np.where(running, _CODE[ClockState.ON_TIME], _CODE[ClockState.DONE_ON_TIME]).astype(np.int8)
    code[np.isnat(start)] = _NONE
    stop = np.where(running, NAT, due)
    return ClockTimes(start, due, stop, running, limit, natural, left, left / limit, code)


def _worst(times: Mapping[Clock, ClockTimes], facts: ClockFacts) -> tuple[Codes, Codes]:
    """Per row the worst running clock and the state to show: overdue, due soon, on time; of equals the earliest."""
    rows = len(facts.levels)
    ranks = np.full(len(_CODE) + 1, _LAST, dtype=np.int8)  # by the state's code; the last element is for none
    for place, state in enumerate(_WORST_FIRST):
        ranks[_CODE[state]] = place
    rank = np.full(rows, _LAST, dtype=np.int8)
    due = np.full(rows, np.datetime64("9999-12-31", "s"))
    named = np.full(rows, _NONE, dtype=np.int8)
    for at, clock in enumerate(NAMED):
        each = times[clock]
        mine = ranks[each.code]
        better = (mine < rank) | ((mine == rank) & (mine < _LAST) & (each.due < due))
        rank[better], due[better], named[better] = mine[better], each.due[better], at
    running = np.logical_or.reduce([times[clock].running for clock in NAMED])
    respond, resolve = times[Clock.RESPOND], times[Clock.RESOLVE]
    late = respond.stands(ClockState.DONE_LATE) | resolve.stands(ClockState.DONE_LATE)
    over = ~running & ~np.isnat(resolve.start)
    code = np.array([*(_CODE[state] for state in _WORST_FIRST), _NONE], dtype=np.int8)[rank]
    code[running & facts.paused] = _CODE[ClockState.PAUSED]
    code[over] = np.where(late, _CODE[ClockState.DONE_LATE], _CODE[ClockState.DONE_ON_TIME])[over]
    return named, code
