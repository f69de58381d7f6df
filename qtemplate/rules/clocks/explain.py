"""Why a due time is what it is: one row, one clock, segment by segment.

Pure. It walks the calendar day by day, which is slow and easy to follow; `clock_times` computes the same due time for
whole columns, and a property test compares the two.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import groupby

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from ...choices import Clock, ClockState, Level
from ...fields import Field
from ...plan import Phrase
from ...register import is_missing
from ..case import Case
from ..workdays import DAY, WorkCalendar
from .phrases import limit_phrase, state_phrase
from .times import ClockTimes, clock_times, due_soon_share

Interval = tuple[dt.datetime, dt.datetime]


class Piece(Struct, frozen=True):
    """Time that counted: an interval within one segment, whether its whole day counted, and days off just before."""

    begin: dt.datetime
    end: dt.datetime
    whole_day: bool
    free: tuple[dt.date, ...]

    @property
    def seconds(self) -> int:
        return round((self.end - self.begin).total_seconds())


def explain_due(case: Case, clock: Clock) -> tuple[Phrase, ...]:
    """The derivation of a due time.

    Args:
        case: The feedback; of the register only its row is looked at.
        clock: Which clock.

    Returns:
        In order of time: start and limit; each segment that counted (whole days in a row as one line), days off and
        pauses taken out between them; the due time; the moment of the warning; the state at the situation's moment. One
        phrase that says why where there is no due time.
    """
    situation, rulebook = case.situation, case.situation.rulebook
    alone = replace(situation.register, frame=situation.frame.loc[[case.row]])
    table, calendar = clock_times(replace(situation, register=alone)), rulebook.calendar
    if table is None or calendar is None:
        return (Phrase("clock.explain_no_rules"),)
    times = table[clock]
    if np.isnat(times.due[0]):
        return (Phrase.of("clock.explain_none", clock=clock),)
    start, due = _moment(times.start[0]), _moment(times.due[0])
    end = _state(times, clock, situation.now)
    if clock is Clock.WATCH:
        return (Phrase.of("clock.explain_watch", clock=clock, start=_stamp(start), due=due.date().isoformat()), *end)
    level = case.value(Field.LEVEL)
    graded = next((each for each in Level if each == level), Level.NORMAL)
    limit = rulebook.limits[clock, graded]
    name = Phrase("clock.ungraded") if is_missing(level) else graded
    head = Phrase.of(
        "clock.explain_start",
        clock=clock,
        level=name,
        limit=limit_phrase(limit, graded is Level.URGENT),
        start=_stamp(start),
    )
    pauses = _pauses(case, start, due, times)
    natural, seconds = bool(times.natural[0]), round(float(times.limit[0]))
    pieces = tuple(_pieces(calendar, natural, start, seconds, pauses))
    share = due_soon_share(rulebook, graded, clock)
    warned = _reached(pieces, seconds - share * seconds, start)
    return (
        head,
        *_lines(calendar, pieces, pauses, natural),
        Phrase.of("clock.explain_due", due=_stamp(pieces[-1].end if pieces else start)),
        Phrase.of("clock.explain_warning", percent=round(share * 100), at=_stamp(warned)),
        *end,
    )


def _moment(value: np.datetime64) -> dt.datetime:
    moment: dt.datetime = value.astype("M8[s]").item()
    return moment


def _pauses(case: Case, start: dt.datetime, due: dt.datetime, times: ClockTimes) -> list[Interval]:
    """The row's pauses before its due time, in order, overlaps cut off; an open one ends where today begins."""
    today = dt.datetime.combine(case.situation.now.date(), dt.time())
    stop = due if np.isnat(times.stop[0]) else _moment(times.stop[0])
    covered, taken = start, []
    own = (pause for pause in case.situation.rulebook.pauses if pause.id == case.id)
    for begin, end in sorted((pause.start, pause.end or today) for pause in own):
        interval = max(begin, covered), end if np.isnat(times.stop[0]) else min(end, stop)
        if interval[0] < interval[1] and interval[0] < due:
            taken.append(interval)
            covered = interval[1]
    return taken


def _pieces(
    calendar: WorkCalendar, natural: bool, start: dt.datetime, seconds: int, pauses: list[Interval]
) -> Iterator[Piece]:
    """The time that counted, in order, until `seconds` are used up."""
    day, left = start.date(), seconds
    free: list[dt.date] = []
    while left > 0:
        segments = ((0, DAY),) if natural else calendar.segments_of(day)
        midnight = dt.datetime.combine(day, dt.time())
        whole = [(midnight + dt.timedelta(seconds=a), midnight + dt.timedelta(seconds=b)) for a, b in segments]
        parts = [part for each in whole for part in _without(max(each[0], start), each[1], pauses)]
        full = parts == whole and left >= sum(b - a for a, b in segments)
        for begin, end in parts:
            if left <= 0:
                return
            end = min(end, begin + dt.timedelta(seconds=left))
            piece = Piece(begin, end, full, tuple(free))
            free = []
            left -= piece.seconds
            yield piece
        if not segments:
            free.append(day)
        day += dt.timedelta(days=1)


