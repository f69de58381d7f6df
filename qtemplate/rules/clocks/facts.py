"""What starts and what stops each clock, row by row, as arrays aligned with the register's frame.

Pure. It reads facts of the row and the logs 暂停记录 and 沟通记录; limits and working time are not known here.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from itertools import groupby

import numpy as np
import numpy.typing as npt
import pandas as pd
from msgspec import Struct

from ...choices import Clock, Level, Safety, Status
from ...fields import Field
from ...plan.mail_kinds import REPLIES
from ..outcomes import AUTHORITY, answered, reported
from ..rulebook import ContactEntry, Pause
from ..situation import Situation
from ..standing import Mask, dates, equals, explained, has, reopened_at, replied
from ..workdays import NAT, Times

LEVELS = tuple(Level)
ASKED = (
    *(Field.ID, Field.STATUS, Field.LEVEL, Field.AUTHENTICITY, Field.MASTER, Field.RELATED),
    *(Field.RECEIVED_AT, Field.ASSESSED_AT, Field.TRANSFERRED_AT, Field.ACCEPTED_AT, Field.IMPLEMENTED_AT),
    *(Field.CONTAINMENT, Field.CONTAINED_AT, Field.RESPONDED_AT, Field.REPLY_TYPE, Field.REPLIED_AT),
    *(Field.CONFIRM_SENT_AT, Field.CONFIRMATION, Field.CLOSED_AT, Field.WATCH_UNTIL, Field.SAFETY, *AUTHORITY),
)
"""All the columns that the clocks look at."""

_MAIL = re.compile(r"(?<![A-Za-z0-9])M\d\d(?!\d)")


class Span(Struct, frozen=True):
    """When one clock starts and stops, per row.

    Attributes:
        start: NaT where the clock does not apply or has not started.
        stop: NaT where it has not stopped, or stopped at a time nobody wrote down.
        stopped: Whether it has stopped.
    """

    start: Times
    stop: Times
    stopped: Mask


class PauseRound(Struct, frozen=True):
    """The n-th pause of every row that has one: positions in the frame, from, to (NaT = still open)."""

    positions: npt.NDArray[np.intp]
    begins: Times
    ends: Times


class ClockFacts(Struct, frozen=True):
    """All that the clocks need to know of the rows.

    Attributes:
        levels: Position in `LEVELS`, that of the normal level where none is set yet.
        graded: Whether a level is set.
        spans: Per clock but silence and watch, which follow from others.
        pauses: By their order in time; the first round holds every paused row once.
        paused: Rows that wait at the moment asked about.
        closed_at: When they were closed.
        recurrent: Rows with related feedback.
        merged: Rows that follow another one.
        watch_until: The follow-up date in the register.
    """

    levels: npt.NDArray[np.intp]
    graded: Mask
    spans: Mapping[Clock, Span]
    pauses: tuple[PauseRound, ...]
    paused: Mask
    closed_at: Times
    recurrent: Mask
    merged: Mask
    watch_until: Times


def clock_facts(situation: Situation) -> ClockFacts:
    """The facts of all rows at the situation's moment.

    A reopened row is in a new cycle: the final reply runs from the reopening, and transfers, replies and confirmations
    from before it no longer count. The first response of the first cycle stays the first response.
    """
    moment = np.datetime64(situation.now, "s")
    graded_levels = level_codes(situation)
    graded = graded_levels >= 0
    merged = has(situation, Field.MASTER)
    closed_at = dates(situation, Field.CLOSED_AT)
    ended = merged | ~np.isnat(closed_at)
    pauses = pause_rounds(situation)
    return ClockFacts(
        levels=np.where(graded, graded_levels, LEVELS.index(Level.NORMAL)).astype(np.intp),
        graded=graded,
        spans=_spans(situation, graded, ended),
        pauses=pauses,
        paused=_paused(situation, pauses, moment),
        closed_at=closed_at,
        recurrent=has(situation, Field.RELATED),
        merged=merged,
        watch_until=dates(situation, Field.WATCH_UNTIL),
    )


def level_codes(situation: Situation) -> npt.NDArray[np.int8]:
    """Position of each row's level in `LEVELS`; -1 for none."""

    def look() -> npt.NDArray[np.int8]:
        return pd.Categorical(situation.frame[Field.LEVEL], categories=[str(level) for level in LEVELS]).codes

    return situation.answers.once("level codes", (Field.LEVEL,), look)


def row_positions(situation: Situation) -> dict[str, int]:
    """Feedback id -> position in the frame; the first row of a doubled id."""

    def look() -> dict[str, int]:
        ids = situation.frame[Field.ID].to_numpy(dtype=object)
        return {str(ids[at]): at for at in range(len(ids) - 1, -1, -1) if ids[at] is not None}

    return situation.answers.once("positions", (Field.ID,), look)


def pause_rounds(situation: Situation) -> tuple[PauseRound, ...]:
    """The pauses of known rows by their order within the row; one that ends before it begins covers nothing."""
    pauses = situation.rulebook.pauses
    if not pauses:
        return ()
    position = row_positions(situation)
    known = sorted((pause for pause in pauses if pause.id in position), key=lambda pause: (pause.id, pause.start))
    rounds: dict[int, list[Pause]] = {}
    for _, own in groupby(known, key=lambda pause: pause.id):
        for rank, pause in enumerate(own):
            rounds.setdefault(rank, []).append(pause)
    return tuple(
        PauseRound(
            np.array([position[pause.id] for pause in entries], np.intp),
            np.array([pause.start for pause in entries], "M8[s]"),
            np.array([pause.end for pause in entries], "M8[s]"),
        )
        for entries in rounds.values()
    )


def _paused(situation: Situation, pauses: tuple[PauseRound, ...], moment: np.datetime64) -> Mask:
    paused = equals(situation, Field.STATUS, Status.WAITING).copy()  # what is kept is for reading only
    for each in pauses:
        inside = (each.begins <= moment) & (np.isnat(each.ends) | (moment < each.ends))
        paused[each.positions[inside]] = True
    return paused


def _spans(situation: Situation, graded: Mask, ended: Mask) -> dict[Clock, Span]:
    received = dates(situation, Field.RECEIVED_AT)
    replied_at = dates(situation, Field.REPLIED_AT)
    transferred = dates(situation, Field.TRANSFERRED_AT)
    sent = dates(situation, Field.CONFIRM_SENT_AT)
    began = reopened_at(situation)
    origin = np.where(np.isnat(began), received, began)  # of the present cycle
    final = replied(situation)
    final_at = np.where(final, replied_at, NAT)
    closed_at = dates(situation, Field.CLOSED_AT)

    first_contact, last_contact = _contacts(situation, received)
    noted_at = dates(situation, Field.RESPONDED_AT)
    responded_at = np.fmin(noted_at, first_contact)
    responded_at = np.where(np.isnat(responded_at), replied_at, responded_at)
    responded = ~np.isnat(responded_at)
    last_reply = np.fmax(np.fmax(noted_at, replied_at), np.fmax(last_contact, began))

    accepted_at = dates(situation, Field.ACCEPTED_AT)
    same_day = accepted_at == transferred.astype("M8[D]")  # a date alone
    accepted_at = np.where((accepted_at >= transferred) | same_day, accepted_at, NAT)
    implemented_at = dates(situation, Field.IMPLEMENTED_AT)
    accepted_at = _first_known(accepted_at, np.where(implemented_at >= transferred, implemented_at, NAT), final_at)

    contained = has(situation, Field.CONTAINMENT) | ~np.isnat(dates(situation, Field.CONTAINED_AT)) | final
    contained_at = dates(situation, Field.CONTAINED_AT)
    contained_at = np.where(has(situation, Field.CONTAINMENT), contained_at, _first_known(contained_at, final_at))

    investigated = ~explained(situation)
    this_cycle = ~(transferred < began)
    nowhere = np.full(len(received), NAT)
    assessed_at = dates(situation, Field.ASSESSED_AT)
    hazard = equals(situation, Field.SAFETY, Safety.YES) & (situation.register.columns.keys() >= set(AUTHORITY))
    agreed = answered(situation, Field.CONFIRMATION)
    return {
        Clock.ASSESS: Span(received, np.where(graded, assessed_at, NAT), graded | ended),
        Clock.RESPOND: Span(received, np.where(responded, responded_at, closed_at), responded | ended),
        Clock.ACCEPT: Span(
            np.where(investigated & this_cycle, transferred, NAT), accepted_at, ~np.isnat(accepted_at) | ended
        ),
        Clock.CONTAIN: Span(np.where(investigated, origin, NAT), contained_at, contained | ended),
        Clock.UPDATE: Span(np.where(responded, last_reply, NAT), final_at, final | ended),
        Clock.RESOLVE: Span(origin, np.where(final, final_at, closed_at), final | ended),
        Clock.AUTHORITY: Span(
            np.where(hazard, _first_known(assessed_at, origin), NAT),
            dates(situation, Field.REPORTED_AT),
            reported(situation) | ended,
        ),
        Clock.CONFIRM: Span(np.where(~(sent < began), sent, NAT), nowhere, agreed | ended),
    }


def _first_known(*columns: Times) -> Times:
    """The first column's time, where it is missing the next one's."""
    known = columns[0]
    for column in columns[1:]:
        known = np.where(np.isnat(known), column, known)
    return known


def _contacts(situation: Situation, received: Times) -> tuple[Times, Times]:
    """Earliest and latest outgoing contact of each row from its receipt to the moment; NaT where there is none."""
    first, last = np.full(len(received), NAT), np.full(len(received), NAT)
    replies = {(entry.id, entry.at) for entry in situation.rulebook.contacts if _is_reply(entry)}
    replies |= replies_sent(situation)
    if not replies:
        return first, last
    position = row_positions(situation)
    known = [(position[id], at) for id, at in replies if id in position]
    rows = np.array([at for at, _ in known], np.intp)
    times = np.array([time for _, time in known], "M8[s]")
    day = received.astype("M8[D]")[rows]
    counts = (times >= day) & (times <= np.datetime64(situation.now, "s"))
    np.fmin.at(first, rows[counts], times[counts])
    np.fmax.at(last, rows[counts], times[counts])
    return first, last


def replies_sent(situation: Situation) -> frozenset[tuple[str, dt.datetime]]:
    """Feedback and moment of every reply that went out; 沟通记录 gets its line later, in the run that sees it."""
    return frozenset((id, at) for _, id, at in situation.memory.went(*REPLIES))


def _is_reply(entry: ContactEntry) -> bool:
    """Whether an entry counts as an answer: any outgoing one but those about mails that are no reply."""
    mails = _MAIL.findall(entry.summary)
    return entry.direction == "out" and (not mails or any(mail in REPLIES for mail in mails))