def _without(begin: dt.datetime, end: dt.datetime, pauses: list[Interval]) -> Iterator[Interval]:
    """`begin`..`end` less the pauses."""
    for pause_begin, pause_end in pauses:
        if pause_begin < end and begin < pause_end:
            if begin < pause_begin:
                yield begin, pause_begin
            begin = max(begin, pause_end)
    if begin < end:
        yield begin, end


def _reached(pieces: tuple[Piece, ...], seconds: float, start: dt.datetime) -> dt.datetime:
    """When `seconds` had counted; the start for a limit of nothing."""
    for piece in pieces:
        if seconds <= piece.seconds:
            return piece.begin + dt.timedelta(seconds=max(0, seconds))
        seconds -= piece.seconds
    return start


def _lines(calendar: WorkCalendar, pieces: tuple[Piece, ...], pauses: list[Interval], natural: bool) -> list[Phrase]:
    """Pieces, days off and pauses as sentences in order of time; whole days in a row become one sentence."""
    lines: list[tuple[dt.datetime, Phrase]] = []
    total, block = 0, 0
    blocks: list[int] = []
    for at, piece in enumerate(pieces):
        holiday = any(calendar.days.get(day) is False for day in piece.free)
        joins = at > 0 and piece.whole_day and pieces[at - 1].whole_day and not holiday
        block += not joins
        blocks.append(block)
    for _, members in groupby(zip(blocks, pieces, strict=True), key=lambda pair: pair[0]):
        run = [piece for _, piece in members]
        spent = sum(piece.seconds for piece in run)
        total += spent
        if run[0].free:
            lines.append((run[0].begin, _free(run[0].free)))
        days = {piece.begin.date() for piece in run}
        if len(days) > 1:
            free = sum(len(piece.free) for piece in run[1:])
            phrase = Phrase.of(
                "clock.explain_days_off" if free else "clock.explain_days",
                first=run[0].begin.date().isoformat(),
                last=run[-1].begin.date().isoformat(),
                days=len(days),
                free=free,
                spent=_span(spent),
                total=_span(total),
            )
            lines.append((run[0].begin, phrase))
            continue
        total -= spent
        for piece in run:
            total += piece.seconds
            facts = {"begin": _stamp(piece.begin), "end": _until(piece), "spent": _span(piece.seconds)}
            lines.append((piece.begin, Phrase.of("clock.explain_segment", **facts, total=_span(total))))
    for begin, end in pauses:
        covered = (end - begin).total_seconds() if natural else float(calendar.working_between(begin, end))
        facts = {"begin": _stamp(begin), "end": _stamp(end), "covered": _span(round(covered))}
        lines.append((begin, Phrase.of("clock.explain_pause", **facts)))
    return [phrase for _, phrase in sorted(lines, key=lambda line: line[0])]


def _free(days: tuple[dt.date, ...]) -> Phrase:
    if len(days) == 1:
        return Phrase.of("clock.explain_free_day", day=days[0].isoformat())
    return Phrase.of("clock.explain_free", first=days[0].isoformat(), last=days[-1].isoformat(), days=len(days))


def _state(times: ClockTimes, clock: Clock, now: dt.datetime) -> tuple[Phrase, ...]:
    state: ClockState | None = times.state[0]
    if state is None:
        return ()
    if times.running[0]:
        return (Phrase.of("clock.explain_now", now=_stamp(now), state=state_phrase(state, clock)),)
    return (Phrase.of("clock.explain_stop", stop=_stamp(_moment(times.stop[0])), state=state),)


def _stamp(moment: dt.datetime) -> str:
    """A moment to the minute, to the second where it has seconds; midnight is written out."""
    return moment.strftime("%Y-%m-%d %H:%M:%S" if moment.second else "%Y-%m-%d %H:%M")


def _until(piece: Piece) -> str:
    """The end of a piece: the time alone on the same day, midnight as 24:00."""
    if piece.end.time() == dt.time():
        return "24:00"
    return piece.end.strftime("%H:%M:%S" if piece.end.second else "%H:%M")


def _span(seconds: int) -> Phrase:
    """A length of time in hours and minutes, seconds only where there are some."""
    hours, rest = divmod(seconds, 3600)
    minutes, odd = divmod(rest, 60)
    key = "clock.span_s" if odd else "clock.span_h" if not minutes else "clock.span_hm" if hours else "clock.span_m"
    return Phrase.of(key, hours=hours, minutes=minutes, seconds=odd)
